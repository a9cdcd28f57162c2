package org.bufferyard.simulator.run;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bufferyard.actors.environment.Topology;
import org.bufferyard.actors.environment.YardSettings;
import org.bufferyard.actors.protocol.Migration;
import org.bufferyard.actors.protocol.Region;
import org.bufferyard.allocator.Pages;
import org.bufferyard.allocator.policy.replay.Optimum;
import org.bufferyard.allocator.policy.shadow.AccessLog;
import org.bufferyard.allocator.policy.shadow.Shadows;
import org.bufferyard.deviceactors.Device;
import org.bufferyard.deviceactors.StallSeries;
import org.bufferyard.simulator.result.Findings;
import org.bufferyard.simulator.scenario.DeviceSpec;
import org.bufferyard.simulator.workload.ClientScript;
import org.jspecify.annotations.Nullable;

/** Makes a run's {@link Findings} of the books at its end. */
final class Judgement {
  private final RunRequest request;
  private final Topology topology;
  private final Ending end;

  /** The watched one. */
  private final Region.@Nullable Occupancy region;

  Judgement(RunRequest request, Topology topology, Ending end) {
    this.request = request;
    this.topology = topology;
    this.end = end;
    this.region = end.audit().regions.get(request.watching().regionIn(topology));
  }

  Findings findings() {
    return new Findings(causes(), measures(), shadows());
  }

  private Findings.Causes causes() {
    Migration.Books books = end.audit().migration;
    Migration.Books moves = books == null ? Migration.Books.none() : books;
    List<String> clients = request.workload().clients().stream().map(ClientScript::client).toList();
    return new CauseMaker(
            topology, clients, ends(clients.size()), YardSettings.defaults().pingPongNanos())
        .of(moves.history(), moves.historyLeftOut());
  }

  private long[] ends(int clients) {
    long[] ends = new long[clients];
    Arrays.fill(ends, Long.MAX_VALUE);
    end.programs().forEach(done -> ends[done.client().value()] = done.scriptDoneNanos());
    return ends;
  }

  private Findings.Measures measures() {
    Recovery recovery = Recovery.of(request.workload(), stalls());
    return new Findings.Measures(
        region == null ? 0 : region.usage().uses(),
        useWeighted(),
        end.recorder().fragmentation(),
        recovery.nanos(),
        recovery.steadyNanos(),
        refusedFeasible(),
        protectionBroken(),
        regret());
  }

  /** Of all devices. */
  StallSeries stalls() {
    StallSeries all = new StallSeries();
    for (Device.Books device : end.audit().devices) {
      all.addAll(device.stallSeries());
    }
    return all;
  }

  private double protectionBroken() {
    long broken = region == null ? Region.NOBODY_PROTECTED : region.usage().protectionBroken();
    return broken == Region.NOBODY_PROTECTED ? Double.NaN : broken;
  }

  private double useWeighted() {
    return region == null || region.usage().usedPages() == 0
        ? Double.NaN
        : (double) region.usage().usedHerePages() / region.usage().usedPages();
  }

  /** Some region that the device reaches could have held the job beside all that was pinned. */
  private long refusedFeasible() {
    Map<String, Long> room = new LinkedHashMap<>();
    for (DeviceSpec device : request.scenario().devices()) {
      long most = 0;
      for (Region.Occupancy each : end.audit().regions.values()) {
        if (device.reaches().contains(topology.region(each.region()).name())) {
          most = Math.max(most, each.capacityPages() - each.peakPinnedPages());
        }
      }
      room.put(device.name(), most);
    }
    long feasible = 0;
    for (Program.Done program : end.programs()) {
      for (Score.NoRoom job : program.noRoom()) {
        feasible += job.pages() <= room.getOrDefault(job.device(), 0L) ? 1 : 0;
      }
    }
    return feasible;
  }

  private Findings.@Nullable Regret regret() {
    AccessLog.Accesses accesses = region == null ? null : region.usage().accesses();
    if (region == null || accesses == null) {
      return null;
    }
    // What landed before its predecessor's leave was noted may have overlapped with it for a
    // moment.
    long capacity = Math.max(region.capacityPages(), accesses.peakPages());
    Optimum optimum = Optimum.of(accesses.requests(), capacity);
    return new Findings.Regret(
        Pages.toBytes(accesses.costPages()),
        optimum.size() * Pages.SIZE_BYTES,
        optimum.exact(),
        accesses.requests().count());
  }

  private List<Findings.Shadow> shadows() {
    List<Findings.Shadow> shadows = new ArrayList<>();
    if (region != null && !region.usage().shadows().isEmpty()) {
      Region.Usage usage = region.usage();
      shadows.add(
          new Findings.Shadow(
              request.scenario().policy() + " (ruling)",
              usage.uses(),
              usage.uses() - usage.usesHere(),
              Pages.toBytes(usage.usedPages() - usage.usedHerePages()),
              region.choosing().victims(),
              end.recorder().evictedBytes(region.region())));
      for (Shadows.Tally tally : usage.shadows()) {
        shadows.add(
            new Findings.Shadow(
                tally.policy(),
                usage.uses() - usage.shadowsLeftOut(),
                tally.misses(),
                Pages.toBytes(tally.missPages()),
                tally.evictions(),
                Pages.toBytes(tally.evictedPages())));
      }
    }
    return shadows;
  }
}
