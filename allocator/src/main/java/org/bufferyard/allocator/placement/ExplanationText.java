package org.bufferyard.allocator.placement;

import java.util.ArrayList;
import java.util.List;
import org.bufferyard.allocator.DmaConstraints;
import org.bufferyard.allocator.Extents;
import org.bufferyard.allocator.Pages;
import org.bufferyard.allocator.placement.Explanation.DeviceView;

/** Puts a placement into words: why this region, and what each device sees. */
record ExplanationText(
    List<DeviceDemand> devices, BufferFacts buffer, PlacementChoice choice, Extents extents) {

  List<DeviceView> views() {
    List<DeviceView> views = new ArrayList<>(devices.size());
    for (int index = 0; index < devices.size(); index++) {
      views.add(view(devices.get(index), choice.paths().get(index).path()));
    }
    return views;
  }

  private DeviceView view(DeviceDemand device, DmaPath path) {
    long segments = segments(device, path);
    return new DeviceView(device.name(), path, segments, why(device, path, segments));
  }

  private long segments(DeviceDemand device, DmaPath path) {
    return switch (path) {
      case DIRECT -> DirectSegments.count(extents, device.constraints());
      case IOMMU, TILER, BOUNCE ->
          RegionFit.segmentsAtLeast(device.constraints(), buffer.sizeBytes());
      case CPU -> 0;
    };
  }

  private String why(DeviceDemand device, DmaPath path, long segments) {
    DmaConstraints limits = device.constraints();
    return switch (path) {
      case IOMMU ->
          "behind an IOMMU: one I/O range, so neither its mask nor scattered pages constrain"
              + " placement";
      case TILER -> "behind the tiler: sees a view at device addresses, never the pages";
      case DIRECT ->
          "no IOMMU: emits memory addresses, up to 0x"
              + Long.toHexString(limits.dmaMask())
              + (segments > limits.maxSegments()
                  ? "; takes "
                      + limits.maxSegments()
                      + " segments, so its map is refused with E2BIG"
                  : "");
      case BOUNCE -> "cannot address the placement: every use is copied through a bounce pool";
      case CPU -> "does no DMA here: the CPU copies";
    };
  }

  List<String> reasons(List<RegionFacts> regions) {
    List<String> reasons = new ArrayList<>();
    reasons.add(choice.region() + ": " + preference());
    RegionFacts region = regions.get(choice.regionIndex());
    for (DeviceDemand device : devices) {
      if (path(device) == DmaPath.DIRECT) {
        addDemands(reasons, device, region);
      }
    }
    return reasons;
  }

  private String preference() {
    int rank = buffer.preferred().indexOf(choice.region());
    if (rank >= 0) {
      return "the exporter's preference number " + (rank + 1);
    }
    long sum = 0;
    for (DeviceDemand device : devices) {
      sum += path(device).copies() ? 0 : device.weight(choice.region());
    }
    return "the best path weights, " + sum + " in sum";
  }

  private DmaPath path(DeviceDemand device) {
    return choice.paths().get(devices.indexOf(device)).path();
  }

  private void addDemands(List<String> reasons, DeviceDemand device, RegionFacts region) {
    DmaConstraints limits = device.constraints();
    long last = region.basePfn() + region.pages() - 1;
    if (RegionFit.highestPfn(limits.dmaMask()) < last) {
      reasons.add(
          "ends at frame "
              + RegionFit.highestPfn(limits.dmaMask())
              + " or below: mask of "
              + device.name());
    }
    if (limits.maxSegments() == 1 && choice.contiguous()) {
      reasons.add("contiguous: " + device.name() + " takes 1 segment and has no IOMMU");
    }
    if (limits.alignBytes() > Pages.SIZE_BYTES) {
      reasons.add("aligned to " + limits.alignBytes() + " bytes: " + device.name());
    }
  }
}
