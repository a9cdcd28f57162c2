package org.bufferyard.simulator.requests;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.bufferyard.simulator.trace.TraceException;

/**
 * A window onto decoded bytes that moves forward only: whole lines, or records of fixed length. As
 * long as the longest line allowed. Not thread-safe; owned by one parser.
 */
final class ByteWindow {
  private final DecodedFile source;
  private final int lineBytesMax;
  private final byte[] bytes;
  private final ByteBuffer words;
  private long offset;
  private int at;
  private int end;
  private int lineStart;
  private int lineEnd;
  private long line;
  private boolean ended;

  ByteWindow(DecodedFile source, int lineBytesMax) {
    this.source = source;
    this.lineBytesMax = lineBytesMax;
    bytes = new byte[lineBytesMax + 2];
    words = ByteBuffer.wrap(bytes);
  }

  /** Finds the next line, without what ends it; whether there is one. */
  boolean nextLine() {
    int scanned = at;
    while (true) {
      for (; scanned < end; scanned++) {
        if (bytes[scanned] == '\n') {
          return take(scanned, scanned + 1);
        }
      }
      int before = at;
      if (!fill()) {
        return at < end && take(end, end);
      }
      scanned -= before - at;
    }
  }

  private boolean take(int stop, int next) {
    lineStart = at;
    lineEnd = stop > at && bytes[stop - 1] == '\r' ? stop - 1 : stop;
    line++;
    if (lineEnd - lineStart > lineBytesMax) {
      throw tooLong();
    }
    at = next;
    return true;
  }

  private TraceException tooLong() {
    String begins = new String(bytes, at, 16, java.nio.charset.StandardCharsets.ISO_8859_1);
    return TraceException.atLine(
        source.file(), line, "line", begins, "longer than " + lineBytesMax + " bytes");
  }

  /** Reads on; false at the end of the data. */
  private boolean fill() {
    if (ended) {
      return false;
    }
    if (at > 0) {
      System.arraycopy(bytes, at, bytes, 0, end - at);
      offset += at;
      end -= at;
      at = 0;
    }
    if (end == bytes.length) {
      line++;
      throw tooLong();
    }
    int read = source.read(bytes, end, bytes.length - end);
    ended = read < 0;
    end += Math.max(0, read);
    return !ended;
  }

  /** Moves over a record of {@code length} bytes; false at the end of the data. */
  boolean nextRecord(int length) {
    while (end - at < length) {
      if (!fill()) {
        if (end > at) {
          throw TraceException.atByte(
              source.file(),
              offset + at,
              "record",
              "of " + length + " bytes",
              "cut off, " + (end - at) + " left");
        }
        return false;
      }
    }
    lineStart = at;
    at += length;
    lineEnd = at;
    return true;
  }

  /** Where the record begins in the decoded data. */
  long recordOffset() {
    return offset + lineStart;
  }

  int intAt(int index, ByteOrder order) {
    return words.order(order).getInt(lineStart + index);
  }

  long longAt(int index, ByteOrder order) {
    return words.order(order).getLong(lineStart + index);
  }

  /** From 1. */
  long line() {
    return line;
  }

  int lineLength() {
    return lineEnd - lineStart;
  }

  byte lineByte(int index) {
    return bytes[lineStart + index];
  }

  byte[] lineBytes() {
    return Arrays.copyOfRange(bytes, lineStart, lineEnd);
  }

  String text(int from, int to) {
    return new String(
        bytes, lineStart + from, to - from, java.nio.charset.StandardCharsets.ISO_8859_1);
  }

  String file() {
    return source.file();
  }
}
