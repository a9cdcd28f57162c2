package org.bufferyard.allocator.tiler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.bufferyard.allocator.region.Regions.done;
import static org.bufferyard.allocator.region.Regions.refused;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.TreeSet;
import java.util.random.RandomGenerator;
import org.bufferyard.allocator.Errno;
import org.bufferyard.allocator.Extents;
import org.bufferyard.allocator.Outcome;
import org.bufferyard.allocator.region.Regions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TilerContainerTest {
  private static final long BASE = 0x6000_0000L;
  private static final List<TilerFormat> IMAGES =
      List.of(TilerFormat.BITS_8, TilerFormat.BITS_16, TilerFormat.BITS_32);

  @ParameterizedTest
  @CsvSource({
    "BITS_8, 16384, 0x60000000",
    "BITS_16, 32768, 0x68000000",
    "BITS_32, 32768, 0x70000000"
  })
  void segments_image_areLinesAStrideApartInTheFormatsWindow(
      TilerFormat format, int stride, String window) {
    TilerContainer tiler = new TilerContainer(BASE);
    TilerBlock block = done(tiler.reserveImage(format, 640, 480));
    done(tiler.pin(block, Extents.of(1000, block.slots())));
    TiledSegments segments = done(tiler.segments(block, true));
    assertThat(segments.nents()).isEqualTo(480);
    assertThat(segments.strideBytes()).isEqualTo(stride);
    assertThat(segments.address(0)).isEqualTo(Long.decode(window));
    assertThat(segments.address(479)).isEqualTo(Long.decode(window) + 479L * stride);
    assertThat(segments.lengthBytes()).isEqualTo(640 * format.pixelBytes());
    assertThat(segments.totalBytes()).isEqualTo(640L * 480 * format.pixelBytes());
    assertThatThrownBy(() -> segments.address(480)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void everyView_isOneWindowOf128MebibytesAndASlotIsAPage() {
    for (TilerFormat format : TilerFormat.values()) {
      assertThat((long) format.strideBytes() * format.slotHeight() * TilerContainer.HEIGHT_SLOTS)
          .isEqualTo(TilerContainer.WINDOW_BYTES);
      assertThat(format.slotWidth() * format.slotHeight() * format.pixelBytes()).isEqualTo(4096);
    }
  }

  @Test
  void resolve_everyByteOfAnImage_isADifferentByteOfItsPages() {
    TilerContainer tiler = new TilerContainer(BASE);
    done(tiler.reserveImage(TilerFormat.BITS_32, 100, 10));
    for (TilerFormat format : IMAGES) {
      TilerBlock block =
          done(tiler.reserveImage(format, 2 * format.slotWidth(), 2 * format.slotHeight()));
      Extents pages = new Extents.Builder().add(50, 1).add(7, 2).add(90, 1).build();
      done(tiler.pin(block, pages));
      TiledSegments segments = done(tiler.segments(block, true));
      TreeSet<Long> bytes = new TreeSet<>();
      for (int line = 0; line < segments.nents(); line++) {
        for (int column = 0; column < segments.lengthBytes(); column++) {
          bytes.add(tiler.resolve(segments.address(line) + column));
        }
      }
      assertThat(bytes).hasSize(4 * 4096);
      assertThat(bytes.first()).isEqualTo(7L << 12);
      assertThat(bytes.last()).isEqualTo((91L << 12) - 1);
      assertThat(tiler.resolve(segments.address(0))).isEqualTo(50L << 12);
      done(tiler.unpin(block));
      assertThat(tiler.resolve(segments.address(0))).isEqualTo(-1);
    }
  }

  @Test
  void resolve_outsideTheWindows_isNothing() {
    TilerContainer tiler = new TilerContainer(BASE);
    assertThat(tiler.resolve(BASE - 1)).isEqualTo(-1);
    assertThat(tiler.resolve(BASE + 4 * TilerContainer.WINDOW_BYTES)).isEqualTo(-1);
    assertThat(tiler.resolve(BASE)).isEqualTo(-1);
  }

  @Test
  void reservePages_isOneLinearSegmentFromTheEnd() {
    TilerContainer tiler = new TilerContainer(BASE);
    TilerBlock block = done(tiler.reservePages(300 * 4096 - 5));
    done(tiler.pin(block, Extents.of(5, 300)));
    TiledSegments segments = done(tiler.segments(block, true));
    assertThat(segments.nents()).isOne();
    assertThat(segments.totalBytes()).isEqualTo(300 * 4096 - 5);
    long address = segments.address(0);
    assertThat(address).isEqualTo(BASE + 4 * TilerContainer.WINDOW_BYTES - 300 * 4096);
    for (int page = 0; page < 300; page++) {
      assertThat(tiler.resolve(address + page * 4096L + 9)).isEqualTo((5L + page) * 4096 + 9);
    }
  }

  @Test
  void segments_deviceNotBehindTheTiler_isEopnotsuppAndSaysWhatWouldHelp() {
    TilerContainer tiler = new TilerContainer(BASE);
    TilerBlock image = done(tiler.reserveImage(TilerFormat.BITS_8, 1, 1));
    TilerBlock pages = done(tiler.reservePages(1));
    done(tiler.pin(image, Extents.of(1, 1)));
    done(tiler.pin(pages, Extents.of(2, 1)));
    assertThat(help(tiler.segments(image, false))).isEqualTo("a linear shadow of the image");
    assertThat(help(tiler.segments(pages, false))).isEqualTo("mapping the buffer's own pages");
  }

  private static String help(Outcome<TiledSegments> outcome) {
    assertThat(refused(outcome)).isEqualTo(Errno.EOPNOTSUPP);
    return outcome instanceof Outcome.Refused<TiledSegments> no ? no.refusal().wouldHelp() : "";
  }

  @Test
  void reserve_badOrTooLarge_isRefusedAndChangesNothing() {
    TilerContainer tiler = new TilerContainer(BASE);
    assertThat(refused(tiler.reserveImage(TilerFormat.PAGE, 10, 10))).isEqualTo(Errno.EINVAL);
    assertThat(refused(tiler.reserveImage(TilerFormat.BITS_8, 0, 10))).isEqualTo(Errno.EINVAL);
    assertThat(refused(tiler.reserveImage(TilerFormat.BITS_8, 10, -1))).isEqualTo(Errno.EINVAL);
    assertThat(refused(tiler.reserveImage(TilerFormat.BITS_8, 16385, 1))).isEqualTo(Errno.E2BIG);
    assertThat(refused(tiler.reserveImage(TilerFormat.BITS_32, 1, 4097))).isEqualTo(Errno.E2BIG);
    assertThat(refused(tiler.reserveImage(TilerFormat.BITS_32, Integer.MAX_VALUE, 1)))
        .isEqualTo(Errno.E2BIG);
    assertThat(refused(tiler.reservePages(0))).isEqualTo(Errno.EINVAL);
    assertThat(refused(tiler.reservePages(Integer.MAX_VALUE))).isEqualTo(Errno.E2BIG);
    assertThat(tiler.freeSlots()).isEqualTo(256 * 128);
    done(tiler.reserveImage(TilerFormat.BITS_8, 16384, 8192));
    assertThat(refused(tiler.reserveImage(TilerFormat.BITS_8, 1, 1))).isEqualTo(Errno.ENOSPC);
    assertThat(refused(tiler.reservePages(1))).isEqualTo(Errno.ENOSPC);
    assertThatThrownBy(() -> new TilerContainer(4096)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void lifecycle_wrongOrder_isRefusedAndChangesNothing() {
    TilerContainer tiler = new TilerContainer(BASE);
    TilerBlock block = done(tiler.reserveImage(TilerFormat.BITS_16, 65, 33));
    assertThat(block.slots()).isEqualTo(4);
    assertThat(refused(tiler.segments(block, true))).isEqualTo(Errno.EINVAL);
    assertThat(refused(tiler.unpin(block))).isEqualTo(Errno.EINVAL);
    assertThat(refused(tiler.pin(block, Extents.of(0, 3)))).isEqualTo(Errno.EINVAL);
    done(tiler.pin(block, Extents.of(0, 4)));
    assertThat(refused(tiler.pin(block, Extents.of(0, 4)))).isEqualTo(Errno.EBUSY);
    assertThat(refused(tiler.free(block))).isEqualTo(Errno.EBUSY);
    done(tiler.unpin(block));
    done(tiler.free(block));
    assertThat(refused(tiler.free(block))).isEqualTo(Errno.EINVAL);
    assertThat(refused(tiler.pin(block, Extents.of(0, 4)))).isEqualTo(Errno.EINVAL);
    assertThat(tiler.freeSlots()).isEqualTo(256 * 128);
  }

  @Test
  void reserveAndFree_random_neverOverlapAndAlwaysReturn() {
    for (long seed = 1; seed <= 3; seed++) {
      RandomGenerator random = Regions.random(seed);
      TilerContainer tiler = new TilerContainer(BASE);
      BitSet used = new BitSet();
      List<TilerBlock> held = new ArrayList<>();
      for (int step = 0; step < 600; step++) {
        if (random.nextInt(100) < 40 && !held.isEmpty()) {
          TilerBlock block = held.remove(random.nextInt(held.size()));
          done(tiler.free(block));
          flip(used, block, false);
        } else if (reserve(tiler, random) instanceof Outcome.Done<TilerBlock>(TilerBlock block)) {
          flip(used, block, true);
          held.add(block);
        }
        assertThat(tiler.freeSlots())
            .as("seed %d, step %d", seed, step)
            .isEqualTo(256 * 128 - used.cardinality());
      }
      held.forEach(block -> done(tiler.free(block)));
      done(tiler.reserveImage(TilerFormat.BITS_8, 16384, 8192));
    }
  }

  private static Outcome<TilerBlock> reserve(TilerContainer tiler, RandomGenerator random) {
    return random.nextBoolean()
        ? tiler.reservePages(1 + random.nextInt(4096 * 700))
        : tiler.reserveImage(
            IMAGES.get(random.nextInt(3)), 1 + random.nextInt(4000), 1 + random.nextInt(2000));
  }

  private static void flip(BitSet used, TilerBlock block, boolean value) {
    for (int index = 0; index < block.slots(); index++) {
      int first = block.slotY() * 256 + block.slotX();
      int slot =
          block.format().tiled()
              ? first + index / block.widthSlots() * 256 + index % block.widthSlots()
              : first + index;
      assertThat(used.get(slot)).as("slot %d of %s", slot, block).isNotEqualTo(value);
      used.set(slot, value);
    }
  }
}
