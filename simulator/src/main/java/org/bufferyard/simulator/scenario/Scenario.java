package org.bufferyard.simulator.scenario;

import java.util.List;
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
    WorkloadSpec workload) {}
