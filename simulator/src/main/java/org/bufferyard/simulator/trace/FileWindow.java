package org.bufferyard.simulator.trace;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/**
 * A cursor over bytes {@code [start, end)} of a file, in one fixed buffer. Fields are little-endian
 * bit ranges from the cursor. Not thread-safe; owned by one reader.
 */
final class FileWindow {
  static final int BUFFER_BYTES = 64 << 10;

  private final String file;
  private final FileChannel channel;
  private final long end;
  private final ByteBuffer buffer;
  private long offset;

  FileWindow(String file, FileChannel channel, long start, long end) {
    this.file = file;
    this.channel = channel;
    this.offset = start;
    this.end = end;
    this.buffer = ByteBuffer.allocate((int) Math.min(BUFFER_BYTES, end - start)).limit(0);
  }

  long offset() {
    return offset;
  }

  boolean atEnd() {
    return offset >= end;
  }

  /** Makes {@code bytes} from the cursor readable, or fails: the file ends too early. */
  void require(int bytes, String what) {
    if (bytes > end - offset) {
      throw TraceException.atByte(
          file, offset, what, "of " + bytes + " bytes", "cut off, " + (end - offset) + " left");
    }
    if (buffer.remaining() < bytes) {
      fill(bytes, what);
    }
  }

  private void fill(int bytes, String what) {
    buffer.compact();
    try {
      while (buffer.position() < bytes) {
        long from = offset + buffer.position();
        int room = (int) Math.min(buffer.remaining(), end - from);
        ByteBuffer target = buffer.duplicate().limit(buffer.position() + room);
        int read = channel.read(target, from);
        if (read <= 0) {
          throw TraceException.atByte(file, from, what, "unreadable", "the file became shorter");
        }
        buffer.position(buffer.position() + read);
      }
    } catch (IOException failed) {
      throw TraceException.ofFile(
          file, "byte " + offset + ": cannot be read: " + failed.getClass().getSimpleName());
    }
    buffer.flip();
  }

  /** Bits {@code low} to {@code high}, both included, of bytes that {@link #require} made ready. */
  long bits(int high, int low) {
    int lastByte = high >>> 3;
    long value = 0;
    for (int i = lastByte; i >= low >>> 3; i--) {
      value = value << 8 | (buffer.get(buffer.position() + i) & 0xff);
    }
    int width = high - low + 1;
    return value >>> (low & 7) & (width == Long.SIZE ? -1L : (1L << width) - 1);
  }

  /** Moves the cursor on; within the window. */
  void skip(long bytes, String what) {
    if (bytes > end - offset) {
      throw TraceException.atByte(
          file, offset, what, "of " + bytes + " bytes", "cut off, " + (end - offset) + " left");
    }
    offset += bytes;
    if (bytes <= buffer.remaining()) {
      buffer.position(buffer.position() + (int) bytes);
    } else {
      buffer.position(0).limit(0);
    }
  }
}
