package org.bufferyard.allocator.sg;

import org.bufferyard.allocator.Errno;
import org.bufferyard.allocator.Pages;
import org.bufferyard.allocator.Refusal;
import org.jspecify.annotations.Nullable;

/** What a request to append must keep, whatever the limits of the list. */
final class RequestCheck {
  private static final long PAGES_MAX = Long.MAX_VALUE >>> Pages.SHIFT;

  /**
   * Why {@code lengthBytes} from {@code offsetBytes} of a buffer cannot be appended, or null.
   * EOVERFLOW: a buffer of 2^63 bytes or more; EINVAL: nothing asked for, negative, beyond the
   * buffer, or inside a page of a list that has something already.
   */
  static @Nullable Refusal range(
      SegmentColumns columns, long totalPages, long offsetBytes, long lengthBytes) {
    if (totalPages > PAGES_MAX) {
      return new Refusal(Errno.EOVERFLOW, "buffer size does not fit, pages=" + totalPages);
    }
    long sizeBytes = totalPages << Pages.SHIFT;
    if (offsetBytes < 0 || lengthBytes <= 0 || offsetBytes > sizeBytes - lengthBytes) {
      return outsideBuffer(offsetBytes, lengthBytes, sizeBytes);
    }
    return columns.nents > 0 && ((offsetBytes | columns.end()) & Pages.OFFSET_MASK) != 0
        ? insidePage(offsetBytes, columns.end())
        : null;
  }

  private static Refusal outsideBuffer(long offsetBytes, long lengthBytes, long sizeBytes) {
    return new Refusal(
        Errno.EINVAL,
        "range outside the buffer, offset="
            + offsetBytes
            + ", length="
            + lengthBytes
            + ", size="
            + sizeBytes);
  }

  private static Refusal insidePage(long offsetBytes, long end) {
    return new Refusal(
        Errno.EINVAL,
        "only whole pages can be appended to, offset="
            + offsetBytes
            + ", list ends at "
            + Long.toUnsignedString(end));
  }

  static Refusal outsideArray(int from, int count, int length) {
    return new Refusal(
        Errno.EINVAL,
        "pages outside the array, from=" + from + ", count=" + count + ", of " + length);
  }

  static Refusal noAddress(long pfn) {
    return new Refusal(Errno.EOVERFLOW, "address does not fit in 64 bits, pfn=" + pfn);
  }

  static Refusal frame(int page, long pfn) {
    return new Refusal(Errno.EINVAL, "page frame out of range, page=" + page + ", pfn=" + pfn);
  }

  /** The first frame out of range, or {@code end}; looked for only where the union shows one. */
  static int firstOutside(long[] pfns, int first, int end, long frameBits) {
    if (frameBits >= 0 && frameBits <= SgBuilder.PFN_MAX) {
      return end;
    }
    int page = first;
    while (page < end && pfns[page] >= 0 && pfns[page] <= SgBuilder.PFN_MAX) {
      page++;
    }
    return page;
  }

  private RequestCheck() {}
}
