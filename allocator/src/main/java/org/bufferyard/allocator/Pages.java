package org.bufferyard.allocator;

/**
 * The page size of the model (4 KiB, as {@code PAGE_SIZE} on x86) and conversions in both units.
 */
public final class Pages {
  public static final int SHIFT = 12;
  public static final int SIZE_BYTES = 1 << SHIFT;
  public static final long OFFSET_MASK = SIZE_BYTES - 1L;

  /** Pages needed to hold {@code sizeBytes}, rounded up; {@code sizeBytes} is not negative. */
  public static long ofBytes(long sizeBytes) {
    return (sizeBytes >>> SHIFT) + ((sizeBytes & OFFSET_MASK) == 0 ? 0 : 1);
  }

  public static long toBytes(long pages) {
    return Math.multiplyExact(pages, (long) SIZE_BYTES);
  }

  private Pages() {}
}
