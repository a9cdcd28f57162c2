package org.bufferyard.actors.protocol;

import akka.actor.typed.ActorRef;

/** How a device's addresses reach memory. */
public sealed interface BusPath {
  /** Through a domain of an IOMMU: the device sees IOVAs. */
  record Translated(ActorRef<Iommu.Command> iommu, int domain) implements BusPath {}

  /** No IOMMU: the device emits physical addresses, under its mask. */
  record Direct() implements BusPath {}
}
