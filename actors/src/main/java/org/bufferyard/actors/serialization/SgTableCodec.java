package org.bufferyard.actors.serialization;

import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import org.bufferyard.allocator.Pages;
import org.bufferyard.allocator.sg.SgTable;

/**
 * A scatterlist as columns: the count, then all addresses, then all lengths. An address is kept as
 * its distance from the end of the segment before; where all are whole pages, in pages.
 */
final class SgTableCodec {
  private static final int BYTES_EACH_MIN = 2;

  private SgTableCodec() {}

  static void write(Output out, SgTable table) {
    int shift = wholePages(table) ? Pages.SHIFT : 0;
    out.writeByte(shift);
    out.writeVarInt(table.nents(), true);
    long end = 0;
    for (int segment = 0; segment < table.nents(); segment++) {
      out.writeVarLong((table.address(segment) - end) >> shift, false);
      end = table.address(segment) + table.lengthBytes(segment);
    }
    for (int segment = 0; segment < table.nents(); segment++) {
      out.writeVarInt((int) (table.lengthBytes(segment) >>> shift), true);
    }
  }

  private static boolean wholePages(SgTable table) {
    long bits = 0;
    for (int segment = 0; segment < table.nents(); segment++) {
      bits |= table.address(segment) | table.lengthBytes(segment);
    }
    return (bits & Pages.OFFSET_MASK) == 0;
  }

  static SgTable read(Input in) {
    int shift = in.readByte();
    if (shift != 0 && shift != Pages.SHIFT) {
      throw new IllegalArgumentException("segments in units of 2^" + shift + " bytes");
    }
    int nents = FrameInput.count(in, FrameInput.COUNT_MAX, BYTES_EACH_MIN);
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
