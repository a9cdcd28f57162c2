package org.bufferyard.simulator.soak;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.bufferyard.simulator.run.Trial;
import org.junit.jupiter.api.Test;

/** A seed of the swarm is the same run in any JVM, faults and all. */
class SwarmInTwoJvmsTest {
  private static final int SEEDS = 100;

  /** Prints the hash of every seed. */
  static final class Child {
    public static void main(String[] arguments) {
      System.out.println(hashes());
    }

    private Child() {}
  }

  private static String hashes() {
    StringBuilder hashes = new StringBuilder();
    for (long seed = 1; seed <= SEEDS; seed++) {
      Trial.Outcome outcome = Trial.run(SwarmTest.drawn(seed).plan());
      hashes.append(seed).append(' ').append(outcome.eventHash()).append('\n');
    }
    return hashes.toString().strip();
  }

  @Test
  void run_hundredSeedsInAnotherJvm_equalHashes() throws IOException, InterruptedException {
    Process other = start();
    String here = hashes();
    String there =
        new String(other.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    assertThat(other.waitFor()).as(there).isZero();
    assertThat(there).isEqualTo(here);
    assertThat(here.lines().map(line -> line.split(" ", 2)[1]).distinct()).hasSize(SEEDS);
  }

  private static Process start() throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of(
            "--sun-misc-unsafe-memory-access=allow",
            "--add-opens=java.base/java.lang=ALL-UNNAMED",
            "-cp",
            System.getProperty("java.class.path"),
            Child.class.getName()));
    return new ProcessBuilder(command).redirectErrorStream(true).start();
  }
}
