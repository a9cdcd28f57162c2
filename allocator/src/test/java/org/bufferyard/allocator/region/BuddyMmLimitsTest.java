package org.bufferyard.allocator.region;

import static org.assertj.core.api.Assertions.assertThat;
import static org.bufferyard.allocator.region.BuddyRequest.CLEARED;
import static org.bufferyard.allocator.region.BuddyRequest.CONTIGUOUS;
import static org.bufferyard.allocator.region.BuddyRequest.KEEP_TAIL;
import static org.bufferyard.allocator.region.BuddyRequest.RANGE;
import static org.bufferyard.allocator.region.BuddyRequest.TOPDOWN;
import static org.bufferyard.allocator.region.Regions.done;
import static org.bufferyard.allocator.region.Regions.reason;
import static org.bufferyard.allocator.region.Regions.refused;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.bufferyard.allocator.Errno;
import org.bufferyard.allocator.Outcome;
import org.junit.jupiter.api.Test;

/** Rules and places of the byte-addressed buddy, in chunks, at the values where they turn. */
class BuddyMmLimitsTest {
  private static final long P = 4096;

  private static BuddyMm space(long chunks) {
    return done(BuddyMm.create(chunks * P, P));
  }

  private static Outcome<List<BuddyBlock>> ask(
      BuddyMm mm, long start, long end, long size, long minBlock, int flags) {
    return mm.allocate(new BuddyRequest(start * P, end * P, size * P, minBlock * P, flags));
  }

  /** Blocks as first chunk, order and a star for cleared. */
  private static String show(List<BuddyBlock> blocks) {
    return blocks.stream()
        .map(
            block ->
                "%d/%d%s"
                    .formatted(block.offsetBytes() / P, block.order(), block.cleared() ? "*" : ""))
        .collect(Collectors.joining(" "));
  }

  private static String took(BuddyMm mm, long size, long minBlock, int flags) {
    return show(done(ask(mm, 0, 0, size, minBlock, flags)));
  }

  private static Errno refusal(BuddyMm mm, long size, long minBlock, int flags) {
    String before = show(mm.freeBlocks());
    Errno errno = refused(ask(mm, 0, 0, size, minBlock, flags));
    assertThat(show(mm.freeBlocks())).isEqualTo(before);
    return errno;
  }

  @Test
  void create_sizesAtTheirLimits_andBeyond() {
    assertThat(done(BuddyMm.create(P, P)).maxOrder()).isZero();
    assertThat(space(13).maxOrder()).isEqualTo(3);
    assertThat(space(1 << 20).maxOrder()).isEqualTo(20);
    assertThat(show(space(13).freeBlocks())).isEqualTo("0/3 8/2 12/0");
    assertThat(done(BuddyMm.create(Long.MAX_VALUE, 1L << 60)).sizeBytes()).isEqualTo(7L << 60);
    for (long size : new long[] {P - 1, 0, -1, Long.MIN_VALUE}) {
      assertThat(refused(BuddyMm.create(size, P))).isEqualTo(Errno.EINVAL);
      assertThat(refused(BuddyMm.create(size, 1L << 60))).isEqualTo(Errno.EINVAL);
    }
    assertThat(reason(BuddyMm.create(P << 31, P)))
        .isEqualTo(
            "no space of 8796093022208 bytes in chunks of 4096"
                + " (a power of two of at least a page, at most 2^30 chunks)");
  }

  @Test
  void allocate_sizeOfTheSpace_fitsAndOneMoreDoesNot() {
    assertThat(took(space(16), 16, 1, 0)).isEqualTo("0/4");
    assertThat(took(space(16), 15, 2, 0)).isEqualTo("0/3 8/2 12/1 14/0");
    assertThat(took(space(16), 15, 2, KEEP_TAIL)).isEqualTo("0/4");
    assertThat(took(space(13), 13, 1, 0)).isEqualTo("0/3 8/2 12/0");
    assertThat(refusal(space(13), 13, 2, 0)).isEqualTo(Errno.EINVAL);
    assertThat(refusal(space(16), 17, 1, 0)).isEqualTo(Errno.EINVAL);
    assertThat(reason(ask(space(16), 0, 0, 17, 1, 0)))
        .startsWith("the rounded request fits the space: BuddyRequest[");
    BuddyMm mm = space(16);
    BuddyRequest huge = new BuddyRequest(0, 0, Long.MAX_VALUE & -P, 1L << 62, 0);
    assertThat(refused(mm.allocate(huge))).isEqualTo(Errno.EINVAL);
  }

  @Test
  void allocate_contiguousBeyondAPowerOfTwo_onlyWhereItMayBeSearched() {
    assertThat(took(space(12), 9, 1, CONTIGUOUS)).isEqualTo("0/3 8/0");
    assertThat(refusal(space(12), 9, 1, CONTIGUOUS | KEEP_TAIL)).isEqualTo(Errno.EINVAL);
    assertThat(refused(ask(space(12), 0, 12, 9, 1, CONTIGUOUS | RANGE))).isEqualTo(Errno.EINVAL);
    assertThat(show(done(ask(space(12), 0, 12, 8, 1, CONTIGUOUS | RANGE)))).isEqualTo("0/3");
    assertThat(show(done(ask(space(12), 0, 12, 9, 1, RANGE)))).isEqualTo("0/3 8/0");
    assertThat(took(space(12), 8, 1, CONTIGUOUS | KEEP_TAIL)).isEqualTo("0/3");
    assertThat(took(space(16), 9, 1, CONTIGUOUS | KEEP_TAIL)).isEqualTo("0/4");
    assertThat(took(space(12), 1, 1, CONTIGUOUS | KEEP_TAIL)).isEqualTo("8/0");
    assertThat(took(space(12), 5, 1, CONTIGUOUS | KEEP_TAIL)).isEqualTo("0/3");
    assertThat(took(space(12), 9, 1, KEEP_TAIL)).isEqualTo("0/3 8/0");
    assertThat(took(space(12), 6, 2, CONTIGUOUS)).isEqualTo("0/2 4/1");
    assertThat(took(space(12), 6, 2, CONTIGUOUS | KEEP_TAIL)).isEqualTo("0/3");
  }

  @Test
  void allocate_windowAtTheSpacesEdges_andBeyond() {
    assertThat(show(done(ask(space(16), 0, 16, 3, 1, RANGE)))).isEqualTo("0/1 2/0");
    assertThat(show(done(ask(space(16), 13, 16, 2, 1, RANGE)))).isEqualTo("14/1");
    assertThat(show(done(ask(space(16), 5, 6, 1, 1, 0)))).isEqualTo("5/0");
    assertThat(show(done(ask(space(16), 13, 16, 3, 1, 0)))).isEqualTo("13/0 14/1");
    assertThat(show(done(ask(space(16), 0, 16, 16, 16, 0)))).isEqualTo("0/4");
    assertThat(show(done(ask(space(16), 4, 12, 2, 1, RANGE | TOPDOWN)))).isEqualTo("10/1");
    for (long[] wrong :
        new long[][] {
          {-1, 4, 2}, {-1, 1, 2}, {13, 17, 2}, {4, 4, 1}, {4, 5, 2}, {5, 4, 1}, {0, 17, 17}
        }) {
      assertThat(reason(ask(space(16), wrong[0], wrong[1], wrong[2], 1, RANGE)))
          .startsWith("the window lies inside the space and holds the request");
    }
    BuddyRequest wrapped = new BuddyRequest(P, Long.MIN_VALUE, 2 * P, P, RANGE);
    assertThat(refused(space(16).allocate(wrapped))).isEqualTo(Errno.EINVAL);
    BuddyRequest below = new BuddyRequest(Long.MIN_VALUE, Long.MIN_VALUE + P, P, P, 0);
    assertThat(refused(space(16).allocate(below))).isEqualTo(Errno.EINVAL);
  }

  @Test
  void allocate_exactRangeTaken_isEnospcWithWhatThereIs() {
    BuddyMm mm = space(16);
    done(ask(mm, 4, 6, 2, 1, 0));
    BuddyRequest request = new BuddyRequest(0, 16 * P, 16 * P, P, 0);
    assertThat(reason(mm.allocate(request)))
        .isEqualTo("available 57344 of 65536 bytes: " + request);
    assertThat(refused(ask(mm, 5, 8, 3, 1, 0))).isEqualTo(Errno.ENOSPC);
    assertThat(show(done(ask(mm, 6, 9, 3, 1, 0)))).isEqualTo("6/1 8/0");
    assertThat(reason(ask(mm, 1, 3, 2, 2, 0)))
        .startsWith("an exact range starts and ends at multiples of min block");
    assertThat(reason(ask(mm, 2, 5, 3, 2, 0)))
        .startsWith("an exact range starts and ends at multiples of min block");
  }

  @Test
  void allocate_notInChunks_isEinval() {
    long[][] misaligned = {{1, 0, P}, {0, 1, P}, {0, 0, P + 1}};
    for (long[] wrong : misaligned) {
      BuddyRequest request = new BuddyRequest(wrong[0], wrong[1], wrong[2], P, 0);
      assertThat(reason(space(16).allocate(request)))
          .isEqualTo("start, end and size are multiples of a chunk: " + request);
    }
    for (long[] wrong : new long[][] {{P - 1, P}, {P, P / 2}, {P, 3 * P}, {0, P}, {P, 0}}) {
      BuddyRequest request = new BuddyRequest(0, 0, wrong[0], wrong[1], 0);
      assertThat(reason(space(16).allocate(request)))
          .isEqualTo(
              "size and min block are at least a chunk, min block a power of two: " + request);
    }
  }

  @Test
  void allocate_smallerThanMinBlock_isAlignedToItAndHasNoTail() {
    BuddyMm mm = space(16);
    assertThat(took(mm, 1, 4, 0)).isEqualTo("0/0");
    assertThat(took(mm, 3, 4, 0)).isEqualTo("4/1 6/0");
    assertThat(took(mm, 4, 4, 0)).isEqualTo("8/2");
    assertThat(took(mm, 1, 4, TOPDOWN)).isEqualTo("12/0");
    assertThat(refusal(mm, 1, 4, 0)).isEqualTo(Errno.ENOSPC);
    assertThat(took(mm, 1, 1, 0)).isEqualTo("1/0");
    assertThat(mm.availableBytes()).isEqualTo(6 * P);
  }

  @Test
  void allocate_tailOfMinBlock_isGivenBack() {
    BuddyMm mm = space(16);
    assertThat(took(mm, 6, 4, 0)).isEqualTo("0/2 4/1");
    assertThat(show(mm.freeBlocks())).isEqualTo("6/1 8/3");
    assertThat(took(mm, 6, 2, 0)).isEqualTo("8/2 6/1");
    assertThat(took(mm, 3, 2, KEEP_TAIL)).isEqualTo("12/2");
    assertThat(mm.availableBytes()).isZero();
  }

  /**
   * Page by page, every other one cleared: nothing merges, a larger block is made of both kinds.
   */
  private static BuddyMm striped(long chunks) {
    BuddyMm mm = space(chunks);
    List<List<BuddyBlock>> pages = new ArrayList<>();
    for (int page = 0; page < chunks; page++) {
      pages.add(done(ask(mm, 0, 0, 1, 1, 0)));
    }
    for (int page = 0; page < chunks; page++) {
      done(mm.free(pages.get(page), page % 2 == 1));
    }
    return mm;
  }

  @Test
  void allocate_mixedNeighbours_makeOneDirtyBlockWhoseInsideIsNoBlock() {
    BuddyMm mm = striped(8);
    assertThat(show(mm.freeBlocks())).isEqualTo("0/0 1/0* 2/0 3/0* 4/0 5/0* 6/0 7/0*");
    assertThat(mm.clearedBytes()).isEqualTo(4 * P);
    assertThat(mm.availableBytes()).isEqualTo(8 * P);
    List<BuddyBlock> blocks = done(ask(mm, 0, 0, 4, 2, CLEARED));
    assertThat(show(blocks)).isEqualTo("0/1 2/1");
    for (long inside : new long[] {1, 3}) {
      BuddyBlock part = new BuddyBlock(inside * P, P, 0, false);
      assertThat(refused(mm.free(List.of(part), false))).isEqualTo(Errno.EINVAL);
    }
    assertThat(refusal(mm, 6, 2, 0)).isEqualTo(Errno.ENOSPC);
    assertThat(refusal(mm, 8, 8, 0)).isEqualTo(Errno.ENOSPC);
    assertThat(took(mm, 2, 2, TOPDOWN)).isEqualTo("6/1");
    assertThat(took(mm, 2, 2, 0)).isEqualTo("4/1");
    done(mm.free(blocks, true));
    assertThat(show(mm.freeBlocks())).isEqualTo("0/2*");
    assertThat(show(done(ask(mm, 1, 2, 1, 1, 0)))).isEqualTo("1/0*");
    assertThat(took(mm, 1, 1, CLEARED)).isEqualTo("0/0*");
    assertThat(took(mm, 2, 1, 0)).isEqualTo("2/1*");
  }

  /** One walk over the space serves many requests, though lower places have come free since. */
  @Test
  void allocate_mixedNeighboursOneByOne_goesOnBehindTheLast() {
    BuddyMm mm = striped(8);
    List<BuddyBlock> first = done(ask(mm, 0, 0, 2, 2, 0));
    assertThat(show(first)).isEqualTo("0/1");
    done(mm.free(done(mm.trim(first, 0, P)), true));
    assertThat(show(mm.freeBlocks())).startsWith("0/0* 1/0 2/0 3/0*");
    for (String expected : List.of("2/1", "4/1", "6/1", "0/1")) {
      assertThat(took(mm, 2, 2, 0)).isEqualTo(expected);
    }
  }

  @Test
  void allocate_clearedOrNot_isServedFromThatKindWhileItLasts() {
    BuddyMm mm = space(8);
    done(mm.free(done(ask(mm, 4, 8, 4, 4, 0)), true));
    assertThat(took(mm, 2, 1, CLEARED)).isEqualTo("4/1*");
    assertThat(took(mm, 2, 1, 0)).isEqualTo("0/1");
    assertThat(took(mm, 4, 1, CLEARED)).isEqualTo("6/1* 2/1");
    assertThat(mm.availableBytes()).isZero();
  }

  @Test
  void allocate_largeBlockBesideMixedOnes_takesBoth() {
    BuddyMm mm = space(16);
    List<List<BuddyBlock>> pages = new ArrayList<>();
    for (int page = 0; page < 8; page++) {
      pages.add(done(ask(mm, 0, 0, 1, 1, 0)));
    }
    for (int page = 0; page < 8; page++) {
      done(mm.free(pages.get(page), page % 2 == 0));
    }
    assertThat(took(mm, 12, 4, 0)).isEqualTo("8/3 0/2");
    assertThat(refusal(mm, 8, 4, 0)).isEqualTo(Errno.ENOSPC);
    assertThat(took(mm, 3, 4, 0)).isEqualTo("4/0* 5/0 6/0*");
    assertThat(mm.clearedBytes()).isZero();
    assertThat(mm.availableBytes()).isEqualTo(P);
  }

  @Test
  void free_buddiesInOneCall_mergeAndARefusedCallFreesNone() {
    BuddyMm mm = space(4);
    List<BuddyBlock> pages = new ArrayList<>();
    for (int page = 0; page < 4; page++) {
      pages.addAll(done(ask(mm, 0, 0, 1, 1, 0)));
    }
    List<BuddyBlock> wrong =
        List.of(pages.get(0), pages.get(1), new BuddyBlock(2 * P, 2 * P, 1, false));
    assertThat(reason(mm.free(wrong, false))).startsWith("not an allocated block: BuddyBlock[");
    assertThat(mm.freeBlocks()).isEmpty();
    for (long offset : new long[] {-P, 4 * P, 1, P - 1, Long.MIN_VALUE}) {
      BuddyBlock foreign = new BuddyBlock(offset, P, 0, false);
      assertThat(refused(mm.free(List.of(foreign), false))).isEqualTo(Errno.EINVAL);
    }
    assertThat(refused(mm.free(List.of(pages.get(0), pages.get(0)), false)))
        .isEqualTo(Errno.EINVAL);
    assertThat(done(mm.free(pages, false))).isEqualTo(4);
    assertThat(show(mm.freeBlocks())).isEqualTo("0/2");
    assertThat(refused(mm.free(List.of(pages.get(3)), false))).isEqualTo(Errno.EINVAL);
  }

  @Test
  void reset_blocksThatWereHeld_areNoBlocksAnyMore() {
    BuddyMm mm = space(8);
    List<BuddyBlock> held = done(ask(mm, 1, 4, 3, 1, 0));
    mm.reset(true);
    assertThat(show(mm.freeBlocks())).isEqualTo("0/3*");
    for (BuddyBlock block : held) {
      assertThat(refused(mm.free(List.of(block), false))).isEqualTo(Errno.EINVAL);
    }
    mm.reset(false);
    assertThat(mm.availableBytes()).isEqualTo(8 * P);
    assertThat(mm.clearedBytes()).isZero();
    assertThat(took(mm, 8, 8, 0)).isEqualTo("0/3");
  }

  @Test
  void trim_partsAtTheBlocksEdges_andBeyond() {
    for (long[] part : new long[][] {{8, 1}, {15, 1}, {8, 8}, {11, 3}}) {
      BuddyMm mm = space(16);
      List<BuddyBlock> block = done(ask(mm, 8, 16, 8, 8, 0));
      List<BuddyBlock> kept = done(mm.trim(block, part[0] * P, part[1] * P));
      assertThat(kept.getFirst().offsetBytes()).isEqualTo(part[0] * P);
      assertThat(kept.stream().mapToLong(BuddyBlock::sizeBytes).sum()).isEqualTo(part[1] * P);
      assertThat(mm.availableBytes()).isEqualTo((16 - part[1]) * P);
    }
    BuddyMm mm = space(16);
    List<BuddyBlock> block = done(ask(mm, 8, 16, 8, 8, 0));
    String size = "the part kept is chunk-aligned, not empty and no larger than the block";
    for (long[] part : new long[][] {{8 * P, 9 * P}, {8 * P, 0}, {8 * P, -P}, {8 * P + 1, P}}) {
      assertThat(reason(mm.trim(block, part[0], part[1]))).startsWith(size);
    }
    for (long[] part : new long[][] {{7, 1}, {16, 1}, {15, 2}, {-8, 1}}) {
      assertThat(reason(mm.trim(block, part[0] * P, part[1] * P)))
          .startsWith("the part kept lies inside the block: keep " + part[1] * P);
    }
    assertThat(reason(mm.trim(List.of(), 0, P))).startsWith("exactly one block is trimmed");
    done(mm.free(block, false));
    assertThat(reason(mm.trim(block, 8 * P, P))).startsWith("not an allocated block: keep 4096 at");
  }
}
