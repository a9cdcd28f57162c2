package org.bufferyard.allocator.policy.replay;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * 587 micro traces with unit sizes, on whose miss counts three implementations agree. Those of
 * s3-fifo mean something from a capacity of 20 only, where its small queue holds two.
 */
class GoldenUnitTest {
  private static final List<Map<String, Object>> GOLDENS = Goldens.unit();

  @ParameterizedTest
  @CsvSource({
    "lru, lru, 1",
    "fifo, fifo, 1",
    "clock, clock, 1",
    "clock-insfirst, clock-insert-first, 1",
    "sieve, sieve, 1",
    "lfu, lfu, 1",
    "2q25, 2q, 1",
    "arc, arc, 1",
    "arc-int, arc-int, 1",
    "gdsf, gdsf, 1",
    "opt, opt, 1",
    "opt-bypass, opt-bypass, 1",
    "s3-lcs, s3-fifo, 20",
    "s3-caf, s3-fifo-late-ghost, 20",
  })
  void misses_everyMicroTrace_areTheReferences(String column, String policy, int minCapacity) {
    Map<String, String> wrong = new LinkedHashMap<>();
    int compared = 0;
    for (Map<String, Object> golden : GOLDENS) {
      long capacity = Json.number(golden, "capacity");
      if (capacity >= minCapacity) {
        compared++;
        long expected = Json.number(Json.object(golden, "misses"), column);
        long misses = Goldens.run(Goldens.requests(golden), capacity, policy).misses();
        if (misses != expected) {
          wrong.put(golden.get("name") + "@" + capacity, misses + " for " + expected);
        }
      }
    }
    assertThat(wrong).as(policy + ", of " + compared).isEmpty();
  }

  @Test
  void goldens_all_arePresent() {
    assertThat(GOLDENS).hasSize(587);
  }
}
