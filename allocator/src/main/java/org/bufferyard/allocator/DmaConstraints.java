package org.bufferyard.allocator;

/**
 * What one device's DMA engine can take. Model of {@code struct device_dma_parameters} and the
 * device's DMA mask.
 *
 * @param dmaMask highest address the device can emit, {@code 2^n - 1}; as unsigned
 * @param maxSegmentBytes longest single segment, at least one page; at most {@code UINT_MAX}
 * @param boundaryMask no segment crosses a multiple of {@code boundaryMask + 1}; {@code -1L}: none
 * @param maxSegments most segments of one mapping; 1 without an IOMMU means physically contiguous
 * @param alignBytes alignment of the first address, a power of two, at least one page
 */
public record DmaConstraints(
    long dmaMask, long maxSegmentBytes, long boundaryMask, int maxSegments, long alignBytes) {
  public static final long UINT_MAX = 0xFFFF_FFFFL;
  public static final long NO_BOUNDARY = -1L;
  public static final DmaConstraints UNLIMITED =
      new DmaConstraints(-1L, UINT_MAX, NO_BOUNDARY, Integer.MAX_VALUE, Pages.SIZE_BYTES);

  public DmaConstraints {
    require(isMask(dmaMask), "dmaMask must be 2^n - 1, dmaMask=", dmaMask);
    require(
        maxSegmentBytes >= Pages.SIZE_BYTES && maxSegmentBytes <= UINT_MAX,
        "maxSegmentBytes must be one page to 4294967295, maxSegmentBytes=",
        maxSegmentBytes);
    require(
        isMask(boundaryMask) && (boundaryMask & Pages.OFFSET_MASK) == Pages.OFFSET_MASK,
        "boundaryMask must be 2^n - 1 and at least a page, boundaryMask=",
        boundaryMask);
    require(maxSegments >= 1, "maxSegments must be positive, maxSegments=", maxSegments);
    require(
        Long.bitCount(alignBytes) == 1 && alignBytes >= Pages.SIZE_BYTES,
        "alignBytes must be a power of two of at least a page, alignBytes=",
        alignBytes);
  }

  /** The mask of a device that emits {@code bits} address bits, 12 to 64. */
  public static long maskOfBits(int bits) {
    require(bits >= Pages.SHIFT && bits <= Long.SIZE, "mask bits must be 12 to 64, bits=", bits);
    return bits == Long.SIZE ? -1L : (1L << bits) - 1;
  }

  public DmaConstraints withDmaMask(long mask) {
    return new DmaConstraints(mask, maxSegmentBytes, boundaryMask, maxSegments, alignBytes);
  }

  public DmaConstraints withMaxSegmentBytes(long bytes) {
    return new DmaConstraints(dmaMask, bytes, boundaryMask, maxSegments, alignBytes);
  }

  public DmaConstraints withBoundaryMask(long mask) {
    return new DmaConstraints(dmaMask, maxSegmentBytes, mask, maxSegments, alignBytes);
  }

  public DmaConstraints withMaxSegments(int segments) {
    return new DmaConstraints(dmaMask, maxSegmentBytes, boundaryMask, segments, alignBytes);
  }

  public DmaConstraints withAlignBytes(long bytes) {
    return new DmaConstraints(dmaMask, maxSegmentBytes, boundaryMask, maxSegments, bytes);
  }

  /** All ones from bit 0 up; zero is no mask. */
  private static boolean isMask(long value) {
    return value != 0 && (value & (value + 1)) == 0;
  }

  private static void require(boolean holds, String rule, long value) {
    if (!holds) {
      throw new IllegalArgumentException(rule + Long.toUnsignedString(value));
    }
  }
}
