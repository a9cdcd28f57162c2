package org.bufferyard.allocator.sg;

/**
 * A mapped scatterlist: the segments of one buffer in the attaching device's address space, in
 * buffer order. Immutable structure of arrays; model of {@code struct sg_table} after {@code
 * dma_map_sgtable}. There is no accessor for a CPU page: an importer may only use device addresses.
 */
public final class SgTable {
  private final long[] addresses;
  private final long[] lengths;

  /** Takes ownership of both arrays, {@code long[nents]}, bytes. */
  SgTable(long[] addresses, long[] lengths) {
    this.addresses = addresses;
    this.lengths = lengths;
  }

  /** Number of mapped segments. */
  public int nents() {
    return addresses.length;
  }

  /** Device address of segment {@code segment}, bytes. */
  public long address(int segment) {
    return addresses[segment];
  }

  /** Length of segment {@code segment}, bytes. */
  public long lengthBytes(int segment) {
    return lengths[segment];
  }

  public long totalBytes() {
    long total = 0;
    for (long length : lengths) {
      total += length;
    }
    return total;
  }

  @Override
  public String toString() {
    return "SgTable[nents=" + nents() + ", totalBytes=" + totalBytes() + "]";
  }
}
