package org.bufferyard.allocator.placement;

import java.util.ArrayList;
import java.util.List;
import org.bufferyard.allocator.placement.PlacementRefusal.Field;

/** Tries single changes until one would allow a placement for all devices. */
record Remedies(List<DeviceDemand> devices, List<RegionFacts> regions, BufferFacts buffer) {

  /** A change to one device, and the device as it would then be. */
  private record Change(String text, DeviceDemand device) {}

  /** The first change that works, in words; empty if no single one does. */
  String firstThatHelps(List<DeviceDemand> conflict) {
    for (DeviceDemand device : conflict) {
      for (Change change : changes(device)) {
        if (works(replacing(device, change.device()))) {
          return change.text();
        }
      }
    }
    for (DeviceDemand device : conflict) {
      List<DeviceDemand> others = new ArrayList<>(devices);
      others.remove(device);
      if (works(others)) {
        return "detaching " + device.name();
      }
    }
    return conflict.isEmpty() ? aboutTheBuffer() : "";
  }

  private String aboutTheBuffer() {
    if (!PlacementSolver.feasible(devices, regions, buffer, Field.SIZE).isEmpty()) {
      long largest = new ConflictText(regions, buffer).largestRegionPages();
      return "a buffer of at most " + largest + " pages";
    }
    return PlacementSolver.feasible(devices, regions, buffer, Field.SECURE).isEmpty()
        ? ""
        : buffer.secure() ? "a region of protected memory" : "a region of ordinary memory";
  }

  private List<Change> changes(DeviceDemand device) {
    List<Change> changes = new ArrayList<>();
    String name = device.name();
    String ancestor = device.dmaAncestor();
    if (ancestor != null && device.reaches().isEmpty()) {
      changes.add(new Change("attaching " + ancestor + " instead", likeAnyDevice(device)));
    }
    if (!device.remapped()) {
      changes.add(
          new Change("an IOMMU in front of " + name, device.withTranslation(DmaPath.IOMMU)));
    }
    changes.add(
        new Change(name + " taking memory that is not coherent", device.withCoherentOnly(false)));
    changes.add(
        new Change(
            name + " taking more or longer segments",
            device.withConstraints(device.constraints().withMaxSegments(Integer.MAX_VALUE))));
    for (RegionFacts region : regions) {
      changes.add(
          new Change("a path from " + name + " to " + region.name(), reaching(device, region)));
    }
    changes.add(new Change("a CPU copy for " + name, device.withCopyPath(DmaPath.CPU)));
    return changes;
  }

  /** The ancestor's own demands are not known here; it is taken to reach every region. */
  private DeviceDemand likeAnyDevice(DeviceDemand device) {
    List<Reach> all = new ArrayList<>();
    regions.forEach(region -> all.add(new Reach(region.name(), 1)));
    return device.withReaches(all);
  }

  private static DeviceDemand reaching(DeviceDemand device, RegionFacts region) {
    List<Reach> reaches = new ArrayList<>(device.reaches());
    reaches.add(new Reach(region.name(), 1));
    return device.withReaches(reaches);
  }

  private List<DeviceDemand> replacing(DeviceDemand device, DeviceDemand changed) {
    List<DeviceDemand> others = new ArrayList<>(devices);
    others.set(others.indexOf(device), changed);
    return others;
  }

  private boolean works(List<DeviceDemand> some) {
    return !PlacementSolver.feasible(some, regions, buffer, null).isEmpty();
  }
}
