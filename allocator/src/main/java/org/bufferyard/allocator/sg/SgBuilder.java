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
 * extents, O(1) a segment where runs are cut.
 *
 * <p>The {@code build} and {@code append} methods return the number of segments, or the negated
 * errno number with the explanation in {@link #refusal}; they allocate nothing unless the scratch
 * columns grow. Not thread-safe; owned by whoever owns the buffer or the domain.
 */
public final class SgBuilder {
  /** Most segments of one list; beyond it a request is refused with E2BIG. */
  public static final int SEGMENTS_MAX = 1 << 24;

  /** Highest page frame whose address is a 64-bit number. */
  public static final long PFN_MAX = -1L >>> Pages.SHIFT;

  private static final long PAGES_MAX = Long.MAX_VALUE >>> Pages.SHIFT;

  private long[] addresses = new long[64];
  private int[] lengths = new int[64];
  private int nents;

  /** Segments that were only counted, because storing them would pass {@link #SEGMENTS_MAX}. */
  private long unstored;

  /** Whole pages, in bytes. */
  private long maxSegmentBytes;

  private long boundaryMask;

  /** Union of the last byte addresses of all segments: a mask is kept when none has a bit above. */
  private long addressBits;

  private @Nullable Refusal refusal;

  /** Segments built. */
  public int nents() {
    return nents;
  }

  public long address(int segment) {
    return addresses[segment];
  }

  public long lengthBytes(int segment) {
    return Integer.toUnsignedLong(lengths[segment]);
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
    nents = 0;
    unstored = 0;
    addressBits = 0;
    refusal = null;
    if (maxSegmentBytes < Pages.SIZE_BYTES) {
      return refuse(Errno.EINVAL, "max segment below one page, maxSegmentBytes=" + maxSegmentBytes);
    }
    if ((boundaryMask & (boundaryMask + 1)) != 0
        || (boundaryMask & Pages.OFFSET_MASK) != Pages.OFFSET_MASK) {
      return refuse(
          Errno.EINVAL,
          "segment boundary must be 2^n - 1 and at least a page, boundaryMask=" + boundaryMask);
    }
    this.maxSegmentBytes = Math.min(maxSegmentBytes, DmaConstraints.UINT_MAX) & ~Pages.OFFSET_MASK;
    this.boundaryMask = boundaryMask;
    return 0;
  }

  /**
   * Appends {@code lengthBytes} bytes from {@code offsetBytes} of the buffer in {@code extents}.
   * EINVAL: nothing asked for, negative, beyond the extents, or an append inside a page.
   */
  public int append(Extents extents, long offsetBytes, long lengthBytes) {
    int status = checkRange(extents.totalPages(), offsetBytes, lengthBytes);
    if (status < 0) {
      return status;
    }
    int run = 0;
    long skip = offsetBytes >>> Pages.SHIFT;
    while (skip >= extents.pages(run)) {
      skip -= extents.pages(run++);
    }
    long inPage = offsetBytes & Pages.OFFSET_MASK;
    for (long left = lengthBytes; left > 0; run++) {
      long pages = extents.pages(run) - skip;
      long pfn = extents.pfn(run) + skip;
      if (pfn + pages - 1 > PFN_MAX) {
        return refuse(Errno.EOVERFLOW, "address does not fit in 64 bits, pfn=" + (pfn + pages - 1));
      }
      long bytes = Math.min(left, (pages << Pages.SHIFT) - inPage);
      emit((pfn << Pages.SHIFT) + inPage, bytes);
      left -= bytes;
      skip = 0;
      inPage = 0;
    }
    return checkCount(SEGMENTS_MAX);
  }

  /**
   * Appends {@code lengthBytes} bytes from {@code offsetBytes} of the buffer whose pages are {@code
   * pfns[from]} to {@code pfns[from + count - 1]}. Errors as {@link #append(Extents, long, long)};
   * EINVAL also for a page frame that is negative or whose address does not fit.
   */
  public int append(long[] pfns, int from, int count, long offsetBytes, long lengthBytes) {
    if ((from | count) < 0 || from > pfns.length - count) {
      return refuse(
          Errno.EINVAL,
          "pages outside the array, from=" + from + ", count=" + count + ", of " + pfns.length);
    }
    int status = checkRange(count, offsetBytes, lengthBytes);
    if (status < 0) {
      return status;
    }
    int first = from + (int) (offsetBytes >>> Pages.SHIFT);
    int end = from + (int) Pages.ofBytes(offsetBytes + lengthBytes);
    long frameBits = appendRuns(pfns, first, end, offsetBytes, lengthBytes);
    if (frameBits < 0 || frameBits > PFN_MAX) {
      return refuseFrame(pfns, first, end);
    }
    return checkCount(SEGMENTS_MAX);
  }

  /**
   * Segments [0, nents) are closed and cover pages [first, start). Returns the union of the first
   * and last frames of all runs, which has a bit above {@link #PFN_MAX} when any frame is bad.
   */
  private long appendRuns(long[] pfns, int first, int end, long offsetBytes, long lengthBytes) {
    long inPage = offsetBytes & Pages.OFFSET_MASK;
    long left = lengthBytes;
    long frameBits = 0;
    int start = first;
    while (start < end) {
      long pfn = pfns[start];
      int next = start + 1;
      long expected = pfn + 1;
      while (next < end && pfns[next] == expected) {
        next++;
        expected++;
      }
      frameBits |= pfn | (expected - 1);
      long bytes = Math.min(left, ((long) (next - start) << Pages.SHIFT) - inPage);
      emit((pfn << Pages.SHIFT) + inPage, bytes);
      left -= bytes;
      inPage = 0;
      start = next;
    }
    return frameBits;
  }

  private int refuseFrame(long[] pfns, int first, int end) {
    int page = first;
    while (page < end - 1 && pfns[page] >= 0 && pfns[page] <= PFN_MAX) {
      page++;
    }
    return refuse(Errno.EINVAL, "page frame out of range, page=" + page + ", pfn=" + pfns[page]);
  }

  private int checkRange(long totalPages, long offsetBytes, long lengthBytes) {
    if (totalPages > PAGES_MAX) {
      return refuse(Errno.EOVERFLOW, "buffer size does not fit, pages=" + totalPages);
    }
    long sizeBytes = totalPages << Pages.SHIFT;
    if (offsetBytes < 0 || lengthBytes <= 0 || offsetBytes > sizeBytes - lengthBytes) {
      return refuse(
          Errno.EINVAL,
          "range outside the buffer, offset="
              + offsetBytes
              + ", length="
              + lengthBytes
              + ", size="
              + sizeBytes);
    }
    if (nents > 0 && ((offsetBytes | end()) & Pages.OFFSET_MASK) != 0) {
      return refuse(
          Errno.EINVAL,
          "only whole pages can be appended to, offset="
              + offsetBytes
              + ", list ends at "
              + Long.toUnsignedString(end()));
    }
    return 0;
  }

  private long end() {
    return addresses[nents - 1] + Integer.toUnsignedLong(lengths[nents - 1]);
  }

  /** Appends a stretch of addresses that is one run by construction, such as an IOVA range. */
  public void appendRange(long address, long lengthBytes) {
    emit(address, lengthBytes);
  }

  /** Adds {@code base} to every address: a list laid out from zero gets its place. */
  public void relocate(long base) {
    for (int segment = 0; segment < nents; segment++) {
      addresses[segment] += base;
    }
    addressBits |= base;
  }

  /** Adds a run of memory; cuts it where it would break a limit. */
  private void emit(long address, long bytes) {
    long last = address + bytes - 1;
    addressBits |= last;
    long rest = nents > 0 && end() == address && address != 0 ? extendLast(address, bytes) : bytes;
    long from = address + bytes - rest;
    if ((from & Pages.OFFSET_MASK) + rest <= maxSegmentBytes
        && ((from ^ last) & ~boundaryMask) == 0) {
      if (rest > 0) {
        push(from, rest);
      }
    } else {
      split(from, rest);
    }
  }

  /** Lets the last segment take what it may of a run that continues it; returns what is left. */
  private long extendLast(long address, long bytes) {
    if ((address & boundaryMask) == 0) {
      return bytes;
    }
    long room = (maxSegmentBytes - lengthBytes(nents - 1)) & ~Pages.OFFSET_MASK;
    long taken = Math.min(Math.min(bytes, room), upToBoundary(address, bytes));
    lengths[nents - 1] += (int) taken;
    return bytes - taken;
  }

  /** Bytes from {@code address} to the next boundary, at most {@code bytes}. */
  private long upToBoundary(long address, long bytes) {
    long beforeLast = ~address & boundaryMask;
    return Long.compareUnsigned(beforeLast, bytes - 1) < 0 ? beforeLast + 1 : bytes;
  }

  private void split(long address, long bytes) {
    if (Pages.ofBytes(bytes) >= SEGMENTS_MAX - nents
        && nents + pieces(address, bytes) > SEGMENTS_MAX) {
      unstored += pieces(address, bytes);
      return;
    }
    long from = address;
    long left = bytes;
    while (left > 0) {
      long piece = Math.min(left, maxSegmentBytes - (from & Pages.OFFSET_MASK));
      piece = upToBoundary(from, piece);
      push(from, piece);
      from += piece;
      left -= piece;
    }
  }

  /** How many segments {@link #split} makes of a run, in constant time. */
  private long pieces(long address, long bytes) {
    long start = address & ~Pages.OFFSET_MASK;
    long total = bytes + (address & Pages.OFFSET_MASK);
    long head = upToBoundary(start, total);
    if (head == total) {
      return Math.ceilDiv(total, maxSegmentBytes);
    }
    long window = boundaryMask + 1;
    long whole = (total - head) / window;
    return Math.ceilDiv(head, maxSegmentBytes)
        + whole * Math.ceilDiv(window, maxSegmentBytes)
        + Math.ceilDiv(total - head - whole * window, maxSegmentBytes);
  }

  private void push(long address, long bytes) {
    if (nents == addresses.length) {
      addresses = Arrays.copyOf(addresses, nents * 2);
      lengths = Arrays.copyOf(lengths, nents * 2);
    }
    addresses[nents] = address;
    lengths[nents++] = (int) bytes;
  }

  /**
   * Checks the finished list as one mapping. EINVAL: first address not aligned; EIO: a segment
   * above the DMA mask; E2BIG: more segments than the device takes. Returns the number of segments.
   */
  public int finish(DmaConstraints constraints) {
    if (nents == 0) {
      return refuse(Errno.EINVAL, "empty list");
    }
    long page = addresses[0] & ~Pages.OFFSET_MASK;
    if ((page & (constraints.alignBytes() - 1)) != 0) {
      return refuse(
          Errno.EINVAL,
          "segment 0 not aligned, address="
              + Long.toUnsignedString(page)
              + ", alignBytes="
              + constraints.alignBytes());
    }
    if ((addressBits & ~constraints.dmaMask()) != 0) {
      return refuseMask(constraints.dmaMask());
    }
    return checkCount(constraints.maxSegments());
  }

  private int refuseMask(long dmaMask) {
    int segment = 0;
    while (segment < nents - 1
        && ((addresses[segment] + lengthBytes(segment) - 1) & ~dmaMask) == 0) {
      segment++;
    }
    return refuse(
        Errno.EIO,
        "segment "
            + segment
            + " above the DMA mask, last byte "
            + Long.toUnsignedString(addresses[segment] + lengthBytes(segment) - 1)
            + ", dmaMask="
            + Long.toUnsignedString(dmaMask));
  }

  /** E2BIG when the list has more than {@code maxSegments}; else the number of segments. */
  public int checkCount(int maxSegments) {
    long total = nents + unstored;
    if (total > maxSegments) {
      return refuse(
          Errno.E2BIG, "too many segments, needed=" + total + ", maxSegments=" + maxSegments);
    }
    return nents;
  }

  private int refuse(Errno errno, String reason) {
    refusal = new Refusal(errno, reason);
    return -errno.number();
  }

  /** The segments as a retained mapped table. */
  public SgTable table() {
    return new SgTable(Arrays.copyOf(addresses, nents), Arrays.copyOf(lengths, nents), 0, nents);
  }

  /** The segments as a retained list of physical elements. */
  public PhysicalSgList physicalList() {
    return new PhysicalSgList(Arrays.copyOf(addresses, nents), Arrays.copyOf(lengths, nents));
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
