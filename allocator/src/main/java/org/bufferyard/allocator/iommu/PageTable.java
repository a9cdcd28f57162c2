package org.bufferyard.allocator.iommu;

import static org.bufferyard.allocator.iommu.TableStore.ENTRY_SHIFT;
import static org.bufferyard.allocator.iommu.TableStore.FANOUT_SHIFT;

import org.bufferyard.allocator.Errno;
import org.bufferyard.allocator.Extents;

/**
 * An IOMMU page table: from IOVA page to page frame and protection, with leaves of 4 KiB, 2 MiB and
 * 1 GiB. Model of the kernel's generic page table ({@code drivers/iommu/generic_pt}): a mapping
 * over a present entry is refused with EADDRINUSE, and unmapping a part of a large leaf removes the
 * whole leaf and says so. A refused map changes nothing.
 *
 * <p>Frames and IOVAs are in 4 KiB pages. Not thread-safe; owned by its domain.
 */
public final class PageTable {
  public static final long READ = 1;
  public static final long WRITE = 2;

  private static final long ACCESS = READ | WRITE;

  /** Highest frame whose address is a 64-bit number. */
  static final long PFN_MAX = -1L >>> ENTRY_SHIFT;

  private final TableStore store;
  private final TableReader reader;
  private final TableWriter writer;
  private final TableEraser eraser;
  private final long spacePages;

  /**
   * @param addressBits width of the IOVA space, 21 to 57
   * @param tablesMax most tables including the root; beyond it a map fails with ENOMEM
   */
  public PageTable(int addressBits, int tablesMax) {
    if (addressBits < 21 || addressBits > 57 || tablesMax < 1) {
      throw new IllegalArgumentException("addressBits=" + addressBits + ", tablesMax=" + tablesMax);
    }
    int levels = Math.ceilDiv(addressBits - ENTRY_SHIFT, FANOUT_SHIFT);
    store = new TableStore(levels, tablesMax);
    writer = new TableWriter(store, levels);
    spacePages = 1L << (addressBits - ENTRY_SHIFT);
    reader = new TableReader(store, levels, spacePages);
    eraser = new TableEraser(store, levels, spacePages);
  }

  /** Pages that translate. */
  public long mappedPages() {
    return store.mappedPages;
  }

  /** Tables in use, the root included; one kept empty for the next map is not. */
  public int tables() {
    return store.inUse();
  }

  long spacePages() {
    return spacePages;
  }

  /**
   * Maps {@code pages} pages from {@code iova} to the frames from {@code pfn}, with the largest
   * leaves that both addresses allow. Returns 0 or a negated errno: EADDRINUSE where any page of
   * the range translates, ENOMEM without a table, EINVAL outside the space.
   */
  public int map(long iova, long pfn, long pages, long access) {
    if (!inSpace(iova, pages, access) || pfn < 0 || pfn > PFN_MAX - pages + 1) {
      return -Errno.EINVAL.number();
    }
    return undone(iova, writer.run(iova, pfn, pages, access));
  }

  /** Maps all runs one behind the other; returns as {@link #map}. */
  public int mapExtents(long iova, Extents extents, long access) {
    if (!inSpace(iova, extents.totalPages(), access) || extents.highestPfn() > PFN_MAX) {
      return -Errno.EINVAL.number();
    }
    int status =
        extents.contiguous()
            ? writer.run(iova, extents.pfn(0), extents.pages(0), access)
            : writer.extents(iova, extents, access);
    return undone(iova, status);
  }

  /**
   * Maps the frames {@code pfns[from]} to {@code pfns[from + count - 1]}, straight from the array:
   * no scatterlist is built. 2 MiB leaves where 512 consecutive frames and their addresses are
   * aligned. Returns as {@link #map}; EINVAL also for a frame whose address does not fit.
   */
  public int mapPfns(long iova, long[] pfns, int from, int count, long access) {
    if (!inSpace(iova, count, access)) {
      return -Errno.EINVAL.number();
    }
    return undone(iova, writer.frames(iova, pfns, from, count, access));
  }

  /** Takes back what a refused call wrote. */
  private int undone(long iova, int status) {
    if (status < 0) {
      unmap(iova, writer.written());
    }
    return status;
  }

  private boolean inSpace(long iova, long pages, long access) {
    return iova >= 0
        && pages > 0
        && pages <= spacePages
        && iova <= spacePages - pages
        && (access & ACCESS) != 0
        && (access & ~ACCESS) == 0;
  }

  /**
   * Removes every leaf that touches {@code pages} pages from {@code iova}; holes are passed over. A
   * large leaf goes as a whole, also the part of it outside the range. Returns the pages removed.
   */
  public long unmap(long iova, long pages) {
    return eraser.erase(iova, pages, false);
  }

  /**
   * As {@link #unmap(long, long)}; {@code full} promises that every page of the range is mapped.
   */
  long unmap(long iova, long pages, boolean full) {
    return eraser.erase(iova, pages, full);
  }

  /**
   * What {@code iova} translates to: page frame in bits 12 up, access in bits 0 and 1; zero where
   * nothing is mapped. For a page inside a large leaf the frame is that page's own.
   */
  public long translate(long iova) {
    return reader.translate(iova);
  }

  /** Is shown the leaves of a walk in order of IOVA. */
  public interface LeafVisitor {
    /** One leaf of {@code pages} (1, 512 or 262,144) pages. */
    void leaf(long iova, long pfn, long pages, long access);
  }

  /** Shows every leaf that touches the range, whole, in order. Cost: one step a leaf or hole. */
  public void walk(long iova, long pages, LeafVisitor visitor) {
    reader.walk(iova, pages, visitor);
  }
}
