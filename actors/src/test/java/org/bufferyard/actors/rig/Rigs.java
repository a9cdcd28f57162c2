package org.bufferyard.actors.rig;

import akka.actor.typed.ActorRef;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import java.util.List;
import org.bufferyard.actors.environment.Environment;
import org.bufferyard.actors.environment.Faults;
import org.bufferyard.actors.environment.ModelClock;
import org.bufferyard.actors.environment.Topology;
import org.bufferyard.actors.environment.YardSettings;
import org.bufferyard.actors.memory.PhysicalMemory;
import org.bufferyard.testkit.NamedRandom;

/** A small environment, and probes that write down what they are told. */
public final class Rigs {
  public static final int VRAM = 0;
  public static final int SYSTEM = 1;

  /** Two regions of equal size, host memory low, linked both ways at 1 GiB/s without latency. */
  public static Topology vramAndSystem(long pages) {
    return new Topology(
        List.of(
            new Topology.RegionPlace("VRAM", pages, pages, Topology.NONE, false),
            new Topology.RegionPlace("SYSTEM", 0, pages, Topology.NONE, false)),
        List.of(
            new Topology.LinkPlace(VRAM, SYSTEM, 1 << 30, 0),
            new Topology.LinkPlace(SYSTEM, VRAM, 1 << 30, 0)));
  }

  /** Default settings, no faults, seed 1, a clock that stands still. */
  public static Environment environment(
      ActorContext<?> context, Topology topology, PhysicalMemory memory) {
    return environment(context, topology, YardSettings.defaults(), memory);
  }

  public static Environment environment(
      ActorContext<?> context, Topology topology, YardSettings settings, PhysicalMemory memory) {
    return new Environment(
        ModelClock.scaled(() -> 0, 1),
        name -> NamedRandom.stream(1, name),
        Faults.NONE,
        topology,
        settings,
        memory,
        context.getSystem().ignoreRef());
  }

  /** An actor that adds every message to {@code log}. */
  public static <T> ActorRef<T> probe(ActorContext<?> context, String name, List<? super T> log) {
    return context.spawn(
        Behaviors.receiveMessage(
            message -> {
              log.add(message);
              return Behaviors.same();
            }),
        name);
  }

  private Rigs() {}
}
