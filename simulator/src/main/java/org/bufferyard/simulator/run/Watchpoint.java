package org.bufferyard.simulator.run;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.HdrHistogram.AbstractHistogram;
import org.bufferyard.actors.environment.Environment;
import org.bufferyard.actors.environment.Topology;
import org.bufferyard.actors.memory.PhysicalMemory;
import org.bufferyard.simulator.fault.FaultInjector;
import org.bufferyard.testkit.DeterministicSystem;
import org.bufferyard.testkit.Schedule;
import org.bufferyard.testkit.Strategy;
import org.jspecify.annotations.Nullable;

/** A checkpoint on its way through one run: waits for its event, and gathers what it is shown. */
final class Watchpoint {
  /**
   * Shared by all actors, or of the world outside. Memory and faults are parts of their own; a
   * histogram measures, and carries a number of its JVM's.
   */
  private static final List<Class<?>> OPAQUE =
      List.of(
          Environment.class,
          PhysicalMemory.class,
          Ground.class,
          FaultInjector.class,
          Director.Brief.class,
          ProgressListener.class,
          AbstractHistogram.class);

  private final @Nullable Checkpoint checkpoint;
  private final Ground ground;
  private final FaultInjector injector;
  private final Schedule schedule = new Schedule();
  private boolean passed;
  private boolean cut;

  Watchpoint(@Nullable Checkpoint checkpoint, Ground ground, FaultInjector injector) {
    this.checkpoint = checkpoint;
    this.ground = ground;
    this.injector = injector;
  }

  Strategy recording(Strategy strategy) {
    return checkpoint == null ? strategy : schedule.recording(strategy);
  }

  /** Whether the checkpoint has ended the run; between any two events. */
  boolean cuts(DeterministicSystem<?> system) {
    if (checkpoint != null && !passed && checkpoint.reached(system.steps(), system.nowNanos())) {
      passed = true;
      cut = !checkpoint.at(moment(system));
    }
    return cut;
  }

  boolean cut() {
    return cut;
  }

  private Checkpoint.Moment moment(DeterministicSystem<?> system) {
    Map<String, Object> more = new LinkedHashMap<>();
    more.put("faults", injector.firings());
    for (Topology.RegionPlace place : ground.topology.regions()) {
      if (place.windowOf() == Topology.NONE) {
        more.put("memory of " + place.name(), contents(place));
      }
    }
    return new Checkpoint.Moment(
        system.steps(),
        system.nowNanos(),
        system.eventHash(),
        system.stateDigest(OPAQUE, more),
        schedule.picks());
  }

  private long contents(Topology.RegionPlace place) {
    long hash = 0;
    for (long pfn = place.basePfn(); pfn < place.basePfn() + place.pages(); pfn++) {
      hash = 31 * hash + ground.memory.read(pfn);
    }
    return hash;
  }
}
