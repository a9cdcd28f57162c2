package org.bufferyard.allocator.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.bufferyard.allocator.Errno;
import org.bufferyard.allocator.Outcome;
import org.bufferyard.allocator.region.BuddyBlock;
import org.bufferyard.allocator.region.BuddyMm;
import org.bufferyard.allocator.region.BuddyRequest;
import org.bufferyard.allocator.region.Regions;

/**
 * A buddy with the words the conformance cases use. Each refusal is checked to have changed
 * nothing.
 */
record BuddySpace(BuddyMm mm) {
  static final long P = 4096;
  static final long K = 1024;
  static final long M = 1024 * 1024;

  static BuddySpace of(long sizeBytes) {
    return of(sizeBytes, P);
  }

  static BuddySpace of(long sizeBytes, long chunkBytes) {
    return new BuddySpace(Regions.done(BuddyMm.create(sizeBytes, chunkBytes)));
  }

  Outcome<List<BuddyBlock>> allocate(long start, long end, long size, long minBlock, int flags) {
    boolean compare = mm.sizeBytes() <= 64 * M;
    List<BuddyBlock> before = compare ? mm.freeBlocks() : List.of();
    Outcome<List<BuddyBlock>> outcome =
        mm.allocate(new BuddyRequest(start, end, size, minBlock, flags));
    if (compare && outcome instanceof Outcome.Refused) {
      assertThat(mm.freeBlocks()).isEqualTo(before);
    }
    return outcome;
  }

  List<BuddyBlock> take(long size, long minBlock, int flags) {
    return Regions.done(allocate(0, mm.sizeBytes(), size, minBlock, flags));
  }

  Optional<List<BuddyBlock>> tryTake(long size, long minBlock, int flags) {
    return allocate(0, mm.sizeBytes(), size, minBlock, flags)
            instanceof Outcome.Done<List<BuddyBlock>>(List<BuddyBlock> blocks)
        ? Optional.of(blocks)
        : Optional.empty();
  }

  Errno refusal(long size, long minBlock, int flags) {
    return Regions.refused(allocate(0, mm.sizeBytes(), size, minBlock, flags));
  }

  List<BuddyBlock> takeOrder(int order) {
    List<BuddyBlock> blocks = take(P << order, P << order, 0);
    assertThat(blocks).hasSize(1);
    return blocks;
  }

  List<BuddyBlock> exact(long start, long size) {
    return Regions.done(allocate(start, start + size, size, P, 0));
  }

  Errno exactRefusal(long start, long size) {
    return Regions.refused(allocate(start, start + size, size, P, 0));
  }

  List<BuddyBlock> window(long start, long end, long size, long minBlock, int flags) {
    return Regions.done(allocate(start, end, size, minBlock, flags));
  }

  Errno windowRefusal(long start, long end, long size, long minBlock) {
    return Regions.refused(allocate(start, end, size, minBlock, BuddyRequest.RANGE));
  }

  void free(List<BuddyBlock> blocks) {
    free(blocks, false);
  }

  void free(List<BuddyBlock> blocks, boolean cleared) {
    Regions.done(mm.free(blocks, cleared));
  }

  static long bytes(List<BuddyBlock> blocks) {
    return blocks.stream().mapToLong(BuddyBlock::sizeBytes).sum();
  }

  /** The blocks, by offset, leave no gap and hold {@code size}. */
  static boolean isRun(List<BuddyBlock> blocks, long size) {
    List<BuddyBlock> sorted = sorted(blocks);
    for (int index = 1; index < sorted.size(); index++) {
      BuddyBlock before = sorted.get(index - 1);
      if (before.offsetBytes() + before.sizeBytes() != sorted.get(index).offsetBytes()) {
        return false;
      }
    }
    return bytes(blocks) == size;
  }

  private static List<BuddyBlock> sorted(List<BuddyBlock> blocks) {
    return blocks.stream().sorted(Comparator.comparingLong(BuddyBlock::offsetBytes)).toList();
  }

  static int[] permutation(int count, long seed) {
    RandomGenerator random = Regions.random(seed);
    int[] order = new int[count];
    for (int index = 0; index < count; index++) {
      int other = random.nextInt(index + 1);
      order[index] = order[other];
      order[other] = index;
    }
    return order;
  }

  /** BUD25: blocks tile the space, are aligned to their size, and free buddies have merged. */
  void checkInvariants(List<List<BuddyBlock>> held, String where) {
    List<BuddyBlock> all = new ArrayList<>(mm.freeBlocks());
    long free = bytes(all);
    assertThat(mm.availableBytes()).as(where).isEqualTo(free);
    for (int index = 1; index < all.size(); index++) {
      BuddyBlock one = all.get(index - 1);
      BuddyBlock other = all.get(index);
      boolean buddies =
          one.order() == other.order()
              && (one.offsetBytes() ^ one.sizeBytes()) == other.offsetBytes();
      assertThat(buddies && one.cleared() == other.cleared()).as(where + one + other).isFalse();
    }
    held.forEach(all::addAll);
    assertThat(isRun(all, mm.sizeBytes())).as(where).isTrue();
    for (BuddyBlock block : all) {
      assertThat(block.sizeBytes()).as(where).isEqualTo(P << block.order());
      assertThat(block.offsetBytes() % block.sizeBytes()).as(where).isZero();
    }
  }
}
