package org.bufferyard.allocator.iommu;

import org.bufferyard.allocator.Pages;

/** A range of IO virtual addresses, in bytes, whole pages; {@code lengthBytes} is positive. */
public record IovaRange(long startBytes, long lengthBytes) {
  public IovaRange {
    if (((startBytes | lengthBytes) & Pages.OFFSET_MASK) != 0
        || startBytes < 0
        || lengthBytes <= 0
        || startBytes > Long.MAX_VALUE - lengthBytes) {
      throw new IllegalArgumentException(
          "startBytes=" + startBytes + ", lengthBytes=" + lengthBytes);
    }
  }

  long firstPage() {
    return startBytes >>> Pages.SHIFT;
  }

  long pages() {
    return lengthBytes >>> Pages.SHIFT;
  }
}
