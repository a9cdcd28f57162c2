package org.bufferyard.allocator.iommu;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** The tables of mappings and batches, grown, emptied and with every chain. */
class MappingTableLimitsTest {
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
