package org.bufferyard.allocator.policy.graphics;

import static org.assertj.core.api.Assertions.assertThat;

import org.bufferyard.allocator.policy.EvictionPolicy;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class XePolicyTest {
  private static final long REST = XePolicy.RESTORE_DELAY_NANOS;

  private final Yard yard = new Yard(100, XePolicy::new);

  @BeforeEach
  void twoVms() {
    for (int id : new int[] {10, 11, 12}) {
      yard.group[id] = 1;
    }
    for (int id : new int[] {20, 21}) {
      yard.group[id] = 2;
    }
    yard.admit(0, 10, 20, 11, 21, 12);
  }

  @Test
  void victim_twoVms_oneUntilItIsEmpty() {
    yard.use(1, 11);
    assertThat(yard.evict(4, 2)).containsExactly(20, 21, 10, 12);
  }

  @Test
  void victim_ownVm_last() {
    assertThat(yard.evict(5, 1, 2)).containsExactly(20, 21, 10, 11, 12);
  }

  @Test
  void victim_sharedOne_isAUnitOfItsOwnAndNotBroughtBack() {
    yard.shared[11] = true;
    yard.policy().changed(11, 1);
    yard.use(2, 10);
    assertThat(yard.evict(5, 3)).containsExactly(20, 21, 11, 12, 10);
    assertThat(yard.bringBack(100, 3 + REST)).containsExactly(20, 21, 12, 10);
  }

  @Test
  void bringBack_roomForAll_wholeVmAndNoneBefore() {
    yard.evict(3, 0);
    assertThat(yard.bringBack(2, REST)).isEmpty();
    assertThat(yard.bringBack(3, REST - 1)).isEmpty();
    assertThat(yard.bringBack(3, REST)).containsExactly(10, 11, 12);
    assertThat(yard.bringBack(3, REST)).isEmpty();
  }

  @Test
  void bringBack_twoVms_firstStoppedFirst() {
    yard.evict(5, 0);
    assertThat(yard.bringBack(5, REST)).containsExactly(10, 11, 12, 20, 21);
  }

  @Test
  void bringBack_largeVmFirst_smallOneThatFitsIsNotHeldUp() {
    yard.evict(5, 0);
    assertThat(yard.bringBack(2, REST)).containsExactly(20, 21);
  }

  @Test
  void forgotten_allOfAVm_nothingComesBack() {
    yard.evict(3, 0);
    yard.policy().forgotten(10);
    yard.policy().forgotten(11);
    yard.policy().forgotten(12);
    assertThat(yard.bringBack(100, REST)).isEmpty();
    assertThat(yard.evict(3, REST)).containsExactly(20, 21, EvictionPolicy.NONE);
  }
}
