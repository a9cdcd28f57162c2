package org.bufferyard.allocator.policy.graphics;

import static org.assertj.core.api.Assertions.assertThat;

import org.bufferyard.allocator.policy.Admission;
import org.bufferyard.allocator.policy.Hint;
import org.bufferyard.allocator.policy.Removal;
import org.junit.jupiter.api.Test;

class UvmPolicyTest {
  private static final long LAPSE = ThrashDetector.UVM_LAPSE_NANOS;
  private static final long STEP = LAPSE / 2;

  private final Yard yard = new Yard(100, UvmPolicy::new);
  private long now = 1_000_000_000L;

  private Admission ask(int id) {
    return yard.policy().admission(yard.demand.reset(id, 1, now));
  }

  private void bounce(int id) {
    yard.policy().admitted(id, now);
    now += STEP;
    yard.policy().removed(id, Removal.EVICTED, now);
    now += STEP;
  }

  @Test
  void victim_used_staysInOrderOfMigration() {
    yard.admit(0, 1, 2, 3);
    yard.use(1, 1);
    yard.policy().hinted(3, Hint.DONT_NEED, 1);
    assertThat(yard.evict(3, 2)).containsExactly(3, 1, 2);
  }

  @Test
  void admission_bouncingBuffer_throttledThenPinnedThenLetIn() {
    assertThat(ask(5)).isEqualTo(Admission.ADMIT);
    bounce(5);
    assertThat(ask(5)).as("two events are no thrashing").isEqualTo(Admission.ADMIT);
    bounce(5);
    for (int i = 0; i < ThrashDetector.PIN_AFTER_THROTTLES; i++) {
      assertThat(ask(5)).as("throttle " + i).isEqualTo(Admission.WAIT);
    }
    assertThat(ask(5)).isEqualTo(Admission.SPILL);
    now += ThrashDetector.PINNED_LAPSES * LAPSE - 1;
    assertThat(ask(5)).isEqualTo(Admission.SPILL);
    now += 1;
    assertThat(ask(5)).isEqualTo(Admission.ADMIT);
  }

  @Test
  void admission_slowMigrations_neverThrottled() {
    for (int i = 0; i < 20; i++) {
      assertThat(ask(5)).isEqualTo(Admission.ADMIT);
      bounce(5);
      now += LAPSE;
    }
  }

  @Test
  void admission_mandatory_neverRefused() {
    bounce(5);
    bounce(5);
    yard.demand.reset(5, 1, now).mandatory();
    assertThat(yard.policy().admission(yard.demand)).isEqualTo(Admission.ADMIT);
  }

  @Test
  void changed_discardable_joinsTheUnusedAndBack() {
    yard.admit(0, 0, 1, 2);
    yard.discardable[2] = true;
    yard.policy().changed(2, 1);
    yard.policy().changed(1, 1);
    assertThat(yard.evict(1, 2)).containsExactly(2);
    yard.admit(3, 2);
    yard.discardable[2] = false;
    yard.policy().changed(2, 4);
    assertThat(yard.evict(3, 5)).containsExactly(0, 1, 2);
  }

  /** Another buffer under a freed id owes nothing for what bounced before. */
  @Test
  void removed_freedOrForgotten_isNotThrottled() {
    bounce(5);
    bounce(5);
    yard.policy().admitted(5, now);
    yard.policy().removed(5, Removal.FREED, now);
    assertThat(ask(5)).isEqualTo(Admission.ADMIT);
    bounce(5);
    bounce(5);
    assertThat(ask(5)).isEqualTo(Admission.WAIT);
    yard.policy().forgotten(5);
    assertThat(ask(5)).isEqualTo(Admission.ADMIT);
  }

  /** A pin may expire so many times; then the buffer may bounce as it likes. */
  @Test
  void admission_pinnedTooOften_isLetInForGood() {
    for (int pin = 0; pin < ThrashDetector.RESETS_MAX; pin++) {
      bounce(5);
      bounce(5);
      for (int i = 0; i < ThrashDetector.PIN_AFTER_THROTTLES; i++) {
        assertThat(ask(5)).as("pin " + pin).isEqualTo(Admission.WAIT);
      }
      assertThat(ask(5)).isEqualTo(Admission.SPILL);
      now += ThrashDetector.PINNED_LAPSES * LAPSE;
      assertThat(ask(5)).isEqualTo(Admission.ADMIT);
    }
    bounce(5);
    bounce(5);
    assertThat(ask(5)).isEqualTo(Admission.ADMIT);
    now += ThrashDetector.EPOCH_LAPSES * LAPSE + 1;
    assertThat(ask(5)).isEqualTo(Admission.ADMIT);
    bounce(5);
    bounce(5);
    assertThat(ask(5)).as("an epoch later all is forgotten").isEqualTo(Admission.WAIT);
  }
}
