package org.bufferyard.actors.serialization;

import org.bufferyard.allocator.Pages;
import org.bufferyard.allocator.sg.SgTable;

/**
 * A scatterlist as columns: the count, then all addresses, then all lengths. An address is kept as
 * its distance from the end of the segment before; where all are whole pages, in pages.
 */
final class SgTableCodec {
  private static final int BYTES_EACH_MIN = 2;

  /** Of numbers of seven bits a byte: the last byte of a long has eight. */
  private static final int LONG_BYTES_MAX = 9;

  private static final int INT_BYTES_MAX = 5;

  private SgTableCodec() {}

  static void write(FrameOutput out, SgTable table) {
    int nents = table.nents();
    int shift = wholePages(table) ? Pages.SHIFT : 0;
    out.writeByte(shift);
    out.unsigned(nents);
    byte[] into = out.withRoom(nents * (LONG_BYTES_MAX + INT_BYTES_MAX));
    int at = putAddresses(into, out.position(), table, shift);
    out.putUpTo(putLengths(into, at, table, shift));
  }

  private static boolean wholePages(SgTable table) {
    long bits = 0;
    for (int segment = 0; segment < table.nents(); segment++) {
      bits |= table.address(segment) | table.lengthBytes(segment);
    }
    return (bits & Pages.OFFSET_MASK) == 0;
  }

  /** There is room for the longest of them all, so that none is looked for within. */
  private static int putAddresses(byte[] into, int from, SgTable table, int shift) {
    int at = from;
    long end = 0;
    for (int segment = 0; segment < table.nents(); segment++) {
      long address = table.address(segment);
      long distance = (address - end) >> shift;
      long left = (distance << 1) ^ (distance >> 63);
      int last = at + LONG_BYTES_MAX - 1;
      while ((left & ~0x7fL) != 0 && at < last) {
        into[at++] = (byte) (left | 0x80);
        left >>>= 7;
      }
      into[at++] = (byte) left;
      end = address + table.lengthBytes(segment);
    }
    return at;
  }

  private static int putLengths(byte[] into, int from, SgTable table, int shift) {
    int at = from;
    for (int segment = 0; segment < table.nents(); segment++) {
      int left = (int) (table.lengthBytes(segment) >>> shift);
      while ((left & ~0x7f) != 0) {
        into[at++] = (byte) (left | 0x80);
        left >>>= 7;
      }
      into[at++] = (byte) left;
    }
    return at;
  }

  static SgTable read(FrameInput in) {
    int shift = in.readByte();
    if (shift != 0 && shift != Pages.SHIFT) {
      throw new IllegalArgumentException("segments in units of 2^" + shift + " bytes");
    }
    int nents = in.count(BoundedInput.COUNT_MAX, BYTES_EACH_MIN);
    long[] addresses = new long[nents];
    int[] lengths = new int[nents];
    for (int segment = 0; segment < nents; segment++) {
      addresses[segment] = in.readVarLong(false) << shift;
    }
    long end = 0;
    for (int segment = 0; segment < nents; segment++) {
      lengths[segment] = in.readVarInt(true) << shift;
      addresses[segment] += end;
      end = addresses[segment] + Integer.toUnsignedLong(lengths[segment]);
    }
    return SgTable.ofColumns(addresses, lengths);
  }
}
