package org.bufferyard.allocator.sg;

import org.bufferyard.allocator.DmaConstraints;
import org.bufferyard.allocator.Errno;
import org.bufferyard.allocator.Pages;
import org.bufferyard.allocator.Refusal;
import org.jspecify.annotations.Nullable;

/** What a finished list must keep as one mapping, beyond the limits of each segment. */
final class ListCheck {
  /**
   * Why the segments from {@code first} to {@code end - 1} are no mapping, or null. EINVAL: none,
   * or first address not aligned; EIO: a segment above the DMA mask; E2BIG: more than the device
   * takes.
   */
  static @Nullable Refusal refusal(
      SegmentColumns columns, int first, int end, DmaConstraints constraints) {
    if (first == end) {
      return new Refusal(Errno.EINVAL, "empty list");
    }
    long page = columns.addresses[first] & ~Pages.OFFSET_MASK;
    if ((page & (constraints.alignBytes() - 1)) != 0) {
      return notAligned(page, constraints.alignBytes());
    }
    int above = firstAbove(columns, first, end, constraints.dmaMask());
    if (above < end) {
      return aboveMask(above - first, columns.lastByte(above), constraints.dmaMask());
    }
    return end - first > constraints.maxSegments()
        ? tooMany(end - first, constraints.maxSegments())
        : null;
  }

  /** Looked for only where the union of all addresses says that there may be one. */
  private static int firstAbove(SegmentColumns columns, int first, int end, long dmaMask) {
    if ((columns.addressBits & ~dmaMask) == 0) {
      return end;
    }
    int segment = first;
    while (segment < end && (columns.lastByte(segment) & ~dmaMask) == 0) {
      segment++;
    }
    return segment;
  }

  private static Refusal notAligned(long address, long alignBytes) {
    return new Refusal(
        Errno.EINVAL,
        "segment 0 not aligned, address="
            + Long.toUnsignedString(address)
            + ", alignBytes="
            + alignBytes);
  }

  private static Refusal aboveMask(int segment, long lastByte, long dmaMask) {
    return new Refusal(
        Errno.EIO,
        "segment "
            + segment
            + " above the DMA mask, last byte "
            + Long.toUnsignedString(lastByte)
            + ", dmaMask="
            + Long.toUnsignedString(dmaMask));
  }

  static Refusal tooMany(long needed, int maxSegments) {
    return new Refusal(
        Errno.E2BIG, "too many segments, needed=" + needed + ", maxSegments=" + maxSegments);
  }

  private ListCheck() {}
}
