package org.bufferyard.simulator.scenario;

import java.util.ArrayList;
import java.util.List;
import org.bufferyard.simulator.fault.FaultSpec;
import org.bufferyard.simulator.workload.WorkloadSpec;

/**
 * A validated description of one run: every name it mentions exists, every size is whole pages and
 * within range. Lists are in order of name, expanded devices in order of number.
 */
public record Scenario(
    String name,
    String description,
    List<RegionSpec> regions,
    List<LinkSpec> links,
    List<IommuSpec> iommus,
    List<DeviceSpec> devices,
    String policy,
    long durationNanos,
    Contents contents,
    Limits limits,
    BringBack bringBack,
    WorkloadSpec workload,
    List<FaultSpec> faults,
    ManageSpec manage) {
  public Scenario {
    faults = List.copyOf(faults);
  }

  /** Without faults, and with no management around the policy. */
  public Scenario(
      String name,
      String description,
      List<RegionSpec> regions,
      List<LinkSpec> links,
      List<IommuSpec> iommus,
      List<DeviceSpec> devices,
      String policy,
      long durationNanos,
      Contents contents,
      Limits limits,
      BringBack bringBack,
      WorkloadSpec workload) {
    this(
        name,
        description,
        regions,
        links,
        iommus,
        devices,
        policy,
        durationNanos,
        contents,
        limits,
        bringBack,
        workload,
        List.of(),
        ManageSpec.NONE);
  }

  /** As it is, with these faults besides its own. */
  public Scenario withFaults(List<FaultSpec> more) {
    List<FaultSpec> all = new ArrayList<>(faults);
    all.addAll(more);
    return with(all, manage);
  }

  /** As it is, with nothing managed around the policy. */
  public Scenario unmanaged() {
    return with(faults, ManageSpec.NONE);
  }

  private Scenario with(List<FaultSpec> theFaults, ManageSpec managed) {
    return new Scenario(
        name,
        description,
        regions,
        links,
        iommus,
        devices,
        policy,
        durationNanos,
        contents,
        limits,
        bringBack,
        workload,
        theFaults,
        managed);
  }

  /** As it is, on other ground: other regions, links, devices, policy and store. */
  public Scenario on(
      List<RegionSpec> otherRegions,
      List<LinkSpec> otherLinks,
      List<DeviceSpec> otherDevices,
      String otherPolicy,
      Contents store) {
    return new Scenario(
        name,
        description,
        List.copyOf(otherRegions),
        List.copyOf(otherLinks),
        iommus,
        List.copyOf(otherDevices),
        otherPolicy,
        durationNanos,
        store,
        limits,
        bringBack,
        workload,
        faults,
        manage);
  }
}
