package org.bufferyard.allocator.region;

/**
 * One allocation from a {@link BuddyMm}, in bytes. Where {@code startBytes + sizeBytes ==
 * endBytes}, exactly that range is meant, whatever the flags.
 *
 * @param startBytes lower end of the window
 * @param endBytes upper end of the window, itself excluded; read only with RANGE or when exact
 * @param minBlockBytes no block is smaller; larger than {@code sizeBytes}, it is an alignment
 * @param flags any of {@link #TOPDOWN}, {@link #RANGE}, {@link #CONTIGUOUS}, {@link #CLEARED} and
 *     {@link #KEEP_TAIL}
 */
public record BuddyRequest(
    long startBytes, long endBytes, long sizeBytes, long minBlockBytes, int flags) {
  /** Prefer high offsets. */
  public static final int TOPDOWN = 1;

  /** Stay within the window. */
  public static final int RANGE = 2;

  /** One run of chunks. */
  public static final int CONTIGUOUS = 4;

  /** Prefer blocks whose contents are known to be zero. */
  public static final int CLEARED = 8;

  /** Do not give back what rounding up added. */
  public static final int KEEP_TAIL = 16;

  boolean has(int flag) {
    return (flags & flag) != 0;
  }

  boolean exactRange() {
    return endBytes - startBytes == sizeBytes;
  }
}
