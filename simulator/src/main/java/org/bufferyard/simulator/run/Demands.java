package org.bufferyard.simulator.run;

import java.util.List;
import org.bufferyard.allocator.DmaConstraints;
import org.bufferyard.allocator.placement.DeviceDemand;
import org.bufferyard.allocator.placement.DmaPath;
import org.bufferyard.allocator.placement.Reach;
import org.bufferyard.simulator.scenario.DeviceSpec;
import org.bufferyard.simulator.scenario.DeviceSpec.AttachAs;

/** What the solver is told of a scenario's devices. */
final class Demands {
  private static final int FIRST_REACH_WEIGHT = 100;

  /**
   * The device whose DMA serves {@code spec}: its controller where it attaches that, else itself.
   */
  static DeviceSpec attachedFor(DeviceSpec spec, List<DeviceSpec> all) {
    return spec.way().attach() == AttachAs.CONTROLLER ? controller(spec, all) : spec;
  }

  private static DeviceSpec controller(DeviceSpec spec, List<DeviceSpec> all) {
    for (DeviceSpec other : all) {
      if (other.name().equals(spec.way().behind())) {
        return other;
      }
    }
    return spec;
  }

  static DeviceDemand of(DeviceSpec spec, List<DeviceSpec> all) {
    DeviceSpec attached = attachedFor(spec, all);
    String behind = spec.way().behind();
    if (behind != null && attached.equals(spec)) {
      return copied(spec, DeviceDemand.direct(spec.name(), DmaConstraints.UNLIMITED))
          .withDmaAncestor(behind);
    }
    String name = behind == null ? spec.name() : spec.name() + " via " + behind;
    return copied(attached, demand(name, attached));
  }

  private static DeviceDemand copied(DeviceSpec spec, DeviceDemand demand) {
    return spec.way().path().copies() ? demand.withCopyPath(spec.way().path()) : demand;
  }

  private static DeviceDemand demand(String name, DeviceSpec spec) {
    DmaPath path = spec.way().path();
    DeviceDemand direct = DeviceDemand.direct(name, constraints(spec), reaches(spec));
    return path.copies() ? direct : direct.withTranslation(path);
  }

  /** Regions are listed most wanted first. */
  private static Reach[] reaches(DeviceSpec spec) {
    Reach[] reaches = new Reach[spec.reaches().size()];
    for (int i = 0; i < reaches.length; i++) {
      reaches[i] = new Reach(spec.reaches().get(i), Math.max(1, FIRST_REACH_WEIGHT - i));
    }
    return reaches;
  }

  private static DmaConstraints constraints(DeviceSpec spec) {
    return DmaConstraints.UNLIMITED
        .withDmaMask(DmaConstraints.maskOfBits(spec.dmaMaskBits()))
        .withMaxSegmentBytes(spec.maxSegmentBytes())
        .withBoundaryMask(
            spec.boundaryBytes() == 0 ? DmaConstraints.NO_BOUNDARY : spec.boundaryBytes() - 1)
        .withMaxSegments(spec.maxSegments())
        .withAlignBytes(spec.alignBytes());
  }

  private Demands() {}
}
