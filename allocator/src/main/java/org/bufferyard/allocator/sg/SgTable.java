package org.bufferyard.allocator.sg;

/**
 * A mapped scatterlist: the segments of one buffer in the attaching device's address space, in
 * buffer order. Immutable structure of arrays; model of {@code struct sg_table} after {@code
 * dma_map_sgtable}. There is no accessor for a CPU page: an importer may only use device addresses.
 *
 * <p>Twelve bytes a segment (eight of address, four of length as an unsigned int, so that a segment
 * of up to {@code UINT_MAX} bytes fits). The columns may be a stretch of an {@link SgSlab}.
 */
public final class SgTable {
  private final long[] addresses;
  private final int[] lengths;
  private final int first;
  private final int nents;

  /** Borrows {@code nents} slots of both columns from {@code first}; nobody may change them. */
  SgTable(long[] addresses, int[] lengths, int first, int nents) {
    this.addresses = addresses;
    this.lengths = lengths;
    this.first = first;
    this.nents = nents;
  }

  /**
   * A list that was built elsewhere.
   *
   * @param addresses of {@code n} segments, owned by the list from now on
   * @param lengths unsigned, none 0
   */
  public static SgTable ofColumns(long[] addresses, int[] lengths) {
    if (addresses.length != lengths.length) {
      throw new IllegalArgumentException(
          "columns differ, addresses=" + addresses.length + ", lengths=" + lengths.length);
    }
    for (int segment = 0; segment < lengths.length; segment++) {
      if (lengths[segment] == 0) {
        throw new IllegalArgumentException("an empty segment, segment=" + segment);
      }
    }
    return new SgTable(addresses, lengths, 0, addresses.length);
  }

  /** Number of mapped segments. */
  public int nents() {
    return nents;
  }

  /** Device address of segment {@code segment}, bytes, as an unsigned 64-bit number. */
  public long address(int segment) {
    return addresses[first + checked(segment)];
  }

  /** Length of segment {@code segment}, bytes, 1 to {@code UINT_MAX}. */
  public long lengthBytes(int segment) {
    return Integer.toUnsignedLong(lengths[first + checked(segment)]);
  }

  public long totalBytes() {
    long total = 0;
    for (int slot = first; slot < first + nents; slot++) {
      total += Integer.toUnsignedLong(lengths[slot]);
    }
    return total;
  }

  private int checked(int segment) {
    if (segment < 0 || segment >= nents) {
      throw new IndexOutOfBoundsException("segment=" + segment + ", nents=" + nents);
    }
    return segment;
  }

  @Override
  public boolean equals(Object other) {
    if (!(other instanceof SgTable that) || that.nents != nents) {
      return false;
    }
    for (int segment = 0; segment < nents; segment++) {
      if (addresses[first + segment] != that.addresses[that.first + segment]
          || lengths[first + segment] != that.lengths[that.first + segment]) {
        return false;
      }
    }
    return true;
  }

  @Override
  public int hashCode() {
    int hash = nents;
    for (int slot = first; slot < first + nents; slot++) {
      hash = 31 * (31 * hash + Long.hashCode(addresses[slot])) + lengths[slot];
    }
    return hash;
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder("SgTable[nents=").append(nents);
    for (int segment = 0; segment < Math.min(nents, 4); segment++) {
      text.append(segment == 0 ? ": 0x" : ", 0x")
          .append(Long.toHexString(address(segment)))
          .append('+')
          .append(lengthBytes(segment));
    }
    return text.append(nents > 4 ? ", ...]" : "]").toString();
  }
}
