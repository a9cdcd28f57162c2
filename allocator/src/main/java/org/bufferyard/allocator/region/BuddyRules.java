package org.bufferyard.allocator.region;

import java.util.List;

/** What a {@link BuddyMm} accepts. Each method returns the rule broken, or an empty text. */
record BuddyRules(long sizeBytes, int chunkShift) {

  String violation(BuddyRequest request) {
    long size = request.sizeBytes();
    long minBlock = request.minBlockBytes();
    if (size < 1L << chunkShift || minBlock < 1L << chunkShift || Long.bitCount(minBlock) != 1) {
      return "size and min block are at least a chunk, min block a power of two";
    }
    if (misaligned(size | request.startBytes() | request.endBytes())) {
      return "start, end and size are multiples of a chunk";
    }
    boolean windowed = request.has(BuddyRequest.RANGE) || request.exactRange();
    if (windowed && !insideSpace(request)) {
      return "the window lies inside the space and holds the request";
    }
    if (request.exactRange()) {
      return ((request.startBytes() | request.endBytes()) & (minBlock - 1)) == 0
          ? ""
          : "an exact range starts and ends at multiples of min block";
    }
    return tooLarge(request) ? "the rounded request fits the space" : "";
  }

  private boolean insideSpace(BuddyRequest request) {
    return request.startBytes() >= 0
        && request.endBytes() <= sizeBytes
        && request.sizeBytes() <= request.endBytes()
        && request.startBytes() <= request.endBytes() - request.sizeBytes();
  }

  /** Only a contiguous request without a window may exceed the space once rounded up. */
  private boolean tooLarge(BuddyRequest request) {
    long size = request.sizeBytes();
    if (size > sizeBytes) {
      return true;
    }
    boolean run = request.has(BuddyRequest.CONTIGUOUS);
    boolean searchable = !request.has(BuddyRequest.RANGE | BuddyRequest.KEEP_TAIL);
    long minBlock = request.minBlockBytes();
    long byBlock = size < minBlock ? size : (size + minBlock - 1) & -minBlock;
    return byBlock > sizeBytes || (run && !searchable && powerOfTwoAtLeast(size) > sizeBytes);
  }

  String trimViolation(List<BuddyBlock> list, long start, long newSize) {
    if (list.size() != 1) {
      return "exactly one block is trimmed";
    }
    BuddyBlock block = list.getFirst();
    if (newSize <= 0 || newSize > block.sizeBytes() || misaligned(newSize | start)) {
      return "the part kept is chunk-aligned, not empty and no larger than the block";
    }
    boolean inside =
        start >= block.offsetBytes() && start - block.offsetBytes() <= block.sizeBytes() - newSize;
    return inside ? "" : "the part kept lies inside the block";
  }

  private boolean misaligned(long bytes) {
    return (bytes & ((1L << chunkShift) - 1)) != 0;
  }

  static long powerOfTwoAtLeast(long value) {
    return value == 1 ? 1 : Long.highestOneBit(value - 1) << 1;
  }

  static int powerOfTwoAtLeast(int value) {
    return value == 1 ? 1 : Integer.highestOneBit(value - 1) << 1;
  }
}
