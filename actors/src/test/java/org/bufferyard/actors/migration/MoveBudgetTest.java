package org.bufferyard.actors.migration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.bufferyard.actors.rig.TtmYard.ticket;

import org.bufferyard.actors.environment.Claims;
import org.bufferyard.actors.environment.Management;
import org.bufferyard.actors.environment.Management.Limit;
import org.bufferyard.actors.environment.Upkeep;
import org.bufferyard.actors.environment.YardSettings;
import org.junit.jupiter.api.Test;

/** How much each limit lets bring-backs move, in a region of 64 MiB. */
class MoveBudgetTest {
  private static final long MIB = 1L << 20;
  private static final long CAPACITY_PAGES = 64 * MIB / 4096;
  private static final long SECOND = 1_000_000_000L;

  private static MoveBudget budget(Limit limit) {
    Management management = new Management(limit, 4 * MIB, false, 0, Claims.NONE, Upkeep.NONE);
    YardSettings usual = YardSettings.defaults();
    YardSettings settings =
        new YardSettings(
            usual.policy(),
            usual.bringBack(),
            usual.maxMovesInFlight(),
            usual.moveFences(),
            usual.roomWaitNanos(),
            usual.retryNanos(),
            usual.invalidateReportNanos(),
            usual.invalidateDeadlineNanos(),
            usual.requestDeadlineNanos(),
            usual.upgradeBackoffNanos(),
            8 * MIB,
            usual.pingPongNanos(),
            usual.pins(),
            management,
            usual.histories());
    return new MoveBudget(settings, CAPACITY_PAGES);
  }

  /** How often 1 MiB may move at one moment, at most 100 times. */
  private static int times(MoveBudget budget, long stamp, long freeMib, long nowNanos) {
    int times = 0;
    while (times < 100 && budget.take(MIB, ticket(stamp), freeMib * MIB / 4096, nowNanos)) {
      times++;
    }
    return times;
  }

  @Test
  void rate_holdsAFifthOfASecond_andPaysItsDebtFirst() {
    MoveBudget budget = budget(Limit.RATE);
    assertThat(times(budget, 1, 0, 0)).isEqualTo(2);
    assertThat(times(budget, 2, 0, SECOND / 100)).isZero();
    assertThat(times(budget, 3, 0, SECOND)).isEqualTo(2);
    assertThat(times(budget, 4, 64, SECOND)).isZero();
  }

  @Test
  void amdgpu_anEighthIsFree_aQuarterOfItMayMove() {
    MoveBudget budget = budget(Limit.AMDGPU);
    assertThat(times(budget, 1, 7, 0)).isEqualTo(2);
    assertThat(times(budget, 2, 7, 0)).isZero();
    assertThat(budget.take(9 * MIB, ticket(3), 32 * MIB / 4096, 0)).isTrue();
    assertThat(budget.take(MIB, ticket(4), 7 * MIB / 4096, 0)).isFalse();
  }

  @Test
  void radeon_quarterWhileEmpty_oneMibFromHalfFullOn() {
    MoveBudget budget = budget(Limit.RADEON);
    assertThat(times(budget, 1, 64, 0)).isEqualTo(16);
    assertThat(times(budget, 2, 48, 0)).isEqualTo(8);
    assertThat(times(budget, 3, 32, 0)).isEqualTo(1);
    assertThat(times(budget, 4, 0, 0)).isEqualTo(1);
    assertThat(times(budget, 4, 0, SECOND)).isZero();
  }

  @Test
  void submission_constantForEach() {
    MoveBudget budget = budget(Limit.SUBMISSION);
    assertThat(times(budget, 1, 64, 0)).isEqualTo(4);
    assertThat(times(budget, 1, 64, SECOND)).isZero();
    assertThat(times(budget, 2, 0, SECOND)).isEqualTo(4);
  }
}
