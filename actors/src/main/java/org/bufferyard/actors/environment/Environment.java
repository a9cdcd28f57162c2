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
    ActorRef<YardEvent> observer) {}
