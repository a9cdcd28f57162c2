package org.bufferyard.simulator.trace;

import java.nio.channels.FileChannel;
import java.util.List;
import org.bufferyard.allocator.Pages;

/**
 * One token stream of an RMV capture, decoded token by token in constant memory. The low four bits
 * of a token's first byte are its type, the next four a time delta in quanta; fields are bit ranges
 * of the little-endian token. Some types are followed by a payload, which is skipped.
 */
final class RmvTokens {
  static final int TICKS_QUANTUM = 32;
  private static final int TIMESTAMP = 0;
  private static final int PAGE_TABLE_UPDATE = 3;
  private static final int USERDATA = 4;
  private static final int MISC = 5;
  private static final int RESOURCE_REFERENCE = 6;
  private static final int RESOURCE_BIND = 7;
  private static final int PROCESS_EVENT = 8;
  private static final int PAGE_REFERENCE = 9;
  private static final int CPU_MAP = 10;
  private static final int VIRTUAL_FREE = 11;
  private static final int VIRTUAL_ALLOCATE = 12;
  private static final int RESOURCE_CREATE = 13;
  private static final int TIME_DELTA = 14;
  private static final int RESOURCE_DESTROY = 15;

  /** Bytes by type; 0 is a reserved type. A time delta's is its least. */
  private static final int[] TOKEN_BYTES = {12, 0, 0, 18, 4, 2, 8, 17, 6, 10, 8, 7, 12, 7, 1, 5};

  /** Payload bytes of a resource's description, by resource type; -1 depends on more. */
  private static final int[] DESCRIPTION_BYTES = {
    -1, 11, 1, 1, 0, 0, 12, 1, 4, 6, 0, 10, 19, 4, -1, 44, 1
  };

  private static final int IMAGE = 0;
  private static final int DESCRIPTOR_POOL = 14;
  private static final int IMAGE_BYTES = 38;
  private static final int IMAGE_BYTES_FROM_1_6 = 39;

  /** By their codes in the format. */
  private static final List<TraceEvent.Heap> HEAPS =
      List.of(
          TraceEvent.Heap.LOCAL,
          TraceEvent.Heap.INVISIBLE,
          TraceEvent.Heap.SYSTEM,
          TraceEvent.Heap.NONE);

  private static final List<TraceEvent.UpdateType> UPDATE_TYPES =
      List.of(
          TraceEvent.UpdateType.DISCARD,
          TraceEvent.UpdateType.UPDATE,
          TraceEvent.UpdateType.TRANSFER,
          TraceEvent.UpdateType.UNKNOWN);

  private final String file;
  private final int stream;
  private final int version;
  private final FileWindow window;
  private int type;
  private int tokenBytes;
  private long ticks = -1;
  private long frequency;

  RmvTokens(String file, FileChannel channel, RmvIndex.Stream stream) {
    this.file = file;
    this.stream = stream.index();
    this.version = stream.version();
    this.window = new FileWindow(file, channel, stream.start(), stream.end());
  }

  /** Time of the current token. */
  long ticks() {
    return ticks;
  }

  /** Ticks per second. */
  long frequency() {
    return frequency;
  }

  /** Byte of the file that the current token begins at. */
  long offset() {
    return window.offset();
  }

  int stream() {
    return stream;
  }

  /** Moves to the next token that is an event; false at the end of the stream. */
  boolean advance() {
    window.skip(tokenBytes, "token of type " + type);
    tokenBytes = 0;
    while (!window.atEnd()) {
      window.require(1, "token");
      type = (int) window.bits(3, 0);
      tokenBytes = sizeBytes();
      advanceTime();
      if (isEvent()) {
        return true;
      }
      window.skip(tokenBytes, "token of type " + type);
      tokenBytes = 0;
    }
    return false;
  }

  /** Others are none: times, texts, and marks of processes and pages. */
  private boolean isEvent() {
    return switch (type) {
      case TIMESTAMP, TIME_DELTA, USERDATA, PROCESS_EVENT, PAGE_REFERENCE -> false;
      default -> true;
    };
  }

  /** Size of the token with its payload; makes the fixed part readable. */
  private int sizeBytes() {
    int bytes = TOKEN_BYTES[type];
    if (bytes == 0) {
      throw TraceException.atByte(file, window.offset(), "token type", type, "reserved");
    }
    if (type == TIME_DELTA) {
      bytes = 1 + (int) window.bits(6, 4);
    }
    window.require(bytes, "token of type " + type);
    return switch (type) {
      case USERDATA -> bytes + (int) window.bits(31, 12);
      case RESOURCE_CREATE -> bytes + descriptionBytes((int) window.bits(55, 48));
      default -> bytes;
    };
  }

  private int descriptionBytes(int resourceType) {
    if (resourceType >= DESCRIPTION_BYTES.length) {
      throw TraceException.atByte(
          file, window.offset() + 6, "resource type", resourceType, "not 0 to 16");
    }
    if (resourceType == IMAGE) {
      return version >= 16 ? IMAGE_BYTES_FROM_1_6 : IMAGE_BYTES;
    }
    if (resourceType == DESCRIPTOR_POOL) {
      window.require(TOKEN_BYTES[RESOURCE_CREATE] + 3, "descriptor pool");
      return 3 + 4 * (int) window.bits(79, 72);
    }
    return DESCRIPTION_BYTES[resourceType];
  }

  private void advanceTime() {
    if (type == TIMESTAMP) {
      setTime();
      return;
    }
    if (ticks < 0) {
      throw TraceException.atByte(
          file, window.offset(), "token type", type, "a stream begins with a timestamp");
    }
    int deltaBytes = type == TIME_DELTA ? (int) window.bits(6, 4) : 0;
    long delta =
        switch (type) {
          case TIME_DELTA -> deltaBytes == 0 ? 0 : window.bits(7 + 8 * deltaBytes, 8);
          case RESOURCE_DESTROY, PAGE_REFERENCE -> 0;
          default -> window.bits(7, 4);
        };
    if (delta > (Long.MAX_VALUE - ticks) / TICKS_QUANTUM) {
      throw TraceException.atByte(file, window.offset(), "time delta", delta, "time overflows");
    }
    ticks += delta * TICKS_QUANTUM;
  }

  private void setTime() {
    long value = window.bits(63, 4);
    long newFrequency = window.bits(95, 64);
    if (value > Long.MAX_VALUE / TICKS_QUANTUM || value * TICKS_QUANTUM < ticks) {
      throw TraceException.atByte(
          file, window.offset(), "timestamp", value, "time overflows or runs backwards");
    }
    if (newFrequency == 0 || (frequency != 0 && frequency != newFrequency)) {
      throw TraceException.atByte(
          file, window.offset() + 8, "frequency", newFrequency, "0, or not the one before");
    }
    ticks = value * TICKS_QUANTUM;
    frequency = newFrequency;
  }

  /** The token that {@link #advance} moved to. */
  TraceEvent event(long timeNanos) {
    return switch (type) {
      case PAGE_TABLE_UPDATE -> pageTableUpdate(timeNanos);
      case MISC -> new TraceEvent.Misc(timeNanos, stream, (int) window.bits(11, 8));
      case RESOURCE_REFERENCE ->
          new TraceEvent.Residency(
              timeNanos,
              stream,
              window.bits(56, 9),
              window.bits(8, 8) == 0,
              (int) window.bits(63, 57));
      case RESOURCE_BIND ->
          new TraceEvent.Bind(
              timeNanos,
              stream,
              window.bits(55, 8),
              window.bits(99, 56),
              window.bits(100, 100) != 0,
              window.bits(135, 104));
      case CPU_MAP ->
          new TraceEvent.CpuMap(timeNanos, stream, window.bits(55, 8), window.bits(56, 56) != 0);
      case VIRTUAL_FREE -> new TraceEvent.Free(timeNanos, stream, window.bits(55, 8));
      case VIRTUAL_ALLOCATE -> allocate(timeNanos);
      case RESOURCE_CREATE ->
          new TraceEvent.CreateResource(
              timeNanos, stream, window.bits(39, 8), (int) window.bits(55, 48));
      case RESOURCE_DESTROY ->
          new TraceEvent.DestroyResource(timeNanos, stream, window.bits(39, 8));
      default -> throw new IllegalStateException("no event, type=" + type);
    };
  }

  private TraceEvent pageTableUpdate(long timeNanos) {
    return new TraceEvent.PageTableUpdate(
        timeNanos,
        stream,
        window.bits(43, 8) << Pages.SHIFT,
        window.bits(99, 80),
        window.bits(79, 44) << Pages.SHIFT,
        (int) window.bits(102, 100),
        window.bits(103, 103) != 0,
        window.bits(135, 104),
        UPDATE_TYPES.get((int) window.bits(137, 136)),
        (int) window.bits(138, 138));
  }

  private TraceEvent allocate(long timeNanos) {
    return new TraceEvent.Allocate(
        timeNanos,
        stream,
        window.bits(81, 34),
        Pages.toBytes(window.bits(31, 8) + 1),
        (int) window.bits(33, 32),
        List.of(heap(82), heap(84), heap(86), heap(88)),
        (int) window.bits(92, 90));
  }

  private TraceEvent.Heap heap(int low) {
    return HEAPS.get((int) window.bits(low + 1, low));
  }
}
