package org.bufferyard.simulator.trace;

import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The container of an RMV capture: a header, and at its end an index of chunks. Only the chunks of
 * kind {@code RmtData}, the token streams, matter here; others are not looked into.
 */
final class RmvIndex {
  static final byte[] MAGIC = "AMD_RDF ".getBytes(StandardCharsets.US_ASCII);
  static final int HEADER_BYTES = 32;
  static final int ENTRY_BYTES = 64;
  static final int DATA_HEADER_BYTES = 24;
  private static final int ENTRIES_MAX = 4_096;
  static final int STREAMS_MAX = 64;
  private static final int NAME_BYTES = 16;
  private static final String TOKENS = "RmtData";
  private static final long NO_COMPRESSION = 0;

  /**
   * One token stream: bytes {@code [start, end)} of the file.
   *
   * @param version tens are the major, ones the minor number
   */
  record Stream(int index, long start, long end, int version) {}

  private final String file;
  private final FileChannel channel;
  private final long fileBytes;
  private final List<Stream> streams = new ArrayList<>();

  private RmvIndex(String file, FileChannel channel, long fileBytes) {
    this.file = file;
    this.channel = channel;
    this.fileBytes = fileBytes;
  }

  static List<Stream> read(String file, FileChannel channel, long fileBytes) {
    RmvIndex index = new RmvIndex(file, channel, fileBytes);
    index.readEntries();
    return index.streams;
  }

  private void readEntries() {
    FileWindow header = new FileWindow(file, channel, 0, fileBytes);
    header.require(HEADER_BYTES, "file header");
    long offset = header.bits(191, 128);
    long bytes = header.bits(255, 192);
    within("index", 16, offset, bytes);
    if (bytes % ENTRY_BYTES != 0 || bytes == 0 || bytes / ENTRY_BYTES > ENTRIES_MAX) {
      throw TraceException.atByte(
          file, 24, "index bytes", bytes, "not a multiple of 64 from 64 to 64 * " + ENTRIES_MAX);
    }
    FileWindow entries = new FileWindow(file, channel, offset, offset + bytes);
    while (!entries.atEnd()) {
      entries.require(ENTRY_BYTES, "index entry");
      if (TOKENS.equals(name(entries))) {
        addStream(entries);
      }
      entries.skip(ENTRY_BYTES, "index entry");
    }
    if (streams.isEmpty()) {
      throw TraceException.atByte(
          file, offset, "index", "of " + bytes / ENTRY_BYTES + " chunks", "no RmtData among them");
    }
  }

  private static String name(FileWindow entry) {
    StringBuilder name = new StringBuilder();
    for (int i = 0; i < NAME_BYTES; i++) {
      char c = (char) entry.bits(8 * i + 7, 8 * i);
      if (c == 0) {
        break;
      }
      name.append(c);
    }
    return name.toString();
  }

  private void addStream(FileWindow entry) {
    long at = entry.offset();
    long compression = entry.bits(159, 128);
    if (compression != NO_COMPRESSION) {
      throw TraceException.atByte(
          file, at + 16, "compression", compression, "compressed chunks are not read");
    }
    long headerOffset = entry.bits(255, 192);
    long headerBytes = entry.bits(319, 256);
    long dataOffset = entry.bits(383, 320);
    long dataBytes = entry.bits(447, 384);
    if (headerBytes != DATA_HEADER_BYTES) {
      throw TraceException.atByte(file, at + 32, "RmtData header bytes", headerBytes, "not 24");
    }
    within("RmtData header", at + 24, headerOffset, headerBytes);
    within("RmtData", at + 40, dataOffset, dataBytes);
    if (streams.size() == STREAMS_MAX) {
      throw TraceException.atByte(file, at, "RmtData chunks", "above " + STREAMS_MAX, "too many");
    }
    streams.add(
        new Stream(streams.size(), dataOffset, dataOffset + dataBytes, version(headerOffset)));
  }

  private int version(long headerOffset) {
    FileWindow header =
        new FileWindow(file, channel, headerOffset, headerOffset + DATA_HEADER_BYTES);
    header.require(DATA_HEADER_BYTES, "RmtData header");
    return (int) (header.bits(175, 160) * 10 + header.bits(191, 176));
  }

  /** As unsigned numbers: a flipped high bit must not slip through as negative. */
  private void within(String what, long at, long offset, long bytes) {
    boolean inside =
        offset >= HEADER_BYTES && bytes >= 0 && offset <= fileBytes && bytes <= fileBytes - offset;
    if (!inside) {
      throw TraceException.atByte(
          file,
          at,
          what,
          "at " + Long.toUnsignedString(offset) + " of " + Long.toUnsignedString(bytes) + " bytes",
          "not within the file of " + fileBytes + " bytes");
    }
  }
}
