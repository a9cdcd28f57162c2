package org.bufferyard.actors.protocol;

import akka.actor.typed.ActorRef;

/** How a device's addresses reach memory. */
public sealed interface BusPath {
  /**
   * Through a domain of what stands before the device: it sees IOVAs of an IOMMU, or addresses of a
   * bounce pool, a tiler or a copier. The buffer and the importer need not know which.
   */
  record Translated(ActorRef<Iommu.Command> iommu, int domain) implements BusPath {}

  /** No IOMMU: the device emits physical addresses, under its mask. */
  record Direct() implements BusPath {}
}
