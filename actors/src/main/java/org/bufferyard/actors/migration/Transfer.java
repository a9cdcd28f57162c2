package org.bufferyard.actors.migration;

import java.util.ArrayList;
import java.util.List;
import org.bufferyard.actors.environment.Topology;
import org.bufferyard.actors.protocol.ClientId;
import org.bufferyard.actors.protocol.Fate;
import org.bufferyard.actors.protocol.Region.Resident;
import org.bufferyard.actors.protocol.Ticket;
import org.bufferyard.actors.protocol.UsesSince;
import org.bufferyard.allocator.Extents;
import org.bufferyard.allocator.Pages;
import org.bufferyard.allocator.Refusal;
import org.bufferyard.allocator.region.AllocationRequest;
import org.bufferyard.allocator.validate.Attempt;
import org.bufferyard.allocator.validate.Place;
import org.jspecify.annotations.Nullable;

/**
 * One buffer on its way to a placement: it acquires room, and unless this is its first placement,
 * moves. Not thread-safe; owned by the migration actor.
 */
final class Transfer {
  enum Kind {
    /** First allocation. */
    PLACE,
    /** The buffer's own demand for another place. */
    MOVE,
    /** A victim makes room. */
    EVICT,
    /** A resident goes to other frames of its region. */
    RELOCATE
  }

  /**
   * Room that was granted.
   *
   * @param passing only on the way: it comes back when the move is over
   */
  record Grant(
      int region, Extents extents, long pages, boolean frames, boolean passing, ClientId owner) {}

  /** A victim whose contents still do not fit after so many rounds goes on to the next tier. */
  private static final int WRITE_BACKS_MAX = 4;

  final long id;
  final Kind kind;
  final Resident buffer;
  final Ticket ticket;
  final ClientId forWhom;
  final boolean optional;
  private List<Attempt> attempts;

  /** When the demand was made that this is or serves: its wait is bounded over all attempts. */
  final long startedNanos;

  /** For an eviction: the region whose shortage it serves. */
  final int serves;

  /** Whether importers may be waited for. */
  final boolean mayWait;

  /** The contents go instead of moving. */
  final Fate fate;

  /** The demand that this serves: itself, unless it is an eviction. */
  final Transfer root;

  /** For a demand: what was moved for its sake, every hop of every victim included. */
  long movedBytes;

  int at;
  int attempt;
  int hop;
  RoutePlan plan;

  /** Its frames when it was demanded. */
  Extents asked = Extents.NONE;

  Extents current = Extents.NONE;
  Extents source = Extents.NONE;

  /** The buffer was freed meanwhile. */
  boolean gone;

  /** The buffer has let go of its old pages. */
  boolean prepared;

  long lastEvictedNanos = Long.MIN_VALUE;

  /** When its victim was named, or the demand made. */
  long decidedNanos;

  /** When the room it left was free. */
  long settledNanos;

  /** Of the buffer, since it came to where it leaves. */
  UsesSince usesBefore = UsesSince.NONE;

  /** A region's policy would rather have it elsewhere. */
  boolean declined;

  /** There is no elsewhere: no policy is asked again. */
  private boolean insists;

  final List<Grant> grants = new ArrayList<>();

  /** Regions whose granted frames others' contents have not left yet. */
  private final List<Integer> fenced = new ArrayList<>(0);

  @Nullable Refusal lastRefusal;

  /**
   * Pages of others that are to leave the tier ahead first: it has frames, but its store is full.
   */
  private long owedPages;

  private int writeBacks;

  Transfer(
      long id,
      Kind kind,
      Resident buffer,
      Ticket ticket,
      ClientId forWhom,
      boolean optional,
      boolean mayWait,
      List<Attempt> attempts,
      int at,
      int serves,
      Fate fate,
      long startedNanos,
      @Nullable Transfer root) {
    this.id = id;
    this.kind = kind;
    this.buffer = buffer;
    this.ticket = ticket;
    this.forWhom = forWhom;
    this.optional = optional;
    this.mayWait = mayWait;
    this.attempts = attempts;
    this.at = at;
    this.serves = serves;
    this.startedNanos = startedNanos;
    this.decidedNanos = startedNanos;
    this.fate = fate;
    this.root = root == null ? this : root;
    this.plan = new RoutePlan(at, List.of(), List.of());
  }

  long pages() {
    return buffer.pages();
  }

  /** To the place of the current attempt; to other frames where those that it has do not do. */
  RoutePlan route(Topology topology) {
    Place place = currentAttempt().place();
    int target = place.region();
    if (kind == Kind.PLACE) {
      return RoutePlan.place(topology, target);
    }
    boolean rebinds =
        kind == Kind.MOVE && at != target && topology.backing(at) == topology.backing(target);
    return rebinds && !place.satisfiedBy(target, asked)
        ? RoutePlan.reframe(topology, at, target)
        : RoutePlan.move(topology, at, target);
  }

  boolean drops() {
    return fate != Fate.MOVED;
  }

  /** Hops, or the first placement, of this or of a victim. */
  void countMoved(int times) {
    root.movedBytes += times * Pages.toBytes(pages());
  }

  boolean hasAttempt() {
    return attempt < attempts.size();
  }

  Attempt currentAttempt() {
    return attempts.get(attempt);
  }

  /** Whether there is another answer than room in the current attempt's region. */
  boolean mayBeDeclined() {
    return kind != Kind.EVICT && !insists && (optional || attempt + 1 < attempts.size());
  }

  /**
   * Starts over where a policy had declined the buffer and it got no room elsewhere: a preference
   * fails no demand. False where that is no way.
   */
  boolean insist() {
    if (insists || !declined || optional) {
      return false;
    }
    insists = true;
    attempt = 0;
    return true;
  }

  /** What did not fit into the tier it was evicted to goes on to the next. */
  void goOn(int region) {
    attempts = List.of(new Attempt(Place.in(region), true, false));
    attempt = 0;
    prepared = false;
    owedPages = 0;
    writeBacks = 0;
  }

  /**
   * Tries the same tier again once others have left it: as many pages as this has, and twice as
   * many each further time, since theirs may have packed better. False when that has been tried
   * enough.
   */
  boolean writeBack() {
    owedPages = writeBacks < WRITE_BACKS_MAX ? pages() << writeBacks++ : 0;
    attempt = 0;
    prepared = false;
    return owedPages > 0;
  }

  /** Pages of others that have yet to leave {@code region} before this may have room there. */
  long owedPages(int region) {
    return plan.target() == region ? owedPages : 0;
  }

  void wroteBack(long pages) {
    owedPages = Math.max(0, owedPages - pages);
  }

  /** The room still to acquire comes first in the plan's order; none left: all is granted. */
  boolean roomComplete() {
    return grants.size() == plan.needs().size();
  }

  RoutePlan.Need nextNeed() {
    return plan.needs().get(grants.size());
  }

  /** The shape asked of the region: the attempt's own for the target's frames, any for the rest. */
  AllocationRequest requestFor(RoutePlan.Need need, int targetBacking) {
    return need.frames() && need.region() == targetBacking
        ? currentAttempt().place().request(pages())
        : AllocationRequest.of(pages());
  }

  void grant(Grant grant, boolean underFence) {
    grants.add(grant);
    if (underFence) {
      fenced.add(grant.region());
    }
  }

  /** What was granted has been given back. */
  void dropGrants() {
    grants.clear();
    fenced.clear();
  }

  /** The frames in {@code region} may be written. */
  void cleared(int region) {
    fenced.removeIf(each -> each == region);
  }

  boolean isFenced(int region) {
    return fenced.contains(region);
  }

  /** Some of the granted frames may not be written yet. */
  boolean isFenced() {
    return !fenced.isEmpty();
  }

  /** The frames granted in {@code region}, or those it has. */
  Extents framesIn(int region) {
    for (Grant grant : grants) {
      if (grant.frames() && grant.region() == region) {
        return grant.extents();
      }
    }
    return current;
  }
}
