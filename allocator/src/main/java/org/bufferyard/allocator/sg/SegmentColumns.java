package org.bufferyard.allocator.sg;

import java.util.Arrays;
import org.bufferyard.allocator.DmaConstraints;
import org.bufferyard.allocator.Pages;

/**
 * The scratch columns of a builder, and the rule by which a run of memory becomes segments: cut
 * where a segment reaches the limit, counted in whole pages from its first page, and at every
 * boundary. Grows by doubling and never shrinks. Not thread-safe; owned by its builder.
 */
final class SegmentColumns {
  long[] addresses = new long[64];
  int[] lengths = new int[64];
  int nents;

  /** Segments that were only counted, because storing them would pass the most a list may have. */
  long unstored;

  /** Whole pages, in bytes. */
  long maxSegmentBytes;

  /** The same in pages. */
  int maxSegmentPages;

  long boundaryMask;

  /**
   * No byte's address has a higher bit: a mask that has all of them is kept. Bits of the address
   * after a segment may be among them, so that a mask may be kept that has not all.
   */
  long addressBits;

  private int markedNents;
  private int markedLength;
  private long markedUnstored;
  private long markedBits;

  void clear() {
    nents = 0;
    unstored = 0;
    addressBits = 0;
  }

  /** Remembers the list as it is, for {@link #reset}. */
  void mark() {
    markedNents = nents;
    if (nents > 0) {
      markedLength = lengths[nents - 1];
      markedUnstored = unstored;
      markedBits = addressBits;
    }
  }

  /** Back to the list as it was marked. */
  void reset() {
    if (markedNents == 0) {
      clear();
      return;
    }
    nents = markedNents;
    lengths[nents - 1] = markedLength;
    unstored = markedUnstored;
    addressBits = markedBits;
  }

  /** The segment limit, rounded down to pages and capped at {@code UINT_MAX}, and the boundary. */
  void limit(long maxBytes, long boundary) {
    maxSegmentBytes = Math.min(maxBytes, DmaConstraints.UINT_MAX) & ~Pages.OFFSET_MASK;
    maxSegmentPages = (int) (maxSegmentBytes >>> Pages.SHIFT);
    boundaryMask = boundary;
  }

  long end() {
    return addresses[nents - 1] + Integer.toUnsignedLong(lengths[nents - 1]);
  }

  long lastByte(int segment) {
    return addresses[segment] + Integer.toUnsignedLong(lengths[segment]) - 1;
  }

  /** Adds a run of memory, to the last segment first where it continues it. */
  void append(long address, long bytes) {
    addressBits |= address + bytes - 1;
    long rest = nents > 0 && end() == address ? extendLast(address, bytes) : bytes;
    if (rest > 0) {
      place(address + bytes - rest, rest);
    }
  }

  /** Adds segments for a run, one where it breaks no limit. */
  void place(long address, long bytes) {
    if (fits(address, bytes)) {
      push(address, bytes);
    } else {
      split(address, bytes);
    }
  }

  /** As {@link #place}, for whole pages from a frame; bits of addresses are the caller's to add. */
  void placeRun(long pfn, int pages) {
    long address = pfn << Pages.SHIFT;
    long bytes = (long) pages << Pages.SHIFT;
    if (pages <= maxSegmentPages && !crosses(address, bytes)) {
      push(address, bytes);
    } else {
      split(address, bytes);
    }
  }

  private boolean crosses(long address, long bytes) {
    return ((address ^ (address + bytes - 1)) & ~boundaryMask) != 0;
  }

  /** Whether there is a boundary and a segment from slot {@code first} on crosses it. */
  boolean crossesFrom(int first) {
    if (boundaryMask == DmaConstraints.NO_BOUNDARY) {
      return false;
    }
    long bits = 0;
    for (int segment = first; segment < nents; segment++) {
      bits |= addresses[segment] ^ lastByte(segment);
    }
    return (bits & ~boundaryMask) != 0;
  }

  /** Whether four whole pages can be put into this list without a look at its limits. */
  boolean takesSmall() {
    return nents == 0 && maxSegmentPages >= PageScan.SMALL_PAGES;
  }

  private boolean fits(long address, long bytes) {
    return (address & Pages.OFFSET_MASK) + bytes <= maxSegmentBytes && !crosses(address, bytes);
  }

  /** Lets the last segment take what it may of a run that continues it; returns what is left. */
  private long extendLast(long address, long bytes) {
    if ((address & boundaryMask) == 0) {
      return bytes;
    }
    long room = (maxSegmentBytes - Integer.toUnsignedLong(lengths[nents - 1])) & ~Pages.OFFSET_MASK;
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
    if (Pages.ofBytes(bytes) >= SgBuilder.SEGMENTS_MAX - nents) {
      long pieces = pieces(address, bytes);
      if (pieces > SgBuilder.SEGMENTS_MAX - nents) {
        unstored += pieces;
        return;
      }
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
  long pieces(long address, long bytes) {
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

  /** Adds a segment as it is. */
  void push(long address, long bytes) {
    if (nents == addresses.length) {
      ensure(nents + 1);
    }
    addresses[nents] = address;
    lengths[nents++] = (int) bytes;
  }

  /** Room for {@code slots} segments. */
  void ensure(int slots) {
    if (slots > addresses.length) {
      int size = Math.max(slots, addresses.length * 2);
      addresses = Arrays.copyOf(addresses, size);
      lengths = Arrays.copyOf(lengths, size);
    }
  }
}
