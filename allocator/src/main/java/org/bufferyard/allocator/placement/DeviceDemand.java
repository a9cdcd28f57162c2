package org.bufferyard.allocator.placement;

import java.util.List;
import org.bufferyard.allocator.DmaConstraints;
import org.jspecify.annotations.Nullable;

/**
 * What one attached device needs of the memory it is to reach.
 *
 * @param name the device, as refusals name it
 * @param constraints limits of its DMA engine; behind a remapper they bind addresses in the
 *     remapper's space and never the placement
 * @param translation {@link DmaPath#IOMMU}, {@link DmaPath#TILER} or, without a remapper, {@link
 *     DmaPath#DIRECT}
 * @param reaches the regions it has a path to, in any order; none for a device that cannot DMA
 * @param copyPath {@link DmaPath#BOUNCE} or {@link DmaPath#CPU} if it may be served by copying
 *     where it cannot reach the memory, else null
 * @param coherentOnly it needs memory that is coherent for it
 * @param secure it handles protected contents; equal for all parties of one buffer
 * @param dmaAncestor the device up the bus that does its DMA; null for one that does its own
 */
public record DeviceDemand(
    String name,
    DmaConstraints constraints,
    DmaPath translation,
    List<Reach> reaches,
    @Nullable DmaPath copyPath,
    boolean coherentOnly,
    boolean secure,
    @Nullable String dmaAncestor) {

  public DeviceDemand {
    if (translation.copies()) {
      throw new IllegalArgumentException(
          "translation is no path of DMA, translation=" + translation);
    }
    if (copyPath != null && !copyPath.copies()) {
      throw new IllegalArgumentException("copyPath copies nothing, copyPath=" + copyPath);
    }
    reaches = List.copyOf(reaches);
  }

  /** A device without a remapper. */
  public static DeviceDemand direct(String name, DmaConstraints constraints, Reach... reaches) {
    return of(name, constraints, DmaPath.DIRECT, reaches);
  }

  /** A device behind an IOMMU. */
  public static DeviceDemand iommu(String name, DmaConstraints constraints, Reach... reaches) {
    return of(name, constraints, DmaPath.IOMMU, reaches);
  }

  private static DeviceDemand of(
      String name, DmaConstraints constraints, DmaPath translation, Reach... reaches) {
    return new DeviceDemand(
        name, constraints, translation, List.of(reaches), null, false, false, null);
  }

  /** A remapper stands between the device and memory. */
  public boolean remapped() {
    return translation != DmaPath.DIRECT;
  }

  /** The weight of its path to {@code region}, or -1 without one. */
  public int weight(String region) {
    for (int i = 0; i < reaches.size(); i++) {
      if (reaches.get(i).region().equals(region)) {
        return reaches.get(i).weight();
      }
    }
    return -1;
  }

  public DeviceDemand withConstraints(DmaConstraints limits) {
    return new DeviceDemand(
        name, limits, translation, reaches, copyPath, coherentOnly, secure, dmaAncestor);
  }

  public DeviceDemand withTranslation(DmaPath remapper) {
    return new DeviceDemand(
        name, constraints, remapper, reaches, copyPath, coherentOnly, secure, dmaAncestor);
  }

  public DeviceDemand withReaches(List<Reach> regions) {
    return new DeviceDemand(
        name, constraints, translation, regions, copyPath, coherentOnly, secure, dmaAncestor);
  }

  public DeviceDemand withCopyPath(@Nullable DmaPath path) {
    return new DeviceDemand(
        name, constraints, translation, reaches, path, coherentOnly, secure, dmaAncestor);
  }

  public DeviceDemand withCoherentOnly(boolean coherent) {
    return new DeviceDemand(
        name, constraints, translation, reaches, copyPath, coherent, secure, dmaAncestor);
  }

  public DeviceDemand withSecure(boolean protectedContents) {
    return new DeviceDemand(
        name,
        constraints,
        translation,
        reaches,
        copyPath,
        coherentOnly,
        protectedContents,
        dmaAncestor);
  }

  public DeviceDemand withDmaAncestor(String ancestor) {
    return new DeviceDemand(
        name, constraints, translation, reaches, copyPath, coherentOnly, secure, ancestor);
  }
}
