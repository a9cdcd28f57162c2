package org.bufferyard.allocator.policy.cache;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class FrequencySketchTest {
  @Test
  void estimate_beforeHalving_neverBelowTheCountAndMostlyExact() {
    FrequencySketch sketch = new FrequencySketch(1024);
    SplittableRandom random = new SplittableRandom(3);
    int[] counts = new int[1024];
    for (int i = 0; i < 5000; i++) {
      int id = random.nextInt(counts.length);
      counts[id]++;
      sketch.count(id);
    }
    int exact = 0;
    for (int id = 0; id < counts.length; id++) {
      int expected = Math.min(counts[id], FrequencySketch.COUNT_MAX);
      assertThat(sketch.estimate(id)).as("id=" + id).isGreaterThanOrEqualTo(expected);
      exact += sketch.estimate(id) == expected ? 1 : 0;
    }
    assertThat(exact).isGreaterThan(900);
  }

  @Test
  void count_tenTimesTheWidth_halvesEverything() {
    FrequencySketch sketch = new FrequencySketch(16);
    for (int i = 0; i < 10; i++) {
      sketch.count(1);
    }
    assertThat(sketch.estimate(1)).isEqualTo(10);
    for (int id = 100; id < 250; id++) {
      sketch.count(id);
    }
    assertThat(sketch.estimate(1)).isBetween(5, 10);
    for (int id = 1000; id < 1400; id++) {
      sketch.count(id);
    }
    assertThat(sketch.estimate(2_000_000)).isLessThan(FrequencySketch.COUNT_MAX);
  }

  @Test
  void estimate_countedForEver_saturates() {
    FrequencySketch sketch = new FrequencySketch(1024);
    for (int i = 0; i < 100; i++) {
      sketch.count(9);
    }
    assertThat(sketch.estimate(9)).isEqualTo(FrequencySketch.COUNT_MAX);
  }

  /** Ten times 16 counts; what is in the next sample already makes that one shorter. */
  @Test
  void count_atTheSample_halvesEachCounterThenAndNotBefore() {
    FrequencySketch sketch = new FrequencySketch(16);
    int next = 100;
    for (int count = 0; count < 159; count++) {
      sketch.count(count < 10 ? 1 : next++);
    }
    int[] before = estimates(sketch);
    assertThat(before[1]).isGreaterThanOrEqualTo(10);
    sketch.count(next++);
    int[] after = estimates(sketch);
    for (int id = 0; id < after.length; id++) {
      assertThat(after[id]).isBetween(before[id] / 2, (before[id] + 1) / 2);
    }
    int counts = 0;
    for (int last = after[1]; sketch.estimate(1) >= last; counts++) {
      last = sketch.estimate(1);
      sketch.count(next++);
    }
    assertThat(counts).isBetween(81, 110);
  }

  private static int[] estimates(FrequencySketch sketch) {
    int[] estimates = new int[400];
    for (int id = 0; id < estimates.length; id++) {
      estimates[id] = sketch.estimate(id);
    }
    return estimates;
  }
}
