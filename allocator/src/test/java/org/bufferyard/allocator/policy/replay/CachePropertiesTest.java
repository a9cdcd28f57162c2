package org.bufferyard.allocator.policy.replay;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.bufferyard.allocator.policy.PolicyProvider;
import org.bufferyard.allocator.policy.catalog.Policies;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What theory says of whole families of policies, on random unit-size traces. */
class CachePropertiesTest {
  private static final int SEEDS = 12;
  private static final int REQUESTS = 400;
  private static final List<Integer> CAPACITIES = List.of(1, 2, 3, 5, 8, 13, 21, 34);

  /** A walk that mixes reuse of recent objects, jumps and scans; 50 objects. */
  private static Requests trace(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    int objects = 50;
    int[] ids = new int[REQUESTS];
    int scan = 0;
    for (int i = 0; i < REQUESTS; i++) {
      ids[i] =
          switch (random.nextInt(4)) {
            case 0 -> random.nextInt(objects);
            case 1 -> scan++ % objects;
            default -> i == 0 ? 0 : ids[Math.max(0, i - 1 - random.nextInt(30))];
          };
    }
    return Requests.ofUnits(ids, objects);
  }

  static Stream<String> all() {
    return Policies.all().stream().map(PolicyProvider::name);
  }

  /** Sleator and Tarjan: against an optimum of {@code h} no more than k / (k - h + 1) times. */
  @ParameterizedTest
  @ValueSource(strings = {"lru", "fifo", "clock"})
  void misses_againstASmallerOptimum_withinTheCompetitiveRatio(String policy) {
    for (int seed = 1; seed <= SEEDS; seed++) {
      Requests requests = trace(seed);
      for (int k : CAPACITIES) {
        double misses = Goldens.run(requests, k, policy).misses();
        for (int h : CAPACITIES) {
          if (h <= k) {
            double optimum = Goldens.run(requests, h, "opt").misses();
            assertThat(misses)
                .as("%s seed=%d k=%d h=%d", policy, seed, k, h)
                .isLessThanOrEqualTo((double) k / (k - h + 1) * optimum + h);
          }
        }
      }
    }
  }

  /** Mattson: what a stack algorithm holds, it holds at every larger capacity. */
  @ParameterizedTest
  @ValueSource(strings = {"lru", "opt", "opt-bypass"})
  void misses_largerCapacity_neverMoreForStackAlgorithms(String policy) {
    for (int seed = 1; seed <= SEEDS; seed++) {
      Requests requests = trace(seed);
      long before = Long.MAX_VALUE;
      for (int capacity = 1; capacity <= 50; capacity++) {
        long misses = Goldens.run(requests, capacity, policy).misses();
        assertThat(misses)
            .as("%s seed=%d capacity=%d", policy, seed, capacity)
            .isLessThanOrEqualTo(before);
        before = misses;
      }
      assertThat(before).isEqualTo(requests.footprint());
    }
  }

  @ParameterizedTest
  @MethodSource("all")
  void misses_anyPolicy_betweenTheBypassOptimumAndAll(String policy) {
    for (int seed = 1; seed <= SEEDS; seed++) {
      Requests requests = trace(seed);
      for (int capacity : CAPACITIES) {
        assertThat(Goldens.run(requests, capacity, policy).misses())
            .as("%s seed=%d capacity=%d", policy, seed, capacity)
            .isBetween(Goldens.run(requests, capacity, "opt-bypass").misses(), (long) REQUESTS);
      }
    }
  }
}
