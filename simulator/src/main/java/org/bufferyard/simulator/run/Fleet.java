package org.bufferyard.simulator.run;

import akka.actor.typed.ActorRef;
import akka.actor.typed.javadsl.ActorContext;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bufferyard.actors.protocol.BusPath;
import org.bufferyard.actors.protocol.DeviceId;
import org.bufferyard.actors.yard.Yard;
import org.bufferyard.allocator.DmaConstraints;
import org.bufferyard.allocator.iommu.DomainSettings;
import org.bufferyard.allocator.placement.DeviceDemand;
import org.bufferyard.allocator.placement.Reach;
import org.bufferyard.deviceactors.Device;
import org.bufferyard.deviceactors.DeviceActor;
import org.bufferyard.deviceactors.DevicePlan;
import org.bufferyard.simulator.scenario.DeviceSpec;
import org.bufferyard.simulator.scenario.ImporterKind;
import org.bufferyard.simulator.scenario.IommuSpec;
import org.bufferyard.simulator.scenario.Scenario;

/** A scenario's devices and the IOMMUs before them: each device has a domain of its own. */
final class Fleet {
  private static final int FIRST_REACH_WEIGHT = 100;

  private final Scenario scenario;

  Fleet(Scenario scenario) {
    this.scenario = scenario;
  }

  List<Yard.IommuPlan> iommus() {
    List<Yard.IommuPlan> plans = new ArrayList<>();
    for (IommuSpec iommu : scenario.iommus()) {
      List<DomainSettings> domains = new ArrayList<>();
      for (DeviceSpec device : scenario.devices()) {
        if (iommu.name().equals(device.iommu())) {
          domains.add(DomainSettings.ofBits(iommu.addressBits()));
        }
      }
      plans.add(new Yard.IommuPlan(iommu.name(), domains));
    }
    return plans;
  }

  /** Spawns the devices, by name. */
  Map<String, ActorRef<Device.Command>> spawn(ActorContext<?> context, Yard yard) {
    Map<String, ActorRef<Device.Command>> devices = new LinkedHashMap<>();
    Map<String, Integer> nextDomain = new LinkedHashMap<>();
    List<String> iommuNames = scenario.iommus().stream().map(IommuSpec::name).toList();
    for (DeviceSpec spec : scenario.devices()) {
      BusPath path = new BusPath.Direct();
      if (spec.iommu() != null) {
        int domain = nextDomain.merge(spec.iommu(), 1, Integer::sum) - 1;
        path = new BusPath.Translated(yard.iommus().get(iommuNames.indexOf(spec.iommu())), domain);
      }
      DevicePlan plan = plan(new DeviceId(devices.size()), spec, path);
      devices.put(
          spec.name(),
          context.spawn(
              DeviceActor.create(yard.environment(), plan, yard.regions()),
              "device-" + spec.name()));
    }
    return devices;
  }

  private static DevicePlan plan(DeviceId id, DeviceSpec spec, BusPath path) {
    return new DevicePlan(
        id,
        demand(spec),
        path,
        spec.importer() == ImporterKind.DYNAMIC,
        spec.bytesPerSecond(),
        spec.queueDepth());
  }

  /** The regions a device reaches are listed most wanted first. */
  private static DeviceDemand demand(DeviceSpec spec) {
    Reach[] reaches = new Reach[spec.reaches().size()];
    for (int i = 0; i < reaches.length; i++) {
      reaches[i] = new Reach(spec.reaches().get(i), Math.max(1, FIRST_REACH_WEIGHT - i));
    }
    DmaConstraints constraints =
        DmaConstraints.UNLIMITED
            .withDmaMask(DmaConstraints.maskOfBits(spec.dmaMaskBits()))
            .withMaxSegmentBytes(spec.maxSegmentBytes())
            .withBoundaryMask(
                spec.boundaryBytes() == 0 ? DmaConstraints.NO_BOUNDARY : spec.boundaryBytes() - 1)
            .withMaxSegments(spec.maxSegments());
    return spec.iommu() == null
        ? DeviceDemand.direct(spec.name(), constraints, reaches)
        : DeviceDemand.iommu(spec.name(), constraints, reaches);
  }
}
