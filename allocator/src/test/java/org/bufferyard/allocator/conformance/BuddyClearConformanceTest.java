package org.bufferyard.allocator.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.bufferyard.allocator.conformance.BuddySpace.P;
import static org.bufferyard.allocator.region.BuddyRequest.CLEARED;
import static org.bufferyard.allocator.region.BuddyRequest.CONTIGUOUS;
import static org.bufferyard.allocator.region.BuddyRequest.KEEP_TAIL;
import static org.bufferyard.allocator.region.BuddyRequest.RANGE;
import static org.bufferyard.allocator.region.BuddyRequest.TOPDOWN;
import static org.bufferyard.allocator.region.Regions.done;
import static org.bufferyard.allocator.region.Regions.refused;

import java.util.ArrayList;
import java.util.List;
import org.bufferyard.allocator.Errno;
import org.bufferyard.allocator.region.BuddyBlock;
import org.bufferyard.allocator.region.BuddyMm;
import org.junit.jupiter.api.Test;

/**
 * The buddy cases about cleared memory, trimming and errors; see {@link BuddyConformanceTest},
 * whose table of divergences covers both.
 */
class BuddyClearConformanceTest {

  @Test
  void BUD16_biasClear_neverClearedSpaceGivesDirtyBlocks() {
    BuddySpace space = BuddySpace.of(16 * P);
    assertThat(space.window(4 * P, 12 * P, 5 * P, P, CLEARED | RANGE))
        .isNotEmpty()
        .noneMatch(BuddyBlock::cleared);
  }

  @Test
  void BUD17_clear_preferenceIsHonouredWhileItLasts() {
    BuddySpace space = BuddySpace.of(P << 12);
    space.free(space.take(5 * P, P, TOPDOWN), true);
    assertThat(space.mm().clearedBytes()).isEqualTo(5 * P);
    List<List<BuddyBlock>> held = new ArrayList<>();
    for (int page = 0; page < 10; page++) {
      boolean wantsCleared = page % 2 == 1;
      List<BuddyBlock> blocks = space.take(P, P, wantsCleared ? CLEARED : 0);
      assertThat(blocks.getFirst().cleared()).isEqualTo(wantsCleared);
      held.add(blocks);
    }
    held.forEach(blocks -> space.free(blocks, blocks.getFirst().cleared()));
    List<BuddyBlock> ten = space.take(10 * P, P, CLEARED);
    assertThat(BuddySpace.bytes(ten)).isEqualTo(10 * P);
    assertThat(ten).anyMatch(BuddyBlock::cleared).anyMatch(block -> !block.cleared());
  }

  @Test
  void BUD18_clearFragmentation_mixedNeighboursServeLargeBlocksAsDirty() {
    BuddySpace space = BuddySpace.of(P << 12);
    List<List<BuddyBlock>> pages = new ArrayList<>();
    for (int page = 0; page < 1 << 12; page++) {
      pages.add(space.take(P, P, 0));
    }
    for (List<BuddyBlock> page : pages) {
      space.free(page, page.getFirst().offsetBytes() / P % 2 == 0);
    }
    assertThat(space.mm().freeBlocks()).hasSize(1 << 12);
    for (int order = 1; order < 12; order++) {
      List<BuddyBlock> blocks = space.take(P << order, P << order, CLEARED);
      assertThat(blocks).hasSize(1);
      assertThat(blocks.getFirst().order()).isEqualTo(order);
      assertThat(blocks.getFirst().cleared()).isFalse();
      space.free(blocks, false);
    }
    // The whole space is an exact range, which is given as the blocks it consists of.
    assertThat(BuddySpace.isRun(space.take(P << 12, P << 12, CLEARED), P << 12)).isTrue();
  }

  @Test
  void BUD19_clearNonPowerOfTwo_allFreedAsClearedIsOneRootPerSetBit() {
    long size = (P << 12) + (P << 10);
    BuddySpace space = BuddySpace.of(size);
    List<BuddyBlock> all = new ArrayList<>();
    for (long left = size; left > 0; left -= P) {
      all.addAll(space.take(P, P, 0));
    }
    space.free(all, true);
    assertThat(space.mm().clearedBytes()).isEqualTo(size);
    assertThat(space.mm().freeBlocks()).hasSize(2);
  }

  @Test
  void BUD20_resetClear_declaresEverythingClearedOrDirty() {
    BuddySpace space = BuddySpace.of(P << 12);
    space.take(37 * P, P, 0);
    space.mm().reset(true);
    assertThat(space.mm().clearedBytes()).isEqualTo(P << 12);
    assertThat(space.mm().availableBytes()).isEqualTo(P << 12);
    space.take(5 * P, P, CLEARED);
    space.mm().reset(false);
    assertThat(space.mm().clearedBytes()).isZero();
    assertThat(space.mm().freeBlocks()).hasSize(1);
  }

  @Test
  void BUD26_errors_initialisation() {
    for (long[] wrong :
        new long[][] {{P - 1, P}, {16 * P, 2048}, {16 * P, 0}, {16 * P, 3 * P}, {16 * P, -P}}) {
      assertThat(refused(BuddyMm.create(wrong[0], wrong[1]))).isEqualTo(Errno.EINVAL);
    }
    assertThat(done(BuddyMm.create(16 * P + 5, P)).sizeBytes()).isEqualTo(16 * P);
  }

  @Test
  void BUD26_errors_allocation() {
    BuddySpace space = BuddySpace.of(16 * P);
    assertThat(space.refusal(P - 1, P, 0)).isEqualTo(Errno.EINVAL);
    assertThat(space.refusal(0, P, 0)).isEqualTo(Errno.EINVAL);
    assertThat(space.refusal(-P, P, 0)).isEqualTo(Errno.EINVAL);
    assertThat(space.refusal(P, P / 2, 0)).isEqualTo(Errno.EINVAL);
    assertThat(space.refusal(P, 3 * P, 0)).isEqualTo(Errno.EINVAL);
    assertThat(space.refusal(P + 1, P, 0)).isEqualTo(Errno.EINVAL);
    assertThat(space.refusal(17 * P, P, 0)).isEqualTo(Errno.EINVAL);
    assertThat(space.refusal(17 * P, P, CONTIGUOUS)).isEqualTo(Errno.EINVAL);
    assertThat(space.windowRefusal(1, 8 * P, P, P)).isEqualTo(Errno.EINVAL);
    assertThat(space.windowRefusal(0, 8 * P + 1, P, P)).isEqualTo(Errno.EINVAL);
    assertThat(space.windowRefusal(0, 17 * P, P, P)).isEqualTo(Errno.EINVAL);
    assertThat(space.windowRefusal(8 * P, 4 * P, P, P)).isEqualTo(Errno.EINVAL);
    assertThat(space.windowRefusal(8 * P, 10 * P, 3 * P, P)).isEqualTo(Errno.EINVAL);
    assertThat(space.windowRefusal(Long.MAX_VALUE & -P, 8 * P, P, P)).isEqualTo(Errno.EINVAL);
    assertThat(refused(space.allocate(P, 3 * P, 2 * P, 2 * P, 0))).isEqualTo(Errno.EINVAL);
    assertThat(refused(space.allocate(2 * P, 5 * P, 3 * P, 2 * P, 0))).isEqualTo(Errno.EINVAL);
    assertThat(BuddySpace.bytes(space.take(9 * P, P, CONTIGUOUS | KEEP_TAIL))).isEqualTo(16 * P);
  }

  @Test
  void BUD26_errors_trim() {
    BuddySpace space = BuddySpace.of(16 * P);
    List<BuddyBlock> block = space.window(8 * P, 16 * P, 4 * P, 4 * P, RANGE);
    long at = block.getFirst().offsetBytes();
    List<BuddyBlock> none = List.of();
    assertThat(refused(space.mm().trim(none, at, P))).isEqualTo(Errno.EINVAL);
    assertThat(refused(space.mm().trim(List.of(block.getFirst(), block.getFirst()), at, P)))
        .isEqualTo(Errno.EINVAL);
    long[][] wrong = {
      {at, 0},
      {at, -P},
      {at, P + 1},
      {at, 5 * P},
      {at - P, P},
      {at + 1, P},
      {at + 3 * P, 2 * P},
      {Long.MAX_VALUE & -P, P},
    };
    for (long[] part : wrong) {
      List<BuddyBlock> before = space.mm().freeBlocks();
      assertThat(refused(space.mm().trim(block, part[0], part[1]))).isEqualTo(Errno.EINVAL);
      assertThat(space.mm().freeBlocks()).isEqualTo(before);
    }
    assertThat(done(space.mm().trim(block, at, 4 * P))).isEqualTo(block);
    List<BuddyBlock> kept = done(space.mm().trim(block, at + P, 2 * P));
    assertThat(BuddySpace.isRun(kept, 2 * P)).isTrue();
    assertThat(kept.getFirst().offsetBytes()).isEqualTo(at + P);
    assertThat(space.mm().availableBytes()).isEqualTo(14 * P);
    assertThat(refused(space.mm().trim(block, at, P))).isEqualTo(Errno.EINVAL);
  }

  @Test
  void BUD26_errors_freeOfWhatIsNotAllocated() {
    BuddySpace space = BuddySpace.of(16 * P);
    BuddyBlock block = space.takeOrder(2).getFirst();
    List<BuddyBlock> before = space.mm().freeBlocks();
    List<List<BuddyBlock>> wrong =
        List.of(
            List.of(block, block),
            List.of(block, new BuddyBlock(8 * P, P, 0, false)),
            List.of(new BuddyBlock(block.offsetBytes(), P, 0, false)),
            List.of(new BuddyBlock(block.offsetBytes() + P, P, 0, false)),
            List.of(new BuddyBlock(16 * P, P, 0, false)),
            List.of(new BuddyBlock(-P, P, 0, false)),
            List.of(new BuddyBlock(1, P, 0, false)));
    for (List<BuddyBlock> blocks : wrong) {
      assertThat(refused(space.mm().free(blocks, false))).isEqualTo(Errno.EINVAL);
      assertThat(space.mm().freeBlocks()).isEqualTo(before);
    }
    space.free(List.of(block));
    assertThat(refused(space.mm().free(List.of(block), false))).isEqualTo(Errno.EINVAL);
    assertThat(space.mm().freeBlocks()).hasSize(1);
  }
}
