package org.bufferyard.simulator.scenario;

import java.util.Comparator;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.bufferyard.simulator.workload.Action;
import org.bufferyard.simulator.workload.ClientScript;
import org.bufferyard.simulator.workload.Step;
import org.bufferyard.simulator.workload.Use;
import org.bufferyard.simulator.workload.Workload;

/**
 * What a region must hold at once whatever is evicted: buffers pinned for devices that reach no
 * other region, with those of one of their jobs. Found by going through the clients' steps, so only
 * of workloads that are generated.
 */
public final class PinnedRoom {
  /** A region that is too small for what cannot leave it, nor be elsewhere. */
  public record Shortage(String region, long neededBytes, String device) {}

  private record Head(Step step, int client, Iterator<Step> rest) {}

  private final Map<String, String> onlyRegion = new LinkedHashMap<>();
  private final Map<Integer, Long> sizes = new LinkedHashMap<>();
  private final Map<String, Set<Integer>> pinned = new TreeMap<>();
  private final Map<String, Shortage> most = new TreeMap<>();

  private PinnedRoom(List<DeviceSpec> devices) {
    for (DeviceSpec device : devices) {
      if (device.reaches().size() == 1) {
        onlyRegion.put(device.name(), device.reaches().getFirst());
      }
    }
  }

  /** The first region, by name, that cannot hold what must be in it. */
  public static Optional<Shortage> shortage(Scenario scenario, Workload workload) {
    PinnedRoom room = new PinnedRoom(scenario.devices());
    room.goThrough(workload);
    Map<String, Long> capacities = new LinkedHashMap<>();
    scenario.regions().forEach(region -> capacities.put(region.name(), region.sizeBytes()));
    return room.most.values().stream()
        .filter(needed -> needed.neededBytes > capacities.getOrDefault(needed.region, 0L))
        .findFirst();
  }

  private void goThrough(Workload workload) {
    PriorityQueue<Head> heads =
        new PriorityQueue<>(
            Comparator.<Head>comparingLong(head -> head.step.atNanos())
                .thenComparingInt(head -> head.client));
    for (int client = 0; client < workload.clients().size(); client++) {
      ClientScript script = workload.clients().get(client);
      Supplier<Iterator<Step>> again = script.again();
      if (again != null) {
        push(heads, client, again.get());
      }
    }
    while (!heads.isEmpty()) {
      Head head = heads.remove();
      note(head.step.action());
      push(heads, head.client, head.rest);
    }
  }

  private static void push(PriorityQueue<Head> heads, int client, Iterator<Step> steps) {
    if (steps.hasNext()) {
      heads.add(new Head(steps.next(), client, steps));
    }
  }

  private void note(Action action) {
    switch (action) {
      case Action.Export export -> sizes.put(export.buffer(), export.sizeBytes());
      case Action.Pin pin -> {
        String region = onlyRegion.get(pin.device());
        if (region != null) {
          in(region).add(pin.buffer());
          measure(region, pin.device(), in(region));
        }
      }
      case Action.Unpin unpin -> pinned.values().forEach(set -> set.remove(unpin.buffer()));
      case Action.Release release -> pinned.values().forEach(set -> set.remove(release.buffer()));
      case Action.Submit submit -> {
        String region = onlyRegion.get(submit.device());
        if (region != null) {
          Set<Integer> needed = new LinkedHashSet<>(in(region));
          submit.uses().stream().map(Use::buffer).forEach(needed::add);
          measure(region, submit.device(), needed);
        }
      }
      case Action.Attach attach -> {}
      case Action.Unmap unmap -> {}
      case Action.CpuAccess access -> {}
    }
  }

  private Set<Integer> in(String region) {
    return pinned.computeIfAbsent(region, none -> new LinkedHashSet<>());
  }

  private void measure(String region, String device, Set<Integer> buffers) {
    long bytes = buffers.stream().mapToLong(buffer -> sizes.getOrDefault(buffer, 0L)).sum();
    Shortage before = most.get(region);
    if (before == null || bytes > before.neededBytes) {
      most.put(region, new Shortage(region, bytes, device));
    }
  }
}
