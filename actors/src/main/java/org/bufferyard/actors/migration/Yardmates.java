package org.bufferyard.actors.migration;

import akka.actor.typed.ActorRef;
import java.util.List;
import org.bufferyard.actors.protocol.Link;
import org.bufferyard.actors.protocol.Region;

/** The actors migration works with, by region and link index. */
public record Yardmates(
    List<ActorRef<Region.Command>> regions, List<ActorRef<Link.Command>> links) {}
