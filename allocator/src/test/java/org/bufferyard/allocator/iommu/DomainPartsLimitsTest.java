package org.bufferyard.allocator.iommu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.List;
import org.bufferyard.allocator.DmaConstraints;
import org.junit.jupiter.api.Test;

/** The small parts of a domain, each by itself at its edges. */
class DomainPartsLimitsTest {
  private static final long P = 4096;

  @Test
  void iotlb_invalidate_dropsTheRangeAndNothingElse() {
    for (int count : new int[] {1, 3, 7, 8, 9, 100}) {
      Iotlb iotlb = new Iotlb(8);
      for (long page = 8; page < 16; page++) {
        iotlb.insert(page, page << 12 | 1);
      }
      assertThat(iotlb.valid()).isEqualTo(8);
      iotlb.invalidate(10, count);
      for (long page = 8; page < 16; page++) {
        boolean gone = page >= 10 && page < 10 + count;
        assertThat(iotlb.lookup(page)).isEqualTo(gone ? 0 : page << 12 | 1);
      }
      assertThat(iotlb.valid()).isEqualTo(8 - Math.min(6, count));
      assertThat(iotlb.lookup(16)).isZero();
    }
  }

  @Test
  void iotlb_invalidate_ofPagesThatShareASlot_keepsTheOther() {
    Iotlb iotlb = new Iotlb(4);
    iotlb.insert(6, 61);
    iotlb.invalidate(2, 1);
    iotlb.invalidate(10, 2);
    assertThat(iotlb.lookup(6)).isEqualTo(61);
    iotlb.insert(10, 101);
    assertThat(iotlb.valid()).isOne();
    assertThat(iotlb.lookup(6)).isZero();
    iotlb.invalidate(7, 50);
    assertThat(iotlb.valid()).isZero();
    iotlb.insert(10, 102);
    iotlb.insert(11, 111);
    iotlb.invalidateAll();
    iotlb.insert(11, 112);
    assertThat(iotlb.valid()).isOne();
    iotlb.invalidate(0, 11);
    assertThat(iotlb.lookup(11)).isEqualTo(112);
    iotlb.invalidateAll();
    assertThat(iotlb.lookup(10)).isZero();
    assertThat(iotlb.valid()).isZero();
    iotlb.invalidateAll();
    iotlb.invalidate(10, 1);
    assertThat(iotlb.valid()).isZero();
  }

  @Test
  void iotlb_ofNoEntries_remembersNothing() {
    Iotlb iotlb = new Iotlb(0);
    iotlb.insert(3, 31);
    assertThat(iotlb.lookup(3)).isZero();
    iotlb.invalidate(0, 9);
    assertThat(iotlb.valid()).isZero();
  }

  @Test
  void queue_ring_keepsOrderAndNumbers() {
    InvalidationQueue queue = new InvalidationQueue(3);
    for (long round = 0; round < 10; round++) {
      assertThat(queue.full()).isFalse();
      queue.add(100 + round, 10 + round);
      assertThat(queue.enqueued()).isEqualTo(round + 1);
      if (round >= 2) {
        assertThat(queue.full()).isTrue();
        assertThat(queue.oldestIova()).isEqualTo(98 + round);
        assertThat(queue.oldestReserved()).isEqualTo(8 + round);
        queue.removeOldest();
        assertThat(queue.completed()).isEqualTo(round - 1);
      }
    }
    assertThat(queue.size()).isEqualTo(2);
    InvalidationQueue strict = new InvalidationQueue(1);
    strict.addCompleted();
    strict.addCompleted();
    assertThat(strict.enqueued()).isEqualTo(2);
    assertThat(strict.completed()).isEqualTo(2);
  }

  @Test
  void faultLog_full_countsWhatItLoses() {
    FaultLog log = new FaultLog(2);
    assertThatIllegalStateException().isThrownBy(log::take).withMessage("no fault recorded");
    for (int fault = 0; fault < 3; fault++) {
      log.add(fault, fault * P, fault == 1, FaultReason.NOT_MAPPED);
    }
    assertThat(List.of(log.total(), log.lost(), (long) log.size())).containsExactly(3L, 1L, 2L);
    assertThat(log.take()).isEqualTo(new FaultLog.Fault(0, 0, false, FaultReason.NOT_MAPPED));
    log.add(7, 7 * P, false, FaultReason.READ_DENIED);
    assertThat(log.take()).isEqualTo(new FaultLog.Fault(1, P, true, FaultReason.NOT_MAPPED));
    assertThat(log.take()).isEqualTo(new FaultLog.Fault(7, 7 * P, false, FaultReason.READ_DENIED));
    assertThat(log.size()).isZero();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> FaultReason.ofCode(0))
        .withMessage("no fault code, code=0");
  }

  @Test
  void settings_limits_areTakenAndBeyondAreNot() {
    assertThat(DomainSettings.ofBits(21).addressBits()).isEqualTo(21);
    assertThat(DomainSettings.ofBits(48).withIotlbEntries(0).iotlbEntries()).isZero();
    assertThat(DomainSettings.ofBits(48).withIotlbEntries(1).iotlbEntries()).isOne();
    DomainSettings least = DomainSettings.ofBits(39).withLimits(1, 1, 1, 1);
    assertThat(least.mappingsMax()).isOne();
    assertThatIllegalArgumentException().isThrownBy(() -> DomainSettings.ofBits(20));
    assertThatIllegalArgumentException().isThrownBy(() -> DomainSettings.ofBits(49));
    assertThatIllegalArgumentException().isThrownBy(() -> least.withIotlbEntries(3));
    assertThatIllegalArgumentException().isThrownBy(() -> least.withIotlbEntries(-1));
    assertThatIllegalArgumentException().isThrownBy(() -> least.withIotlbEntries(1 << 31));
    for (int wrong = 0; wrong < 4; wrong++) {
      int[] limits = {1, 1, 1, 1};
      limits[wrong] = 0;
      assertThatIllegalArgumentException()
          .isThrownBy(() -> least.withLimits(limits[0], limits[1], limits[2], limits[3]))
          .withMessage(
              "limits must be positive: %d, %d, %d, %d"
                  .formatted(limits[0], limits[1], limits[2], limits[3]));
    }
  }

  @Test
  void iovaRange_wholePagesInRange_orRefused() {
    assertThat(new IovaRange(0, P).pages()).isOne();
    assertThat(new IovaRange(3 * P, 2 * P).firstPage()).isEqualTo(3);
    long top = Long.MAX_VALUE & -P;
    assertThat(new IovaRange(top - P, P).firstPage()).isEqualTo((top >>> 12) - 1);
    for (long[] wrong :
        new long[][] {{-P, P}, {0, 0}, {0, -P}, {1, P}, {0, 1}, {top, top}, {Long.MIN_VALUE, P}}) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> new IovaRange(wrong[0], wrong[1]))
          .withMessage("startBytes=" + wrong[0] + ", lengthBytes=" + wrong[1]);
    }
  }

  @Test
  void pageLimits_ofConstraints_inPages() {
    PageLimits limits = new PageLimits(1L << 27);
    limits.use(DmaConstraints.UNLIMITED);
    assertThat(limits.lastPage()).isEqualTo((1L << 27) - 1);
    assertThat(limits.alignOrder()).isZero();
    DmaConstraints narrow =
        DmaConstraints.UNLIMITED
            .withDmaMask(0xffffL)
            .withAlignBytes(4 * P)
            .withMaxSegmentBytes(9 * P);
    limits.use(narrow);
    assertThat(limits.lastPage()).isEqualTo(15);
    assertThat(limits.alignOrder()).isEqualTo(2);
    assertThat(limits.singlePages()).isEqualTo(9);
    limits.use(narrow.withBoundaryMask(8 * P - 1));
    assertThat(limits.singlePages()).isEqualTo(8);
    limits.use(narrow.withDmaMask(0x7ffL));
    assertThat(limits.lastPage()).isEqualTo(-1);
    limits.use(narrow.withDmaMask(0xfffL));
    assertThat(limits.lastPage()).isZero();
  }
}
