package org.bufferyard.allocator.policy.cache;

import java.util.Arrays;
import org.bufferyard.allocator.policy.Admission;
import org.bufferyard.allocator.policy.Demand;
import org.bufferyard.allocator.policy.EvictionPolicy;
import org.bufferyard.allocator.policy.OldestFirst;
import org.bufferyard.allocator.policy.Orders;
import org.bufferyard.allocator.policy.PolicyContext;
import org.bufferyard.allocator.policy.Removal;
import org.bufferyard.allocator.policy.Residents;

/**
 * S3-FIFO: newcomers enter a small FIFO; those used at least {@link #PROMOTE_USES} times by its end
 * go on to the main FIFO, the others leave and are remembered; what returns while remembered enters
 * main at once. Main gives each member as many more rounds as it has uses, at most {@link
 * #USES_MAX}. Yang et al., SOSP 2023. 10 bytes per id.
 *
 * <p>Two variants. <em>Early ghost</em>: the incoming buffer is looked up before room is made;
 * victims come from main while it exceeds its share, else from small; promotion is free. <em>Late
 * ghost</em>: it is looked up afterwards, when it may have been forgotten; victims come from small
 * while it fills its share; a promotion that overfills main takes a victim there.
 */
public final class S3FifoPolicy implements EvictionPolicy {
  /** Part of the capacity for newcomers. */
  public static final double SMALL_SHARE = 0.10;

  /** Size of the ghosts remembered, as part of the capacity. */
  public static final double GHOST_SHARE = 0.90;

  /** Uses after admission that promote. */
  public static final int PROMOTE_USES = 2;

  /** Uses counted at most. */
  public static final int USES_MAX = 3;

  private static final int SMALL = 0;
  private static final int MAIN = 1;
  private static final int GHOST = 2;
  private static final byte ABSENT = 3;

  private final boolean lateGhost;
  private final Residents residents;
  private final Orders orders;
  private final OldestFirst smallWalk;
  private final long[] pagesOf = new long[3];
  private byte[] list;
  private byte[] uses;
  private long maxSmall;
  private long maxMain;
  private long maxGhost;
  private int staged = NONE;
  private boolean returning;
  private boolean owesSmall;

  private S3FifoPolicy(PolicyContext context, boolean lateGhost) {
    this.lateGhost = lateGhost;
    residents = context.residents();
    orders = new Orders(3, context.expectedIds());
    smallWalk = new OldestFirst(orders, SMALL);
    list = new byte[Math.max(16, context.expectedIds())];
    uses = new byte[list.length];
    Arrays.fill(list, ABSENT);
    resized(context.capacityPages());
  }

  public static S3FifoPolicy earlyGhost(PolicyContext context) {
    return new S3FifoPolicy(context, false);
  }

  public static S3FifoPolicy lateGhost(PolicyContext context) {
    return new S3FifoPolicy(context, true);
  }

  @Override
  public void resized(long capacityPages) {
    maxSmall = Math.max(1, (long) (SMALL_SHARE * capacityPages));
    maxMain = capacityPages - maxSmall;
    maxGhost = (long) (GHOST_SHARE * capacityPages);
  }

  @Override
  public void admitted(int id, long nowNanos) {
    if (staged != id) {
      probe(id);
    }
    staged = NONE;
    uses[id] = 0;
    put(returning ? MAIN : SMALL, id);
  }

  /** Looks {@code id} up among the ghosts and takes it out. */
  private void probe(int id) {
    ensure(id);
    returning = list[id] == GHOST;
    if (returning) {
      takeOut(id);
    }
  }

  @Override
  public void used(int id, long nowNanos) {
    if (uses[id] < USES_MAX) {
      uses[id]++;
    }
  }

  @Override
  public void removed(int id, Removal reason, long nowNanos) {
    smallWalk.leaving(id);
    boolean remember = list[id] == SMALL && reason == Removal.EVICTED;
    takeOut(id);
    if (remember) {
      put(GHOST, id);
      while (pagesOf[GHOST] > maxGhost) {
        takeOut(orders.oldest(GHOST));
      }
    }
  }

  @Override
  public void forgotten(int id) {
    if (id < list.length && list[id] == GHOST) {
      takeOut(id);
    }
  }

  /** The early variant never lets in what is larger than its small FIFO. */
  @Override
  public Admission admission(Demand demand) {
    boolean fits = lateGhost || demand.mustReside() || demand.pages() <= maxSmall;
    return fits ? Admission.ADMIT : Admission.SPILL;
  }

  @Override
  public void begin(Demand demand) {
    staged = NONE;
    if (!lateGhost && demand.incoming() != NONE) {
      probe(demand.incoming());
      staged = demand.incoming();
    }
    owesSmall = false;
    smallWalk.restart();
  }

  @Override
  public int victim(Demand demand) {
    int owed = surplus(demand);
    if (owed != NONE) {
      return owed;
    }
    boolean fromMain = lateGhost ? pagesOf[SMALL] < maxSmall : pagesOf[MAIN] > maxMain;
    int victim = fromMain ? fromMain(demand) : fromSmall(demand);
    if (victim == NONE) {
      victim = fromMain ? fromSmall(demand) : fromMain(demand);
    }
    return victim;
  }

  /** A promotion's victim came from main; the small FIFO still has to give one. */
  @Override
  public int surplus(Demand demand) {
    return owesSmall ? fromSmall(demand) : NONE;
  }

  /** Promotes on the way. */
  private int fromSmall(Demand demand) {
    owesSmall = false;
    for (int id = smallWalk.peek(); id != NONE; id = smallWalk.peek()) {
      smallWalk.leaving(id);
      if (uses[id] < PROMOTE_USES) {
        if (demand.accepts(id)) {
          return id;
        }
      } else {
        int victim = promote(id, demand);
        if (victim != NONE) {
          owesSmall = true;
          return victim;
        }
      }
    }
    return NONE;
  }

  /** The victim that a late ghost's promotion takes from an overfull main, or none. */
  private int promote(int id, Demand demand) {
    takeOut(id);
    uses[id] = 0;
    put(MAIN, id);
    return lateGhost && pagesOf[MAIN] > maxMain ? fromMain(demand) : NONE;
  }

  /** Enough turns to bring every count to zero and then look at every member once. */
  private int fromMain(Demand demand) {
    int steps = (USES_MAX + 1) * orders.size(MAIN);
    while (steps-- > 0) {
      int id = orders.oldest(MAIN);
      if (uses[id] > 0) {
        uses[id]--;
      } else if (demand.accepts(id)) {
        return id;
      }
      orders.makeNewest(MAIN, id);
    }
    return NONE;
  }

  private void put(int where, int id) {
    list[id] = (byte) where;
    pagesOf[where] += residents.pages(id);
    orders.addNewest(where, id);
  }

  private void takeOut(int id) {
    pagesOf[list[id]] -= residents.pages(id);
    orders.remove(list[id], id);
    list[id] = ABSENT;
  }

  private void ensure(int id) {
    if (id >= list.length) {
      int old = list.length;
      list = Arrays.copyOf(list, Math.max(2 * old, id + 1));
      uses = Arrays.copyOf(uses, list.length);
      Arrays.fill(list, old, list.length, ABSENT);
    }
  }
}
