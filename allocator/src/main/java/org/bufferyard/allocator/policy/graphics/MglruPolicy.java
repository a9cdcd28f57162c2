package org.bufferyard.allocator.policy.graphics;

import java.util.Arrays;
import org.bufferyard.allocator.policy.Demand;
import org.bufferyard.allocator.policy.EvictionPolicy;
import org.bufferyard.allocator.policy.Hint;
import org.bufferyard.allocator.policy.Orders;
import org.bufferyard.allocator.policy.PolicyContext;
import org.bufferyard.allocator.policy.Removal;
import org.bufferyard.allocator.policy.Residents;

/**
 * Multi-generational LRU: residents belong to generations by when they were last used; the oldest
 * generation leaves first, and a new one is begun when too little is old. Within a generation a
 * buffer's <em>tier</em> is the logarithm of its uses; a tier that comes back more often than tier
 * 0 after eviction is spared for one generation (refault feedback). What was used within {@link
 * #MIN_TTL_NANOS} leaves last. Model of {@code mm/vmscan.c}, lru_gen. 22 bytes per id.
 */
public final class MglruPolicy implements EvictionPolicy {
  /** {@code MAX_NR_GENS} and {@code MIN_NR_GENS}. */
  public static final int GENERATIONS_MAX = 4;

  public static final int GENERATIONS_MIN = 2;

  /** {@code MAX_NR_TIERS}. */
  public static final int TIERS = 4;

  /** The working set that is protected: {@code min_ttl_ms}, 1000 typical. */
  public static final long MIN_TTL_NANOS = 1_000_000_000L;

  /** Refaults before a tier's rate counts: {@code MIN_LRU_BATCH}. */
  public static final long FEEDBACK_MIN = 64;

  private static final byte NO_GHOST = -1;

  private final Residents residents;
  private final Orders generations;
  private final long[] pagesOf = new long[GENERATIONS_MAX];
  private final long[] evicted = new long[TIERS];
  private final long[] refaulted = new long[TIERS];
  private byte[] slotOf;
  private byte[] uses;
  private byte[] ghostTier;
  private long[] lastUse;
  private long minSeq;
  private long maxSeq = GENERATIONS_MIN - 1;
  private long seq;
  private int cursor = NONE;
  private boolean sparing;

  public MglruPolicy(PolicyContext context) {
    residents = context.residents();
    int ids = Math.max(16, context.expectedIds());
    generations = new Orders(GENERATIONS_MAX, ids);
    slotOf = new byte[ids];
    uses = new byte[ids];
    lastUse = new long[ids];
    ghostTier = new byte[ids];
    Arrays.fill(ghostTier, NO_GHOST);
  }

  /** A refault is young at once; what is new must be used again before the next generation. */
  @Override
  public void admitted(int id, long nowNanos) {
    ensure(id);
    boolean refault = ghostTier[id] != NO_GHOST;
    if (refault) {
      refaulted[ghostTier[id]]++;
      ghostTier[id] = NO_GHOST;
    }
    uses[id] = 0;
    lastUse[id] = nowNanos;
    enlist(id, refault ? maxSeq : Math.max(minSeq, maxSeq - 1));
  }

  @Override
  public void used(int id, long nowNanos) {
    lastUse[id] = nowNanos;
    uses[id] = (byte) Math.min(uses[id] + 1, Byte.MAX_VALUE);
    delist(id);
    enlist(id, maxSeq);
  }

  @Override
  public void removed(int id, Removal reason, long nowNanos) {
    delist(id);
    if (reason == Removal.EVICTED) {
      ghostTier[id] = (byte) tier(id);
      evicted[tier(id)]++;
    } else {
      ghostTier[id] = NO_GHOST;
    }
    skipEmpty();
  }

  @Override
  public void forgotten(int id) {
    if (id < ghostTier.length) {
      ghostTier[id] = NO_GHOST;
    }
  }

  @Override
  public void hinted(int id, Hint hint, long nowNanos) {
    if (hint == Hint.WILL_NEED) {
      used(id, nowNanos);
    } else {
      lastUse[id] = Long.MIN_VALUE / 2;
      uses[id] = 0;
      delist(id);
      enlist(id, minSeq);
    }
  }

  private int tier(int id) {
    return Math.min(TIERS - 1, 31 - Integer.numberOfLeadingZeros(uses[id] + 1));
  }

  private static int slot(long generation) {
    return (int) (generation % GENERATIONS_MAX);
  }

  private void enlist(int id, long generation) {
    int slot = slot(generation);
    slotOf[id] = (byte) slot;
    pagesOf[slot] += residents.pages(id);
    generations.addNewest(slot, id);
  }

  private void delist(int id) {
    if (cursor == id) {
      cursor = generations.newerThan(id);
    }
    pagesOf[slotOf[id]] -= residents.pages(id);
    generations.remove(slotOf[id], id);
  }

  @Override
  public void begin(Demand demand) {
    skipEmpty();
    age();
    sparing = true;
    rewind();
  }

  private void rewind() {
    seq = minSeq;
    cursor = generations.oldest(slot(seq));
  }

  private void skipEmpty() {
    while (minSeq + GENERATIONS_MIN <= maxSeq && generations.size(slot(minSeq)) == 0) {
      minSeq++;
    }
  }

  /** A new generation when the youngest holds over half, or the old ones under a quarter. */
  private void age() {
    long total = 0;
    for (long pages : pagesOf) {
      total += pages;
    }
    long young = pagesOf[slot(maxSeq)];
    boolean due =
        young * GENERATIONS_MIN > total || (total - young) * (GENERATIONS_MIN + 2) < total;
    if (due && maxSeq - minSeq + 1 < GENERATIONS_MAX) {
      maxSeq++;
      for (int tier = 0; tier < TIERS; tier++) {
        evicted[tier] /= 2;
        refaulted[tier] /= 2;
      }
    }
  }

  /** Oldest generation first, sparing the protected; then, with nothing else left, those. */
  @Override
  public int victim(Demand demand) {
    int victim = sweep(demand);
    if (victim == NONE && sparing) {
      sparing = false;
      rewind();
      victim = sweep(demand);
    }
    return victim;
  }

  private int sweep(Demand demand) {
    while (true) {
      while (cursor != NONE) {
        int candidate = cursor;
        cursor = generations.newerThan(candidate);
        if (!spared(candidate, demand.nowNanos()) && demand.accepts(candidate)) {
          return candidate;
        }
      }
      if (seq >= maxSeq) {
        return NONE;
      }
      seq++;
      cursor = generations.oldest(slot(seq));
    }
  }

  /** Used within the protected time, or of a tier that proved worth keeping: that one ages on. */
  private boolean spared(int id, long now) {
    if (!sparing) {
      return false;
    }
    if (seq == minSeq && minSeq < maxSeq && protectedTier(tier(id))) {
      delist(id);
      enlist(id, seq + 1);
      return true;
    }
    return now - lastUse[id] < MIN_TTL_NANOS;
  }

  private boolean protectedTier(int tier) {
    return tier > 0
        && refaulted[tier] >= FEEDBACK_MIN
        && refaulted[tier] * Math.max(1, evicted[0]) > refaulted[0] * Math.max(1, evicted[tier]);
  }

  private void ensure(int id) {
    if (id >= slotOf.length) {
      int old = slotOf.length;
      int columns = Math.max(2 * old, id + 1);
      slotOf = Arrays.copyOf(slotOf, columns);
      uses = Arrays.copyOf(uses, columns);
      lastUse = Arrays.copyOf(lastUse, columns);
      ghostTier = Arrays.copyOf(ghostTier, columns);
      Arrays.fill(ghostTier, old, columns, NO_GHOST);
    }
  }
}
