package org.bufferyard.actors.protocol;

import akka.actor.typed.ActorRef;
import java.util.ArrayList;
import java.util.List;
import org.bufferyard.allocator.Errno;
import org.bufferyard.allocator.Refusal;
import org.jspecify.annotations.Nullable;

/**
 * What a reservation is told, wherever it lives. Its token orders transactions over many buffers;
 * its fences say what has to be waited for. Signalling needs no token.
 */
public final class Reservation {
  public sealed interface Command {}

  /** A request of a client; answered exactly once. */
  public sealed interface Request extends Command {
    Header header();

    ActorRef<Reply> replyTo();
  }

  // --- the token ------------------------------------------------------------------------------

  /**
   * Asks for the token: granted, kept waiting in order of stamp, EBUSY (tried only), EALREADY, or
   * EDEADLK (younger, and holding something). Model of {@code ww_mutex_lock}.
   *
   * @param ticket the transaction's, the same over all its attempts
   * @param holding it holds other tokens, or may by the time it gets this one
   * @param mayWait false: now or never
   * @param slots fences that {@link AddFence} will add while the token is held
   */
  public record Reserve(
      Header header,
      Ticket ticket,
      boolean holding,
      boolean mayWait,
      int slots,
      ActorRef<Reply> replyTo)
      implements Request {}

  /** Gives the token up, or the place among those who wait, which is then ECANCELED. No answer. */
  public record Unreserve(Ticket ticket) implements Command {}

  // --- fences ---------------------------------------------------------------------------------

  /** Adds the fence of a transaction that holds the token; EPERM without it. */
  public record AddFence(Header header, Ticket ticket, FenceUsage usage, ActorRef<Reply> replyTo)
      implements Request {}

  /** The fence that {@link AddFence} added signals; null without an error. No answer. */
  public record SignalFence(Ticket ticket, @Nullable Errno error) implements Command {}

  /**
   * What a reader (or else a writer) has to wait for now, as one explicit fence; it has signalled
   * if that is nothing. Model of {@code DMA_BUF_IOCTL_EXPORT_SYNC_FILE}.
   *
   * @param read, write the kernel's flags; neither is EINVAL
   */
  public record ExportFence(Header header, boolean read, boolean write, ActorRef<Reply> replyTo)
      implements Request {}

  /**
   * Adds an explicit fence to those that others wait for implicitly: as a writer's if {@code
   * write}, as a reader's otherwise. Model of {@code DMA_BUF_IOCTL_IMPORT_SYNC_FILE}.
   */
  public record ImportFence(
      Header header, Explicit fence, boolean read, boolean write, ActorRef<Reply> replyTo)
      implements Request {}

  /**
   * Answered {@link Ready} once the contents may be read (all writers are done) or written
   * (everybody is). Model of {@code dma_buf_poll}.
   */
  public record Poll(Header header, boolean write, ActorRef<Reply> replyTo) implements Request {}

  /** From a reservation that imported it: tell me when this point of yours has signalled. */
  public record Watch(long context, long seqno, ReservationRef watcher) implements Command {}

  /** The answer to {@link Watch}; null without an error. */
  public record PointSignalled(Point point, @Nullable Errno error) implements Command {}

  /** A reservation that points were imported from is gone. */
  public record HomeGone(ReservationRef home) implements Command {}

  // --- the end of waiting ---------------------------------------------------------------------

  /** The requester lost interest: what still waits is answered {@code errno}. */
  public record Cancel(ClientId client, long requestId, Errno errno) implements Command {}

  /** The client died: it holds nothing and waits for nothing any more. */
  public record ClientGone(ClientId client) implements Command {}

  /**
   * Whoever made a shared reservation ends it; who waits is answered ENODEV. Without its handle, or
   * told to a buffer, whose reservation ends with it, this does nothing.
   */
  public record Close(Handle handle) implements Command {}

  /** Who waits here for whom, now. */
  public record TellWaits(ActorRef<WaitReport> replyTo) implements Command {}

  // --- values ---------------------------------------------------------------------------------

  /** One fence, by the reservation that it was exported from and its place there. */
  public record Point(ReservationRef home, long context, long seqno) {
    boolean sameContext(Point other) {
      return context == other.context && home.equals(other.home);
    }
  }

  /** An explicit fence: signalled when all its points have; those of nobody have. */
  public record Explicit(List<Point> points) {
    /** More points than this are refused E2BIG. */
    public static final int POINTS_MAX = 4096;

    /** Both: of each context the latest point alone. Model of {@code SYNC_IOC_MERGE}. */
    public Explicit merge(Explicit other) {
      List<Point> both = new ArrayList<>(points);
      for (Point point : other.points) {
        both.removeIf(each -> each.sameContext(point) && each.seqno <= point.seqno);
        if (both.stream().noneMatch(each -> each.sameContext(point))) {
          both.add(point);
        }
      }
      return new Explicit(List.copyOf(both));
    }
  }

  // --- replies --------------------------------------------------------------------------------

  public sealed interface Reply {
    long requestId();
  }

  public record Reserved(long requestId) implements Reply {}

  public record FenceAdded(long requestId) implements Reply {}

  public record FenceExported(long requestId, Explicit fence) implements Reply {}

  public record FenceImported(long requestId) implements Reply {}

  public record Ready(long requestId) implements Reply {}

  public record Refused(long requestId, Refusal refusal) implements Reply {}

  private Reservation() {}
}
