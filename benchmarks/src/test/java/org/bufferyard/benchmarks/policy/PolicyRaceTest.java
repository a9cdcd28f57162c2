package org.bufferyard.benchmarks.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.SplittableRandom;
import org.bufferyard.allocator.policy.replay.CacheReplay;
import org.bufferyard.allocator.policy.replay.Requests;
import org.bufferyard.benchmarks.paired.Race;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Both sides of the race do the same work, and every pair runs; no time is judged. */
class PolicyRaceTest {
  private static final Requests REQUESTS = RequestLoad.load(20_000, 2_000);

  /** Of 3.2.4's faults the reference data knows: its sieve holds one object less. */
  @ParameterizedTest
  @CsvSource({
    "lru, lru, 200, 200",
    "sieve, sieve, 199, 200",
    "opt-bypass, opt-bypass, 200, 200",
    "s3-fifo-late-ghost, s3-fifo-late-ghost, 200, 200",
  })
  void replay_bothSides_missAlike(String ours, String theirs, long capacity, long theirCapacity) {
    long misses =
        CacheReplay.run(REQUESTS, capacity, PolicyBenchmark.provider(ours), new SplittableRandom(1))
            .misses();
    assertThat(new Simulated(theirs, REQUESTS, theirCapacity).replay()).isEqualTo(misses);
  }

  @Test
  void run_leastEffort_printsALineAPolicy() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    PolicyRace.run(
        REQUESTS,
        List.of("lru", "opt"),
        new Race.Effort(1, 1, 1),
        new PrintStream(out, true, StandardCharsets.UTF_8));
    assertThat(out.toString(StandardCharsets.UTF_8).lines())
        .hasSize(3)
        .anyMatch(line -> line.startsWith("lru ") && line.contains("M requests/s"))
        .anyMatch(line -> line.startsWith("opt ") && line.contains("theirs takes"));
  }
}
