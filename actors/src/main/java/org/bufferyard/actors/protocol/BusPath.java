package org.bufferyard.actors.protocol;

import akka.actor.typed.ActorRef;

/** How a device's addresses reach memory. */
public sealed interface BusPath {
  /**
   * Through a domain of what stands before the device: it sees IOVAs of an IOMMU, or addresses of a
   * bounce pool, a tiler or a copier. The buffer and the importer need not know which.
   *
   * @param coherent the device snoops the CPU's caches; otherwise what changes hands between it and
   *     the CPU under a live mapping is synchronised
   */
  record Translated(ActorRef<Iommu.Command> iommu, int domain, boolean coherent)
      implements BusPath {
    /** Of a device that snoops. */
    public Translated(ActorRef<Iommu.Command> iommu, int domain) {
      this(iommu, domain, true);
    }
  }

  /** No IOMMU: the device emits physical addresses, under its mask. */
  record Direct() implements BusPath {}
}
