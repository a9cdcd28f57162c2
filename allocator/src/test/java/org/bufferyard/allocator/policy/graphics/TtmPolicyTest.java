package org.bufferyard.allocator.policy.graphics;

import static org.assertj.core.api.Assertions.assertThat;

import org.bufferyard.allocator.policy.EvictionPolicy;
import org.bufferyard.allocator.policy.Removal;
import org.junit.jupiter.api.Test;

class TtmPolicyTest {
  private final Yard yard = new Yard(100, TtmPolicy::new);

  @Test
  void victim_priorities_lowestFirstThenOldest() {
    yard.priority[1] = 2;
    yard.priority[3] = 0;
    yard.admit(0, 1, 2, 3, 4);
    yard.use(1, 2);
    assertThat(yard.evict(5, 2)).containsExactly(3, 4, 2, 1, EvictionPolicy.NONE);
  }

  @Test
  void used_oneOfAGroup_agesTheWholeGroupInItsOrder() {
    yard.group[1] = 7;
    yard.group[2] = 7;
    yard.group[3] = 7;
    yard.admit(0, 1, 2, 9, 3, 8);
    yard.use(1, 2);
    assertThat(yard.evict(5, 2)).containsExactly(9, 8, 1, 3, 2);
  }

  @Test
  void victim_ownGroup_afterAllOthers() {
    yard.group[1] = 7;
    yard.group[2] = 8;
    yard.priority[2] = 3;
    yard.admit(0, 1, 2);
    assertThat(yard.evict(2, 7, 1)).containsExactly(2, 1);
  }

  @Test
  void unpinned_wasOldest_isNewest() {
    yard.admit(0, 1, 2, 3);
    yard.policy().pinned(1);
    yard.policy().unpinned(1, 1);
    assertThat(yard.evict(3, 2)).containsExactly(2, 3, 1);
  }

  @Test
  void changed_lowerPriority_leavesBeforeTheOld() {
    yard.admit(0, 1, 2, 3);
    yard.priority[3] = 0;
    yard.policy().changed(3, 1);
    assertThat(yard.evict(3, 2)).containsExactly(3, 1, 2);
  }

  /** The walk of a demand must not lose or repeat anything when a run moves under it. */
  @Test
  void used_groupUnderTheWalk_walkGoesOnBehindIt() {
    yard.group[1] = 7;
    yard.group[2] = 7;
    yard.admit(0, 5, 1, 2, 6);
    yard.demand.reset(EvictionPolicy.NONE, 4, 1);
    yard.policy().begin(yard.demand);
    assertThat(yard.policy().victim(yard.demand)).isEqualTo(5);
    yard.policy().removed(5, Removal.EVICTED, 1);
    yard.use(1, 2);
    assertThat(yard.policy().victim(yard.demand)).isEqualTo(6);
    yard.policy().removed(6, Removal.EVICTED, 1);
    assertThat(yard.policy().victim(yard.demand)).isEqualTo(1);
  }
}
