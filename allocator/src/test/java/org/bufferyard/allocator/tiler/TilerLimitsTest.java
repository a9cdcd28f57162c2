package org.bufferyard.allocator.tiler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.bufferyard.allocator.region.Regions.done;
import static org.bufferyard.allocator.region.Regions.refused;

import org.bufferyard.allocator.Errno;
import org.bufferyard.allocator.Extents;
import org.junit.jupiter.api.Test;

/** The container's edges: its first and last slot, frame zero, gaps that fit exactly. */
class TilerLimitsTest {
  private static final int SLOTS = TilerContainer.WIDTH_SLOTS * TilerContainer.HEIGHT_SLOTS;
  private static final int PAGE = 4096;
  private static final int SLOT_PIXELS = 32;

  private final TilerContainer tiler = new TilerContainer(0);

  private TilerBlock image(int columns, int rows) {
    return done(tiler.reserveImage(TilerFormat.BITS_32, columns * SLOT_PIXELS, rows * SLOT_PIXELS));
  }

  private TilerBlock pages(int count) {
    return done(tiler.reservePages(count * PAGE));
  }

  private TilerBlock pinned(TilerBlock block, long pfn) {
    return done(tiler.pin(block, Extents.of(pfn, block.slots())));
  }

  private long firstByte(TilerBlock block) {
    return tiler.resolve(done(tiler.segments(block, true)).address(0));
  }

  @Test
  void container_baseThatIsNoWindow_isRefused() {
    assertThatIllegalArgumentException().isThrownBy(() -> new TilerContainer(PAGE));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new TilerContainer(-TilerContainer.WINDOW_BYTES));
  }

  @Test
  void reservePages_theWholeContainer_fitsOnce() {
    TilerBlock all = pages(SLOTS);
    assertThat(tiler.freeSlots()).isZero();
    assertThat(refused(tiler.reservePages(1))).isEqualTo(Errno.ENOSPC);
    assertThat(refused(tiler.reservePages((SLOTS + 1) * PAGE))).isEqualTo(Errno.E2BIG);
    pinned(all, 0);
    assertThat(firstByte(all)).isZero();
    assertThat(tiler.resolve(TilerFormat.WINDOWS * TilerContainer.WINDOW_BYTES - 1))
        .isEqualTo((long) SLOTS * PAGE - 1);
    assertThat(tiler.resolve(TilerFormat.WINDOWS * TilerContainer.WINDOW_BYTES)).isEqualTo(-1);
    assertThat(tiler.resolve(-1)).isEqualTo(-1);
  }

  @Test
  void resolve_firstByteOfTheAperture_isFrameZero() {
    TilerBlock block = pinned(done(tiler.reserveImage(TilerFormat.BITS_8, 1, 1)), 0);
    assertThat(done(tiler.segments(block, true)).address(0)).isZero();
    assertThat(tiler.resolve(0)).isZero();
  }

  @Test
  void reserveImage_largerThanTheView_saysHowLargeTheViewIs() {
    assertThat(tiler.reserveImage(TilerFormat.BITS_16, 16385, 1).toString())
        .contains("16385 x 1 exceeds the BITS_16 view of 16384 x 4096");
    assertThat(image(TilerContainer.WIDTH_SLOTS, TilerContainer.HEIGHT_SLOTS).slots())
        .isEqualTo(SLOTS);
  }

  @Test
  void segments_imageInALowerRow_resolveToItsOwnPages() {
    image(TilerContainer.WIDTH_SLOTS, 3);
    image(5, 1);
    TilerBlock block = pinned(image(2, 2), 700);
    assertThat(block.slotX()).isEqualTo(5);
    assertThat(block.slotY()).isEqualTo(3);
    TiledSegments segments = done(tiler.segments(block, true));
    assertThat(tiler.resolve(segments.address(0))).isEqualTo(700L * PAGE);
    assertThat(tiler.resolve(segments.address(SLOT_PIXELS))).isEqualTo(702L * PAGE);
  }

  @Test
  void unpin_aBlock_leavesItsNeighboursPages() {
    TilerBlock behind = pinned(pages(3), 100);
    TilerBlock before = pinned(pages(2), 200);
    done(tiler.unpin(before));
    assertThat(firstByte(behind)).isEqualTo(100L * PAGE);
  }

  @Test
  void reservePages_gapOfExactlyThatSize_isTaken() {
    pages(4);
    TilerBlock gap = pages(7);
    pages(SLOTS - 11);
    done(tiler.free(gap));
    assertThat(refused(tiler.reservePages(8 * PAGE))).isEqualTo(Errno.ENOSPC);
    TilerBlock again = pages(7);
    assertThat(again.slotX()).isEqualTo(gap.slotX());
    assertThat(again.slotY()).isEqualTo(gap.slotY());
    assertThat(tiler.freeSlots()).isZero();
  }

  @Test
  void reserveImage_gapOfExactlyThatSize_isTaken() {
    TilerBlock gap = image(3, 1);
    image(TilerContainer.WIDTH_SLOTS - 3, 1);
    image(TilerContainer.WIDTH_SLOTS, 1);
    done(tiler.free(gap));
    TilerBlock again = image(3, 1);
    assertThat(again.slotX()).isZero();
    assertThat(again.slotY()).isZero();
  }

  @Test
  void reserveImage_columnTakenInALowerRow_startsRightOfIt() {
    TilerBlock top = image(TilerContainer.WIDTH_SLOTS, 1);
    image(4, 1);
    done(tiler.free(top));
    TilerBlock block = image(1, 2);
    assertThat(block.slotX()).isEqualTo(4);
    assertThat(block.slotY()).isZero();
  }
}
