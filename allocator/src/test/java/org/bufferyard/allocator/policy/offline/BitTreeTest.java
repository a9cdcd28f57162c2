package org.bufferyard.allocator.policy.offline;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import java.util.TreeSet;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BitTreeTest {
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 63, 64, 65, 4095, 4096, 4097, 300_000})
  void below_anyHistory_asATreeSet(int bound) {
    SplittableRandom random = new SplittableRandom(bound);
    BitTree tree = new BitTree(bound);
    TreeSet<Integer> model = new TreeSet<>();
    assertThat(tree.below(bound)).isEqualTo(-1);
    for (int step = 0; step < 4000 && bound > 0; step++) {
      int value = random.nextInt(bound);
      if (random.nextBoolean()) {
        tree.add(value);
        model.add(value);
      } else {
        int victim = model.isEmpty() ? value : model.first();
        tree.remove(victim);
        model.remove(victim);
      }
      int limit = random.nextInt(bound + 1);
      Integer expected = model.lower(limit);
      assertThat(tree.below(limit))
          .as("bound=%d step=%d limit=%d", bound, step, limit)
          .isEqualTo(expected == null ? -1 : expected);
    }
  }
}
