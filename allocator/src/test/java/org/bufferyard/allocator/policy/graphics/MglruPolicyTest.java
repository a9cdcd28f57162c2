package org.bufferyard.allocator.policy.graphics;

import static org.assertj.core.api.Assertions.assertThat;

import org.bufferyard.allocator.policy.Removal;
import org.junit.jupiter.api.Test;

class MglruPolicyTest {
  private static final long TTL = MglruPolicy.MIN_TTL_NANOS;

  private final Yard yard = new Yard(100, MglruPolicy::new);

  @Test
  void victim_usedSinceTheLastGeneration_afterTheUnused() {
    yard.admit(0, 1, 2, 3, 4);
    yard.use(1, 1, 3);
    assertThat(yard.evict(4, 2 * TTL)).containsExactly(2, 4, 1, 3);
  }

  @Test
  void victim_withinMinTtl_onlyWhenNothingElseIsLeft() {
    yard.admit(0, 1);
    yard.admit(TTL, 2);
    yard.use(TTL, 1);
    yard.admit(0, 3);
    assertThat(yard.evict(3, TTL + 1)).containsExactly(3, 2, 1);
  }

  @Test
  void admitted_refault_isYoungAtOnce() {
    yard.admit(0, 1, 2);
    yard.policy().removed(1, Removal.EVICTED, 0);
    yard.admit(1, 1);
    yard.admit(1, 3);
    assertThat(yard.evict(3, 2 * TTL)).containsExactly(2, 3, 1);
  }

  /** Two generations later, the once used 1 and 2 share the oldest one with the never used 7. */
  private int victimAmongOnceUsedAndUnused() {
    yard.admit(0, 1, 2, 3, 4, 5, 6);
    yard.use(0, 1, 2);
    assertThat(yard.evict(4, 2 * TTL)).containsExactly(3, 4, 5, 6);
    yard.evict(0, 2 * TTL);
    yard.evict(0, 2 * TTL);
    yard.admit(2 * TTL, 7);
    return yard.evict(1, 4 * TTL)[0];
  }

  @Test
  void victim_noFeedback_oldestFirst() {
    assertThat(victimAmongOnceUsedAndUnused()).isEqualTo(1);
  }

  @Test
  void victim_usedOnesKeepComingBack_tierIsSparedForAGeneration() {
    for (long i = 0; i < 8 * MglruPolicy.FEEDBACK_MIN; i++) {
      yard.admit(0, 90);
      yard.use(0, 90);
      yard.policy().removed(90, Removal.EVICTED, 0);
    }
    assertThat(victimAmongOnceUsedAndUnused()).isEqualTo(7);
    assertThat(yard.evict(1, 5 * TTL)).containsExactly(1);
  }
}
