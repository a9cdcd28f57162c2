package org.bufferyard.actors.lease;

import akka.util.ByteString;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import org.bufferyard.allocator.sg.SgTable;
import org.jspecify.annotations.Nullable;

/**
 * The memory of a leased buffer, as one segment for each extent, in buffer order. The segments
 * check bounds and die with the view: with its block, or when the lease ends. They are read-only
 * where the lease is.
 *
 * <p>Offsets are bytes from the start of the buffer, over all extents; what does not lie in the
 * buffer is an {@link IndexOutOfBoundsException} before anything is copied.
 */
public final class MemoryView implements AutoCloseable {
  private final Mapping mapping;
  private final Arena arena;
  private final SgTable table;
  private final @Nullable MemorySegment[] segments;
  private final MappingGate gate;
  private final Thread opener = Thread.currentThread();
  private final boolean confined;

  // In the mapping's list; guarded by the mapping.
  @Nullable MemoryView before;
  @Nullable MemoryView after;
  boolean linked = true;

  MemoryView(
      Mapping mapping,
      MappingGate gate,
      Arena arena,
      boolean confined,
      @Nullable MemoryView after) {
    this.confined = confined;
    this.mapping = mapping;
    this.gate = gate;
    this.arena = arena;
    this.table = gate.table;
    this.after = after;
    this.segments = new MemorySegment[table.nents()];
  }

  public int extents() {
    return segments.length;
  }

  public long sizeBytes() {
    return mapping.sizeBytes();
  }

  /** The bytes of one extent; the last one ends where the buffer does. */
  public MemorySegment segment(int extent) {
    MemorySegment segment = segments[extent];
    if (segment == null) {
      segment = segmentOf(extent);
      segments[extent] = segment;
    }
    return segment;
  }

  /**
   * The whole buffer as one segment.
   *
   * @throws IllegalStateException it lies in several extents; export it as contiguous
   */
  public MemorySegment contiguous() {
    if (segments.length != 1) {
      throw new IllegalStateException(
          mapping.buffer().id() + " lies in " + segments.length + " extents");
    }
    return segment(0);
  }

  // Restricted: the new segment's lifetime is the arena's, which the lease ends before the pages
  // can be given to anybody else.
  @SuppressWarnings("restricted")
  private MemorySegment segmentOf(int extent) {
    long start = 0;
    for (int each = 0; each < extent; each++) {
      start += table.lengthBytes(each);
    }
    long lengthBytes = Math.min(table.lengthBytes(extent), mapping.sizeBytes() - start);
    MemorySegment bytes =
        gate.memory.bytes(table.address(extent), lengthBytes).reinterpret(arena, null);
    return mapping.writable() ? bytes : bytes.asReadOnly();
  }

  /** What to do with a stretch of one extent. */
  private interface Piece {
    void of(MemorySegment bytes) throws IOException;
  }

  private void walk(long offset, long lengthBytes, Piece piece) throws IOException {
    if (offset < 0 || lengthBytes < 0 || offset > sizeBytes() - lengthBytes) {
      throw new IndexOutOfBoundsException(
          "bytes " + offset + "+" + lengthBytes + " of a buffer of " + sizeBytes());
    }
    long start = 0;
    long left = lengthBytes;
    for (int extent = 0; left > 0; extent++) {
      MemorySegment segment = segment(extent);
      long from = offset + (lengthBytes - left) - start;
      if (from < segment.byteSize()) {
        long here = Math.min(left, segment.byteSize() - from);
        piece.of(segment.asSlice(from, here));
        left -= here;
      }
      start += segment.byteSize();
    }
  }

  private void walkMemory(long offset, long lengthBytes, Piece piece) {
    try {
      walk(offset, lengthBytes, piece);
    } catch (IOException e) {
      throw new IllegalStateException("memory does no I/O", e);
    }
  }

  /** Copies all that remains in {@code from}. */
  public void put(long offset, ByteBuffer from) {
    MemorySegment source = MemorySegment.ofBuffer(from);
    long[] at = {0};
    walkMemory(
        offset,
        source.byteSize(),
        bytes -> {
          bytes.copyFrom(source.asSlice(at[0], bytes.byteSize()));
          at[0] += bytes.byteSize();
        });
    from.position(from.limit());
  }

  /** Fills all that remains in {@code into}. */
  public void get(long offset, ByteBuffer into) {
    MemorySegment target = MemorySegment.ofBuffer(into);
    long[] at = {0};
    walkMemory(
        offset,
        target.byteSize(),
        bytes -> {
          target.asSlice(at[0], bytes.byteSize()).copyFrom(bytes);
          at[0] += bytes.byteSize();
        });
    into.position(into.limit());
  }

  public void put(long offset, ByteString from) {
    if (offset < 0 || offset > sizeBytes() - from.size()) {
      throw new IndexOutOfBoundsException(
          "bytes " + offset + "+" + from.size() + " of a buffer of " + sizeBytes());
    }
    long at = offset;
    for (ByteBuffer part : from.getByteBuffers()) {
      int lengthBytes = part.remaining();
      put(at, part);
      at += lengthBytes;
    }
  }

  /** A copy, on the heap. */
  public ByteString toByteString(long offset, int lengthBytes) {
    byte[] copy = new byte[checkedLength(offset, lengthBytes)];
    get(offset, ByteBuffer.wrap(copy));
    return ByteString.fromArrayUnsafe(copy);
  }

  /** Before anything of that size is allocated. */
  private int checkedLength(long offset, int lengthBytes) {
    if (lengthBytes < 0 || offset < 0 || offset > sizeBytes() - lengthBytes) {
      throw new IndexOutOfBoundsException(
          "bytes " + offset + "+" + lengthBytes + " of a buffer of " + sizeBytes());
    }
    return lengthBytes;
  }

  /** Writes to a channel, which may block; returns when all is written. */
  public void writeTo(long offset, long lengthBytes, WritableByteChannel channel)
      throws IOException {
    walk(
        offset,
        lengthBytes,
        bytes -> {
          ByteBuffer rest = bytes.asByteBuffer();
          while (rest.hasRemaining()) {
            channel.write(rest);
          }
        });
  }

  /**
   * Reads from a channel, which may block, straight into the buffer.
   *
   * @return the bytes read; fewer than asked for at the end of the channel
   */
  public long readFrom(long offset, long lengthBytes, ReadableByteChannel channel)
      throws IOException {
    long[] read = {0};
    boolean[] ended = {false};
    walk(
        offset,
        lengthBytes,
        bytes -> {
          ByteBuffer rest = bytes.asByteBuffer();
          while (!ended[0] && rest.hasRemaining()) {
            int got = channel.read(rest);
            ended[0] = got < 0;
            read[0] += Math.max(0, got);
          }
        });
    return read[0];
  }

  /** The lease ends; false: another thread has it open in a block, which will end it. */
  boolean die() {
    if (confined && Thread.currentThread() != opener) {
      return false;
    }
    try {
      arena.close();
      return true;
    } catch (IllegalStateException inTheMiddleOfAnAccess) {
      return false;
    }
  }

  /** Ends the views. More than once is no error. */
  @Override
  public void close() {
    if (arena.scope().isAlive()) {
      arena.close();
    }
    mapping.viewClosed(this);
  }
}
