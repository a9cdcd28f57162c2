package org.bufferyard.deviceactors.path;

import java.util.LinkedHashMap;
import org.bufferyard.actors.memory.Dma;
import org.bufferyard.actors.memory.PhysicalMemory;
import org.bufferyard.actors.protocol.DmaJob;
import org.bufferyard.allocator.DmaConstraints;
import org.bufferyard.allocator.DmaDirection;
import org.bufferyard.allocator.Errno;
import org.bufferyard.allocator.Extents;
import org.bufferyard.allocator.Outcome;
import org.bufferyard.allocator.Pages;
import org.bufferyard.allocator.Refusal;
import org.bufferyard.allocator.sg.SgBuilder;
import org.bufferyard.allocator.sg.SgTable;
import org.bufferyard.allocator.tiler.TiledSegments;
import org.bufferyard.allocator.tiler.TilerBlock;
import org.bufferyard.allocator.tiler.TilerContainer;
import org.bufferyard.allocator.tiler.TilerFormat;

/**
 * A device behind the tiler. A buffer of whole rows of slots is an image, which it sees as one
 * segment a line, a stride apart; any other is shown in page mode, as one run. Each access goes
 * line by line through the container's translation; the segments name no page frame.
 */
final class TilerModel implements DmaModel {
  private record View(TilerBlock block, DmaDirection direction) {
    boolean allows(boolean write) {
      return write ? direction.deviceWrites() : direction.deviceReads();
    }
  }

  private final Dma dma;
  private final TilerContainer container;
  private final TilerFormat format;
  private final int columns;
  private final SgBuilder segments = new SgBuilder();
  private final LinkedHashMap<SgTable, View> views = new LinkedHashMap<>();

  /**
   * A device that looks at images of {@code columns} slots a row.
   *
   * @param format of its images; not page mode
   */
  TilerModel(PhysicalMemory memory, TilerContainer container, TilerFormat format, int columns) {
    this.dma = new Dma(memory);
    this.container = container;
    this.format = format;
    this.columns = columns;
  }

  @Override
  public Outcome<SgTable> map(Extents pages, DmaDirection direction, DmaConstraints constraints) {
    return switch (reserve(pages.totalPages())) {
      case Outcome.Refused<TilerBlock>(var refusal) -> Outcome.refused(refusal);
      case Outcome.Done<TilerBlock>(TilerBlock block) -> {
        done(container.pin(block, pages));
        Outcome<SgTable> outcome = view(block, constraints);
        if (outcome instanceof Outcome.Done<SgTable>(SgTable view)) {
          views.put(view, new View(block, direction));
        } else {
          giveBack(block);
        }
        yield outcome;
      }
    };
  }

  private Outcome<TilerBlock> reserve(long pages) {
    long rows = pages / columns;
    if (pages % columns == 0 && rows <= TilerContainer.HEIGHT_SLOTS) {
      return container.reserveImage(
          format, columns * format.slotWidth(), (int) rows * format.slotHeight());
    }
    return pages <= (long) TilerContainer.WIDTH_SLOTS * TilerContainer.HEIGHT_SLOTS
        ? container.reservePages((int) Pages.toBytes(pages))
        : Outcome.refused(Errno.E2BIG, pages + " pages do not fit into the tiler's container");
  }

  private Outcome<SgTable> view(TilerBlock block, DmaConstraints constraints) {
    TiledSegments lines = done(container.segments(block, true));
    int last = lines.nents() - 1;
    if ((lines.address(last) + lines.lengthBytes() - 1 & ~constraints.dmaMask()) != 0) {
      return Outcome.refused(
          new Refusal(Errno.EIO, "the tiler's aperture lies above the device's DMA mask"));
    }
    segments.start(DmaConstraints.UINT_MAX, DmaConstraints.NO_BOUNDARY);
    for (int line = 0; line <= last; line++) {
      segments.appendSeparate(lines.address(line), lines.lengthBytes());
    }
    return segments.checkCount(constraints.maxSegments()) < 0
        ? Outcome.refused(segments.refusal())
        : Outcome.done(segments.table());
  }

  @Override
  public void unmap(SgTable table) {
    View view = views.remove(table);
    if (view == null) {
      throw new IllegalStateException("not mapped here: " + table);
    }
    giveBack(view.block);
  }

  private void giveBack(TilerBlock block) {
    done(container.unpin(block));
    done(container.free(block));
  }

  private static <T> T done(Outcome<T> outcome) {
    return switch (outcome) {
      case Outcome.Done<T>(T value) -> value;
      case Outcome.Refused<T>(var refusal) -> throw new IllegalStateException(refusal.toString());
    };
  }

  @Override
  public DmaJob.Report run(DmaJob job) {
    return dma.look(job, this::frame);
  }

  /**
   * The frame behind all that the view shows of a page: each line of its slot must lead to the same
   * frame, and to the place in it that the line has.
   */
  private long frame(DmaJob.Access access, long page) {
    View view = views.get(access.table());
    if (view == null || !view.allows(access.write())) {
      return -1;
    }
    return view.block.format().tiled()
        ? slotFrame(access.table(), page)
        : container.resolve(access.table().address(0) + Pages.toBytes(page)) >> Pages.SHIFT;
  }

  private long slotFrame(SgTable lines, long page) {
    int slotBytes = format.slotWidth() * format.pixelBytes();
    int firstLine = (int) (page / columns) * format.slotHeight();
    long inLine = page % columns * slotBytes;
    long first = container.resolve(lines.address(firstLine) + inLine);
    for (int line = 1; line < format.slotHeight() && first >= 0; line++) {
      long resolved = container.resolve(lines.address(firstLine + line) + inLine);
      first = resolved == first + (long) line * slotBytes ? first : -1;
    }
    return first < 0 ? -1 : first >> Pages.SHIFT;
  }

  @Override
  public Holdings holdings() {
    long slots = views.values().stream().mapToLong(view -> view.block.slots()).sum();
    return new Holdings(views.size(), slots, 0);
  }
}
