package org.bufferyard.actors.memory;

import com.github.luben.zstd.Zstd;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.bufferyard.allocator.Errno;
import org.bufferyard.allocator.Pages;

/**
 * Pages compressed in memory, each by itself with Zstandard, in a pool of fixed size; a page that
 * does not shrink is kept as it is. Model of zswap.
 */
final class CompressedTier extends TierStore {
  private static final int LEVEL = 1;

  private final MemorySegment pool;
  private final SizeClasses room;
  private final MemorySegment packed;
  private final int[] unit;
  private final short[] lengths;
  private final String name;

  /**
   * @param pages how many it can name; what they hold must fit the pool once compressed
   */
  CompressedTier(long pages, long poolPages, Arena arena, String name) {
    super(pages);
    this.name = name;
    this.pool = arena.allocate(Pages.toBytes(poolPages), Pages.SIZE_BYTES);
    this.packed = arena.allocate(Zstd.compressBound(Pages.SIZE_BYTES), Long.BYTES);
    this.room = new SizeClasses(Math.toIntExact(poolPages));
    this.unit = new int[Math.toIntExact(pages)];
    this.lengths = new short[unit.length];
    Arrays.fill(unit, SizeClasses.NONE);
  }

  @Override
  void put(int page, MemorySegment bytes) {
    drop(page);
    long length =
        Zstd.compressUnsafe(
            packed.address(), packed.byteSize(), bytes.address(), Pages.SIZE_BYTES, LEVEL);
    boolean shrunk = !Zstd.isError(length) && length <= Pages.SIZE_BYTES - SizeClasses.UNIT_BYTES;
    int kept = shrunk ? (int) length : Pages.SIZE_BYTES;
    int at = room.take(kept);
    if (at == SizeClasses.NONE) {
      throw new TierFailure(
          Errno.ENOSPC,
          name + ": the pool of " + pool.byteSize() + " bytes is full",
          "a larger pool, or contents that compress better");
    }
    unit[page] = at;
    lengths[page] = (short) kept;
    piece(page).copyFrom(shrunk ? packed.asSlice(0, kept) : bytes);
  }

  @Override
  void get(int page, MemorySegment into) {
    if (lengths[page] == Pages.SIZE_BYTES) {
      into.copyFrom(piece(page));
      return;
    }
    long length =
        Zstd.decompressUnsafe(
            into.address(), Pages.SIZE_BYTES, piece(page).address(), lengths[page]);
    if (length != Pages.SIZE_BYTES) {
      throw new TierFailure(Errno.EIO, name + ": page " + page + " does not unpack", "");
    }
  }

  private MemorySegment piece(int page) {
    return pool.asSlice((long) unit[page] * SizeClasses.UNIT_BYTES, lengths[page]);
  }

  @Override
  void drop(int page) {
    if (unit[page] != SizeClasses.NONE) {
      room.give(unit[page]);
      unit[page] = SizeClasses.NONE;
    }
  }
}
