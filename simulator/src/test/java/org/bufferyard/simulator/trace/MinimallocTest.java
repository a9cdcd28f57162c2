package org.bufferyard.simulator.trace;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.ActorSystem;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Stream;
import org.bufferyard.allocator.DmaDirection;
import org.bufferyard.simulator.workload.Action;
import org.bufferyard.simulator.workload.Preference;
import org.bufferyard.simulator.workload.Step;
import org.bufferyard.simulator.workload.Use;
import org.bufferyard.simulator.workload.WorkloadRules;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class MinimallocTest {
  private static final ActorSystem SYSTEM = ActorSystem.create("minimalloc");
  private static final String HEADER = "id,lower,upper,size\n";

  @TempDir private Path folder;

  @AfterAll
  static void stop() {
    SYSTEM.terminate();
  }

  @Test
  void workload_touchingLifetimes_diesBeforeTheNextIsBorn() {
    Trace trace = TraceFiles.done(csv(HEADER + "b,15,20,5000\na,10,15,4096\n"));
    List<Step> steps = WorkloadRules.play(trace.workload(), SYSTEM).steps().get("trace");
    assertThat(steps).extracting(Step::atNanos).startsWith(0L, 0L).endsWith(10_000_000L);
    assertThat(steps)
        .extracting(Step::action)
        .startsWith(
            new Action.Export(0, 4096, "id a", Preference.of("VRAM", "GTT"), List.of()),
            new Action.Submit("gpu", List.of(new Use(0, DmaDirection.FROM_DEVICE, 0, 1)), 0),
            new Action.Submit("gpu", List.of(new Use(0, DmaDirection.TO_DEVICE, 0, 1)), 0),
            new Action.Unmap(0, "gpu"),
            new Action.Release(0));
    assertThat(trace.summary().peakBytes()).isEqualTo(8192);
    assertThat(trace.summary().buffers()).isEqualTo(2);
  }

  @Test
  void workload_columnsInAnotherOrderAndCrLf_isTheSame() {
    Trace trace = TraceFiles.done(csv("size,upper,id,lower\r\n4096,15,a,10\r\n\r\n"));
    assertThat(trace.summary().peakBytes()).isEqualTo(4096);
    assertThat(trace.summary().durationNanos()).isEqualTo(5_000_000);
  }

  @ParameterizedTest
  @CsvSource({"A,154", "B,170", "C,203", "D,213", "E,215", "F,296"})
  void workload_realTables_keepTheRulesAndLastSeconds(String name, int buffers) {
    Path file = SharedTraces.require("minimalloc/" + name + ".1048576.csv");
    Trace trace = TraceFiles.done(file);
    WorkloadRules.Played played = WorkloadRules.play(trace.workload(), SYSTEM);
    assertThat(played.exports()).isEqualTo(buffers);
    assertThat(trace.summary().peakBytes()).isEqualTo(played.peakBytes());
    assertThat(trace.summary().durationNanos()).isBetween(1_000_000_000L, 5_000_000_000L);
  }

  static Stream<Arguments> badTables() {
    return Stream.of(
        Arguments.of(HEADER, "line 1: a header and no buffer"),
        Arguments.of(HEADER + "\n\n", "a header and no buffer"),
        Arguments.of("id,lower,upper\n1,2,3\n", "header 'id,lower,upper'"),
        Arguments.of("id,lower,upper,size,size\n", "header"),
        Arguments.of("id,lower,upper,size,colour\n", "column 'colour': unknown"),
        Arguments.of(HEADER + "a,1,2\n", "line 2: fields '3'"),
        Arguments.of(HEADER + "a,1,2,3,4\n", "line 2: fields '5'"),
        Arguments.of(HEADER + "a,1,2,3\na,4,5,6\n", "line 3: id 'a': also on line 2"),
        Arguments.of(HEADER + ",1,2,3\n", "line 2: id '': not 1 to 64"),
        Arguments.of(HEADER + "x".repeat(65) + ",1,2,3\n", "line 2: id"),
        Arguments.of(HEADER + "a,2,2,3\n", "line 2: upper '2': not above lower, 2"),
        Arguments.of(HEADER + "a,1,2,0\n", "line 2: size '0'"),
        Arguments.of(HEADER + "a,1,2,-1\n", "line 2: size '-1'"),
        Arguments.of(HEADER + "a,1,2,+1\n", "size '+1'"),
        Arguments.of(HEADER + "a,1,2,0x10\n", "size '0x10'"),
        Arguments.of(HEADER + "a,1,2,1e3\n", "size '1e3'"),
        Arguments.of(HEADER + "a,1,2,NaN\n", "size 'NaN'"),
        Arguments.of(HEADER + "a,1,2,\n", "size ''"),
        Arguments.of(HEADER + "a,1,2, 3\n", "size ' 3'"),
        Arguments.of(HEADER + "a,1,2,\"1,000\"\n", "size '1,000'"),
        Arguments.of(HEADER + "a,1,2,\u0661\u0662\n", "size '\\u0661\\u0662'"),
        Arguments.of(HEADER + "a,1,2,9223372036854775808\n", "size '9223372036854775808'"),
        Arguments.of(HEADER + "a,1,2,17592186044417\n", "from 1 to 17592186044416"),
        Arguments.of(HEADER + "a,1,2," + "9".repeat(400) + "\n", "size '999"),
        Arguments.of(HEADER + "a,1,99999999999999999,1\n", "upper '99999999999999999'"),
        Arguments.of(HEADER + "a,1,2,\u0000\n", "size '\\u0000'"),
        Arguments.of(HEADER + "a,1,2,\"3\n", "line 2: size '3\\u000a'"),
        Arguments.of(HEADER + "a,1,2,300000000000\n", "above 1000000 buffers"),
        Arguments.of(HEADER + ",".repeat(1 << 20) + "\n", ""));
  }

  @ParameterizedTest
  @MethodSource("badTables")
  void open_badTable_namesLineFieldAndValue(String text, String expected) {
    assertThat(TraceFiles.refused(csv(text))).startsWith("t.csv: ").contains(expected);
  }

  @Test
  void open_invalidUtf8_isRefused() throws IOException {
    byte[] bytes = (HEADER + "a,1,2,3\nx,1,2,3\n").getBytes(StandardCharsets.UTF_8);
    bytes[bytes.length - 8] = (byte) 0xc0;
    assertThat(TraceFiles.refused(TraceFiles.write(folder, "t.csv", bytes))).contains("not UTF-8");
  }

  @Test
  void open_lineOfAGibibyte_isRefusedAfter64KiB() throws IOException {
    Path file = csv(HEADER);
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.write(ByteBuffer.wrap(new byte[] {'\n'}), 1L << 30);
    }
    assertThat(TraceFiles.refused(file)).contains("lines of at most 64 KiB");
  }

  @Test
  void open_tooManyBuffers_isRefused() throws IOException {
    StringBuilder text = new StringBuilder(HEADER);
    for (int i = 0; i <= 200_000; i++) {
      text.append(i).append(",1,2,3\n");
    }
    assertThat(TraceFiles.refused(csv(text.toString())))
        .contains("line 200002", "more than 200000");
  }

  @Test
  void open_filesThatAreNoTraces_areRefused() throws IOException {
    assertThat(TraceFiles.refused(csv(""))).isEqualTo("t.csv: byte 0: the file is empty");
    assertThat(TraceFiles.refused(csv("\ufeff"))).contains("neither an RMV capture");
    assertThat(TraceFiles.refused(csv("\n\n\n"))).contains("neither an RMV capture");
    assertThat(TraceFiles.refused(csv("hello, world\n"))).contains("begins with 'hello, w'");
    assertThat(TraceFiles.refused(csv("AMD_RDF"))).contains("neither");
    assertThat(TraceFiles.refused(csv("AMD_RDF "))).contains("file header", "cut off");
    byte[] gzip = {0x1f, (byte) 0x8b, 8, 0};
    assertThat(TraceFiles.refused(TraceFiles.write(folder, "t.rmv", gzip)))
        .contains("compressed files are not read");
  }

  @Test
  void open_pathsThatAreNoFiles_areRefused() throws IOException {
    assertThat(TraceFiles.refused(folder)).contains("not a regular file");
    assertThat(TraceFiles.refused(folder.resolve("missing"))).contains("no such file");
    assertThat(TraceFiles.refused(folder.resolve("x".repeat(5_000)))).contains("no such file");
    if (Files.exists(Path.of("/dev/zero"))) {
      assertThat(TraceFiles.refused(Path.of("/dev/zero"))).contains("not a regular file");
    }
  }

  private Path csv(String text) {
    return TraceFiles.write(folder, "t.csv", text);
  }
}
