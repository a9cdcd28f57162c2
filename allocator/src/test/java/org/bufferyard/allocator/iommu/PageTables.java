package org.bufferyard.allocator.iommu;

import java.util.Arrays;
import java.util.List;
import org.bufferyard.allocator.Errno;
import org.bufferyard.allocator.Extents;

/** What the tests of page tables share: ways to map, and the whole state as text. */
final class PageTables {
  static final long RW = PageTable.READ | PageTable.WRITE;
  static final int PLENTY = 64;
  static final long GIB = 1 << 18;
  static final int EINVAL = -Errno.EINVAL.number();
  static final int EADDRINUSE = -Errno.EADDRINUSE.number();
  static final int ENOMEM = -Errno.ENOMEM.number();

  /** The ways to map frames {@code pfn} on, which for the last two are cut in odd places. */
  interface Way {
    int map(PageTable table, long iova, long pfn, int pages);
  }

  static final List<Way> WAYS =
      List.of(
          (table, iova, pfn, pages) -> table.map(iova, pfn, pages, RW),
          (table, iova, pfn, pages) -> table.mapExtents(iova, runs(pfn, pages, 3), RW),
          (table, iova, pfn, pages) -> table.mapExtents(iova, runs(pfn, pages, 40), RW),
          (table, iova, pfn, pages) -> table.mapPfns(iova, frames(pfn, pages), 0, pages, RW));

  static long[] frames(long pfn, int pages) {
    long[] frames = new long[pages];
    Arrays.setAll(frames, page -> pfn + page);
    return frames;
  }

  /** Runs of {@code each} pages that leave out a frame behind each. */
  static Extents runs(long pfn, int pages, int each) {
    Extents.Builder runs = new Extents.Builder();
    long frame = pfn;
    for (int left = pages; left > 0; left -= each) {
      runs.add(frame, Math.min(left, each));
      frame += each + 1L;
    }
    return runs.build();
  }

  static String state(PageTable table) {
    StringBuilder text = new StringBuilder();
    text.append(table.tables()).append(" tables, ").append(table.mappedPages()).append(" pages");
    table.walk(
        0,
        1L << 45,
        (iova, pfn, pages, access) ->
            text.append(", %d to %d x%d %d".formatted(iova, pfn, pages, access)));
    return text.toString();
  }

  /** How many leaves of 4 KiB, 2 MiB and 1 GiB. */
  static List<Integer> leaves(PageTable table) {
    int[] count = new int[3];
    table.walk(
        0, 1L << 45, (iova, pfn, pages, access) -> count[pages == 1 ? 0 : pages == 512 ? 1 : 2]++);
    return List.of(count[0], count[1], count[2]);
  }

  private PageTables() {}
}
