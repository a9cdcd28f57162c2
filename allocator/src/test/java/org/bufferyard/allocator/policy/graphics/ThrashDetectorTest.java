package org.bufferyard.allocator.policy.graphics;

import static org.assertj.core.api.Assertions.assertThat;

import org.bufferyard.allocator.policy.Admission;
import org.junit.jupiter.api.Test;

class ThrashDetectorTest {
  private static final long LAPSE = 1_000;

  private static void thrash(ThrashDetector detector, int id, long nowNanos) {
    for (int event = 0; event < ThrashDetector.THRASHING_EVENTS; event++) {
      detector.migrated(id, nowNanos);
    }
  }

  @Test
  void withoutPins_throttlesForALapseHoweverOften() {
    ThrashDetector detector = new ThrashDetector(LAPSE, false, 1);
    thrash(detector, 7, 0);
    for (int i = 0; i < 1_000; i++) {
      assertThat(detector.admission(7, LAPSE)).isEqualTo(Admission.WAIT);
    }
    assertThat(detector.admission(7, LAPSE + 1)).isEqualTo(Admission.ADMIT);
  }

  @Test
  void withPins_pinsAfterThrottles_others_areLeftAlone() {
    ThrashDetector detector = new ThrashDetector(LAPSE, true, 1);
    thrash(detector, 0, 0);
    for (int i = 0; i < ThrashDetector.PIN_AFTER_THROTTLES; i++) {
      assertThat(detector.admission(0, 1)).isEqualTo(Admission.WAIT);
    }
    long until = 1 + ThrashDetector.PINNED_LAPSES * LAPSE;
    assertThat(detector.admission(0, 1)).isEqualTo(Admission.SPILL);
    assertThat(detector.admission(0, until - 1)).isEqualTo(Admission.SPILL);
    assertThat(detector.admission(0, until)).isEqualTo(Admission.ADMIT);
    assertThat(detector.admission(1, 1)).isEqualTo(Admission.ADMIT);
  }

  @Test
  void fewerEvents_orSlower_areNoThrashing() {
    ThrashDetector detector = new ThrashDetector(LAPSE, true, 1);
    for (long event = 1; event < 20; event++) {
      detector.migrated(3, event * (LAPSE + 1));
      assertThat(detector.admission(3, event * (LAPSE + 1))).isEqualTo(Admission.ADMIT);
    }
    detector.migrated(4, 0);
    detector.migrated(4, 1);
    assertThat(detector.admission(4, 1)).isEqualTo(Admission.ADMIT);
  }

  @Test
  void forgotten_startsAnew() {
    ThrashDetector detector = new ThrashDetector(LAPSE, true, 1);
    thrash(detector, 2, 0);
    detector.forget(2);
    assertThat(detector.admission(2, 1)).isEqualTo(Admission.ADMIT);
  }
}
