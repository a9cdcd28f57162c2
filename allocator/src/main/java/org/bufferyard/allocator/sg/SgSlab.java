package org.bufferyard.allocator.sg;

/**
 * A stretch of memory that retained tables are carved from: one allocation for many lists, and none
 * at all once it is reused. Two columns, 12 bytes a segment. Tables are carved upwards and given
 * back in any order; when the last is given back the whole slab is free again.
 *
 * <p>A table must not be read after it was released. Not thread-safe; owned by whoever retains.
 */
public final class SgSlab {
  private final long[] addresses;
  private final int[] lengths;
  private int used;
  private int live;

  /** Room for {@code segments} segments in all tables together. */
  public SgSlab(int segments) {
    if (segments < 1) {
      throw new IllegalArgumentException("segments=" + segments);
    }
    addresses = new long[segments];
    lengths = new int[segments];
  }

  /**
   * Retains the builder's list; returns the slot of its first segment, or -1 when it does not fit.
   * Nothing is allocated.
   */
  public int retain(SgBuilder builder) {
    int nents = builder.nents();
    if (nents == 0 || nents > addresses.length - used) {
      return -1;
    }
    int first = used;
    builder.copyTo(addresses, lengths, first);
    used += nents;
    live++;
    return first;
  }

  /** The retained list of {@code nents} segments from slot {@code first} as a table. */
  public SgTable table(int first, int nents) {
    if (first < 0 || nents < 1 || first > used - nents) {
      throw new IllegalArgumentException(
          "no such table, first=" + first + ", nents=" + nents + ", used=" + used);
    }
    return new SgTable(addresses, lengths, first, nents);
  }

  /** Device address in slot {@code slot}. */
  public long address(int slot) {
    return addresses[slot];
  }

  public long lengthBytes(int slot) {
    return Integer.toUnsignedLong(lengths[slot]);
  }

  /** Gives one retained list back. */
  public void release() {
    if (live == 0) {
      throw new IllegalStateException("nothing retained");
    }
    live--;
    if (live == 0) {
      used = 0;
    }
  }

  /** Lists not given back yet. */
  public int live() {
    return live;
  }

  /** Segments still to be carved. */
  public int free() {
    return addresses.length - used;
  }
}
