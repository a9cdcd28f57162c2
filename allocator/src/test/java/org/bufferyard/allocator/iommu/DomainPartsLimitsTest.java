package org.bufferyard.allocator.iommu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.Arrays;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.bufferyard.allocator.DmaConstraints;
import org.junit.jupiter.api.Test;

/** The small tables of a domain, each by itself at its edges. */
class DomainPartsLimitsTest {
  private static final long P = 4096;

  @Test
  void occupancy_everyStretchOfThreeWords_asABitSet() {
    for (int from = 0; from < 192; from += 5) {
      for (int count = 1; from + count <= 192; count += count < 70 ? 1 : 13) {
        Occupancy words = new Occupancy(192);
        BitSet model = new BitSet();
        words.set(from, count);
        model.set(from, from + count);
        checkOccupancy(words, model, from, count);
        int gap = count / 3;
        if (gap > 0) {
          words.clear(from + gap, gap);
          model.clear(from + gap, from + 2 * gap);
          checkOccupancy(words, model, from + gap, gap);
        }
        words.grow(320);
        checkOccupancy(words, model, from, count);
        words.clear(from, count);
        assertThat(words.any(0, 320)).isFalse();
        words.set(319, 1);
        assertThat(words.count(0, 320)).isOne();
      }
    }
  }

  private static void checkOccupancy(Occupancy words, BitSet model, int from, int count) {
    for (int at : new int[] {0, Math.max(0, from - 1), from, from + count / 2, from + count - 1}) {
      for (int length : new int[] {1, 2, 63, 64, 65, 128, 129, count, count + 1, 192 - at}) {
        if (length > 0 && at + length <= 192) {
          int expected = model.get(at, at + length).cardinality();
          assertThat(words.count(at, length)).isEqualTo(expected);
          assertThat(words.any(at, length)).isEqualTo(expected > 0);
        }
      }
    }
  }

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

  @Test
  void mappingTable_random_asAMap() {
    SplittableRandom random = new SplittableRandom(1);
    MappingTable table = new MappingTable();
    Map<Long, Long> model = new LinkedHashMap<>();
    for (int step = 0; step < 4000; step++) {
      long iova = 1L + random.nextInt(step < 2000 ? 400 : 60);
      int slot = table.find(iova);
      assertThat(slot == MappingTable.ABSENT).isEqualTo(!model.containsKey(iova));
      if (slot == MappingTable.ABSENT) {
        table.add(iova, iova * 3, iova & 3, iova % 5 == 0, iova % 7 == 0);
        model.put(iova, iova * 3);
      } else {
        assertThat(table.iova(slot)).isEqualTo(iova);
        assertThat(table.pages(slot)).isEqualTo(iova * 3);
        assertThat(table.access(slot)).isEqualTo(iova & 3);
        assertThat(table.full(slot)).isEqualTo(iova % 5 == 0);
        long reserved = iova % 7 == 0 ? iova * 3 : IovaAllocator.reservedPages(iova * 3);
        assertThat(table.reserved(slot)).isEqualTo(reserved);
        table.remove(slot);
        model.remove(iova);
      }
      assertThat(table.size()).isEqualTo(model.size());
      assertThat(table.slots()).isGreaterThanOrEqualTo(2 * table.size());
    }
    model.keySet().forEach(iova -> assertThat(table.find(iova)).isNotNegative());
  }

  /** Keys whose place is one of a few neighbours, also across the end of the table. */
  @Test
  void mappingTable_keysOfOneChain_areFoundWhateverLeft() {
    long[] keys = new long[24];
    int count = 0;
    for (long iova = 1; count < keys.length; iova++) {
      MappingTable alone = new MappingTable();
      alone.add(iova, 1, 1, true, false);
      int home = alone.find(iova);
      if (home <= 1 || home >= 62) {
        keys[count++] = iova;
      }
    }
    SplittableRandom random = new SplittableRandom(3);
    MappingTable table = new MappingTable();
    BitSet present = new BitSet();
    for (int step = 0; step < 3000; step++) {
      int key = random.nextInt(keys.length);
      if (present.get(key)) {
        table.remove(table.find(keys[key]));
      } else {
        table.add(keys[key], key + 1L, 1, true, false);
      }
      present.flip(key);
      for (int other = 0; other < keys.length; other++) {
        int slot = table.find(keys[other]);
        assertThat(slot != MappingTable.ABSENT).isEqualTo(present.get(other));
        assertThat(slot < 0 || table.pages(slot) == other + 1).isTrue();
      }
    }
    assertThat(table.slots()).isEqualTo(64);
  }

  @Test
  void entries_writtenShortAndLong_areTheSame() {
    for (int count : new int[] {1, 2, 22, 23, 24, 25, 100, 512}) {
      long[] pfns = new long[count + 5];
      Arrays.setAll(pfns, at -> 7L * at + 1);
      long[] entries = new long[600];
      Arrays.fill(entries, -1);
      Entries.writeFrames(entries, 11, pfns, 3, count, 2);
      long[] run = entries.clone();
      Entries.writeRun(run, 11, count, 77 << 12 | 3);
      for (int at = 0; at < entries.length; at++) {
        boolean inside = at >= 11 && at < 11 + count;
        assertThat(entries[at]).isEqualTo(inside ? pfns[at - 8] << 12 | 2 : -1);
        assertThat(run[at]).isEqualTo(inside ? (77L + at - 11) << 12 | 3 : -1);
      }
      for (int odd = 0; odd < pfns.length; odd++) {
        long[] values = new long[pfns.length];
        values[odd] = 0b101;
        boolean inside = odd >= 3 && odd < 3 + count;
        assertThat(Entries.union(values, 3, count, 0b110)).isEqualTo(inside ? 0b100 : 0);
      }
    }
  }

  @Test
  void mappingTable_size_doublesBeyondHalf() {
    MappingTable table = new MappingTable();
    for (long iova = 1; iova <= 32; iova++) {
      table.add(iova, 1, 1, true, false);
    }
    assertThat(table.slots()).isEqualTo(64);
    table.add(33, 1, 1, true, false);
    assertThat(table.slots()).isEqualTo(128);
    for (long iova = 1; iova <= 33; iova++) {
      assertThat(table.find(iova)).isNotNegative();
    }
  }

  @Test
  void batchTable_slots_areReusedWithANewHandle() {
    BatchTable batches = new BatchTable();
    long[] handles = new long[9];
    for (int batch = 0; batch < 9; batch++) {
      int slot = batches.prepare(2);
      batches.setMember(slot, 0, 0, 3);
      batches.setMember(slot, 1, 3, batch + 1);
      handles[batch] = batches.commit(slot, 2, 100L * batch, 16, 1 + batch % 3);
    }
    assertThat(batches.liveMembers()).isEqualTo(18);
    for (int batch = 0; batch < 9; batch++) {
      int slot = batches.find(handles[batch]);
      assertThat(batches.base(slot)).isEqualTo(100L * batch);
      assertThat(batches.livePages(slot)).isEqualTo(4 + batch);
      assertThat(batches.access(slot)).isEqualTo(1 + batch % 3);
      assertThat(batches.reserved(slot)).isEqualTo(16);
      assertThat(batches.members(slot)).isEqualTo(2);
      assertThat(batches.find(handles[batch] + (1L << 24))).isEqualTo(BatchTable.ABSENT);
    }
    assertThat(batches.slots()).isEqualTo(9);
    assertThat(batches.find(9)).isEqualTo(BatchTable.ABSENT);
    assertThat(batches.find(-1)).isEqualTo(BatchTable.ABSENT);
    int third = batches.find(handles[3]);
    batches.leave(third, 1);
    assertThat(batches.find(handles[3])).isEqualTo(third);
    assertThat(batches.isLive(third, 1)).isFalse();
    assertThat(batches.isLive(third, 0)).isTrue();
    assertThat(batches.livePages(third)).isEqualTo(3);
    assertThat(batches.live(third)).isOne();
    batches.leave(third, 0);
    assertThat(batches.find(handles[3])).isEqualTo(BatchTable.ABSENT);
    batches.leaveAll(batches.find(handles[5]));
    assertThat(batches.liveMembers()).isEqualTo(14);
    assertThat(batches.prepare(5)).isEqualTo(5);
    for (int member = 0; member < 5; member++) {
      batches.setMember(5, member, member, 1);
    }
    long again = batches.commit(5, 5, 1, 8, 1);
    assertThat(again).isEqualTo(handles[5] + (1L << 24));
    assertThat(batches.prepare(1)).isEqualTo(3);
    assertThat(batches.slots()).isEqualTo(9);
  }
}
