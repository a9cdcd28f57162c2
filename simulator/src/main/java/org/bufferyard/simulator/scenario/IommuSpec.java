package org.bufferyard.simulator.scenario;

/** An IOMMU; {@code addressBits} is the width of the IOVAs it hands out. */
public record IommuSpec(String name, int addressBits) {}
