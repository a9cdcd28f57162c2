package org.bufferyard.simulator.run;

import akka.actor.typed.ActorRef;
import akka.actor.typed.javadsl.ActorContext;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bufferyard.actors.protocol.BusPath;
import org.bufferyard.actors.protocol.DeviceId;
import org.bufferyard.actors.protocol.Iommu;
import org.bufferyard.actors.yard.Yard;
import org.bufferyard.allocator.Pages;
import org.bufferyard.allocator.iommu.DomainSettings;
import org.bufferyard.deviceactors.Device;
import org.bufferyard.deviceactors.DeviceActor;
import org.bufferyard.deviceactors.DevicePlan;
import org.bufferyard.deviceactors.path.PathSpec;
import org.bufferyard.deviceactors.path.Paths;
import org.bufferyard.simulator.scenario.DeviceSpec;
import org.bufferyard.simulator.scenario.ImporterKind;
import org.bufferyard.simulator.scenario.IommuSpec;
import org.bufferyard.simulator.scenario.Scenario;
import org.jspecify.annotations.Nullable;

/**
 * A scenario's devices and what stands before them: each device has a domain of its own, but those
 * on a bus use their controller's.
 */
final class Fleet {
  private final Scenario scenario;
  private final Ground ground;
  private Paths paths = new Paths(List.of(), new LinkedHashMap<>());

  Fleet(Scenario scenario, Ground ground) {
    this.scenario = scenario;
    this.ground = ground;
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

  /** Spawns the devices, by name, and the paths that are theirs. */
  Map<String, ActorRef<Device.Command>> spawn(ActorContext<?> context, Yard yard) {
    paths = Paths.open(context, yard.environment(), ground.bounce, pathSpecs());
    Map<String, BusPath> ways = ways(yard);
    Map<String, ActorRef<Device.Command>> devices = new LinkedHashMap<>();
    for (DeviceSpec spec : scenario.devices()) {
      DevicePlan plan = plan(new DeviceId(devices.size()), spec, ways);
      devices.put(
          spec.name(),
          context.spawn(
              DeviceActor.create(yard.environment(), plan, yard.regions()),
              "device-" + spec.name()));
    }
    return devices;
  }

  /** All that stands between devices and memory, once the devices are spawned. */
  List<ActorRef<Iommu.Command>> translators(Yard yard) {
    List<ActorRef<Iommu.Command>> all = new ArrayList<>(yard.iommus());
    all.addAll(paths.actors());
    return all;
  }

  private List<PathSpec> pathSpecs() {
    List<PathSpec> specs = new ArrayList<>();
    for (DeviceSpec spec : scenario.devices()) {
      PathSpec path = pathSpec(spec);
      if (!path.plain()) {
        specs.add(path);
      }
    }
    return specs;
  }

  private PathSpec pathSpec(DeviceSpec spec) {
    DeviceSpec.Way way = spec.way();
    return PathSpec.of(spec.name(), way.path())
        .withHook(way.hook())
        .withMappingBytesMax(way.mappingBytesMax())
        .withAddressBits(addressBits(spec.iommu()))
        .withStaging(
            ground.staging.getOrDefault(spec.name(), 0L), Pages.ofBytes(way.stagingBytes()));
  }

  private int addressBits(@Nullable String name) {
    for (IommuSpec iommu : scenario.iommus()) {
      if (iommu.name().equals(name)) {
        return iommu.addressBits();
      }
    }
    return Long.SIZE;
  }

  /** By device: a path of its own, a domain of its IOMMU, or straight. */
  private Map<String, BusPath> ways(Yard yard) {
    Map<String, BusPath> ways = new LinkedHashMap<>();
    Map<String, Integer> nextDomain = new LinkedHashMap<>();
    List<String> iommuNames = scenario.iommus().stream().map(IommuSpec::name).toList();
    for (DeviceSpec spec : scenario.devices()) {
      BusPath path = new BusPath.Direct();
      if (spec.iommu() != null) {
        int domain = nextDomain.merge(spec.iommu(), 1, Integer::sum) - 1;
        path = new BusPath.Translated(yard.iommus().get(iommuNames.indexOf(spec.iommu())), domain);
      }
      ways.put(spec.name(), paths.byDevice().getOrDefault(spec.name(), path));
    }
    return ways;
  }

  private DevicePlan plan(DeviceId id, DeviceSpec spec, Map<String, BusPath> ways) {
    DeviceSpec attached = Demands.attachedFor(spec, scenario.devices());
    return new DevicePlan(
        id,
        Demands.of(spec, scenario.devices()),
        ways.getOrDefault(attached.name(), new BusPath.Direct()),
        spec.importer() == ImporterKind.DYNAMIC,
        spec.bytesPerSecond(),
        spec.remoteBytesPerSecond(),
        spec.queueDepth());
  }
}
