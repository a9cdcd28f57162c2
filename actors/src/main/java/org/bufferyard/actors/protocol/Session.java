package org.bufferyard.actors.protocol;

import akka.actor.typed.ActorRef;
import java.util.List;
import org.bufferyard.allocator.DmaDirection;
import org.bufferyard.allocator.Refusal;
import org.jspecify.annotations.Nullable;

/** What a client's program asks of its session. */
public final class Session {
  public sealed interface Command {}

  /**
   * Declares a buffer; it has no memory before its first map.
   *
   * @param cookie the program's own name for it; comes back in replies
   * @param preferred region indexes, most wanted first; empty: the solver decides
   * @param priority 0 to 3; lower is evicted first
   * @param contiguous the exporter wants one run of frames, whoever imports
   */
  public record ExportSpec(
      long cookie,
      String name,
      long sizeBytes,
      List<Integer> preferred,
      int priority,
      boolean contiguous,
      ExportOptions options) {
    /** As most are: {@link ExportOptions#USUAL}. */
    public ExportSpec(
        long cookie,
        String name,
        long sizeBytes,
        List<Integer> preferred,
        int priority,
        boolean contiguous) {
      this(cookie, name, sizeBytes, preferred, priority, contiguous, ExportOptions.USUAL);
    }

    public ExportSpec with(ExportOptions other) {
      return new ExportSpec(cookie, name, sizeBytes, preferred, priority, contiguous, other);
    }
  }

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

  /**
   * Maps pages of the buffer into the client's address space. From then on its CPU accesses go
   * through that mapping; when the buffer has moved, the next one faults it back in.
   */
  public record Mmap(Handle handle, long firstPage, long pages, ActorRef<Reply> replyTo)
      implements Command {}

  /** Also possible after the release of the handle: the mapping keeps the buffer alive. */
  public record Munmap(Handle handle, ActorRef<Reply> replyTo) implements Command {}

  /** The buffer stays where it is until the client's last {@link Vunmap}. */
  public record Vmap(Handle handle, ActorRef<Reply> replyTo) implements Command {}

  public record Vunmap(Handle handle, ActorRef<Reply> replyTo) implements Command {}

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

  public record FromBuffer(HandleReply reply) implements Command {}

  /** To a mapping of the client's. */
  public record FromMapping(Importer.Event event) implements Command {}

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

  /**
   * A handle and what it opens.
   *
   * @param reservation the one that the buffer shares with others; null if it has its own
   */
  public record Grant(
      long cookie,
      BufferId buffer,
      Handle handle,
      int rights,
      long sizePages,
      ActorRef<Buffer.Command> ref,
      @Nullable SharedReservation reservation) {
    /** To a buffer with a reservation of its own. */
    public Grant(
        long cookie,
        BufferId buffer,
        Handle handle,
        int rights,
        long sizePages,
        ActorRef<Buffer.Command> ref) {
      this(cookie, buffer, handle, rights, sizePages, ref, null);
    }
  }

  public sealed interface Reply {}

  public record Exported(Grant grant) implements Reply {}

  public record Imported(Grant grant) implements Reply {}

  public record Shared(Handle handle, ClientId to) implements Reply {}

  public record CpuDone(Handle handle, long pagesVerified) implements Reply {}

  public record Released(Handle handle) implements Reply {}

  public record Revoked(Handle handle) implements Reply {}

  public record Mmapped(Handle handle) implements Reply {}

  public record Munmapped(Handle handle) implements Reply {}

  public record Vmapped(Handle handle) implements Reply {}

  public record Vunmapped(Handle handle) implements Reply {}

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
   * @param faults CPU accesses that had to fault their mapping in
   */
  public record Books(
      ClientId client,
      Tally.Counts counts,
      int openHandles,
      int openRequests,
      long pinnedPages,
      long faults) {}

  private Session() {}
}
