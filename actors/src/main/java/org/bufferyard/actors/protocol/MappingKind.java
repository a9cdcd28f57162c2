package org.bufferyard.actors.protocol;

/**
 * What a mapping is made of. Exporter and importer each have an ordered list, and the first kind of
 * the exporter's that both have is taken.
 */
public enum MappingKind {
  /** Segments in the device's own address space, made by whatever stands before it. */
  SCATTERLIST,
  /** Physical ranges, for an importer that translates by itself, as IOMMUFD and KVM do. */
  ADDRESSES
}
