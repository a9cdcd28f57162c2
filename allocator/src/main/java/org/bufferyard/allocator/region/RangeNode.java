package org.bufferyard.allocator.region;

/** A range in use, {@code [start, start + size)}; the handle to remove it by. Immutable. */
public final class RangeNode {
  final int slot;
  private final long start;
  private final long size;
  private final long colour;

  RangeNode(int slot, long start, long size, long colour) {
    this.slot = slot;
    this.start = start;
    this.size = size;
    this.colour = colour;
  }

  public long start() {
    return start;
  }

  public long size() {
    return size;
  }

  public long end() {
    return start + size;
  }

  public long colour() {
    return colour;
  }

  @Override
  public String toString() {
    return "[" + start + ", " + end() + ") colour " + colour;
  }
}
