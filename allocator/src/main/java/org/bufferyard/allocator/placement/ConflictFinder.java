package org.bufferyard.allocator.placement;

import java.util.ArrayList;
import java.util.List;
import org.bufferyard.allocator.Errno;
import org.bufferyard.allocator.placement.PlacementRefusal.Field;
import org.jspecify.annotations.Nullable;

/** Explains why no region serves a set of devices. Not thread-safe; used for one refusal. */
final class ConflictFinder {
  /** Most specific first: a device that reaches every region conflicts in none of the earlier. */
  private static final List<Field> FIELDS =
      List.of(
          Field.SECURE,
          Field.COHERENT,
          Field.MAX_SEGMENTS,
          Field.CONTIGUOUS,
          Field.DMA_MASK,
          Field.ALIGNMENT,
          Field.REACHABLE,
          Field.SIZE);

  private final List<DeviceDemand> devices;
  private final List<RegionFacts> regions;
  private final BufferFacts buffer;

  ConflictFinder(List<DeviceDemand> devices, List<RegionFacts> regions, BufferFacts buffer) {
    this.devices = devices;
    this.regions = regions;
    this.buffer = buffer;
  }

  PlacementRefusal explain() {
    List<DeviceDemand> conflict = smallestConflict();
    Field field = field(conflict);
    return new PlacementRefusal(
        errno(conflict, field),
        conflict.stream().map(DeviceDemand::name).toList(),
        field,
        new ConflictText(regions, buffer).reason(conflict, field),
        new Remedies(devices, regions, buffer).firstThatHelps(conflict));
  }

  private boolean works(List<DeviceDemand> some, @Nullable Field relaxed) {
    return !PlacementSolver.feasible(some, regions, buffer, relaxed).isEmpty();
  }

  /**
   * A set that has no placement although it has one without any single member: none, one or two
   * devices if such a set exists, else what is left after dropping every device that can go.
   */
  private List<DeviceDemand> smallestConflict() {
    if (!works(List.of(), null)) {
      return List.of();
    }
    for (DeviceDemand device : devices) {
      if (!works(List.of(device), null)) {
        return List.of(device);
      }
    }
    for (int one = 0; one < devices.size(); one++) {
      for (int other = one + 1; other < devices.size(); other++) {
        List<DeviceDemand> pair = List.of(devices.get(one), devices.get(other));
        if (!works(pair, null)) {
          return pair;
        }
      }
    }
    return withoutThoseThatCanGo();
  }

  private List<DeviceDemand> withoutThoseThatCanGo() {
    List<DeviceDemand> left = new ArrayList<>(devices);
    for (int index = left.size() - 1; index >= 0; index--) {
      DeviceDemand candidate = left.remove(index);
      if (works(left, null)) {
        left.add(index, candidate);
      }
    }
    return left;
  }

  private Field field(List<DeviceDemand> conflict) {
    for (Field field : FIELDS) {
      if (works(conflict, field)) {
        return field;
      }
    }
    return Field.SEVERAL;
  }

  private static Errno errno(List<DeviceDemand> conflict, Field field) {
    if (conflict.isEmpty()) {
      return Errno.ENOMEM;
    }
    return field == Field.MAX_SEGMENTS ? Errno.E2BIG : Errno.ENODEV;
  }
}
