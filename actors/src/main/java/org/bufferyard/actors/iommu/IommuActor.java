package org.bufferyard.actors.iommu;

import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.Behaviors;
import java.util.ArrayList;
import java.util.List;
import org.bufferyard.actors.environment.Faults;
import org.bufferyard.actors.memory.Dma;
import org.bufferyard.actors.memory.PhysicalMemory;
import org.bufferyard.actors.protocol.Buffer;
import org.bufferyard.actors.protocol.Iommu;
import org.bufferyard.allocator.Outcome;
import org.bufferyard.allocator.Pages;
import org.bufferyard.allocator.iommu.DomainSettings;
import org.bufferyard.allocator.iommu.IommuDomain;
import org.bufferyard.allocator.sg.SgTable;

/**
 * One IOMMU: owns a domain for each of its devices, and carries their DMA. A buffer maps for a
 * device that attached it; the device sees IOVAs of its own domain and nothing else.
 */
public final class IommuActor {
  public static Behavior<Iommu.Command> create(
      String name, PhysicalMemory memory, List<DomainSettings> domains) {
    return create(name, memory, Faults.NONE, domains);
  }

  /** As {@link #create(String, PhysicalMemory, List)}, where mapping may fail on purpose. */
  public static Behavior<Iommu.Command> create(
      String name, PhysicalMemory memory, Faults faults, List<DomainSettings> domains) {
    return Behaviors.setup(context -> new IommuActor(name, memory, faults, domains).serving());
  }

  private final String name;
  private final Faults faults;
  private final Dma dma;
  private final List<IommuDomain> domains = new ArrayList<>();
  private long handled;

  private IommuActor(
      String name, PhysicalMemory memory, Faults faults, List<DomainSettings> domains) {
    this.name = name;
    this.faults = faults;
    this.dma = new Dma(memory);
    domains.forEach(settings -> this.domains.add(new IommuDomain(settings)));
  }

  private Behavior<Iommu.Command> serving() {
    return Behaviors.receiveMessage(
        command -> {
          handled++;
          switch (command) {
            case Iommu.Map map -> onMap(map);
            case Iommu.Unmap unmap -> onUnmap(unmap);
            case Iommu.Sync coherent -> {}
            case Iommu.Dma access -> onDma(access);
            case Iommu.CloseBooks close -> close.replyTo().tell(books());
          }
          return Behaviors.same();
        });
  }

  private void onMap(Iommu.Map map) {
    Outcome<SgTable> outcome =
        faults
            .failMap(name)
            .map(Outcome::<SgTable>refused)
            .orElseGet(
                () ->
                    domains
                        .get(map.domain())
                        .map(map.extents(), map.direction(), map.constraints()));
    map.replyTo().tell(new Buffer.IommuMapped(map.attachment(), Iommu.MapResult.of(outcome)));
  }

  /** Strict: the invalidation has completed when the buffer hears of it. */
  private void onUnmap(Iommu.Unmap unmap) {
    IommuDomain domain = domains.get(unmap.domain());
    SgTable table = unmap.table();
    long firstIova = table.address(0) & ~Pages.OFFSET_MASK;
    int last = table.nents() - 1;
    long lengthBytes = table.address(last) + table.lengthBytes(last) - firstIova;
    if (domain.unmap(firstIova, lengthBytes) instanceof Outcome.Refused<?>(var refusal)) {
      throw new IllegalStateException(name + " refused the unmap of a live mapping: " + refusal);
    }
    unmap.replyTo().tell(new Buffer.IommuUnmapped(unmap.attachment(), unmap.generation()));
  }

  private void onDma(Iommu.Dma access) {
    IommuDomain domain = domains.get(access.domain());
    access.replyTo().tell(dma.run(access.job(), domain::translate));
  }

  private Iommu.Books books() {
    long mappings = 0;
    long mappedPages = 0;
    long iovaPages = 0;
    long faults = 0;
    for (IommuDomain domain : domains) {
      mappings += domain.mappings();
      mappedPages += domain.mappedPages();
      iovaPages += domain.iovaPagesInUse();
      faults += domain.faults();
    }
    return new Iommu.Books(name, mappings, mappedPages, iovaPages, faults, 0, handled);
  }
}
