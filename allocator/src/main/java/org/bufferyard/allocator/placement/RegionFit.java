package org.bufferyard.allocator.placement;

import java.util.ArrayList;
import java.util.List;
import org.bufferyard.allocator.DmaConstraints;
import org.bufferyard.allocator.Pages;
import org.bufferyard.allocator.placement.PlacementChoice.DevicePath;
import org.bufferyard.allocator.placement.PlacementChoice.Rank;
import org.bufferyard.allocator.placement.PlacementRefusal.Field;
import org.jspecify.annotations.Nullable;

/** Whether one region serves a set of devices, under the combined constraints of all of them. */
final class RegionFit {
  /** Longest mapping that a bounce pool carries. */
  static final long BOUNCE_BYTES_MAX = 256 * 1024;

  /*
   * The devices that must do DMA decide whether the region fits; those that may copy are then taken
   * one by one, directly where the constraints so far allow it, else by their copy path. Removing a
   * device therefore never makes a region unfit, which the search for a smallest conflict needs.
   */
  private final RegionFacts region;
  private final BufferFacts buffer;
  private final long pages;
  private final @Nullable Field relaxed;

  private long maxPfn;
  private long alignPages = 1;
  private boolean contiguous;

  private RegionFit(RegionFacts region, BufferFacts buffer, @Nullable Field relaxed) {
    this.region = region;
    this.buffer = buffer;
    this.relaxed = relaxed;
    pages = relaxed == Field.SIZE ? 1 : buffer.pages();
    maxPfn = region.basePfn() + region.pages() - 1;
  }

  /**
   * The choice that {@code regions.get(index)} is for these devices, or null if it cannot serve
   * them. Constraints of the kind {@code relaxed}, if not null, are taken as satisfied.
   */
  static @Nullable PlacementChoice of(
      List<RegionFacts> regions,
      int index,
      List<DeviceDemand> devices,
      BufferFacts buffer,
      @Nullable Field relaxed) {
    return new RegionFit(regions.get(index), buffer, relaxed).choice(index, devices);
  }

  private @Nullable PlacementChoice choice(int index, List<DeviceDemand> devices) {
    if (!suitsBuffer()) {
      return null;
    }
    for (DeviceDemand device : devices) {
      if (!mayCopy(device) && !admit(device)) {
        return null;
      }
    }
    List<DevicePath> paths = new ArrayList<>(devices.size());
    for (DeviceDemand device : devices) {
      paths.add(new DevicePath(device.name(), path(device)));
    }
    return new PlacementChoice(
        index,
        region.name(),
        contiguous,
        Pages.toBytes(alignPages),
        region.basePfn(),
        maxPfn,
        Rank.FALLBACK,
        paths);
  }

  private DmaPath path(DeviceDemand device) {
    DmaPath copy = device.copyPath();
    return copy != null && mayCopy(device) && !admit(device) ? copy : device.translation();
  }

  private boolean suitsBuffer() {
    return region.reachable() && (is(Field.SECURE) || region.secure() == buffer.secure()) && fits();
  }

  /** Protected contents are never copied through ordinary memory. */
  private boolean mayCopy(DeviceDemand device) {
    DmaPath copy = device.copyPath();
    return copy != null
        && !buffer.secure()
        && !device.secure()
        && (copy == DmaPath.CPU || Pages.toBytes(pages) <= BOUNCE_BYTES_MAX);
  }

  /** Adds the device's constraints if the region still fits with them; else changes nothing. */
  private boolean admit(DeviceDemand device) {
    if (!agrees(device) || !segmentsSuffice(device.constraints())) {
      return false;
    }
    if (device.remapped()) {
      long lastByte = Pages.toBytes(pages) - 1;
      return is(Field.DMA_MASK)
          || Long.compareUnsigned(lastByte, device.constraints().dmaMask()) <= 0;
    }
    long maxPfnBefore = maxPfn;
    long alignBefore = alignPages;
    boolean contiguousBefore = contiguous;
    combine(device.constraints());
    if (fits()) {
      return true;
    }
    maxPfn = maxPfnBefore;
    alignPages = alignBefore;
    contiguous = contiguousBefore;
    return false;
  }

  private boolean agrees(DeviceDemand device) {
    return (is(Field.REACHABLE) || device.weight(region.name()) >= 0)
        && (is(Field.COHERENT) || !device.coherentOnly() || region.coherent())
        && (is(Field.SECURE) || device.secure() == buffer.secure());
  }

  private boolean segmentsSuffice(DmaConstraints limits) {
    return is(Field.MAX_SEGMENTS)
        || segmentsAtLeast(limits, Pages.toBytes(pages)) <= limits.maxSegments();
  }

  /** Segments of {@code sizeBytes} that is contiguous for the device and begins on a boundary. */
  static long segmentsAtLeast(DmaConstraints limits, long sizeBytes) {
    long segment = limits.maxSegmentBytes() & ~Pages.OFFSET_MASK;
    long window = limits.boundaryMask() + 1;
    if (window > 0 && window < segment) {
      segment = window;
    }
    return (sizeBytes + segment - 1) / segment;
  }

  private void combine(DmaConstraints limits) {
    if (!is(Field.DMA_MASK)) {
      maxPfn = Math.min(maxPfn, highestPfn(limits.dmaMask()));
    }
    boolean oneSegment = limits.maxSegments() == 1;
    contiguous |= oneSegment && pages > 1;
    if (!is(Field.ALIGNMENT)) {
      alignPages = Math.max(alignPages, limits.alignBytes() >>> Pages.SHIFT);
      if (oneSegment && limits.boundaryMask() != DmaConstraints.NO_BOUNDARY) {
        alignPages = Math.max(alignPages, powerOfTwoAtLeast(pages));
      }
    }
  }

  /** The last frame that lies wholly below {@code mask}; -1 if there is none. */
  static long highestPfn(long mask) {
    return mask == -1L ? Long.MAX_VALUE : ((mask + 1) >>> Pages.SHIFT) - 1;
  }

  private static long powerOfTwoAtLeast(long value) {
    return value == 1 ? 1 : Long.highestOneBit(value - 1) << 1;
  }

  private boolean fits() {
    long start = (region.basePfn() + alignPages - 1) & -alignPages;
    return start >= region.basePfn()
        && pages <= maxPfn - start + 1
        && (!contiguous || region.contiguous() || is(Field.CONTIGUOUS));
  }

  private boolean is(Field field) {
    return relaxed == field;
  }
}
