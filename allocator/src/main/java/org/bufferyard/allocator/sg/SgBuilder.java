package org.bufferyard.allocator.sg;

import java.util.Arrays;
import org.bufferyard.allocator.DmaConstraints;
import org.bufferyard.allocator.Errno;
import org.bufferyard.allocator.Extents;
import org.bufferyard.allocator.Outcome;
import org.bufferyard.allocator.Pages;
import org.bufferyard.allocator.Refusal;
import org.jspecify.annotations.Nullable;

/**
 * Builds scatterlists from page frames or extents; reusable, so that in steady state only the
 * result is garbage. Model of {@code sg_alloc_append_table_from_pages} and of the direct DMA
 * mapping ({@code dma_direct_map_sg}).
 *
 * <p>A run of consecutive frames becomes one segment, cut where it reaches the segment limit
 * (counted in whole pages from the segment's first page, so an offset shortens the first segment)
 * and at every multiple of the boundary. Cost: one comparison a page for page lists, O(1) a run for
 * extents, O(1) a segment where runs are cut. {@link #preferred} compares many pages at once where
 * the JVM was started with {@code jdk.incubator.vector}.
 *
 * <p>The {@code build} and {@code append} methods return the number of segments, or the negated
 * errno number with the explanation in {@link #refusal}; a refused append leaves the list as it
 * was. Nothing is allocated unless the scratch columns grow. Not thread-safe; owned by whoever owns
 * the buffer or the domain.
 */
public final class SgBuilder {
  /** Most segments of one list; beyond it a request is refused with E2BIG. */
  public static final int SEGMENTS_MAX = 1 << 24;

  /** Highest page frame whose address is a 64-bit number. */
  public static final long PFN_MAX = -1L >>> Pages.SHIFT;

  private final SegmentColumns columns = new SegmentColumns();
  private final PfnRuns runs;
  private @Nullable Refusal refusal;

  /** A builder that compares page by page. */
  public SgBuilder() {
    this(null);
  }

  private SgBuilder(@Nullable RunFinder finder) {
    runs = new PfnRuns(columns, finder);
  }

  /** Whether the JVM was started with {@code --add-modules jdk.incubator.vector}. */
  public static boolean vectorsPresent() {
    return ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent();
  }

  /**
   * The fastest builder this JVM can run once warm: with vectors where they are present, otherwise
   * as {@link #SgBuilder()}. The first thousands of calls with vectors are slow and allocate; a
   * caller that minds warms it up before.
   */
  public static SgBuilder preferred() {
    return vectorsPresent() ? new SgBuilder(new VectorRunFinder()) : new SgBuilder();
  }

  /** Segments built. */
  public int nents() {
    return columns.nents;
  }

  public long address(int segment) {
    return columns.addresses[segment];
  }

  public long lengthBytes(int segment) {
    return Integer.toUnsignedLong(columns.lengths[segment]);
  }

  /** Why the last call returned a negative number. */
  public Refusal refusal() {
    if (refusal == null) {
      throw new IllegalStateException("nothing was refused");
    }
    return refusal;
  }

  /**
   * Empties the builder and sets its limits. EINVAL: {@code maxSegmentBytes} below one page, or a
   * boundary that is not a power of two minus one of at least a page. The segment limit is rounded
   * down to pages and capped at {@code UINT_MAX}.
   */
  public int start(long maxSegmentBytes, long boundaryMask) {
    columns.clear();
    if (refusal != null) {
      refusal = null;
    }
    if (maxSegmentBytes < Pages.SIZE_BYTES) {
      return refuse(Errno.EINVAL, "max segment below one page, maxSegmentBytes=" + maxSegmentBytes);
    }
    if ((boundaryMask & (boundaryMask + 1)) != 0
        || (boundaryMask & Pages.OFFSET_MASK) != Pages.OFFSET_MASK) {
      return refuse(
          Errno.EINVAL,
          "segment boundary must be 2^n - 1 and at least a page, boundaryMask=" + boundaryMask);
    }
    columns.limit(maxSegmentBytes, boundaryMask);
    return 0;
  }

  /**
   * Appends {@code lengthBytes} bytes from {@code offsetBytes} of the buffer in {@code extents}.
   * EINVAL: nothing asked for, negative, beyond the extents, or an append inside a page; EOVERFLOW:
   * an address that does not fit in 64 bits; E2BIG: more than {@link #SEGMENTS_MAX}.
   */
  public int append(Extents extents, long offsetBytes, long lengthBytes) {
    Refusal found = RequestCheck.range(columns, extents.totalPages(), offsetBytes, lengthBytes);
    if (found != null) {
      return refuse(found);
    }
    if (extents.highestPfn() > PFN_MAX) {
      return refuse(RequestCheck.noAddress(extents.highestPfn()));
    }
    columns.mark();
    ExtentRuns.append(columns, extents, offsetBytes, lengthBytes);
    return checkStored();
  }

  /**
   * Appends {@code lengthBytes} bytes from {@code offsetBytes} of the buffer whose pages are {@code
   * pfns[from]} to {@code pfns[from + count - 1]}. Errors as {@link #append(Extents, long, long)};
   * EINVAL also for a page frame that is negative or whose address does not fit.
   */
  public int append(long[] pfns, int from, int count, long offsetBytes, long lengthBytes) {
    boolean small =
        count == PageScan.SMALL_PAGES
            && columns.takesSmall()
            && (offsetBytes & ~Pages.OFFSET_MASK) == 0
            && (offsetBytes + lengthBytes - 1) >>> Pages.SHIFT == PageScan.SMALL_PAGES - 1
            && from >= 0
            && from <= pfns.length - PageScan.SMALL_PAGES
            && !PageScan.mayCross(columns, pfns, from);
    return small
        ? appendSmall(pfns, from, (int) offsetBytes, (int) lengthBytes)
        : appendAny(pfns, from, count, offsetBytes, lengthBytes);
  }

  /** From the first of four pages to the last; anything out of the way is done by the other way. */
  private int appendSmall(long[] pfns, int from, int offsetBytes, int lengthBytes) {
    long frameBits = PageScan.small(columns, pfns, from);
    columns.addressBits = (frameBits << Pages.SHIFT) | Pages.OFFSET_MASK;
    if (frameBits < 0 || frameBits > PFN_MAX) {
      columns.clear();
      return appendAny(pfns, from, PageScan.SMALL_PAGES, offsetBytes, lengthBytes);
    }
    if (lengthBytes != PageScan.SMALL_PAGES << Pages.SHIFT) {
      columns.addresses[0] += offsetBytes;
      columns.lengths[0] -= offsetBytes;
      columns.lengths[columns.nents - 1] -=
          (PageScan.SMALL_PAGES << Pages.SHIFT) - offsetBytes - lengthBytes;
    }
    return columns.nents;
  }

  private int appendAny(long[] pfns, int from, int count, long offsetBytes, long lengthBytes) {
    Refusal found =
        (from | count) < 0 || from > pfns.length - count
            ? RequestCheck.outsideArray(from, count, pfns.length)
            : RequestCheck.range(columns, count, offsetBytes, lengthBytes);
    if (found != null) {
      return refuse(found);
    }
    columns.mark();
    int first = from + (int) (offsetBytes >>> Pages.SHIFT);
    int end = from + (int) Pages.ofBytes(offsetBytes + lengthBytes);
    long frameBits = runs.append(pfns, first, end, offsetBytes & Pages.OFFSET_MASK);
    int outside = RequestCheck.firstOutside(pfns, first, end, frameBits);
    if (outside < end) {
      columns.reset();
      return refuse(RequestCheck.frame(outside, pfns[outside]));
    }
    trimLast(((long) (end - from) << Pages.SHIFT) - offsetBytes - lengthBytes);
    return checkStored();
  }

  /**
   * Builds many lists in one pass: list {@code i} holds the whole pages {@code pfns[borders[i]]} to
   * {@code pfns[borders[i + 1] - 1]}, and becomes segments {@code firstSegments[i]} to {@code
   * firstSegments[i + 1] - 1} of this builder, whose list must be empty. Errors as {@link
   * #append(long[], int, int, long, long)}; the list then is empty again.
   */
  int appendBatch(long[] pfns, int[] borders, int buffers, int[] firstSegments) {
    columns.mark();
    int first = borders[0];
    int end = borders[buffers];
    long frameBits = runs.appendBatch(pfns, borders, buffers, firstSegments);
    int outside = RequestCheck.firstOutside(pfns, first, end, frameBits);
    if (outside < end) {
      columns.reset();
      return refuse(RequestCheck.frame(outside, pfns[outside]));
    }
    return checkStored();
  }

  /** The last page was added whole; takes back what was not asked for. */
  private void trimLast(long bytes) {
    if (bytes != 0 && columns.unstored == 0) {
      columns.lengths[columns.nents - 1] -= (int) bytes;
    }
  }

  private int checkStored() {
    if (columns.unstored > 0 || columns.nents > SEGMENTS_MAX) {
      int status = checkCount(SEGMENTS_MAX);
      columns.reset();
      return status;
    }
    return columns.nents;
  }

  /** Appends a stretch of addresses that is one run by construction, such as an IOVA range. */
  public void appendRange(long address, long lengthBytes) {
    columns.append(address, lengthBytes);
  }

  /**
   * Makes the list one segment that the caller knows to break no limit. Cheaper than {@link #start}
   * and {@link #appendRange}; start before appending again.
   */
  public void single(long address, long lengthBytes) {
    columns.clear();
    columns.addressBits = address + lengthBytes - 1;
    columns.push(address, lengthBytes);
  }

  /** Appends a stretch that starts a segment of its own even where it continues the last one. */
  public void appendSeparate(long address, long lengthBytes) {
    columns.addressBits |= address + lengthBytes - 1;
    columns.place(address, lengthBytes);
  }

  /** Lets the last segment grow by {@code lengthBytes}; the caller has checked the limits. */
  public void lengthenLast(long lengthBytes) {
    columns.lengths[columns.nents - 1] += (int) lengthBytes;
    columns.addressBits |= columns.end() - 1;
  }

  /** Adds {@code base} to every address: a list laid out from zero gets its place. */
  public void relocate(long base) {
    long[] addresses = columns.addresses;
    int nents = columns.nents;
    for (int segment = 0; segment < nents; segment++) {
      addresses[segment] += base;
    }
    columns.addressBits |= base;
  }

  /**
   * Checks the finished list as one mapping. EINVAL: first address not aligned; EIO: a segment
   * above the DMA mask; E2BIG: more segments than the device takes. Returns the number of segments.
   */
  public int finish(DmaConstraints constraints) {
    return finish(0, columns.nents, constraints);
  }

  /** Whether {@link #finish} holds for every stretch of the list; if not, it may still. */
  boolean holdsAny(DmaConstraints constraints, int segments) {
    return (columns.addressBits & ~constraints.dmaMask()) == 0
        && constraints.alignBytes() == Pages.SIZE_BYTES
        && segments <= constraints.maxSegments();
  }

  /** As {@link #finish(DmaConstraints)}, for the list from {@code first} to {@code end - 1}. */
  int finish(int first, int end, DmaConstraints constraints) {
    Refusal found = ListCheck.refusal(columns, first, end, constraints);
    return found == null ? end - first : refuse(found);
  }

  /** E2BIG when the list has more than {@code maxSegments}; else the number of segments. */
  public int checkCount(int maxSegments) {
    long total = columns.nents + columns.unstored;
    return total > maxSegments ? refuse(ListCheck.tooMany(total, maxSegments)) : columns.nents;
  }

  private int refuse(Refusal found) {
    refusal = found;
    return -found.errno().number();
  }

  private int refuse(Errno errno, String reason) {
    return refuse(new Refusal(errno, reason));
  }

  /** The segments as a retained mapped table. */
  public SgTable table() {
    int nents = columns.nents;
    return new SgTable(
        Arrays.copyOf(columns.addresses, nents), Arrays.copyOf(columns.lengths, nents), 0, nents);
  }

  /** Copies both columns to slots {@code to} on. */
  void copyTo(long[] addressColumn, int[] lengthColumn, int to) {
    System.arraycopy(columns.addresses, 0, addressColumn, to, columns.nents);
    System.arraycopy(columns.lengths, 0, lengthColumn, to, columns.nents);
  }

  /** The segments as a retained list of physical elements. */
  public PhysicalSgList physicalList() {
    return new PhysicalSgList(
        Arrays.copyOf(columns.addresses, columns.nents),
        Arrays.copyOf(columns.lengths, columns.nents));
  }

  /**
   * The direct mapping (no IOMMU) of a part of a buffer: device address is physical address. Errors
   * as {@link #start}, {@link #append(Extents, long, long)} and {@link #finish}.
   */
  public Outcome<SgTable> direct(
      Extents extents, long offsetBytes, long lengthBytes, DmaConstraints constraints) {
    int status = start(constraints.maxSegmentBytes(), constraints.boundaryMask());
    if (status >= 0) {
      status = append(extents, offsetBytes, lengthBytes);
    }
    return outcome(status < 0 ? status : finish(constraints));
  }

  /** As {@link #direct}, from page frames {@code pfns[from]} on. */
  public Outcome<SgTable> fromPfns(
      long[] pfns,
      int from,
      int count,
      long offsetBytes,
      long lengthBytes,
      DmaConstraints constraints) {
    int status = start(constraints.maxSegmentBytes(), constraints.boundaryMask());
    if (status >= 0) {
      status = append(pfns, from, count, offsetBytes, lengthBytes);
    }
    return outcome(status < 0 ? status : finish(constraints));
  }

  private Outcome<SgTable> outcome(int status) {
    return status < 0 ? Outcome.refused(refusal()) : Outcome.done(table());
  }
}
