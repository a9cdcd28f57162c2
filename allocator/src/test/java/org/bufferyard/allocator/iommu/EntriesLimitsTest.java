package org.bufferyard.allocator.iommu;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.BitSet;
import org.junit.jupiter.api.Test;

/** Stretches of page-table entries and their bits, on both sides of every short form. */
class EntriesLimitsTest {
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
}
