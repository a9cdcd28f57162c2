package org.bufferyard.simulator.scenario;

import java.util.List;
import org.bufferyard.allocator.placement.DmaPath;
import org.bufferyard.deviceactors.catalog.CatalogKind;
import org.bufferyard.deviceactors.path.HookKind;
import org.jspecify.annotations.Nullable;

/**
 * One device and its way to memory.
 *
 * @param kind of the catalogue, whose limits hold where the file names none; null: any DMA engine
 *     without limits
 * @param iommu its IOMMU; null sees other addresses, as {@code way} says
 * @param reaches regions whose pages it can address, most wanted first; not empty, but for a device
 *     that does no DMA
 * @param dmaMaskBits address bits that it emits, 12 to 64
 * @param maxSegmentBytes longest segment, 4 KiB to 4 GiB - 1
 * @param boundaryBytes no segment crosses a multiple; a power of two, 0 has no boundary
 * @param maxSegments most segments per mapping; 1 without IOMMU needs contiguous buffers
 * @param alignBytes alignment of a mapping's first address, a power of two from 4 KiB
 * @param bytesPerSecond at which its jobs move data
 * @param remoteBytesPerSecond the same where the data is not in device memory
 * @param queueDepth jobs it accepts before it makes submitters wait
 */
public record DeviceSpec(
    String name,
    @Nullable CatalogKind kind,
    @Nullable String iommu,
    List<String> reaches,
    int dmaMaskBits,
    long maxSegmentBytes,
    long boundaryBytes,
    int maxSegments,
    long alignBytes,
    ImporterKind importer,
    long bytesPerSecond,
    long remoteBytesPerSecond,
    int queueDepth,
    Way way) {

  /** Whom the driver of a device on a bus attaches. */
  public enum AttachAs {
    /** The controller that does the DMA. */
    CONTROLLER,
    /** The device itself, which is refused. */
    LEAF,
    /** Nobody: the CPU copies. */
    COPY
  }

  /**
   * How it reaches memory.
   *
   * @param hook what its model does around mapping
   * @param mappingBytesMax a longer mapping is rejected by its model
   * @param stagingBytes memory for the copies, where its path or hook copies
   * @param behind the device on whose bus it is, which does the DMA; null does its own
   */
  public record Way(
      DmaPath path,
      HookKind hook,
      long mappingBytesMax,
      long stagingBytes,
      @Nullable String behind,
      AttachAs attach) {
    /** It works on a copy in staging memory. */
    public boolean needsStaging() {
      return path == DmaPath.CPU || hook.copies();
    }
  }

  /** The same under another name. */
  public DeviceSpec named(String newName) {
    return with(newName, importer, bytesPerSecond);
  }

  /** The same, moving data at another rate. */
  public DeviceSpec atRate(long otherBytesPerSecond) {
    return with(name, importer, otherBytesPerSecond);
  }

  /** The same as an importer of that kind. */
  public DeviceSpec asImporter(ImporterKind other) {
    return with(name, other, bytesPerSecond);
  }

  private DeviceSpec with(String newName, ImporterKind importing, long rate) {
    return new DeviceSpec(
        newName,
        kind,
        iommu,
        reaches,
        dmaMaskBits,
        maxSegmentBytes,
        boundaryBytes,
        maxSegments,
        alignBytes,
        importing,
        rate,
        remoteBytesPerSecond == bytesPerSecond ? rate : Math.min(rate, remoteBytesPerSecond),
        queueDepth,
        way);
  }
}
