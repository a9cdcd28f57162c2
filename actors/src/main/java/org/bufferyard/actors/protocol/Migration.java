package org.bufferyard.actors.protocol;

import akka.actor.typed.ActorRef;
import java.util.List;
import org.bufferyard.allocator.Errno;
import org.bufferyard.allocator.Extents;
import org.bufferyard.allocator.Refusal;
import org.bufferyard.allocator.validate.Place;

/** What the migration actor is told: demands for room, and the progress of its own moves. */
public final class Migration {
  public sealed interface Command {}

  /**
   * A buffer needs a placement, or none any more.
   *
   * @param places most wanted first; none: the memory goes, contents and all
   * @param at the region it lives in now, or {@link #NOWHERE}
   * @param extents its frames now, or none
   * @param optional it may stay where it is: refused rather than waited for
   */
  public record Demand(
      Region.Resident buffer,
      List<Place> places,
      int at,
      Extents extents,
      boolean optional,
      Ticket ticket,
      ClientId client)
      implements Command {}

  public static final int NOWHERE = -1;

  // --- from buffers ---------------------------------------------------------------------------

  /**
   * The buffer is in Moving and nobody can touch the old pages any more.
   *
   * @param uses since it came there
   */
  public record Prepared(
      long move,
      BufferId buffer,
      int region,
      Extents extents,
      long lastEvictedNanos,
      UsesSince uses)
      implements Command {
    /** Of a buffer that was not used there. */
    public Prepared(
        long move, BufferId buffer, int region, Extents extents, long lastEvictedNanos) {
      this(move, buffer, region, extents, lastEvictedNanos, UsesSince.NONE);
    }
  }

  /**
   * The buffer cannot enter Moving now.
   *
   * @param lasting trying again does not help
   */
  public record Busy(long move, BufferId buffer, Refusal refusal, boolean lasting)
      implements Command {}

  /** What a non-lasting {@link Busy} spoke of has passed: a demand for the buffer may go on. */
  public record MayMove(BufferId buffer) implements Command {}

  /** The move's end is in the buffer's books; the old pages may go. */
  public record Settled(long move, BufferId buffer) implements Command {}

  /** In place of {@link Prepared}: its contents were offered, so the pages are free at once. */
  public record Purged(long move, BufferId buffer, int region, Extents extents)
      implements Command {}

  /** The buffer is being revoked: it is told when the limits of a move have passed. */
  public record WatchRevoke(BufferId buffer, ActorRef<Buffer.Command> ref) implements Command {}

  /** Nobody uses the revoked buffer any more. */
  public record RevokeDone(BufferId buffer) implements Command {}

  /** In place of a move's number: the buffer was revoked. */
  public static final long NO_MOVE = 0;

  /**
   * The buffer is gone: its pages come back.
   *
   * @param uses since it came there
   */
  public record Freed(
      BufferId buffer, ClientId owner, int region, Extents extents, long pages, UsesSince uses)
      implements Command {}

  /** A mapping of the old generation was torn down by force. */
  public record Laggard(long move, BufferId buffer, DeviceId device, boolean forced)
      implements Command {}

  // --- from regions ---------------------------------------------------------------------------

  /**
   * Room is granted.
   *
   * @param fenced others' contents are still on their way out: {@link Cleared} follows
   */
  public record Reserved(int region, long demand, Extents extents, boolean fenced)
      implements Command {}

  /** All move fences on the room granted to the demand have signalled. */
  public record Cleared(int region, long demand) implements Command {}

  /**
   * Not enough room: {@code pages} more would do, as far as the region can tell, or {@link
   * NoRoom#NEVER}.
   *
   * @param returns how often room has come back to the region so far
   * @param refusal EDQUOT where the client's own bounds are in the way, and only its own buffers
   *     help by leaving
   */
  public record NoRoom(int region, long demand, long pages, long returns, Refusal refusal)
      implements Command {
    /** What is asked for is more than there may ever be. */
    public static final long NEVER = Long.MAX_VALUE;

    /** It is not the region that is full. */
    public boolean limited() {
      return refusal.errno() == Errno.EDQUOT;
    }
  }

  /**
   * Candidates in the policy's order.
   *
   * @param someBusy there are others that cannot be evicted at the moment
   */
  public record Victims(
      int region, int shortRegion, long demand, List<Region.Resident> victims, boolean someBusy)
      implements Command {}

  /**
   * Since victims were last asked for on behalf of {@code shortRegion}, a resident has arrived, or
   * one that was pinned or in use may leave now. Told once for each asking.
   */
  public record Stirred(int shortRegion) implements Command {}

  /** These were not used for a while, and leave without being asked for, each if it can at once. */
  public record Trim(int region, List<Region.Resident> idle) implements Command {}

  /** The region's policy would rather have the buffer elsewhere than make room for it. */
  public record Declined(int region, int shortRegion, long demand) implements Command {}

  /**
   * Who is to be put elsewhere in the region; none if that makes no hole. The room is taken.
   *
   * @param demand as it was asked
   */
  public record Compacting(int region, long demand, List<Relocation> relocations)
      implements Command {}

  /**
   * A resident, and frames for it.
   *
   * @param move number of its move
   * @param fenced others' contents are still on their way out of them: {@link Cleared} follows
   */
  public record Relocation(long move, Region.Resident resident, Extents to, boolean fenced) {}

  // --- from links -----------------------------------------------------------------------------

  public record Copied(long move) implements Command {}

  public record CopyFailed(long move, Refusal refusal) implements Command {}

  // --- to itself ------------------------------------------------------------------------------

  /** Somebody who waits for room in this region has waited long enough. */
  public record RoomOverdue(int region) implements Command {}

  /** A move gets another try: its copy failed a while ago, or its wait for the buffer is over. */
  public record RetryMove(long move) implements Command {}

  /** A limit of a move's wait for importers has passed. */
  public record Watch(long move, boolean force) implements Command {}

  // --- from the simulator ---------------------------------------------------------------------

  /** Which buffers wait for the eviction of which others. */
  public record TellWaits(ActorRef<WaitReport> replyTo) implements Command {}

  public record CloseBooks(ActorRef<Books> replyTo) implements Command {}

  /**
   * What migration has counted.
   *
   * @param history the first moves, each with what followed it
   * @param historyLeftOut further moves, which are not in it
   */
  public record Books(
      int demands,
      int movesInFlight,
      long evictions,
      long migrations,
      long refaults,
      long pingPongs,
      long purges,
      List<LinkBytes> moved,
      long handled,
      List<MoveRecord> history,
      long historyLeftOut) {
    /** Nothing has moved. */
    public static Books none() {
      return new Books(0, 0, 0, 0, 0, 0, 0, List.of(), 0, List.of(), 0);
    }
  }

  public record LinkBytes(String from, String to, long bytes, long moves) {}

  private Migration() {}
}
