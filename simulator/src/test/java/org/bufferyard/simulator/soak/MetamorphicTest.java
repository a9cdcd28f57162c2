package org.bufferyard.simulator.soak;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Worlds that are related come to related ends. */
class MetamorphicTest {
  private static final List<String> POLICIES = List.of("lru", "fifo", "clock", "random", "lfu");
  private static final int SEEDS = Integer.getInteger("bufferyard.metamorphic.seeds", 8);

  @ParameterizedTest
  @EnumSource(Relation.class)
  void check_manySeeds_holds(Relation relation) {
    List<String> broken = new ArrayList<>();
    for (long seed = 1; seed <= SEEDS; seed++) {
      String text = Metamorphic.check(seed, POLICIES, relation, UnaryOperator.identity());
      if (text != null) {
        broken.add(text);
      }
    }
    assertThat(broken).isEmpty();
  }
}
