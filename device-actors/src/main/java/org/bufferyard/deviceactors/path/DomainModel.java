package org.bufferyard.deviceactors.path;

import org.bufferyard.actors.memory.Dma;
import org.bufferyard.actors.memory.PhysicalMemory;
import org.bufferyard.actors.protocol.DmaJob;
import org.bufferyard.allocator.DmaConstraints;
import org.bufferyard.allocator.DmaDirection;
import org.bufferyard.allocator.Extents;
import org.bufferyard.allocator.Outcome;
import org.bufferyard.allocator.Pages;
import org.bufferyard.allocator.iommu.DomainSettings;
import org.bufferyard.allocator.iommu.IommuDomain;
import org.bufferyard.allocator.sg.SgTable;

/** A device behind an IOMMU whose model has hooks: a domain of its own. */
final class DomainModel implements DmaModel {
  private final IommuDomain domain;
  private final Dma dma;

  DomainModel(PhysicalMemory memory, int addressBits) {
    this.domain = new IommuDomain(DomainSettings.ofBits(addressBits));
    this.dma = new Dma(memory);
  }

  @Override
  public Outcome<SgTable> map(Extents pages, DmaDirection direction, DmaConstraints constraints) {
    return domain.map(pages, direction, constraints);
  }

  @Override
  public void unmap(SgTable view) {
    long first = view.address(0) & ~Pages.OFFSET_MASK;
    int last = view.nents() - 1;
    long bytes = view.address(last) + view.lengthBytes(last) - first;
    if (domain.unmap(first, bytes) instanceof Outcome.Refused<?>(var refusal)) {
      throw new IllegalStateException("unmap of a live mapping refused: " + refusal);
    }
  }

  @Override
  public DmaJob.Report run(DmaJob job) {
    return dma.run(job, domain::translate);
  }

  @Override
  public Holdings holdings() {
    return new Holdings(domain.mappings(), domain.mappedPages(), 0);
  }
}
