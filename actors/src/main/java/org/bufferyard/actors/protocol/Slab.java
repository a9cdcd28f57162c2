package org.bufferyard.actors.protocol;

import akka.actor.typed.ActorRef;
import java.util.List;

/** What a slab is told: it is the parent of some of the yard's buffers. */
public final class Slab {
  public sealed interface Command {}

  /**
   * Makes a buffer, declared and without memory.
   *
   * @param first the exporter's handle, with all rights
   * @param preferredNames the spec's preferred regions by name
   */
  public record Create(
      long requestId,
      ClientId owner,
      long epoch,
      Handle first,
      Session.ExportSpec spec,
      List<String> preferredNames,
      ActorRef<Session.Command> replyTo)
      implements Command {}

  /** A buffer of this slab has been freed. */
  public record Gone(BufferId buffer, long handled) implements Command {}

  /**
   * The session failed while buffers that it had asked for here were on their way to it: whatever
   * handles it has go.
   */
  public record Forsaken(ActorRef<Session.Command> session) implements Command {}

  /** Passes the question on; a buffer that is gone answers with nothing. */
  public record TellHistory(BufferId buffer, ActorRef<Buffer.History> replyTo) implements Command {}

  /**
   * Has every buffer tell whom it waits for.
   *
   * @param askedTo hears how many were asked
   */
  public record TellWaits(ActorRef<WaitReport> replyTo, ActorRef<WaitsAsked> askedTo)
      implements Command {}

  public record WaitsAsked(int buffers) {}

  /**
   * Has every buffer describe itself.
   *
   * @param askedTo hears how many were asked
   */
  public record TellInfos(ActorRef<BufferInfo> replyTo, ActorRef<WaitsAsked> askedTo)
      implements Command {}

  public record CloseBooks(ActorRef<Books> replyTo) implements Command {}

  /**
   * What a slab knows of its buffers.
   *
   * @param handled messages that buffers, now freed, have handled
   */
  public record Books(int slab, long created, int alive, long handled) {}

  private Slab() {}
}
