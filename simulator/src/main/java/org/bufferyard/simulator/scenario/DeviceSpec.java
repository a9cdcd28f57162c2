package org.bufferyard.simulator.scenario;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One device and its way to memory.
 *
 * @param iommu its IOMMU; null sees physical addresses
 * @param reaches regions whose pages it can address, most wanted first; not empty
 * @param dmaMaskBits address bits that it emits, 12 to 64
 * @param maxSegmentBytes longest segment, 4 KiB to 4 GiB - 1
 * @param boundaryBytes no segment crosses a multiple; a power of two, 0 has no boundary
 * @param maxSegments most segments per mapping; 1 without IOMMU needs contiguous buffers
 * @param bytesPerSecond at which its jobs move data
 * @param queueDepth jobs it accepts before it makes submitters wait
 */
public record DeviceSpec(
    String name,
    DeviceKind kind,
    @Nullable String iommu,
    List<String> reaches,
    int dmaMaskBits,
    long maxSegmentBytes,
    long boundaryBytes,
    int maxSegments,
    ImporterKind importer,
    long bytesPerSecond,
    int queueDepth) {
  DeviceSpec named(String newName) {
    return new DeviceSpec(
        newName,
        kind,
        iommu,
        reaches,
        dmaMaskBits,
        maxSegmentBytes,
        boundaryBytes,
        maxSegments,
        importer,
        bytesPerSecond,
        queueDepth);
  }
}
