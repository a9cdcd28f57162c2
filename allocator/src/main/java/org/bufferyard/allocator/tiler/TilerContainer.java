package org.bufferyard.allocator.tiler;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.bufferyard.allocator.Errno;
import org.bufferyard.allocator.Extents;
import org.bufferyard.allocator.Outcome;
import org.bufferyard.allocator.Pages;
import org.bufferyard.allocator.Refusal;

/**
 * The tiler's container: 256 x 128 slots of one page, seen through one window per format. Not
 * thread-safe; owned by the remapper. Model of the TILER in {@code drivers/gpu/drm/omapdrm}.
 *
 * <p>A block is reserved for a view, given pages by {@link #pin}, and then has segments for devices
 * behind the tiler. Inside a slot, lines follow one another; the hardware's own order within a page
 * is not modelled, since no device sees it. Errors leave the container as it was.
 */
public final class TilerContainer {
  public static final int WIDTH_SLOTS = 256;
  public static final int HEIGHT_SLOTS = 128;

  /** Bytes of one view's window of bus addresses. */
  public static final long WINDOW_BYTES = (long) WIDTH_SLOTS * HEIGHT_SLOTS * Pages.SIZE_BYTES;

  private static final Outcome<Extents> NOTHING_HELD = Outcome.done(Extents.NONE);
  private static final long NO_FRAME = -1;

  /* Which block covers a slot matters to nobody: blocks are looked up by identity of their value,
   * which is unique while they are reserved, because no two cover the same slot. */
  private final long baseAddress;
  private final TilerSlots slots = new TilerSlots(WIDTH_SLOTS, HEIGHT_SLOTS);
  private final Map<TilerBlock, Boolean> pinnedByBlock = new LinkedHashMap<>();
  private final long[] frames = new long[WIDTH_SLOTS * HEIGHT_SLOTS];

  /** Views at {@code baseAddress} and every {@link #WINDOW_BYTES} above, in order of format. */
  public TilerContainer(long baseAddress) {
    if (baseAddress < 0 || baseAddress % WINDOW_BYTES != 0) {
      throw new IllegalArgumentException("baseAddress=" + baseAddress);
    }
    this.baseAddress = baseAddress;
    Arrays.fill(frames, NO_FRAME);
  }

  public int freeSlots() {
    return slots.free();
  }

  /**
   * A block of whole slots for an image, the leftmost of the highest place that fits. EINVAL for
   * page mode or an image with no pixels, E2BIG for one larger than the view, ENOSPC.
   */
  public Outcome<TilerBlock> reserveImage(TilerFormat format, int widthPixels, int heightPixels) {
    if (!format.tiled() || widthPixels < 1 || heightPixels < 1) {
      return Outcome.refused(
          Errno.EINVAL, "no image: " + widthPixels + " x " + heightPixels + " in " + format);
    }
    int width = slotsFor(widthPixels, format.slotWidth());
    int height = slotsFor(heightPixels, format.slotHeight());
    if (width > WIDTH_SLOTS || height > HEIGHT_SLOTS) {
      return Outcome.refused(
          Errno.E2BIG,
          widthPixels
              + " x "
              + heightPixels
              + " exceeds the "
              + format
              + " view of "
              + WIDTH_SLOTS * format.slotWidth()
              + " x "
              + HEIGHT_SLOTS * format.slotHeight());
    }
    int first = slots.findRectangle(width, height);
    if (first < 0) {
      return full(width + " x " + height);
    }
    slots.mark(first, width, height, true);
    return reserved(
        new TilerBlock(
            format,
            first % WIDTH_SLOTS,
            first / WIDTH_SLOTS,
            width,
            height,
            widthPixels,
            heightPixels));
  }

  private static int slotsFor(int pixels, int slotPixels) {
    return (int) (((long) pixels + slotPixels - 1) / slotPixels);
  }

  /** A linear block in page mode, from the far end of the container; EINVAL, E2BIG, ENOSPC. */
  public Outcome<TilerBlock> reservePages(int sizeBytes) {
    if (sizeBytes < 1) {
      return Outcome.refused(Errno.EINVAL, "sizeBytes must be positive, sizeBytes=" + sizeBytes);
    }
    int pages = (int) Pages.ofBytes(sizeBytes);
    if (pages > frames.length) {
      return Outcome.refused(Errno.E2BIG, pages + " slots asked of " + frames.length);
    }
    int first = slots.findRunFromEnd(pages);
    if (first < 0) {
      return full(pages + " in a row");
    }
    slots.markRun(first, pages, true);
    return reserved(
        new TilerBlock(
            TilerFormat.PAGE, first % WIDTH_SLOTS, first / WIDTH_SLOTS, pages, 1, sizeBytes, 1));
  }

  private Outcome<TilerBlock> full(String asked) {
    return Outcome.refused(
        Errno.ENOSPC,
        "no room for " + asked + " slots, free " + slots.free() + " of " + frames.length);
  }

  private Outcome<TilerBlock> reserved(TilerBlock block) {
    pinnedByBlock.put(block, false);
    return Outcome.done(block);
  }

  /**
   * Backs a reserved block with the frames of {@code pages}, one a slot, row by row. EINVAL if it
   * is not reserved or the number of pages is not its slots, EBUSY if it is pinned.
   */
  public Outcome<TilerBlock> pin(TilerBlock block, Extents pages) {
    Boolean pinned = pinnedByBlock.get(block);
    if (pinned == null || pages.totalPages() != block.slots()) {
      return Outcome.refused(
          Errno.EINVAL, "not reserved, or not " + pages.totalPages() + " slots: " + block);
    }
    if (pinned) {
      return Outcome.refused(Errno.EBUSY, "already pinned: " + block);
    }
    int index = 0;
    for (int run = 0; run < pages.runs(); run++) {
      for (long page = 0; page < pages.pages(run); page++) {
        frames[slotOf(block, index++)] = pages.pfn(run) + page;
      }
    }
    pinnedByBlock.put(block, true);
    return Outcome.done(block);
  }

  /** The slot of the block's page {@code index}. */
  private static int slotOf(TilerBlock block, int index) {
    int first = block.slotY() * WIDTH_SLOTS + block.slotX();
    return block.format().tiled()
        ? first + index / block.widthSlots() * WIDTH_SLOTS + index % block.widthSlots()
        : first + index;
  }

  /** Takes the pages away from a block; EINVAL if it is not pinned. */
  public Outcome<Extents> unpin(TilerBlock block) {
    if (!Boolean.TRUE.equals(pinnedByBlock.get(block))) {
      return Outcome.refused(Errno.EINVAL, "not pinned: " + block);
    }
    for (int index = 0; index < block.slots(); index++) {
      frames[slotOf(block, index)] = NO_FRAME;
    }
    pinnedByBlock.put(block, false);
    return NOTHING_HELD;
  }

  /** Gives a block back; EINVAL if it is not reserved, EBUSY while it is pinned. */
  public Outcome<Extents> free(TilerBlock block) {
    Boolean pinned = pinnedByBlock.get(block);
    if (pinned == null) {
      return Outcome.refused(Errno.EINVAL, "not reserved: " + block);
    }
    if (pinned) {
      return Outcome.refused(Errno.EBUSY, "still pinned: " + block);
    }
    int first = slotOf(block, 0);
    if (block.format().tiled()) {
      slots.mark(first, block.widthSlots(), block.heightSlots(), false);
    } else {
      slots.markRun(first, block.widthSlots(), false);
    }
    pinnedByBlock.remove(block);
    return NOTHING_HELD;
  }

  /**
   * The block's segments for a device. EINVAL if it is not pinned. EOPNOTSUPP for a device that is
   * not {@code behindTiler}: tiled addresses mean nothing to it.
   */
  public Outcome<TiledSegments> segments(TilerBlock block, boolean behindTiler) {
    if (!Boolean.TRUE.equals(pinnedByBlock.get(block))) {
      return Outcome.refused(Errno.EINVAL, "not pinned: " + block);
    }
    TilerFormat format = block.format();
    if (!behindTiler) {
      String help =
          format.tiled() ? "a linear shadow of the image" : "mapping the buffer's own pages";
      return Outcome.refused(
          new Refusal(Errno.EOPNOTSUPP, "the device is not behind the tiler: " + block, help));
    }
    return Outcome.done(
        new TiledSegments(
            address(block),
            format.strideBytes(),
            block.widthPixels() * format.pixelBytes(),
            block.heightPixels()));
  }

  private long address(TilerBlock block) {
    TilerFormat format = block.format();
    long line = (long) block.slotY() * format.slotHeight();
    long pixel = (long) block.slotX() * format.slotWidth();
    return window(format) + line * format.strideBytes() + pixel * format.pixelBytes();
  }

  private long window(TilerFormat format) {
    return baseAddress + format.window() * WINDOW_BYTES;
  }

  /**
   * The byte of memory behind a device address, as the hardware resolves it on an access: frame
   * times page size plus offset. For the model of the remapper alone. -1 where nothing is mapped.
   */
  public long resolve(long deviceAddress) {
    long offset = deviceAddress - baseAddress;
    if (offset < 0 || offset >= TilerFormat.WINDOWS * WINDOW_BYTES) {
      return -1;
    }
    TilerFormat format = TilerFormat.ofWindow((int) (offset / WINDOW_BYTES));
    long within = offset % WINDOW_BYTES;
    int line = (int) (within / format.strideBytes());
    int column = (int) (within % format.strideBytes());
    int slotBytes = format.slotWidth() * format.pixelBytes();
    int slot = line / format.slotHeight() * WIDTH_SLOTS + column / slotBytes;
    int inSlot = line % format.slotHeight() * slotBytes + column % slotBytes;
    return frames[slot] < 0 ? -1 : (frames[slot] << Pages.SHIFT) + inSlot;
  }
}
