package org.bufferyard.allocator.policy.graphics;

import static org.assertj.core.api.Assertions.assertThat;

import org.bufferyard.allocator.policy.Hint;
import org.junit.jupiter.api.Test;

class WddmPolicyTest {
  private static final long PERIOD = WddmPolicy.TRIM_PERIOD_NANOS;

  private final Yard yard = new Yard(100, WddmPolicy::new);

  @Test
  void victim_clientOverBudget_paysUntilItIsWithin() {
    yard.owner[3] = 1;
    yard.owner[4] = 1;
    yard.owner[5] = 1;
    yard.budget[1] = 2;
    yard.admit(0, 1);
    yard.admit(1, 3);
    yard.admit(2, 4);
    yard.admit(3, 5);
    assertThat(yard.evict(3, 4)).containsExactly(3, 1, 4);
  }

  @Test
  void victim_offered_beforeAllLowestPriorityFirst() {
    yard.admit(0, 1, 2, 3);
    yard.discardable[2] = true;
    yard.priority[2] = 2;
    yard.policy().changed(2, 1);
    yard.discardable[3] = true;
    yard.priority[3] = 0;
    yard.policy().changed(3, 1);
    assertThat(yard.evict(3, 2)).containsExactly(3, 2, 1);
  }

  @Test
  void changed_reclaimed_isNewestAgain() {
    yard.discardable[1] = true;
    yard.admit(0, 1);
    yard.admit(1, 2);
    yard.discardable[1] = false;
    yard.policy().changed(1, 2);
    yard.use(2, 1);
    assertThat(yard.evict(2, 3)).containsExactly(2, 1);
  }

  @Test
  void surplus_overBudget_trimsWhatThePeriodDidNotUse() {
    yard.owner[1] = 1;
    yard.owner[2] = 1;
    yard.owner[3] = 1;
    yard.budget[1] = 1;
    yard.admit(0, 1, 2, 3, 9);
    assertThat(yard.trim(PERIOD)).isEmpty();
    yard.use(PERIOD + 1, 2);
    assertThat(yard.trim(2 * PERIOD)).containsExactly(1, 3);
    assertThat(yard.trim(4 * PERIOD)).isEmpty();
  }

  @Test
  void hinted_trimmedByItsUser_isTheNextVictim() {
    yard.owner[2] = 1;
    yard.admit(0, 1);
    yard.admit(1, 2);
    yard.policy().hinted(2, Hint.EVICT_FIRST, 2);
    assertThat(yard.evict(2, 3)).containsExactly(2, 1);
  }
}
