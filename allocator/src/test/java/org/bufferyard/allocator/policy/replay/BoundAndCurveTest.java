package org.bufferyard.allocator.policy.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.bufferyard.allocator.policy.PolicyProvider;
import org.bufferyard.allocator.policy.catalog.Policies;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The flow bound against exhaustive optima and every policy; lru's curve against its replays. */
class BoundAndCurveTest {
  private static final List<Map<String, Object>> SIZED = Goldens.sized();

  static Stream<String> all() {
    return Policies.all().stream().map(PolicyProvider::name);
  }

  private static Requests draws(long seed, int objects, boolean sized) {
    SplittableRandom random = new SplittableRandom(seed);
    int[] ids = new int[600];
    for (int at = 0; at < ids.length; at++) {
      ids[at] = random.nextInt(1 + random.nextInt(objects));
    }
    long[] sizes = random.longs(objects, 1, 30).toArray();
    return sized ? Requests.sized(ids, sizes) : Requests.ofUnits(ids, objects);
  }

  @Test
  void least_microTraces_notAboveTheExhaustiveOptimum() {
    int tight = 0;
    for (Map<String, Object> golden : SIZED) {
      Requests requests = Goldens.requests(golden);
      long capacity = Json.number(golden, "capacity");
      Map<String, Object> optimum = Json.object(golden, "exact_optimum");
      double misses = FlowBound.of(requests, id -> 1).least(capacity);
      double missed = FlowBound.of(requests, requests).least(capacity);
      String name = String.valueOf(golden.get("name"));
      long fewest = Json.number(optimum, "object-bypass");
      assertThat(misses).as(name).isLessThanOrEqualTo(fewest + 1e-6);
      assertThat(missed).as(name).isLessThanOrEqualTo(Json.number(optimum, "byte-bypass") + 1e-6);
      tight += Math.abs(misses - fewest) < 1e-6 ? 1 : 0;
    }
    assertThat(tight).as("of 200 the flow is whole").isGreaterThan(30);
  }

  @Test
  void least_equalSizes_isTheOptimumWithBypass() {
    for (int seed = 1; seed <= 6; seed++) {
      Requests requests = draws(seed, 60, false);
      FlowBound bound = FlowBound.of(requests, requests);
      for (int capacity : new int[] {1, 2, 3, 7, 20, 59, 80}) {
        double optimum = (double) Goldens.run(requests, capacity, "opt-bypass").misses();
        assertThat(bound.least(capacity))
            .as(seed + "@" + capacity)
            .isCloseTo(optimum, within(1e-6));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("all")
  void least_anyPolicyAndSizes_isNotBeaten(String policy) {
    for (int seed = 1; seed <= 3; seed++) {
      Requests requests = draws(seed, 80, true);
      FlowBound objects = FlowBound.of(requests, id -> 1);
      FlowBound sizes = FlowBound.of(requests, requests);
      for (int capacity : new int[] {10, 60, 300}) {
        CacheReplay.Result result = Goldens.run(requests, capacity, policy);
        String name = policy + " seed=" + seed + " capacity=" + capacity;
        assertThat(result.misses() + 1e-6).as(name).isGreaterThanOrEqualTo(objects.least(capacity));
        assertThat(result.missSize() + 1e-6).as(name).isGreaterThanOrEqualTo(sizes.least(capacity));
      }
    }
  }

  @Test
  void least_moreRoom_isNeverMore() {
    FlowBound bound = FlowBound.of(draws(9, 80, true), id -> 1);
    double before = Double.MAX_VALUE;
    for (int capacity = 1; capacity < 600; capacity += 37) {
      double least = bound.least(capacity);
      assertThat(least).as("capacity=" + capacity).isLessThanOrEqualTo(before + 1e-6);
      before = least;
    }
  }

  /** Also where objects are freed: a hole is filled before anything is evicted. */
  @Test
  void curve_everyCapacity_isThatOfTheReplay() {
    for (int seed = 1; seed <= 8; seed++) {
      Requests requests = seed % 2 == 0 ? draws(seed, 40, false) : withFrees(seed);
      LruCurve curve = new LruCurve(requests.objects());
      requests.addTo(curve);
      long[] misses = curve.misses();
      for (int capacity = 1; capacity < misses.length; capacity++) {
        assertThat(misses[capacity])
            .as("seed=%d capacity=%d", seed, capacity)
            .isEqualTo(Goldens.run(requests, capacity, "lru").misses());
      }
    }
  }

  /** Each object is freed some time after its first use and never named again. */
  private static Requests withFrees(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    int[] entries = new int[900];
    int[] live = new int[entries.length];
    int lives = 0;
    int objects = 0;
    for (int at = 0; at < entries.length; at++) {
      int what = random.nextInt(5);
      if (lives == 0 || (what == 0 && lives < 25)) {
        live[lives++] = objects;
        entries[at] = objects++;
      } else {
        int which = random.nextInt(lives);
        entries[at] = live[which];
        if (what == 1) {
          entries[at] = ~live[which];
          live[which] = live[--lives];
        }
      }
    }
    return Requests.ofUnits(entries, objects);
  }

  @Test
  @Tag("reference")
  void least_referenceTrace_isTheReferenceBound() throws IOException {
    int compared = 0;
    for (ReferenceTable.Row row : ReferenceTable.load().rows()) {
      if (row.bound() && row.capacity() == 8_388_608) {
        Requests requests = TraceReaders.read(SharedFiles.require("traces/" + row.file()));
        boolean objects = row.missSize().isEmpty();
        double expected = Double.parseDouble(objects ? row.misses() : row.missSize());
        double least = FlowBound.of(requests, objects ? id -> 1 : requests).least(row.capacity());
        assertThat(least).as(row.toString()).isCloseTo(expected, within(1e-3));
        compared++;
      }
    }
    assertThat(compared).isEqualTo(2);
  }
}
