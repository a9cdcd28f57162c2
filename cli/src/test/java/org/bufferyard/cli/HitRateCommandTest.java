package org.bufferyard.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HitRateCommandTest {
  private static final String HEADER =
      "trace,capacity_unit,requests,unique_objects,capacity,policy,misses,miss_ratio,miss_bytes,"
          + "byte_miss_ratio";

  @TempDir Path folder;
  private Path trace;
  private Path sized;

  @BeforeEach
  void writeTraces() throws IOException {
    trace = Files.writeString(folder.resolve("t.trace"), "1\n2\n3\n1\n2\n4\n1\n2\n3\n4\n");
    sized = Files.writeString(folder.resolve("s.csv"), "a,10\nb,20\na,10\nc,30\nb,20\na,10\n");
  }

  private static Captured hitrate(String... words) {
    List<String> line = new ArrayList<>(List.of("hitrate"));
    line.addAll(List.of(words));
    return Captured.of(
        (plan, progress) -> {
          throw new AssertionError("no run was asked for");
        },
        line.toArray(new String[0]));
  }

  private Captured onTrace(String... words) {
    List<String> line = new ArrayList<>(List.of("--trace", trace.toString()));
    line.addAll(List.of(words));
    return hitrate(line.toArray(new String[0]));
  }

  @Test
  void hitrate_csv_isTheColumnsInTheOrderAsked() {
    Captured done = onTrace("--capacity", "3,50%", "--policy", "fifo,opt,lru", "--csv");
    assertThat(done.err()).isEmpty();
    assertThat(done.exitCode()).isZero();
    assertThat(done.out().lines())
        .containsExactly(
            HEADER,
            "t.trace,objects,10,4,3,fifo,8,0.800000,8,0.800000",
            "t.trace,objects,10,4,3,opt,5,0.500000,5,0.500000",
            "t.trace,objects,10,4,3,lru,6,0.600000,6,0.600000",
            "t.trace,objects,10,4,2,fifo,10,1.000000,10,1.000000",
            "t.trace,objects,10,4,2,opt,7,0.700000,7,0.700000",
            "t.trace,objects,10,4,2,lru,10,1.000000,10,1.000000");
  }

  @Test
  void hitrate_bytes_capacityIsBytesAndBoundsFollow() {
    Captured done =
        hitrate(
            "--trace",
            sized.toString(),
            "--bytes",
            "--capacity",
            "30",
            "--policy",
            "lru",
            "--csv",
            "--bound");
    assertThat(done.out().lines())
        .containsExactly(
            HEADER,
            "s.csv,bytes,6,3,30,lru,5,0.833333,90,0.900000",
            "s.csv,bytes,6,3,30,bound-objects,3.0000,0.500000,,",
            "s.csv,bytes,6,3,30,bound-bytes,,,60,0.600000");
    assertThat(
            hitrate("--trace", sized.toString(), "--capacity", "2", "--policy", "lru", "--csv")
                .out())
        .contains("s.csv,objects,6,3,2,lru,5,0.833333,90,0.900000");
  }

  @Test
  void hitrate_objectLargerThanCapacity_isAMissEachTime() {
    assertThat(
            hitrate(
                    "--trace",
                    sized.toString(),
                    "--bytes",
                    "--capacity",
                    "5",
                    "--policy",
                    "all",
                    "--csv")
                .out()
                .lines()
                .skip(1))
        .hasSizeGreaterThan(24)
        .allMatch(line -> line.contains(",6,1.000000,100,1.000000"));
  }

  @Test
  void hitrate_json_hasTheFigures() {
    Captured done = onTrace("--capacity", "3", "--policy", "lru", "--json", "--bound");
    Config json = ConfigFactory.parseString("{\"rows\":" + done.out() + "}");
    assertThat(json.getConfigList("rows")).hasSize(3);
    Config first = json.getConfigList("rows").getFirst();
    assertThat(first.getInt("misses")).isEqualTo(6);
    assertThat(first.getDouble("miss_ratio")).isEqualTo(0.6);
    assertThat(json.getConfigList("rows").get(1).getDouble("misses")).isEqualTo(5);
    assertThat(json.getConfigList("rows").get(1).getIsNull("miss_bytes")).isTrue();
  }

  @Test
  void hitrate_anyNumberOfThreads_sameOutput() throws IOException {
    StringBuilder text = new StringBuilder();
    SplittableRandom random = new SplittableRandom(5);
    for (int i = 0; i < 3_000; i++) {
      text.append(random.nextInt(1 + random.nextInt(200))).append('\n');
    }
    Files.writeString(trace, text);
    String one = onTrace("--capacity", "5,50", "--policy", "all", "--csv", "--threads", "1").out();
    String many = onTrace("--capacity", "5,50", "--policy", "all", "--csv", "--threads", "7").out();
    assertThat(many).isEqualTo(one).hasLineCount(1 + 2 * KnownPolicies.names().size());
  }

  @Test
  void hitrate_curve_isOnePageWithEveryPolicyAndLrusExactLine() throws IOException {
    Path page = folder.resolve("out.html");
    Captured done = onTrace("--curve=3", "--chart", page.toString(), "--bound");
    assertThat(done.exitCode()).isZero();
    assertThat(done.out()).contains("curves in " + page);
    String html = Files.readString(page);
    int at = html.indexOf("id=\"data\">") + "id=\"data\">".length();
    Config data = ConfigFactory.parseString(html.substring(at, html.indexOf("</script", at)));
    assertThat(data.getStringList("policies"))
        .containsAll(KnownPolicies.names())
        .contains("bound-objects");
    assertThat(data.getLongList("capacities")).containsExactly(1L, 2L, 4L);
    assertThat(data.getDoubleList("missRatio.lru")).containsExactly(1.0, 1.0, 0.4);
    assertThat(data.getList("lru").unwrapped().toString())
        .isEqualTo("[[1, 1], [2, 1], [3, 0.6], [4, 0.4]]");
    assertThat(html.substring(0, at)).doesNotContain("src=", "href=", "{{");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--capacity 3 --policy lruu      | --policy 'lruu' is unknown; known: lru, fifo",
        "--capacity 3 --policy lru --format what | --format 'what' is unknown; known: lirs, address",
        "--capacity 0 --policy lru       | --capacity '0': not from 1",
        "--capacity -5 --policy lru      | --capacity '-5': not a number of objects",
        "--capacity 3,x --policy lru     | --capacity 'x'",
        "--capacity 99999999999999999999 --policy lru | --capacity '99999999999999999999'",
        "--capacity 0% --policy lru      | --capacity '0%': not above 0%",
        "--capacity 101% --policy lru    | --capacity '101%'",
        "--capacity 1% --policy lru      | --capacity '1%': less than 1 of 4",
        "--capacity 64MiB --policy lru   | --capacity '64MiB'",
        "--policy lru                    | --capacity is missing",
        "--capacity 3                    | --policy is missing",
        "--capacity 3 --policy lru --csv --json | --csv and --json exclude each other",
        "--curve=1                       | --curve '1'",
        "--capacity 3 --policy lru --threads 0 | --threads '0'",
        "--capacity 3 --policy lru --seed x | 'x' is not a whole number",
        "--capacity 3 --policy lru --chart /no/where.html | --chart /no/where.html: cannot be written",
        "--capacity 3 --policy lru --format corda | t.trace: byte 16: record of 8 bytes: cut off",
        "--capacity 3 --policy lru --format address | t.trace: line 1: access '1'",
      })
  void hitrate_badUsage_isOneLineAndNoOutput(String words, String named) {
    assertRefused(onTrace(words.split(" ")), named);
  }

  @Test
  void hitrate_cutAfterManyGoodLines_printsNothingOfThem() throws IOException {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
      for (int i = 0; i < 100_000; i++) {
        gzip.write((i % 977 * 31 + "\n").getBytes(StandardCharsets.US_ASCII));
      }
    }
    byte[] whole = packed.toByteArray();
    Files.write(trace, java.util.Arrays.copyOf(whole, whole.length - 9));
    Path page = folder.resolve("out.html");
    assertRefused(
        onTrace("--capacity", "3", "--policy", "lru", "--csv", "--chart", page.toString()),
        "t.trace: byte " + (whole.length - 9) + ": gzip data: cut off");
    assertThat(page).doesNotExist();
  }

  private static void assertRefused(Captured refused, String named) {
    assertThat(refused.exitCode()).as(refused.toString()).isEqualTo(2);
    assertThat(refused.errLines()).hasSize(1);
    assertThat(refused.err()).startsWith("bufferyard: ").contains(named);
    assertThat(refused.out()).isEmpty();
  }
}
