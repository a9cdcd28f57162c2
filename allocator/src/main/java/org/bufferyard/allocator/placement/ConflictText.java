package org.bufferyard.allocator.placement;

import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;
import org.bufferyard.allocator.DmaConstraints;
import org.bufferyard.allocator.placement.PlacementRefusal.Field;

/** Puts a conflict into words: each party, the rule, the values. */
record ConflictText(List<RegionFacts> regions, BufferFacts buffer) {

  String reason(List<DeviceDemand> conflict, Field field) {
    if (conflict.isEmpty()) {
      return nowhere(field);
    }
    StringJoiner parties = new StringJoiner("; ");
    conflict.forEach(device -> parties.add(device.name() + " " + demand(device, field)));
    if (conflict.size() == 1) {
      return parties + suffix(conflict.getFirst());
    }
    return parties
        + "; no region serves "
        + (conflict.size() == 2 ? "both" : "all " + conflict.size());
  }

  private String nowhere(Field field) {
    String asked = "no region takes a buffer of " + buffer.pages() + " pages";
    return field == Field.SECURE
        ? asked + (buffer.secure() ? " with protected contents" : " without protection")
        : asked + ", largest region " + largestRegionPages() + " pages";
  }

  private String suffix(DeviceDemand device) {
    return device.reaches().isEmpty() ? "" : "; no region serves it";
  }

  private String demand(DeviceDemand device, Field field) {
    DmaConstraints limits = device.constraints();
    return switch (field) {
      case REACHABLE -> reach(device);
      case DMA_MASK -> mask(device) + ", " + reach(device);
      case CONTIGUOUS ->
          (limits.maxSegments() == 1 && !device.remapped()
                  ? "has no IOMMU and takes 1 segment, so needs contiguous pages, "
                  : "")
              + reach(device);
      case ALIGNMENT -> mask(device) + ", aligned to " + limits.alignBytes() + " bytes";
      case MAX_SEGMENTS -> segments(limits);
      case COHERENT ->
          (device.coherentOnly() ? "needs coherent memory, " : "takes any memory, ")
              + reach(device);
      case SECURE -> secrecy(device);
      case SIZE, SEVERAL -> everything(device);
    };
  }

  private String reach(DeviceDemand device) {
    if (device.reaches().isEmpty()) {
      String ancestor = device.dmaAncestor();
      return ancestor == null
          ? "has a path to no region"
          : "does no DMA itself: " + ancestor + " reads its data, so attach " + ancestor;
    }
    List<String> names = new ArrayList<>();
    device.reaches().forEach(reach -> names.add(reach.region()));
    return "reaches " + String.join(", ", names);
  }

  private static String mask(DeviceDemand device) {
    return (device.remapped()
            ? "has I/O addresses up to 0x"
            : "has no IOMMU and addresses up to 0x")
        + Long.toHexString(device.constraints().dmaMask());
  }

  private String segments(DmaConstraints limits) {
    return "takes "
        + limits.maxSegments()
        + " segments of at most "
        + limits.maxSegmentBytes()
        + " bytes, but "
        + buffer.sizeBytes()
        + " bytes are at least "
        + RegionFit.segmentsAtLeast(limits, buffer.sizeBytes());
  }

  private String secrecy(DeviceDemand device) {
    return (device.secure()
            ? "handles only protected contents"
            : "cannot handle protected contents")
        + ", the buffer is "
        + (buffer.secure() ? "protected" : "not protected")
        + ", it "
        + reach(device);
  }

  private String everything(DeviceDemand device) {
    DmaConstraints limits = device.constraints();
    return mask(device)
        + ", aligned to "
        + limits.alignBytes()
        + " bytes, "
        + limits.maxSegments()
        + " segments, "
        + (device.coherentOnly() ? "coherent only, " : "")
        + reach(device);
  }

  long largestRegionPages() {
    long largest = 0;
    for (RegionFacts region : regions) {
      if (region.reachable()) {
        largest = Math.max(largest, region.pages());
      }
    }
    return largest;
  }
}
