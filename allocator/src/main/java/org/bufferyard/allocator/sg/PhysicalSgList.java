package org.bufferyard.allocator.sg;

import org.bufferyard.allocator.Pages;

/**
 * A scatterlist that is not mapped yet: elements of physical memory in buffer order, each a page
 * frame, an offset in it and a length in bytes. Immutable structure of arrays; model of {@code
 * struct sg_table} as {@code sg_alloc_table_from_pages} leaves it. For exporters, domains and
 * checkers; an importer is given the {@link SgTable} made from it, which has no page frames.
 */
public final class PhysicalSgList {
  private final long[] addresses;
  private final int[] lengths;

  /** Takes ownership of both columns. */
  PhysicalSgList(long[] addresses, int[] lengths) {
    this.addresses = addresses;
    this.lengths = lengths;
  }

  /**
   * A list of given elements, as a driver that fills its own scatterlist makes it.
   *
   * @param elements physical address and length of each, alternately, in bytes; lengths from 1 to
   *     {@code UINT_MAX}
   */
  public static PhysicalSgList of(long... elements) {
    if (elements.length % 2 != 0) {
      throw new IllegalArgumentException("address without length, values=" + elements.length);
    }
    long[] addresses = new long[elements.length / 2];
    int[] lengths = new int[addresses.length];
    for (int element = 0; element < addresses.length; element++) {
      long length = elements[2 * element + 1];
      if (length <= 0 || length > 0xFFFF_FFFFL) {
        throw new IllegalArgumentException("element=" + element + ", lengthBytes=" + length);
      }
      addresses[element] = elements[2 * element];
      lengths[element] = (int) length;
    }
    return new PhysicalSgList(addresses, lengths);
  }

  /** Number of elements, {@code orig_nents}. */
  public int origNents() {
    return addresses.length;
  }

  /** Page frame in which element {@code element} starts. */
  public long pfn(int element) {
    return addresses[element] >>> Pages.SHIFT;
  }

  /** Where in its first page element {@code element} starts, bytes, 0 to 4095. */
  public int offsetBytes(int element) {
    return (int) (addresses[element] & Pages.OFFSET_MASK);
  }

  public long lengthBytes(int element) {
    return Integer.toUnsignedLong(lengths[element]);
  }

  /** Pages that element {@code element} touches. */
  public long pages(int element) {
    return Pages.ofBytes(offsetBytes(element) + lengthBytes(element));
  }

  public long totalBytes() {
    long total = 0;
    for (int length : lengths) {
      total += Integer.toUnsignedLong(length);
    }
    return total;
  }

  @Override
  public String toString() {
    return "PhysicalSgList[origNents=" + origNents() + ", totalBytes=" + totalBytes() + "]";
  }
}
