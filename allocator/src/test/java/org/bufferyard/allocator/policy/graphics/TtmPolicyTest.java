package org.bufferyard.allocator.policy.graphics;

import static org.assertj.core.api.Assertions.assertThat;

import org.bufferyard.allocator.policy.EvictionPolicy;
import org.bufferyard.allocator.policy.Hint;
import org.bufferyard.allocator.policy.Removal;
import org.bufferyard.allocator.policy.Residents;
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

  @Test
  void used_sharedOne_agesByItself() {
    yard.group[1] = 7;
    yard.group[2] = 7;
    yard.group[3] = 7;
    yard.shared[2] = true;
    yard.admit(0, 1, 2, 3, 9);
    yard.use(1, 2);
    assertThat(yard.evict(4, 2)).containsExactly(1, 3, 9, 2);
  }

  @Test
  void changed_becomesShared_leavesItsGroup() {
    yard.group[1] = 7;
    yard.group[2] = 7;
    yard.admit(0, 1, 2, 9);
    yard.shared[2] = true;
    yard.policy().changed(2, 1);
    yard.use(1, 1);
    assertThat(yard.evict(3, 2)).containsExactly(9, 2, 1);
  }

  @Test
  void victim_discardable_asOfLowestPriority() {
    yard.priority[1] = 0;
    yard.priority[3] = 3;
    yard.discardable[3] = true;
    yard.admit(0, 1, 2, 3);
    assertThat(yard.evict(3, 1)).containsExactly(1, 3, 2);
  }

  @Test
  void hinted_notNeeded_isAmongTheLowestUntilUsed() {
    for (int group : new int[] {Residents.NO_GROUP, 7}) {
      for (int priority = 0; priority < Residents.PRIORITIES; priority++) {
        yard.priority[3] = priority;
        yard.group[3] = group;
        yard.admit(0, 1, 2, 3);
        yard.policy().hinted(3, Hint.DONT_NEED, 1);
        yard.use(2, 1);
        assertThat(yard.evict(3, 2)).containsExactly(3, 2, 1);

        yard.admit(3, 1, 2, 3);
        yard.policy().hinted(3, Hint.DONT_NEED, 4);
        yard.policy().hinted(3, Hint.WILL_NEED, 5);
        int[] expected = priority == 0 ? new int[] {3, 1, 2} : new int[] {1, 2, 3};
        assertThat(yard.evict(3, 6)).containsExactly(expected);
      }
    }
  }

  @Test
  void hinted_evictFirst_isTheNextVictim() {
    yard.priority[1] = 0;
    yard.admit(0, 1, 2, 3);
    yard.policy().hinted(2, Hint.DONT_NEED, 1);
    yard.policy().hinted(3, Hint.EVICT_FIRST, 1);
    assertThat(yard.evict(3, 2)).containsExactly(3, 1, 2);
  }

  @Test
  void hinted_pinned_changesNothing() {
    yard.admit(0, 1, 2);
    yard.policy().pinned(2);
    yard.policy().hinted(2, Hint.EVICT_FIRST, 1);
    yard.policy().unpinned(2, 2);
    assertThat(yard.evict(2, 3)).containsExactly(1, 2);
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
