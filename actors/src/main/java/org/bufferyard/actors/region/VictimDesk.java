package org.bufferyard.actors.region;

import java.util.ArrayList;
import java.util.List;
import org.bufferyard.actors.environment.YardSettings;
import org.bufferyard.actors.protocol.BufferId;
import org.bufferyard.actors.protocol.Migration;
import org.bufferyard.actors.protocol.Region;
import org.bufferyard.allocator.Extents;
import org.bufferyard.allocator.policy.Admission;
import org.bufferyard.allocator.policy.Demand;
import org.bufferyard.allocator.policy.EvictionPolicy;
import org.bufferyard.allocator.policy.Standing;
import org.bufferyard.allocator.region.AllocationRequest;
import org.bufferyard.allocator.region.RangeHunt;
import org.jspecify.annotations.Nullable;

/**
 * Puts a wish for room to the region's policy, one whole round of its protocol an answer: nothing
 * arrives or leaves meanwhile. Owned by the region actor.
 */
final class VictimDesk {
  private final int region;
  private final EvictionPolicy policy;
  private final ResidentTable table;
  private final int victimsMax;
  private final long returnPauseNanos;
  private final Shares shares;
  private final boolean spill;
  private final @Nullable MappedSpace frames;
  private final Demand demand;
  private final Demand room;
  private Region.Choosing choosing = Region.Choosing.none();

  /**
   * The desk of one region.
   *
   * @param settings evictions that can run at once: no more victims are named without need; and how
   *     long a buffer that was asked to return is not asked again
   * @param frames where they are written down
   */
  VictimDesk(
      int region,
      EvictionPolicy policy,
      ResidentTable table,
      Shares shares,
      YardSettings settings,
      @Nullable MappedSpace frames) {
    this.frames = settings.management().upkeep().rangeScan() ? frames : null;
    this.shares = shares;
    this.spill = region == 0 && settings.management().spill();
    this.region = region;
    this.policy = policy;
    this.table = table;
    this.victimsMax = settings.maxMovesInFlight();
    this.returnPauseNanos = settings.upgradeBackoffNanos();
    this.demand = new Demand(table);
    this.room = new Demand(table);
  }

  /**
   * The answer to a wish for room.
   *
   * @param roomIsComing to ask again is worth while even without a victim
   */
  Migration.Command pick(Region.PickVictims pick, boolean roomIsComing, long nowNanos) {
    policy.tick(nowNanos);
    table.searchAt(nowNanos, pick.mayWait());
    if (pick.declinable() && declines(pick, nowNanos)) {
      return new Migration.Declined(region, pick.shortRegion(), pick.demand());
    }
    // Arrivals are told apart from demands: other buffers may come first, so none is incoming.
    demand.reset(EvictionPolicy.NONE, pick.pages(), nowNanos).filter(table).mandatory();
    askedBy(pick);
    shape(pick.wanted());
    policy.begin(demand);
    for (BufferId tried : pick.except()) {
      int id = table.idOf(tried);
      if (id != ResidentTable.UNKNOWN) {
        demand.exclude(id);
      }
    }
    long excess = excess(pick.incoming());
    if (pick.ownOnly() && excess == 0) {
      // Its own have left since, and nobody else's are to.
      return new Migration.Victims(region, pick.shortRegion(), pick.demand(), List.of(), true);
    }
    List<Region.Resident> victims = excess > 0 ? own(pick, excess) : anybodys(pick);
    choosing = choosing.plus(new Region.Choosing(1, victims.size(), demand.scanned(), 0));
    boolean someBusy =
        excess > 0 ? ownBusy(pick.incoming()) : othersBusy(pick, victims.size()) || roomIsComing;
    return new Migration.Victims(region, pick.shortRegion(), pick.demand(), victims, someBusy);
  }

  private List<Region.Resident> anybodys(Region.PickVictims pick) {
    table.searchFor(pick.incoming(), false);
    List<Region.Resident> victims = victims(pick);
    if (victims.isEmpty() && pick.lastResort() && shares.exist()) {
      table.searchFor(pick.incoming(), true);
      policy.begin(demand);
      victims = victims(pick);
    }
    return victims;
  }

  /** What its owner would have too much with this, or 0; what is here already has its pages. */
  long excess(Region.Resident incoming) {
    if (!shares.exist()) {
      return 0;
    }
    int known = table.idOf(incoming.buffer());
    boolean here = known != ResidentTable.UNKNOWN && table.isHere(known);
    return here ? 0 : shares.excess(incoming.owner().value(), incoming.pages());
  }

  /** Whom its own bounds keep out has its own buffers evicted, where that can be enough. */
  private List<Region.Resident> own(Region.PickVictims pick, long excess) {
    int owner = pick.incoming().owner().value();
    table.searchOwn(owner);
    boolean vain = shares.neverAllowed(owner, pick.incoming().pages());
    return vain ? List.of() : victims(Math.min(pick.pages(), excess));
  }

  private boolean ownBusy(Region.Resident incoming) {
    int owner = incoming.owner().value();
    return !shares.neverAllowed(owner, incoming.pages())
        && (demand.verdict() == Demand.Verdict.WAIT || shares.arriving(owner));
  }

  /** Whom a share keeps here is not waited for by who may go elsewhere. */
  private boolean othersBusy(Region.PickVictims pick, int victims) {
    boolean kept = shares.exist() && !pick.lastResort();
    return kept ? demand.verdict() == Demand.Verdict.WAIT : table.hereCount() > victims;
  }

  /** To slow its user down, too, is to serve it from the next place this time. */
  private boolean declines(Region.PickVictims pick, long nowNanos) {
    int owner = pick.incoming().owner().value();
    if (spill && !shares.entitled(owner, pick.incoming().pages())) {
      return true;
    }
    int known = table.idOf(pick.incoming().buffer());
    int incoming = known == ResidentTable.UNKNOWN ? EvictionPolicy.NONE : known;
    demand.reset(incoming, pick.incoming().pages(), nowNanos).filter(table);
    askedBy(pick);
    return policy.admission(demand) != Admission.ADMIT;
  }

  /** Only what lies where room is wanted helps. */
  private void shape(AllocationRequest wanted) {
    if (wanted.minPfn() > 0 || wanted.maxPfn() < Long.MAX_VALUE) {
      demand.within(wanted.minPfn(), Math.max(wanted.maxPfn(), wanted.maxPfn() + 1));
    }
    if (wanted.contiguous()) {
      demand.contiguously();
    }
  }

  private void askedBy(Region.PickVictims pick) {
    int client = pick.client().value();
    if (client >= 0) {
      demand.askedBy(client, client);
    }
  }

  private List<Region.Resident> victims(Region.PickVictims pick) {
    boolean oneRange = pick.wanted().contiguous() && pick.shortRegion() == region;
    return frames != null && oneRange
        ? inOneRange(frames.map().hunt(pick.wanted()))
        : victims(pick.pages());
  }

  /** Those in the way of one run of frames that the policy's order comes upon first. */
  private List<Region.Resident> inOneRange(RangeHunt hunt) {
    boolean found = false;
    int id = policy.victim(demand);
    while (id >= 0 && !found) {
      demand.exclude(id);
      Extents where = table.extents(id);
      found = where != null && hunt.offer(id, where);
      id = found ? id : policy.victim(demand);
    }
    List<Region.Resident> victims = new ArrayList<>();
    hunt.end().forEach(each -> take(each, victims));
    return victims;
  }

  private List<Region.Resident> victims(long pages) {
    List<Region.Resident> victims = new ArrayList<>();
    long found = 0;
    while (found < pages) {
      int id = policy.victim(demand);
      if (id < 0) {
        return victims;
      }
      found += table.pages(id);
      take(id, victims);
    }
    while (victims.size() < victimsMax) {
      int id = policy.surplus(demand);
      if (id < 0) {
        return victims;
      }
      take(id, victims);
    }
    return victims;
  }

  private void take(int id, List<Region.Resident> victims) {
    demand.exclude(id);
    table.setLeaving(id, true);
    victims.add(table.resident(id));
  }

  /**
   * Who left and should return, in the policy's order, until the free room is used up. Nobody is
   * named again for a while: who was named comes back, or has its reasons.
   */
  List<Region.Resident> bringBack(long freePages, long nowNanos) {
    List<Region.Resident> back = new ArrayList<>(0);
    room.reset(EvictionPolicy.NONE, freePages, nowNanos)
        .filter(id -> table.mayReturn(id, nowNanos) ? Standing.EVICTABLE : Standing.BUSY);
    long left = freePages;
    while (back.size() < victimsMax) {
      int id = policy.bringBack(room);
      if (id < 0 || table.pages(id) > left) {
        return back;
      }
      table.setReturnsNotBefore(id, nowNanos + returnPauseNanos);
      room.exclude(id);
      back.add(table.resident(id));
      left -= table.pages(id);
    }
    return back;
  }

  Region.Choosing choosing() {
    return choosing;
  }
}
