package org.bufferyard.actors.region;

import java.util.Arrays;
import java.util.LinkedHashMap;
import org.bufferyard.actors.protocol.BufferId;
import org.bufferyard.actors.protocol.Region.Resident;
import org.bufferyard.allocator.Extents;
import org.bufferyard.allocator.policy.Residents;
import org.bufferyard.allocator.policy.Standing;
import org.bufferyard.allocator.policy.Standings;
import org.jspecify.annotations.Nullable;

/**
 * The buffers a region's policy knows, by dense id: resident ones, and evicted ones that may return
 * under their old id. Not thread-safe; owned by the region actor.
 */
final class ResidentTable implements Residents, Standings {
  static final int UNKNOWN = -1;

  private final LinkedHashMap<BufferId, Integer> ids = new LinkedHashMap<>();
  private @Nullable Resident[] residents = new Resident[64];
  private boolean[] here = new boolean[64];
  private boolean[] eligible = new boolean[64];
  private boolean[] leaving = new boolean[64];
  private boolean[] forOthers = new boolean[64];
  private boolean[] shared = new boolean[64];
  private long[] busyUntilNanos = new long[64];
  private long[] usedNanos = new long[64];
  private long[] returnsNotBefore = new long[64];
  private @Nullable Extents[] extents = new Extents[64];
  private int[] free = new int[64];
  private int freeCount;
  private int bound;
  private int hereCount;
  private long herePages;
  private long pinnedPages;
  private final long capacityPages;
  private final WayOut out;
  private final Shares shares;
  private int searcher;
  private boolean lastResort;
  private boolean ownOnly;
  private boolean ownWithinBudget;
  private int[] hereOf = new int[16];
  private int ownersHere;
  private long searchNanos;

  /**
   * No buffers yet.
   *
   * @param out where victims go
   */
  ResidentTable(long capacityPages, WayOut out, Shares shares) {
    this.capacityPages = capacityPages;
    this.out = out;
    this.shares = shares;
  }

  /** The id of a buffer, resident or remembered, or {@link #UNKNOWN}. */
  int idOf(BufferId buffer) {
    Integer id = ids.get(buffer);
    return id == null ? UNKNOWN : id;
  }

  /** Enters a resident on its frames; an evicted buffer that returns has its old id. */
  int arrived(Resident resident, Extents frames, long nowNanos) {
    Integer known = ids.get(resident.buffer());
    int id = known != null ? known : bind(resident.buffer());
    residents[id] = resident;
    here[id] = true;
    eligible[id] = true;
    leaving[id] = false;
    forOthers[id] = false;
    shared[id] = false;
    busyUntilNanos[id] = Long.MIN_VALUE;
    usedNanos[id] = nowNanos;
    returnsNotBefore[id] = Long.MIN_VALUE;
    extents[id] = frames;
    hereCount++;
    herePages += resident.pages();
    arrivedOf(owner(id));
    shares.add(owner(id), resident.pages());
    return id;
  }

  private int bind(BufferId buffer) {
    int id = freeCount > 0 ? free[--freeCount] : bound++;
    if (id == here.length) {
      residents = Arrays.copyOf(residents, id * 2);
      here = Arrays.copyOf(here, id * 2);
      eligible = Arrays.copyOf(eligible, id * 2);
      leaving = Arrays.copyOf(leaving, id * 2);
      forOthers = Arrays.copyOf(forOthers, id * 2);
      shared = Arrays.copyOf(shared, id * 2);
      busyUntilNanos = Arrays.copyOf(busyUntilNanos, id * 2);
      usedNanos = Arrays.copyOf(usedNanos, id * 2);
      returnsNotBefore = Arrays.copyOf(returnsNotBefore, id * 2);
      extents = Arrays.copyOf(extents, id * 2);
      free = Arrays.copyOf(free, id * 2);
    }
    ids.put(buffer, id);
    return id;
  }

  private void arrivedOf(int owner) {
    if (owner >= hereOf.length) {
      hereOf = Arrays.copyOf(hereOf, 2 * owner);
    }
    ownersHere += hereOf[owner]++ == 0 ? 1 : 0;
  }

  void left(int id) {
    setLeaving(id, false);
    here[id] = false;
    extents[id] = null;
    ownersHere -= --hereOf[owner(id)] == 0 ? 1 : 0;
    pinnedPages -= eligible[id] ? 0 : pages(id);
    hereCount--;
    herePages -= pages(id);
    shares.add(owner(id), -pages(id));
  }

  /** The buffer is gone for good. */
  void forget(BufferId buffer, int id) {
    ids.remove(buffer);
    residents[id] = null;
    free[freeCount++] = id;
  }

  /** All ids are below. */
  int bound() {
    return bound;
  }

  /** The frames of a resident; null of who is not here. */
  @Nullable Extents extents(int id) {
    return extents[id];
  }

  /** Of a resident that has moved within the region. */
  void setExtents(int id, Extents frames) {
    extents[id] = frames;
    setLeaving(id, false);
  }

  boolean isHere(int id) {
    return here[id];
  }

  boolean isEligible(int id) {
    return eligible[id];
  }

  /** Of a resident, which was otherwise. */
  void setEligible(int id, boolean now) {
    eligible[id] = now;
    pinnedPages += now ? -pages(id) : pages(id);
  }

  /** It was named as a victim and is on its way, or stays after all. */
  void setLeaving(int id, boolean now) {
    if (leaving[id] != now) {
      leaving[id] = now;
      shares.leave(owner(id), now ? pages(id) : -pages(id));
    }
    forOthers[id] = now && owner(id) != searcher;
  }

  /** Those that are in use count as busy, as long as that is known and nobody wants to wait. */
  void searchAt(long nowNanos, boolean waiting) {
    ownOnly = false;
    searchNanos = waiting ? Long.MAX_VALUE : nowNanos;
  }

  /** On behalf of which client, and whether shares keep nobody from being a victim. */
  void searchFor(Resident incoming, boolean sharesBroken) {
    searcher = incoming.owner().value();
    ownWithinBudget = shares.withinBudget(searcher, incoming.pages());
    lastResort = sharesBroken;
    ownOnly = false;
  }

  /** On behalf of its own client, which wants no more. */
  void searchForItself(int id) {
    searcher = owner(id);
    ownWithinBudget = shares.withinBudget(searcher, 0);
    lastResort = false;
    ownOnly = false;
  }

  /** What the client has is all that helps it, and no share of its own is in its way. */
  void searchOwn(int client) {
    searcher = client;
    lastResort = true;
    ownOnly = true;
  }

  /** It was found in use; or it has been used, and may be free again. */
  void setBusyUntil(int id, long nanos) {
    busyUntilNanos[id] = nanos;
  }

  void used(int id, long nowNanos) {
    busyUntilNanos[id] = Long.MIN_VALUE;
    usedNanos[id] = nowNanos;
  }

  /** When it was used last, or came. */
  long usedNanos(int id) {
    return usedNanos[id];
  }

  /** It left, and has not been asked to return of late. */
  boolean mayReturn(int id, long nowNanos) {
    return !here[id] && residents[id] != null && returnsNotBefore[id] <= nowNanos;
  }

  void setReturnsNotBefore(int id, long nanos) {
    returnsNotBefore[id] = nanos;
  }

  void setFacts(int id, boolean isShared, boolean isDiscardable) {
    shared[id] = isShared;
    Resident old = resident(id);
    residents[id] =
        new Resident(
            old.buffer(), old.ref(), old.owner(), old.pages(), old.priority(), isDiscardable);
  }

  Resident resident(int id) {
    Resident resident = residents[id];
    if (resident == null) {
      throw new IllegalStateException("no buffer has this id, id=" + id);
    }
    return resident;
  }

  int hereCount() {
    return hereCount;
  }

  /** Of residents that may not move: pinned, statically mapped or open to the CPU. */
  long pinnedPages() {
    return pinnedPages;
  }

  long herePages() {
    return herePages;
  }

  @Override
  public long pages(int id) {
    return resident(id).pages();
  }

  @Override
  public int priority(int id) {
    return resident(id).priority();
  }

  @Override
  public int owner(int id) {
    return resident(id).owner().value();
  }

  /** A client's buffers age as a unit. */
  @Override
  public int group(int id) {
    return owner(id);
  }

  /** An equal share for each client that has buffers here. */
  @Override
  public long budgetPages(int owner) {
    return capacityPages / Math.max(1, ownersHere);
  }

  @Override
  public long moveCostNanos(int id) {
    return out.nanos(pages(id));
  }

  @Override
  public boolean shared(int id) {
    return shared[id];
  }

  @Override
  public boolean discardable(int id) {
    return resident(id).discardable();
  }

  @Override
  public boolean intersects(int id, long firstPfn, long endPfn) {
    Extents frames = extents[id];
    for (int run = 0; frames != null && run < frames.runs(); run++) {
      if (frames.pfn(run) < endPfn && frames.pfn(run) + frames.pages(run) > firstPfn) {
        return true;
      }
    }
    return false;
  }

  @Override
  public long firstPfn(int id) {
    Extents frames = extents[id];
    return frames == null || frames.runs() == 0 ? -1 : frames.pfn(0);
  }

  @Override
  public Standing standing(int id) {
    if (!here[id] || !eligible[id]) {
      return Standing.PINNED;
    }
    if (leaving[id] || busyUntilNanos[id] > searchNanos) {
      return Standing.BUSY;
    }
    if (ownOnly) {
      return owner(id) == searcher ? Standing.EVICTABLE : Standing.PINNED;
    }
    return kept(owner(id)) ? Standing.PROTECTED : Standing.EVICTABLE;
  }

  private boolean withinBudget(int owner) {
    return owner == searcher ? ownWithinBudget : shares.withinBudgetBeside(owner, searcher);
  }

  /** It is taken from its owner, for another, and leaves that one less than was promised. */
  boolean breaksPromise(int id) {
    long promised = shares.promised(owner(id));
    return promised > 0 && forOthers[id] && shares.here(owner(id)) - pages(id) < promised;
  }

  /**
   * A share keeps its client's buffers from that client's demands, too, but for the last resort.
   */
  private boolean kept(int owner) {
    return shares.exist()
        && ((owner != searcher && shares.guarded(owner))
            || (!lastResort && shares.sheltered(owner))
            || (!lastResort && withinBudget(owner)));
  }
}
