package org.bufferyard.actors.protocol;

import akka.actor.typed.ActorRef;
import java.util.List;
import org.bufferyard.allocator.Extents;
import org.bufferyard.allocator.policy.Hint;
import org.bufferyard.allocator.policy.shadow.AccessLog;
import org.bufferyard.allocator.policy.shadow.Shadows;
import org.bufferyard.allocator.region.AllocationRequest;
import org.jspecify.annotations.Nullable;

/** What a region is told: reserve and free room, who is resident, who was used, pick victims. */
public final class Region {
  public sealed interface Command {}

  /**
   * Takes room for a demand.
   *
   * @param request how many pages, where and how; a window region looks at the count alone
   * @param zero the pages are for a buffer without contents: clear them
   * @param incoming who is to have them, here or on the way elsewhere
   */
  public record Reserve(
      long demand,
      AllocationRequest request,
      boolean zero,
      Resident incoming,
      ActorRef<Migration.Command> replyTo)
      implements Command {}

  /**
   * Returns room.
   *
   * @param extents what {@code Reserve} gave; a window region counts {@code pages} alone
   * @param poison the pages were in use: overwrite them, so that a late reader is caught
   * @param owner whose they were
   */
  public record Free(Extents extents, long pages, boolean poison, ClientId owner)
      implements Command {
    /** Of nobody that is held to anything. */
    public Free(Extents extents, long pages, boolean poison) {
      this(extents, pages, poison, ClientId.YARD);
    }
  }

  /**
   * Room may be given out again while its contents are still being copied away: under a move fence.
   * Model of {@code ttm_resource_manager_add_dma_fence}.
   */
  public record Vacate(long move, Extents extents, long pages, ClientId owner) implements Command {}

  /** The move fence signals: the pages it covered are overwritten, whoever has them now. */
  public record MoveDone(long move, ActorRef<Migration.Command> replyTo) implements Command {}

  /**
   * The buffer now lives here and is a candidate, unless not eligible.
   *
   * @param extents its frames; a window's are its backing region's
   */
  public record Arrived(Resident resident, Extents extents) implements Command {}

  /** The buffer no longer lives here. */
  public record Left(BufferId buffer, Departure why) implements Command {}

  /**
   * A resident is gone for good. The region passes the notice on, so that migration hears of it
   * after every answer that still named the buffer as a victim.
   */
  public record Buried(Migration.Freed notice, ActorRef<Migration.Command> migration)
      implements Command {}

  public enum Departure {
    EVICTED,
    MOVED,
    FREED
  }

  /** Pinned, statically mapped or open to the CPU: no candidate until told otherwise. */
  public record SetEligible(BufferId buffer, boolean eligible) implements Command {}

  /**
   * A victim that was named stays after all: it is a candidate again.
   *
   * @param busy it was in use: until it is used again, or a little later, it is passed over by who
   *     does not want to wait
   * @param shortRegion for whose sake it was named
   * @param refused whom the buffer turned away, {@link Ticket#OLDEST} where it has no way out; null
   *     if it was not asked
   */
  public record Stayed(BufferId buffer, boolean busy, int shortRegion, @Nullable Ticket refused)
      implements Command {}

  /** The buffer turned a move away and would not do so now. */
  public record MayLeave(BufferId buffer) implements Command {}

  /** What a policy may know of a resident has changed. */
  public record Changed(BufferId buffer, boolean shared, boolean discardable) implements Command {}

  /**
   * Another client is in the foreground from now on, or, by {@link ClientId#YARD}, nobody: bounds
   * and budgets follow.
   */
  public record Foreground(ClientId client) implements Command {}

  /** To itself: the period of a trim is over. */
  public record TrimNow() implements Command {}

  /** Advice on a resident, for the policy. */
  public record Hinted(BufferId buffer, Hint hint) implements Command {}

  /**
   * One submission's uses, of residents and of buffers that live further out; an array so that a
   * cached mapping's use costs no message of its own.
   *
   * @param pages their sizes, {@code long[buffers.length]}, 0 of what wants to be elsewhere; empty
   *     where the user does not know them
   */
  @SuppressWarnings("ArrayRecordComponent") // columns of numbers; never compared
  public record Used(long[] buffers, long[] pages) implements Command {
    /** Of buffers whose sizes are not told. */
    public Used(long[] buffers) {
      this(buffers, NO_SIZES);
    }
  }

  private static final long[] NO_SIZES = {};

  /**
   * Asks for victims that together free {@code pages}. The asker hears {@link Migration.Stirred} of
   * the first change after this that may give other victims.
   *
   * @param shortRegion for which region's sake; this one, or the one behind this window
   * @param wanted the room that is short: its frames and its shape
   * @param returns as it was in the {@code NoRoom} before; if more has come back since, somebody
   *     counts as busy, so that the region is asked for room again
   * @param incoming the buffer that is short of room, here or on its way elsewhere
   * @param client on whose behalf
   * @param ticket of the demand
   * @param mayWait victims that are in use will do
   * @param lastResort there is no other place: what only a share keeps here will do
   * @param ownOnly the client's own bounds were in the way
   * @param declinable the policy may answer that {@code incoming} should not live here
   * @param except not these: a demand already tried them in this round
   */
  public record PickVictims(
      long demand,
      int shortRegion,
      long pages,
      AllocationRequest wanted,
      long returns,
      Resident incoming,
      ClientId client,
      Ticket ticket,
      boolean mayWait,
      boolean lastResort,
      boolean ownOnly,
      boolean declinable,
      List<BufferId> except,
      ActorRef<Migration.Command> replyTo)
      implements Command {}

  /**
   * Asks which residents to put elsewhere in the region, so that holes become one; takes room for
   * them. Answered {@link Migration.Compacting}. Those named count as leaving until {@link
   * Relocated} or {@link Stayed}.
   *
   * @param firstMove number of the first move, the others' follow
   * @param pagesMax most pages to be moved
   * @param wanted what the hole is for, one run of frames; null: just a larger one
   * @param except not these
   */
  public record Compact(
      long demand,
      long firstMove,
      int movesMax,
      long pagesMax,
      @Nullable AllocationRequest wanted,
      List<BufferId> except,
      ActorRef<Migration.Command> replyTo)
      implements Command {}

  /** A resident lives on other frames from now on. */
  public record Relocated(BufferId buffer, Extents extents) implements Command {}

  /**
   * Asks what the region holds.
   *
   * @param closing with all that it has written down
   */
  public record Sample(boolean closing, ActorRef<Occupancy> replyTo) implements Command {
    /** What changes with every moment. */
    public Sample(ActorRef<Occupancy> replyTo) {
      this(false, replyTo);
    }
  }

  /**
   * What a region holds at one moment.
   *
   * @param usedPages of the allocator or window
   * @param residentPages of the buffers that live here
   * @param meanResidentPages over the time since the region opened
   * @param meanPinnedPages of these, those that could not move
   * @param largestFreePages the longest run of free frames; of a window, what is free
   */
  public record Occupancy(
      int region,
      long usedPages,
      long residentPages,
      long peakResidentPages,
      long meanResidentPages,
      long meanPinnedPages,
      long peakPinnedPages,
      long capacityPages,
      long largestFreePages,
      int residents,
      Choosing choosing,
      long handled,
      Usage usage) {}

  /**
   * What the uses of buffers say of a region; of those that are in it, or further out.
   *
   * @param usesHere of the uses, those of buffers that were in the region
   * @param shadows what other policies would have done, where some watch
   * @param shadowsLeftOut uses that these did not follow
   * @param accesses the log, where one is kept and was asked for
   * @param protectionBroken evictions that left an owner less than its minimum, or {@link
   *     #NOBODY_PROTECTED}
   */
  public record Usage(
      long uses,
      long usedPages,
      long usesHere,
      long usedHerePages,
      List<Shadows.Tally> shadows,
      long shadowsLeftOut,
      AccessLog.@Nullable Accesses accesses,
      long protectionBroken) {}

  public static final long NOBODY_PROTECTED = -1;

  /**
   * What the region's eviction policy was asked and did, in counted steps.
   *
   * @param demands how often victims were wanted
   * @param victims it named
   * @param scanned candidates it looked at for them
   * @param updates it was told: arrivals, departures, uses, pins
   */
  public record Choosing(long demands, long victims, long scanned, long updates) {
    public Choosing plus(Choosing other) {
      return new Choosing(
          demands + other.demands,
          victims + other.victims,
          scanned + other.scanned,
          updates + other.updates);
    }

    /** Nothing asked, nothing done. */
    public static Choosing none() {
      return new Choosing(0, 0, 0, 0);
    }
  }

  /**
   * A resident buffer as migration and the policy see it.
   *
   * @param discardable its contents may be dropped instead of moved
   */
  public record Resident(
      BufferId buffer,
      ActorRef<Buffer.Command> ref,
      ClientId owner,
      long pages,
      int priority,
      boolean discardable) {
    public Resident(
        BufferId buffer, ActorRef<Buffer.Command> ref, ClientId owner, long pages, int priority) {
      this(buffer, ref, owner, pages, priority, false);
    }
  }

  private Region() {}
}
