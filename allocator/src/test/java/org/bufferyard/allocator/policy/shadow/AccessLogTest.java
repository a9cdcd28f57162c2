package org.bufferyard.allocator.policy.shadow;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Objects;
import org.junit.jupiter.api.Test;

class AccessLogTest {
  private static AccessLog.Accesses accesses(AccessLog log) {
    return Objects.requireNonNull(log.accesses());
  }

  @Test
  void used_keptInBetween_costsOnce() {
    AccessLog log = new AccessLog(10);
    log.used(7, 5, true);
    log.used(7, 5, true);
    assertThat(accesses(log).costPages()).isEqualTo(5);
  }

  @Test
  void used_leftAndBackInBetween_costsTwice() {
    AccessLog log = new AccessLog(10);
    log.used(7, 5, true);
    log.left(7);
    log.used(7, 5, true);
    assertThat(accesses(log).costPages()).isEqualTo(10);
  }

  @Test
  void used_fromAfar_costsEachTimeAndOnceMoreToCome() {
    AccessLog log = new AccessLog(10);
    log.used(7, 5, false);
    log.used(7, 5, false);
    log.used(7, 5, true);
    log.used(7, 5, true);
    assertThat(accesses(log).costPages()).isEqualTo(15);
  }

  @Test
  void freed_sameNumberAgain_isAnotherBuffer() {
    AccessLog log = new AccessLog(10);
    log.used(7, 5, true);
    log.freed(7);
    log.used(7, 3, true);
    AccessLog.Accesses accesses = accesses(log);
    assertThat(accesses.costPages()).isEqualTo(8);
    assertThat(accesses.requests().count()).isEqualTo(3);
    assertThat(accesses.requests().id(1)).isEqualTo(~0);
    assertThat(accesses.requests().pages(1)).isEqualTo(3);
  }

  @Test
  void used_oneTooMany_thereIsNoLog() {
    AccessLog log = new AccessLog(2);
    log.used(1, 1, true);
    log.used(2, 1, true);
    assertThat(log.accesses()).isNotNull();
    log.used(1, 1, true);
    assertThat(log.accesses()).isNull();
    log.freed(1);
    log.used(9, 1, true);
    assertThat(log.accesses()).isNull();
  }
}
