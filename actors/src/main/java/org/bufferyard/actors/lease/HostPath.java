package org.bufferyard.actors.lease;

import java.util.List;
import org.bufferyard.actors.protocol.Buffer;
import org.bufferyard.actors.protocol.DmaJob;
import org.bufferyard.actors.protocol.Iommu;
import org.bufferyard.allocator.DmaConstraints;
import org.bufferyard.allocator.Outcome;
import org.bufferyard.allocator.Pages;
import org.bufferyard.allocator.sg.SgBuilder;
import org.bufferyard.allocator.sg.SgTable;

/**
 * What stands between an importer on the host and memory: nothing that translates, addresses are
 * physical; but a buffer that unmaps hears of it only when no lease can touch its pages any more.
 */
final class HostPath {
  private final String name;
  private final SgBuilder builder = new SgBuilder();
  private long mappings;
  private long mappedPages;
  private long faults;
  private long handled;

  HostPath(String name) {
    this.name = name;
  }

  void map(Iommu.Map map) {
    handled++;
    long pages = map.extents().totalPages();
    Outcome<SgTable> built =
        builder.direct(map.extents(), 0, Pages.toBytes(pages), DmaConstraints.UNLIMITED);
    Iommu.MapResult result = Iommu.MapResult.of(built);
    if (result instanceof Iommu.Mapped) {
      mappings++;
      mappedPages += pages;
    }
    map.replyTo().tell(new Buffer.IommuMapped(map.attachment(), result));
  }

  void unmapped(Iommu.Unmap unmap) {
    handled++;
    mappings--;
    mappedPages -= Pages.ofBytes(unmap.table().totalBytes());
    unmap.replyTo().tell(new Buffer.IommuUnmapped(unmap.attachment(), unmap.generation()));
  }

  /** No device is behind it. */
  void refuse(Iommu.Dma dma) {
    handled++;
    faults++;
    dma.replyTo().tell(new DmaJob.Report(dma.job().token(), 0, 0, 1, 0, List.of()));
  }

  Iommu.Books books() {
    return new Iommu.Books(name, mappings, mappedPages, 0, faults, 0, handled);
  }
}
