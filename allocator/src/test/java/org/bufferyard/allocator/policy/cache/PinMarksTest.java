package org.bufferyard.allocator.policy.cache;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class PinMarksTest {
  @Test
  void setAndClear_randomIds_asASet() {
    for (int seed = 0; seed < 100; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      PinMarks marks = new PinMarks();
      TreeSet<Integer> set = new TreeSet<>();
      int ids = 1 << random.nextInt(12);
      for (int step = 0; step < 200; step++) {
        int id = random.nextInt(ids);
        assertThat(marks.pinned(id)).isEqualTo(set.contains(id));
        if (random.nextBoolean()) {
          assertThat(marks.set(id)).isEqualTo(set.add(id));
        } else {
          assertThat(marks.clear(id)).isEqualTo(set.remove(id));
        }
      }
      for (int id = 0; id < ids + 130; id++) {
        assertThat(marks.pinned(id)).isEqualTo(set.contains(id));
      }
    }
  }
}
