package org.bufferyard.allocator.iommu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.bufferyard.allocator.iommu.PageTables.PLENTY;
import static org.bufferyard.allocator.iommu.PageTables.RW;
import static org.bufferyard.allocator.iommu.PageTables.state;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;

/** The leaf table used last, and what tables weigh. */
class TableStoreTest {
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  /** Page {@code n} and page {@code n << 18} differ in nothing but how far they are shifted. */
  @Test
  void cursor_pagesWhoseNumbersAreShifted_areNotTakenForOneAnother() {
    for (long near : new long[] {1, 2, 511}) {
      long far = near << (2 * TableStore.FANOUT_SHIFT);
      for (boolean nearFirst : new boolean[] {true, false}) {
        PageTable table = new PageTable(48, PLENTY);
        long first = nearFirst ? near : far;
        long second = nearFirst ? far : near;
        assertThat(table.map(first, 77, 1, RW)).isZero();
        assertThat(table.unmap(second, 1)).isZero();
        assertThat(table.map(second, 88, 1, RW)).isZero();
        assertThat(table.translate(first)).isEqualTo(77L << 12 | RW);
        assertThat(table.translate(second)).isEqualTo(88L << 12 | RW);
        assertThat(table.unmap(first, 1)).isOne();
        assertThat(table.translate(second)).isEqualTo(88L << 12 | RW);
      }
    }
  }

  @Test
  void unmap_nothingOfTheTableUsedLast_changesNothing() {
    PageTable table = new PageTable(30, PLENTY);
    assertThat(table.map(5, 7, 20, RW)).isZero();
    String before = state(table);
    assertThat(table.unmap(7, 0)).isZero();
    assertThat(state(table)).isEqualTo(before);
    assertThat(table.unmap(7, 1)).isOne();
  }

  @Test
  void entries_asManyTablesAsFit_areNotDoubledYet() {
    TableStore store = new TableStore(2, 64);
    for (int leafTable = 0; leafTable < 3; leafTable++) {
      assertThat(store.leafTable(512L * leafTable)).isEqualTo(leafTable + 1);
      store.claim(leafTable + 1, (leafTable + 1) * TableStore.FANOUT, 1);
    }
    assertThat(store.entries).hasSize(4 * TableStore.FANOUT);
    assertThat(store.leafTable(512 * 3)).isEqualTo(4);
    assertThat(store.entries).hasSize(8 * TableStore.FANOUT);
  }

  @Test
  void occupancy_weighsABitASlot() {
    long before = THREADS.getCurrentThreadAllocatedBytes();
    Occupancy slots = new Occupancy(1 << 16);
    slots.grow(1 << 17);
    long bytes = THREADS.getCurrentThreadAllocatedBytes() - before;
    assertThat(slots.any(0, 64)).isFalse();
    assertThat(bytes).isBetween(3L << 13, (3L << 13) + 4096);
  }
}
