package org.bufferyard.simulator.mutants;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import org.bufferyard.simulator.mutants.RelationMutants.RelationMutant;
import org.bufferyard.simulator.soak.Metamorphic;
import org.bufferyard.simulator.soak.Relation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A relation that holds for a yard with this mistake says nothing. */
class RelationMutantsTest {
  private static final List<String> POLICIES = List.of("lru", "fifo", "clock", "random", "lfu");
  private static final int SEEDS_MAX = 20;

  static List<RelationMutant> all() {
    return RelationMutants.ALL;
  }

  @Test
  void mutants_everyRelationHasOne() {
    assertThat(all().stream().map(RelationMutant::relation))
        .containsExactlyElementsOf(Arrays.asList(Relation.values()));
  }

  @ParameterizedTest
  @MethodSource("all")
  void check_mutant_found(RelationMutant mutant) {
    boolean found = false;
    for (long seed = 1; seed <= SEEDS_MAX && !found; seed++) {
      String said = Metamorphic.check(seed, POLICIES, mutant.relation(), mutant.change());
      found = said != null;
      assertThat(said == null || !said.contains("fails: ")).as("%s: %s", mutant, said).isTrue();
    }
    assertThat(found).as("%s lives", mutant).isTrue();
  }
}
