package org.bufferyard.allocator.policy;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** The first demand of an owner is like all others. */
class FirstDemandTest {
  @Test
  void exclude_inTheFirstDemand_excludesThatIdAlone() {
    Demand demand = new Demand(Residents.UNITS).reset(EvictionPolicy.NONE, 4, 0);
    demand.exclude(2);
    assertThat(demand.accepts(2)).isFalse();
    assertThat(demand.accepts(1)).isTrue();
    demand.reset(EvictionPolicy.NONE, 4, 0);
    assertThat(demand.accepts(2)).isTrue();
  }
}
