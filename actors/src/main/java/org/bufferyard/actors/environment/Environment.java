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
    Tap tap) {
  /** Where nobody watches the buffers. */
  public Environment(
      ModelClock clock,
      Randomness randomness,
      Faults faults,
      Topology topology,
      YardSettings settings,
      PhysicalMemory memory,
      ActorRef<YardEvent> observer) {
    this(clock, randomness, faults, topology, settings, memory, observer, Tap.NONE);
  }

  public Environment watchedBy(Tap other) {
    return new Environment(clock, randomness, faults, topology, settings, memory, observer, other);
  }
}
