package org.bufferyard.allocator.policy.shadow;

import java.util.Arrays;
import org.bufferyard.allocator.policy.Admission;
import org.bufferyard.allocator.policy.Demand;
import org.bufferyard.allocator.policy.EvictionPolicy;
import org.bufferyard.allocator.policy.Removal;
import org.bufferyard.allocator.policy.Residents;

/**
 * What one policy would hold in a region of {@code capacityPages}: a cache without contents. What
 * is used and absent comes in, unless it is larger than the region or the policy declines it. Not
 * thread-safe; a byte per id besides the policy's columns.
 */
final class ShadowCache {
  private final Residents residents;
  private final EvictionPolicy policy;
  private final Demand demand;
  private final long capacityPages;
  private boolean[] resident = new boolean[64];
  private long usedPages;
  private long misses;
  private long missPages;
  private long evictions;
  private long evictedPages;

  ShadowCache(Residents residents, EvictionPolicy policy, long capacityPages) {
    this.residents = residents;
    this.policy = policy;
    this.capacityPages = capacityPages;
    demand = new Demand(residents);
  }

  void used(int id, long nowNanos) {
    if (id >= resident.length) {
      resident = Arrays.copyOf(resident, Math.max(2 * resident.length, id + 1));
    }
    if (resident[id]) {
      policy.used(id, nowNanos);
      return;
    }
    misses++;
    missPages += residents.pages(id);
    if (comesIn(id, residents.pages(id), nowNanos)) {
      resident[id] = true;
      usedPages += residents.pages(id);
      policy.admitted(id, nowNanos);
    } else {
      policy.usedElsewhere(id, nowNanos);
    }
  }

  /** Whether there is room, and it may have it. */
  private boolean comesIn(int id, long pages, long nowNanos) {
    if (pages > capacityPages) {
      return false;
    }
    demand.reset(id, pages, nowNanos).askedBy(residents.owner(id), residents.group(id));
    if (policy.admission(demand) != Admission.ADMIT) {
      return false;
    }
    if (usedPages + pages <= capacityPages) {
      return true;
    }
    policy.begin(demand);
    while (usedPages + pages > capacityPages) {
      int victim = policy.victim(demand);
      if (victim < 0) {
        return false;
      }
      evict(victim, nowNanos);
    }
    for (int more = policy.surplus(demand); more >= 0; more = policy.surplus(demand)) {
      evict(more, nowNanos);
    }
    return true;
  }

  private void evict(int victim, long nowNanos) {
    resident[victim] = false;
    usedPages -= residents.pages(victim);
    evictions++;
    evictedPages += residents.pages(victim);
    policy.removed(victim, Removal.EVICTED, nowNanos);
  }

  /** The buffer is gone for good; its id may be another's from here on. */
  void freed(int id, long nowNanos) {
    if (id < resident.length && resident[id]) {
      resident[id] = false;
      usedPages -= residents.pages(id);
      policy.removed(id, Removal.FREED, nowNanos);
    } else {
      policy.forgotten(id);
    }
  }

  Shadows.Tally tally(String name) {
    return new Shadows.Tally(name, misses, missPages, evictions, evictedPages);
  }
}
