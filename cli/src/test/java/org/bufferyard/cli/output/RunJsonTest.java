package org.bufferyard.cli.output;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigSyntax;
import java.util.List;
import java.util.regex.Pattern;
import org.bufferyard.cli.CannedRun;
import org.junit.jupiter.api.Test;

class RunJsonTest {
  @Test
  void of_anyRun_hasExactlyTheFieldsOfTheContractInOrder() {
    String json = RunJson.of(CannedRun.clean());
    List<String> fields =
        Pattern.compile("(?m)^  \"([A-Za-z]+)\":")
            .matcher(json)
            .results()
            .map(m -> m.group(1))
            .toList();
    assertThat(String.join(", ", fields))
        .isEqualTo(
            "scenario, policy, seed, mode, contents, wallSeconds, virtualSeconds, buffers, devices,"
                + " requests, replies, refused, evictions, migrations, bytesMoved, refaults,"
                + " pingPongs, stallNanos, residency, verifiedPages, violations, eventsPerSecond,"
                + " events, eventHash, choosing, deviceUse, sides, clients, measures, shadows, causes");
  }

  @Test
  void of_anyRun_namesCausesPayersAndFates() {
    Config json = parsed(RunJson.of(CannedRun.clean()));
    Config eviction = json.getConfigList("causes.evictions").getFirst();
    assertThat(eviction.getLong("demand")).isEqualTo(17);
    assertThat(eviction.getString("client")).isEqualTo("browser");
    assertThat(eviction.getString("owner")).isEqualTo("game");
    assertThat(eviction.getString("fate")).isEqualTo("came-back");
    assertThat(eviction.getString("paidBy")).isEqualTo("game");
    assertThat(json.getLong("causes.evictionsLeftOut")).isEqualTo(2);
    assertThat(json.getDouble("causes.uselessShare")).isEqualTo(0.05);
    assertThat(json.getDouble("measures.regret.factor")).isEqualTo(1.5);
    assertThat(json.getConfigList("shadows").getLast().getLong("misses")).isEqualTo(45);
  }

  @Test
  void of_anyRun_isJsonWithTheFigures() {
    Config json = parsed(RunJson.of(CannedRun.violated()));
    assertThat(json.getConfig("requests").root().keySet())
        .containsExactlyInAnyOrder(
            "export", "attach", "map", "unmap", "pin", "cpuAccess", "release");
    assertThat(json.getLong("requests.map")).isEqualTo(1234);
    assertThat(json.getLong("requests.pin")).isZero();
    assertThat(json.getLong("refused.ENOSPC")).isEqualTo(3);
    assertThat(json.getLong("bytesMoved.\"VRAM->GTT\"")).isEqualTo(3 << 20);
    assertThat(json.getConfig("stallNanos").root().keySet())
        .containsExactlyInAnyOrder("p50", "p99", "p999", "max");
    assertThat(json.getLong("residency.VRAM.meanBytes")).isEqualTo(96 << 20);
    assertThat(json.getLong("choosing.VRAM.victims")).isEqualTo(50);
    assertThat(json.getDouble("choosing.VRAM.scannedPerVictim")).isEqualTo(2.5);
    assertThat(json.getDouble("choosing.VRAM.updatesPerVictim")).isEqualTo(17.5);
    assertThat(json.getConfigList("violations").getFirst().getString("rule"))
        .isEqualTo("page-content");
    assertThat(json.getString("eventHash")).isEqualTo("0123456789abcdef");
    assertThat(json.getConfigList("deviceUse").getFirst().getString("path")).isEqualTo("tiler");
    assertThat(json.getConfigList("sides").getFirst().getLong("framesDropped")).isEqualTo(15);
  }

  @Test
  void of_hostileNames_staysJson() {
    Config json = parsed(RunJson.of(CannedRun.hostile()));
    assertThat(json.getString("scenario")).isEqualTo(CannedRun.HOSTILE);
  }

  @Test
  void compact_numbersStringsAndNothing_areWrittenAsJsonHasThem() {
    assertThat(Json.compact(List.of(1e7, 0.001, Double.NaN, Long.MAX_VALUE, true)))
        .isEqualTo("[10000000,0.001,null,9223372036854775807,true]");
    assertThat(Json.compact(List.of("\"\\\n\t\u0001<\u2028\ud800")))
        .isEqualTo("[\"\\\"\\\\\\n\\t\\u0001\\u003c\\u2028\\ud800\"]");
    assertThat(Json.compact(List.of(List.of()))).isEqualTo("[[]]");
  }

  private static Config parsed(String json) {
    return ConfigFactory.parseString(
        json, ConfigParseOptions.defaults().setSyntax(ConfigSyntax.JSON));
  }
}
