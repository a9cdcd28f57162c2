package org.bufferyard.allocator.policy.shadow;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.bufferyard.allocator.policy.PolicyProvider;
import org.bufferyard.allocator.policy.catalog.Policies;
import org.bufferyard.allocator.policy.replay.CacheReplay;
import org.bufferyard.allocator.policy.replay.Requests;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A shadow is the policy's own replay, fed with sparse names that come and go. */
class ShadowsTest {
  private static final List<String> UNTIMED =
      List.of("lru", "fifo", "clock", "sieve", "lfu", "2q", "arc", "s3-fifo", "lirs", "gdsf");

  static LongStream seeds() {
    return LongStream.range(0, 60);
  }

  private static List<PolicyProvider> policies(List<String> names) {
    return names.stream()
        .map(
            name ->
                Policies.all().stream()
                    .filter(p -> p.name().equals(name))
                    .findFirst()
                    .orElseThrow())
        .toList();
  }

  private static Shadows shadows(List<String> names, long capacity, int max) {
    return new Shadows(policies(names), capacity, name -> new SplittableRandom(1), max);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void used_anyRequests_missesAreThoseOfTheReplay(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    int objects = 4 + random.nextInt(60);
    long capacity = random.nextLong(20, 220);
    int[] ids = new int[400];
    long[] sizes = new long[objects];
    for (int id = 0; id < objects; id++) {
      sizes[id] = random.nextLong(1, 13);
    }
    Shadows shadows = shadows(UNTIMED, capacity, Shadows.BUFFERS_MAX);
    for (int at = 0; at < ids.length; at++) {
      ids[at] = random.nextInt(1 + random.nextInt(objects));
      shadows.used(1_000_003L * ids[at], sizes[ids[at]], 0, 1, at * CacheReplay.REQUEST_NANOS);
    }
    Requests requests = Requests.sized(ids, sizes);
    List<PolicyProvider> policies = policies(UNTIMED);
    for (int i = 0; i < policies.size(); i++) {
      CacheReplay.Result replay =
          CacheReplay.run(requests, capacity, policies.get(i), new SplittableRandom(1));
      Shadows.Tally tally = shadows.tallies().get(i);
      assertThat(List.of(tally.misses(), tally.missPages(), tally.evictions()))
          .as(tally.policy())
          .isEqualTo(List.of(replay.misses(), replay.missSize(), replay.evictions()));
    }
  }

  @Test
  void freed_buffer_isForgottenAndItsIdServesAnother() {
    Shadows shadows = shadows(List.of("lru", "arc"), 10, 2);
    for (long life = 0; life < 1_000; life++) {
      shadows.used(life, 4, 0, 1, life);
      shadows.used(life, 4, 0, 1, life);
      shadows.freed(life, life);
    }
    assertThat(shadows.leftOut()).isZero();
    assertThat(shadows.tallies())
        .allSatisfy(
            tally -> {
              assertThat(tally.misses()).isEqualTo(1_000);
              assertThat(tally.evictions()).isZero();
            });
  }

  @Test
  void used_oneBufferTooMany_isLeftOutAndCounted() {
    Shadows shadows = shadows(List.of("lru"), 10, 2);
    for (long buffer = 0; buffer < 3; buffer++) {
      shadows.used(buffer, 1, 0, 1, buffer);
    }
    assertThat(shadows.leftOut()).isEqualTo(1);
    assertThat(shadows.tallies().getFirst().misses()).isEqualTo(2);
    shadows.freed(0, 3);
    shadows.used(2, 1, 0, 1, 4);
    assertThat(shadows.leftOut()).isEqualTo(1);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void bindAndRelease_anyOrder_isAMap(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    DenseIds ids = new DenseIds(64);
    Map<Long, Integer> model = new LinkedHashMap<>();
    for (int step = 0; step < 2_000; step++) {
      long key = random.nextInt(100) * 4_096L;
      if (random.nextInt(3) > 0) {
        int id = ids.bind(key);
        if (model.containsKey(key) || model.size() < 64) {
          assertThat(model.getOrDefault(key, id)).isEqualTo(id);
          model.put(key, id);
        } else {
          assertThat(id).isEqualTo(DenseIds.NONE);
        }
      } else {
        Integer had = model.remove(key);
        assertThat(ids.release(key)).isEqualTo(had == null ? DenseIds.NONE : had);
      }
    }
    model.forEach((key, id) -> assertThat(ids.find(key)).isEqualTo(id));
    assertThat(new ArrayList<>(model.values())).doesNotHaveDuplicates();
    assertThat(ids.bound()).isLessThanOrEqualTo(64);
  }
}
