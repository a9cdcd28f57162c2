package org.bufferyard.deviceactors.path;

import java.util.LinkedHashMap;
import org.bufferyard.actors.memory.Dma;
import org.bufferyard.actors.memory.PhysicalMemory;
import org.bufferyard.actors.protocol.DmaJob;
import org.bufferyard.allocator.DmaConstraints;
import org.bufferyard.allocator.DmaDirection;
import org.bufferyard.allocator.Extents;
import org.bufferyard.allocator.Outcome;
import org.bufferyard.allocator.Pages;
import org.bufferyard.allocator.sg.SgBuilder;
import org.bufferyard.allocator.sg.SgTable;

/** A device that emits physical addresses, under its mask; only what is mapped is in its reach. */
final class DirectModel implements DmaModel {
  private final SgBuilder segments = new SgBuilder();
  private final Dma dma;
  private final LinkedHashMap<SgTable, Integer> views = new LinkedHashMap<>();

  DirectModel(PhysicalMemory memory) {
    this.dma = new Dma(memory);
  }

  @Override
  public Outcome<SgTable> map(Extents pages, DmaDirection direction, DmaConstraints constraints) {
    Outcome<SgTable> outcome =
        segments.direct(pages, 0, Pages.toBytes(pages.totalPages()), constraints);
    if (outcome instanceof Outcome.Done<SgTable>(SgTable view)) {
      views.merge(view, 1, Integer::sum);
    }
    return outcome;
  }

  @Override
  public void unmap(SgTable view) {
    if (views.merge(view, -1, Integer::sum) <= 0) {
      views.remove(view);
    }
  }

  @Override
  public DmaJob.Report run(DmaJob job) {
    return dma.run(
        job,
        access ->
            (address, write) -> views.containsKey(access.table()) ? address >>> Pages.SHIFT : -1);
  }

  @Override
  public Holdings holdings() {
    return new Holdings(views.size(), 0, 0);
  }
}
