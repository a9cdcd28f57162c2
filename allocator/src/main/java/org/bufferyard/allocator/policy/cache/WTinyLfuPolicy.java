package org.bufferyard.allocator.policy.cache;

import java.util.Arrays;
import java.util.random.RandomGenerator;
import org.bufferyard.allocator.policy.Demand;
import org.bufferyard.allocator.policy.EvictionPolicy;
import org.bufferyard.allocator.policy.OldestFirst;
import org.bufferyard.allocator.policy.Orders;
import org.bufferyard.allocator.policy.PolicyContext;
import org.bufferyard.allocator.policy.Removal;
import org.bufferyard.allocator.policy.Residents;

/**
 * W-TinyLFU: newcomers pass through a small LRU window; what falls out of it contends with the
 * oldest of the main space, and the one seen less often lately leaves. Main is a segmented LRU: a
 * hit on probation protects, and the protected used longest ago go back on probation. Einziger,
 * Friedman and Manes, ACM TOS 2017. 9 bytes per id and the sketch.
 *
 * <p>Nothing leaves main without such a contest, also where sizes are unequal and the window is
 * within its share while room is short: then its oldest contends all the same.
 *
 * <p>Insert first: the incoming buffer is in the window while victims are sought, and may lose.
 */
public final class WTinyLfuPolicy implements EvictionPolicy {
  /** Part of the capacity for the main space; the window has the rest. */
  public static final double MAIN_SHARE = 0.99;

  /** Part of the main space that is protected. */
  public static final double PROTECTED_SHARE = 0.80;

  /** A loser seen at least this often wins once in {@link #JITTER_ODDS} times nevertheless. */
  public static final int JITTER_FREQUENCY = 6;

  public static final int JITTER_ODDS = 128;

  private static final int WINDOW = 0;
  private static final int PROBATION = 1;
  private static final int PROTECTED = 2;

  private final Residents residents;
  private final RandomGenerator random;
  private final FrequencySketch sketch;
  private final Orders orders;
  private final OldestFirst probationWalk;
  private final OldestFirst protectedWalk;
  private final long[] pagesOf = new long[3];
  private byte[] list;
  private long maxWindow;
  private long maxProtected;
  private int staged = NONE;
  private int contender = NONE;

  public WTinyLfuPolicy(PolicyContext context) {
    residents = context.residents();
    random = context.random();
    int ids = Math.max(16, context.expectedIds());
    sketch = new FrequencySketch((int) Math.min(context.capacityPages(), ids));
    orders = new Orders(3, ids);
    probationWalk = new OldestFirst(orders, PROBATION);
    protectedWalk = new OldestFirst(orders, PROTECTED);
    list = new byte[ids];
    resized(context.capacityPages());
  }

  @Override
  public void resized(long capacityPages) {
    long main = (long) (MAIN_SHARE * capacityPages);
    maxWindow = capacityPages - main;
    maxProtected = (long) (PROTECTED_SHARE * main);
  }

  @Override
  public void admitted(int id, long nowNanos) {
    if (staged != id) {
      sketch.count(id);
      put(WINDOW, id);
    }
    staged = NONE;
    while (pagesOf[WINDOW] > maxWindow) {
      move(orders.oldest(WINDOW), PROBATION);
    }
  }

  @Override
  public void used(int id, long nowNanos) {
    sketch.count(id);
    leaving(id);
    if (list[id] == PROBATION) {
      move(id, PROTECTED);
      while (pagesOf[PROTECTED] > maxProtected) {
        move(orders.oldest(PROTECTED), PROBATION);
      }
    } else {
      orders.makeNewest(list[id], id);
    }
  }

  @Override
  public void removed(int id, Removal reason, long nowNanos) {
    if (contender == id) {
      contender = NONE;
    }
    takeOut(id);
  }

  @Override
  public void begin(Demand demand) {
    unstage();
    contender = NONE;
    if (demand.incoming() != NONE && !demand.mustReside()) {
      staged = demand.incoming();
      sketch.count(staged);
      put(WINDOW, staged);
    }
    probationWalk.restart();
    protectedWalk.restart();
  }

  private void unstage() {
    if (staged != NONE) {
      takeOut(staged);
      staged = NONE;
    }
  }

  @Override
  public int victim(Demand demand) {
    while (contender != NONE || orders.size(WINDOW) > 0) {
      int candidate = contender != NONE ? contender : orders.oldest(WINDOW);
      if (candidate != contender) {
        move(candidate, PROBATION);
      }
      int loser = contest(candidate, demand);
      contender = loser == NONE || loser == SPILL || loser == candidate ? NONE : candidate;
      if (loser != NONE) {
        return loser;
      }
    }
    return lastResort(demand);
  }

  /** The less frequent of the candidate and the oldest on probation that can be had. */
  private int contest(int candidate, Demand demand) {
    int rival = probationWalk.peek();
    while (rival != NONE && rival != candidate && !demand.accepts(rival)) {
      probationWalk.leaving(rival);
      rival = probationWalk.peek();
    }
    boolean candidateLoses = rival == NONE || rival == candidate || !wins(candidate, rival);
    if (!candidateLoses) {
      return rival;
    }
    if (candidate == staged) {
      unstage();
      return SPILL;
    }
    if (demand.accepts(candidate)) {
      return candidate;
    }
    return rival == candidate ? NONE : rival;
  }

  private boolean wins(int candidate, int rival) {
    int frequency = sketch.estimate(candidate);
    return frequency > sketch.estimate(rival)
        || (frequency >= JITTER_FREQUENCY && random.nextInt(JITTER_ODDS) == 0);
  }

  /** The window is empty: oldest of probation, then the rest. */
  private int lastResort(Demand demand) {
    int victim = fromProbation(demand);
    return victim != NONE ? victim : protectedWalk.next(demand);
  }

  private int fromProbation(Demand demand) {
    int victim = probationWalk.next(demand);
    if (victim != staged || victim == NONE) {
      return victim;
    }
    return probationWalk.next(demand);
  }

  private void put(int where, int id) {
    if (id >= list.length) {
      list = Arrays.copyOf(list, 2 * id);
    }
    list[id] = (byte) where;
    pagesOf[where] += residents.pages(id);
    orders.addNewest(where, id);
    if (where == PROBATION) {
      probationWalk.arrived(id);
    }
  }

  private void move(int id, int where) {
    takeOut(id);
    put(where, id);
  }

  private void takeOut(int id) {
    leaving(id);
    pagesOf[list[id]] -= residents.pages(id);
    orders.remove(list[id], id);
  }

  private void leaving(int id) {
    probationWalk.leaving(id);
    protectedWalk.leaving(id);
  }
}
