package org.bufferyard.allocator.iommu;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.bufferyard.allocator.Extents;
import org.junit.jupiter.api.Test;

/** Which runs one call writes, and that it writes these entries and no others. */
class RunWriterTest {
  private static final int SLOTS = 4 * TableStore.FANOUT;

  private final TableStore store = new TableStore(3, 4);
  private final RunWriter writer = new RunWriter(store);

  @Test
  void endInTable_allInTheTable_isTheEnd() {
    assertThat(writer.endInTable(7, runs(100, 200, 205), 0)).isEqualTo(3);
    assertThat(writer.pages()).isEqualTo(505);
    assertThat(writer.endInTable(512, runs(511, 1), 0)).isEqualTo(2);
    assertThat(writer.pages()).isEqualTo(512);
  }

  @Test
  void endInTable_runThatLeavesTheTable_endsBeforeIt() {
    Extents extents = runs(100, 200, 206, 300, 5);
    assertThat(writer.endInTable(7, extents, 0)).isEqualTo(2);
    assertThat(writer.pages()).isEqualTo(300);
    assertThat(writer.endInTable(1023, extents, 2)).isEqualTo(2);
    assertThat(writer.pages()).isZero();
    assertThat(writer.endInTable(512 + 206, extents, 3)).isEqualTo(5);
    assertThat(writer.pages()).isEqualTo(305);
    assertThat(writer.endInTable(512 + 213, extents, 3)).isEqualTo(3);
  }

  @Test
  void endInTable_runsThatFillTheRestExactly_areIn() {
    assertThat(writer.endInTable(1000, runs(9, 4, 20, 1), 1)).isEqualTo(3);
    assertThat(writer.pages()).isEqualTo(24);
  }

  @Test
  void endInTable_runOfAWholeTable_isLeftForALargeLeaf() {
    assertThat(writer.endInTable(0, runs(512, 3), 0)).isZero();
    assertThat(writer.pages()).isZero();
    assertThat(writer.endInTable(512, runs(3, 512), 1)).isEqualTo(1);
    assertThat(writer.endInTable(512, runs(3, 511), 1)).isEqualTo(2);
  }

  @Test
  void write_anyMixOfLengths_thoseEntriesAndNoOthers() {
    for (int first : new int[] {1, 2, 3, 4, 5, 8, 30}) {
      for (int second : new int[] {1, 3, 4, 5, 23, 24, 25, 28, 29}) {
        for (int last : new int[] {1, 2, 3, 4, 5, 60}) {
          for (int slot : new int[] {0, 1, 392}) {
            checkWrite(slot, runs(6, first, second, 1, last, 2), 1, 5);
          }
        }
      }
    }
  }

  private void checkWrite(int slot, Extents extents, int run, int end) {
    Arrays.fill(store.entries, -1);
    long[] expected = store.entries.clone();
    int at = slot;
    for (int i = run; i < end; i++) {
      for (long page = 0; page < extents.pages(i); page++) {
        expected[at++] = (extents.pfn(i) + page) << TableStore.ENTRY_SHIFT | PageTable.READ;
      }
    }
    assertThat(writer.endInTable(slot, runs(lengths(extents, run, end)), 0)).isEqualTo(end - run);
    writer.write(slot, extents, run, end, PageTable.READ);
    assertThat(store.entries).hasSize(SLOTS).isEqualTo(expected);
  }

  private static int[] lengths(Extents extents, int run, int end) {
    List<Integer> lengths = new ArrayList<>();
    for (int i = run; i < end; i++) {
      lengths.add((int) extents.pages(i));
    }
    return lengths.stream().mapToInt(Integer::intValue).toArray();
  }

  /** Runs of these lengths, apart from each other. */
  private static Extents runs(int... lengths) {
    Extents.Builder runs = new Extents.Builder();
    long pfn = 1000;
    for (int length : lengths) {
      runs.add(pfn, length);
      pfn += length + 1L;
    }
    return runs.build();
  }
}
