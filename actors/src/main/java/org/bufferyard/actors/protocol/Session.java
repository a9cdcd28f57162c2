package org.bufferyard.actors.protocol;

import akka.actor.typed.ActorRef;
import java.util.List;
import org.bufferyard.allocator.DmaDirection;
import org.bufferyard.allocator.Refusal;

/** What a client's program asks of its session. */
public final class Session {
  public sealed interface Command {}

  /**
   * Declares a buffer; it has no memory before its first map.
   *
   * @param cookie the program's own name for it; comes back in replies
   * @param preferred region indexes, most wanted first; empty: the solver decides
   * @param priority 0 to 3; lower is evicted first
   */
  public record ExportSpec(
      long cookie,
      String name,
      long sizeBytes,
      List<Integer> preferred,
      int priority,
      boolean contiguous) {}

  public record Export(ExportSpec spec, ActorRef<Reply> replyTo) implements Command {}

  /** Gives another client a handle of its own; it hears of it by {@link Imported}. */
  public record Share(
      Handle handle, ActorRef<Command> with, ClientId to, int rights, ActorRef<Reply> replyTo)
      implements Command {}

  /** Reads (and compares) or writes pages by the CPU inside a bracket that stays open a while. */
  public record CpuAccess(
      Handle handle,
      DmaDirection direction,
      long firstPage,
      long pages,
      long holdNanos,
      ActorRef<Reply> replyTo)
      implements Command {}

  public record Release(Handle handle, ActorRef<Reply> replyTo) implements Command {}

  /** Takes the buffer away from everybody, for good. Needs the right to revoke. */
  public record Revoke(Handle handle, ActorRef<Reply> replyTo) implements Command {}

  /** The contents may be discarded until they are reclaimed. Needs the right to revoke. */
  public record Offer(Handle handle, ActorRef<Reply> replyTo) implements Command {}

  public record Reclaim(Handle handle, ActorRef<Reply> replyTo) implements Command {}

  /**
   * The client has ended or died: its tokens, its places among those who wait, and its handles go.
   * The session stops once everything it has asked for is answered.
   */
  public record End() implements Command {}

  /** From another client's session: a handle for this client. */
  public record Offered(Grant grant) implements Command {}

  /** Whom to tell of handles that other clients share, from now on and up to now. */
  public record Listen(ActorRef<Reply> listener) implements Command {}

  // --- from the slab, and to itself -----------------------------------------------------------

  public record Created(long requestId, BufferId buffer, ActorRef<Buffer.Command> ref)
      implements Command {}

  public record FromBuffer(Buffer.SessionReply reply) implements Command {}

  public record FromCpu(Buffer.CpuReply reply) implements Command {}

  /** The CPU has held the bracket long enough. */
  public record HoldOver(long bracket) implements Command {}

  /** The oldest request's deadline may have passed. */
  public record Sweep() implements Command {}

  /** From a buffer: the client is about to pin it for the first time. */
  public record ChargePin(BufferId buffer, long pages, ActorRef<Buffer.Command> replyTo)
      implements Command {}

  /** From a buffer: the client's last pin there is gone. */
  public record UnchargePin(BufferId buffer) implements Command {}

  /** A buffer died with handles open. */
  public record BufferGone(BufferId buffer) implements Command {}

  public record CloseBooks(ActorRef<Books> replyTo) implements Command {}

  /** A handle and what it opens. */
  public record Grant(
      long cookie,
      BufferId buffer,
      Handle handle,
      int rights,
      long sizePages,
      ActorRef<Buffer.Command> ref) {}

  public sealed interface Reply {}

  public record Exported(Grant grant) implements Reply {}

  public record Imported(Grant grant) implements Reply {}

  public record Shared(Handle handle, ClientId to) implements Reply {}

  public record CpuDone(Handle handle, long pagesVerified) implements Reply {}

  public record Released(Handle handle) implements Reply {}

  public record Revoked(Handle handle) implements Reply {}

  public record OfferDone(Handle handle) implements Reply {}

  /** The contents are safe; {@code kept} false: they were discarded and read as zero. */
  public record Reclaimed(Handle handle, boolean kept) implements Reply {}

  /**
   * The request was not served.
   *
   * @param cookie of the export refused, or of the handle's buffer
   */
  public record Refused(long cookie, RequestKind kind, Refusal refusal) implements Reply {}

  /**
   * What a session has counted.
   *
   * @param pinnedPages of the buffers that the client has pinned, each counted once
   */
  public record Books(
      ClientId client, Tally.Counts counts, int openHandles, int openRequests, long pinnedPages) {}

  private Session() {}
}
