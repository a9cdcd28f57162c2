package org.bufferyard.allocator.tiler;

/**
 * A block as a device behind the tiler sees it: one segment a line, at device addresses a stride
 * apart. Immutable. Addresses are opaque; they name no page frame, and there is no accessor for
 * one.
 */
public final class TiledSegments {
  private final long firstAddress;
  private final int strideBytes;
  private final int lineBytes;
  private final int lines;

  TiledSegments(long firstAddress, int strideBytes, int lineBytes, int lines) {
    this.firstAddress = firstAddress;
    this.strideBytes = strideBytes;
    this.lineBytes = lineBytes;
    this.lines = lines;
  }

  /** Number of segments: the lines of a tiled block, 1 in page mode. */
  public int nents() {
    return lines;
  }

  /** Device address of segment {@code segment}, bytes. */
  public long address(int segment) {
    if (segment < 0 || segment >= lines) {
      throw new IllegalArgumentException("segment=" + segment + " of " + lines);
    }
    return firstAddress + (long) segment * strideBytes;
  }

  /** Length of every segment, bytes. */
  public int lengthBytes() {
    return lineBytes;
  }

  /** From one segment's address to the next, bytes: 16 KiB or 32 KiB. */
  public int strideBytes() {
    return strideBytes;
  }

  public long totalBytes() {
    return (long) lineBytes * lines;
  }

  @Override
  public String toString() {
    return "TiledSegments[nents=" + lines + ", strideBytes=" + strideBytes + "]";
  }
}
