package org.bufferyard.actors.protocol;

import akka.actor.typed.ActorRef;
import org.bufferyard.allocator.Extents;

/** What a link between two regions is told: copies, in order of arrival. */
public final class Link {
  public sealed interface Command {}

  /**
   * Carries one buffer's pages over.
   *
   * @param copies false where the hop only rebinds pages: takes the latency and copies nothing
   * @param byCpu the second try of a copy that has to succeed: the engine is not asked
   */
  public record Copy(
      long move,
      BufferId buffer,
      Extents from,
      Extents to,
      boolean copies,
      boolean byCpu,
      ActorRef<Migration.Command> replyTo)
      implements Command {}

  /** To itself: a chunk's time has passed. */
  public record Tick() implements Command {}

  private Link() {}
}
