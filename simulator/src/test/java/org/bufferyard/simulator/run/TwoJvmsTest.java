package org.bufferyard.simulator.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.bufferyard.simulator.result.RunResult;
import org.junit.jupiter.api.Test;

/** A deterministic run is the same in any JVM: what a seed decides, it decides everywhere. */
class TwoJvmsTest {
  /** Prints what a run of the seed given leaves behind. */
  static final class Child {
    public static void main(String[] arguments) {
      System.out.println(figures(Long.parseLong(arguments[0])));
    }

    private Child() {}
  }

  private static String figures(long seed) {
    RunResult result =
        Rig.run(
            Rig.scenario(
                "importers",
                "duration=200 ms",
                "contents=tags",
                "workload.devices=12",
                "workload.buffers=72",
                "regions.VRAM.size=25 %"),
            seed);
    assertThat(result.violations()).isEmpty();
    return result.eventHash() + " " + result.events() + " " + result.bytesMoved();
  }

  @Test
  void run_sameSeedInTwoJvms_equalHashes() throws IOException, InterruptedException {
    Process first = start(21);
    Process second = start(21);
    String here = figures(21);
    assertThat(output(first)).isEqualTo(here);
    assertThat(output(second)).isEqualTo(here);
    assertThat(figures(22)).isNotEqualTo(here);
  }

  private static Process start(long seed) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of(
            "-XX:TieredStopAtLevel=1",
            "--sun-misc-unsafe-memory-access=allow",
            "--add-opens=java.base/java.lang=ALL-UNNAMED",
            "-cp",
            System.getProperty("java.class.path"),
            Child.class.getName(),
            Long.toString(seed)));
    return new ProcessBuilder(command).redirectErrorStream(true).start();
  }

  private static String output(Process process) throws IOException, InterruptedException {
    String output =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    assertThat(process.waitFor()).as(output).isZero();
    return output;
  }
}
