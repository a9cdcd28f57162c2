package org.bufferyard.actors.environment;

import akka.actor.typed.ActorRef;
import org.bufferyard.actors.memory.PhysicalMemory;
import org.bufferyard.actors.protocol.YardEvent;

/** What every actor of one yard is given. Immutable but for the memory, which is the memory. */
public record Environment(
    ModelClock clock,
    Randomness randomness,
    Faults faults,
    Topology topology,
    YardSettings settings,
    PhysicalMemory memory,
    ActorRef<YardEvent> observer,
    Watching watching,
    Tap tap) {

  /** Of a yard that nobody judges and whose buffers nobody watches. */
  public Environment(
      ModelClock clock,
      Randomness randomness,
      Faults faults,
      Topology topology,
      YardSettings settings,
      PhysicalMemory memory,
      ActorRef<YardEvent> observer) {
    this(
        clock,
        randomness,
        faults,
        topology,
        settings,
        memory,
        observer,
        Watching.NOTHING,
        Tap.NONE);
  }

  public Environment watching(Watching what) {
    return new Environment(
        clock, randomness, faults, topology, settings, memory, observer, what, tap);
  }

  public Environment watchedBy(Tap other) {
    return new Environment(
        clock, randomness, faults, topology, settings, memory, observer, watching, other);
  }
}
