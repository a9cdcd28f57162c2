package org.bufferyard.actors.memory;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.zip.CRC32C;
import org.bufferyard.allocator.Errno;
import org.bufferyard.allocator.Pages;

/**
 * Pages in a mapped file. Blocks of the file system are taken by writing, a chunk before its first
 * page is put, so that a full disk is an error of that write and not a fault of the mapping; each
 * page carries a checksum, so that a page changed by somebody else is refused and never handed out.
 */
final class FileTier extends TierStore {
  /** 1 MiB: few enough writes, little enough waste. */
  static final int CHUNK_BYTES = 1 << 20;

  private final FileChannel channel;
  private final MemorySegment mapped;
  private final String name;
  private final boolean[] reserved;
  private final int[] checksums;
  private final CRC32C crc = new CRC32C();

  /**
   * The whole of a new file.
   *
   * @param channel read and write; owned by this from now on; closing it is {@link #close}
   * @param name as errors name it
   */
  FileTier(FileChannel channel, long pages, Arena arena, String name) throws IOException {
    super(pages);
    this.channel = channel;
    this.name = name;
    this.mapped = channel.map(FileChannel.MapMode.READ_WRITE, 0, Pages.toBytes(pages), arena);
    this.reserved = new boolean[Math.toIntExact(Math.ceilDiv(Pages.toBytes(pages), CHUNK_BYTES))];
    this.checksums = new int[Math.toIntExact(pages)];
  }

  @Override
  void put(int page, MemorySegment bytes) {
    long offset = Pages.toBytes(page);
    try {
      reserve((int) (offset / CHUNK_BYTES));
      checkLength(offset);
      mapped.asSlice(offset, Pages.SIZE_BYTES).copyFrom(bytes);
      checksums[page] = checksum(bytes);
    } catch (IOException e) {
      throw new TierFailure(
          Errno.ENOSPC, name + " cannot grow: " + e.getMessage(), "room on its file system");
    } catch (InternalError fault) {
      throw lost(page, "could not be written");
    }
  }

  @Override
  void get(int page, MemorySegment into) {
    long offset = Pages.toBytes(page);
    try {
      checkLength(offset);
      into.copyFrom(mapped.asSlice(offset, Pages.SIZE_BYTES));
    } catch (IOException | InternalError e) {
      throw lost(page, "could not be read");
    }
    if (checksum(into) != checksums[page]) {
      throw lost(page, "was changed by somebody else");
    }
  }

  /** A page beyond the end of a file cut short would be a fault; ask first. */
  private void checkLength(long offset) throws IOException {
    if (channel.size() < offset + Pages.SIZE_BYTES) {
      throw new TierFailure(
          Errno.EIO,
          name + " was cut short to " + channel.size() + " bytes by somebody else",
          "leaving the yard's swap directory alone");
    }
  }

  private void reserve(int chunk) throws IOException {
    if (reserved[chunk]) {
      return;
    }
    long from = (long) chunk * CHUNK_BYTES;
    ByteBuffer zeroes = ByteBuffer.allocate((int) Math.min(CHUNK_BYTES, mapped.byteSize() - from));
    while (zeroes.hasRemaining()) {
      channel.write(zeroes, from + zeroes.position());
    }
    reserved[chunk] = true;
  }

  private int checksum(MemorySegment bytes) {
    crc.reset();
    crc.update(bytes.asByteBuffer());
    return (int) crc.getValue();
  }

  private TierFailure lost(int page, String what) {
    return new TierFailure(Errno.EIO, name + ": page " + page + " " + what, "a sound disk");
  }

  /** The blocks stay the file's. */
  @Override
  void drop(int page) {}

  void close() throws IOException {
    channel.close();
  }
}
