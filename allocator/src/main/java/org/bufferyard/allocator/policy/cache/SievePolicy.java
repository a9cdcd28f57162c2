package org.bufferyard.allocator.policy.cache;

import java.util.Arrays;
import org.bufferyard.allocator.policy.Demand;
import org.bufferyard.allocator.policy.EvictionPolicy;
import org.bufferyard.allocator.policy.Orders;
import org.bufferyard.allocator.policy.PolicyContext;
import org.bufferyard.allocator.policy.Removal;

/**
 * SIEVE: a FIFO with one visited bit and a hand that walks from oldest to newest, clearing bits,
 * and stops at an unvisited buffer; survivors keep their place. The hand starts at the oldest and
 * wraps. Zhang et al., NSDI 2024. 9 bytes per id.
 */
public final class SievePolicy implements EvictionPolicy {
  private static final int ARRIVALS = 0;

  /** Requests whose marks are fetched together. */
  private static final int AHEAD = 32;

  private static final byte ABSENT = 0;
  private static final byte UNVISITED = 1;
  private static final byte VISITED = 2;

  private final Orders orders;

  /** By id: {@link #ABSENT}, {@link #UNVISITED} or {@link #VISITED}. */
  private byte[] marks;

  private int hand = NONE;

  public SievePolicy(PolicyContext context) {
    orders = new Orders(1, context.expectedIds());
    marks = new byte[Math.max(16, context.expectedIds())];
  }

  @Override
  public void admitted(int id, long nowNanos) {
    ensureId(id);
    marks[id] = UNVISITED;
    orders.addNewest(ARRIVALS, id);
  }

  private void ensureId(int id) {
    if (id >= marks.length) {
      marks = Arrays.copyOf(marks, 2 * id);
    }
  }

  @Override
  public void used(int id, long nowNanos) {
    marks[id] = VISITED;
  }

  @Override
  public void removed(int id, Removal reason, long nowNanos) {
    if (hand == id) {
      hand = orders.newerThan(id);
    }
    marks[id] = ABSENT;
    orders.remove(ARRIVALS, id);
  }

  /**
   * The marks of a few requests are fetched before they are served: after a miss that was not
   * foreseen, as every third is, the processor starts anew and would wait for each next mark. That
   * their sum is asked for at the end keeps the compiler from leaving that out; and in one method,
   * for in two the links are loaded anew after each miss.
   */
  @Override
  public int serve(int[] ids, int from, int to, boolean[] resident) {
    ensureId(resident.length - 1);
    byte[] mark = marks;
    int seen = 0;
    int missed = 0;
    for (int start = from; start < to; start += AHEAD) {
      int stop = Math.min(start + AHEAD, to);
      for (int at = start; at < stop; at++) {
        seen |= mark[ids[at]];
      }
      for (int at = start; at < stop; at++) {
        int id = ids[at];
        if (mark[id] != ABSENT) {
          mark[id] = VISITED;
        } else {
          resident[replaced(id)] = false;
          resident[id] = true;
          missed++;
        }
      }
    }
    return seen < ABSENT ? seen : missed;
  }

  private int replaced(int incoming) {
    byte[] mark = marks;
    int victim = hand == NONE ? orders.oldest(ARRIVALS) : hand;
    while (mark[victim] == VISITED) {
      mark[victim] = UNVISITED;
      int newer = orders.newerThan(victim);
      victim = newer == NONE ? orders.oldest(ARRIVALS) : newer;
    }
    hand = orders.newerThan(victim);
    orders.replace(ARRIVALS, victim, incoming);
    mark[victim] = ABSENT;
    mark[incoming] = UNVISITED;
    return victim;
  }

  @Override
  public void begin(Demand demand) {}

  /** The hand rests on the victim; its removal moves the hand on. */
  @Override
  public int victim(Demand demand) {
    int steps = 2 * orders.size(ARRIVALS);
    while (steps-- > 0) {
      if (hand == NONE) {
        hand = orders.oldest(ARRIVALS);
      }
      if (marks[hand] == VISITED) {
        marks[hand] = UNVISITED;
      } else if (demand.accepts(hand)) {
        return hand;
      }
      hand = orders.newerThan(hand);
    }
    return NONE;
  }
}
