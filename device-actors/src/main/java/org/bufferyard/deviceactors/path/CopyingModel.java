package org.bufferyard.deviceactors.path;

import java.util.LinkedHashMap;
import org.bufferyard.actors.memory.Dma;
import org.bufferyard.actors.memory.PhysicalMemory;
import org.bufferyard.actors.protocol.DmaJob;
import org.bufferyard.allocator.DmaDirection;
import org.bufferyard.allocator.Extents;
import org.bufferyard.allocator.Outcome;
import org.bufferyard.allocator.Pages;
import org.bufferyard.allocator.sg.SgTable;
import org.jspecify.annotations.Nullable;

/**
 * A device that works on a copy. Copies are made when a job touches the pages, in for what it reads
 * and out for what it wrote, and not at map and unmap: only the job's fence says that nobody else
 * writes meanwhile. Model of {@code dma_sync_sg_for_device} and {@code dma_sync_sg_for_cpu} under
 * {@code DMA_ATTR_SKIP_CPU_SYNC}; docs/adr/0009 says why.
 */
abstract class CopyingModel implements DmaModel {
  /** A live view; equal ones without a copy may be live for several attachments. */
  private static final class View {
    private final Extents pages;
    private final DmaDirection direction;
    private int count;

    View(Extents pages, DmaDirection direction) {
      this.pages = pages;
      this.direction = direction;
    }
  }

  final PhysicalMemory memory;
  private final Dma dma;
  private final LinkedHashMap<SgTable, View> views = new LinkedHashMap<>();

  CopyingModel(PhysicalMemory memory) {
    this.memory = memory;
    this.dma = new Dma(memory);
  }

  /**
   * Copies pages {@code [first, first + pages)} of a view to the device's copy or back; the bytes.
   */
  abstract long copy(SgTable view, Extents origin, long first, long pages, boolean toDevice);

  /** Gives back what the view held. */
  abstract void close(SgTable view, DmaDirection direction);

  final Outcome<SgTable> opened(Outcome<SgTable> outcome, Extents pages, DmaDirection direction) {
    if (outcome instanceof Outcome.Done<SgTable>(SgTable view)) {
      views.computeIfAbsent(view, key -> new View(pages, direction)).count++;
    }
    return outcome;
  }

  @Override
  public final void unmap(SgTable table) {
    View view = views.get(table);
    if (view == null) {
      throw new IllegalStateException("not mapped here: " + table);
    }
    close(table, view.direction);
    if (--view.count == 0) {
      views.remove(table);
    }
  }

  @Override
  public final DmaJob.Report run(DmaJob job) {
    long copied = 0;
    for (DmaJob.Access access : job.accesses()) {
      copied += access.write() ? 0 : sync(access, true);
    }
    DmaJob.Report report =
        dma.run(
            job,
            access -> {
              View view = views.get(access.table());
              return (address, write) -> allows(view, write) ? address >>> Pages.SHIFT : -1;
            });
    for (DmaJob.Access access : job.accesses()) {
      copied += access.write() ? sync(access, false) : 0;
    }
    return report.withCopiedBytes(copied);
  }

  private long sync(DmaJob.Access access, boolean toDevice) {
    View view = views.get(access.table());
    return view != null && allows(view, access.write())
        ? copy(access.table(), view.pages, access.firstPage(), access.pages(), toDevice)
        : 0;
  }

  private static boolean allows(@Nullable View view, boolean write) {
    return view != null && (write ? view.direction.deviceWrites() : view.direction.deviceReads());
  }

  final int viewCount() {
    return views.size();
  }
}
