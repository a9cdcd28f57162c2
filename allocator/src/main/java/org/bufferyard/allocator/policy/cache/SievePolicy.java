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

  private final Orders orders;
  private byte[] visited;
  private int hand = NONE;

  public SievePolicy(PolicyContext context) {
    orders = new Orders(1, context.expectedIds());
    visited = new byte[Math.max(16, context.expectedIds())];
  }

  @Override
  public void admitted(int id, long nowNanos) {
    unvisited(id);
    orders.addNewest(ARRIVALS, id);
  }

  private void unvisited(int id) {
    if (id >= visited.length) {
      visited = Arrays.copyOf(visited, 2 * id);
    }
    visited[id] = 0;
  }

  @Override
  public void used(int id, long nowNanos) {
    visited[id] = 1;
  }

  @Override
  public void removed(int id, Removal reason, long nowNanos) {
    if (hand == id) {
      hand = orders.newerThan(id);
    }
    orders.remove(ARRIVALS, id);
  }

  @Override
  public int serve(int[] ids, int from, int to, boolean[] resident) {
    int missed = 0;
    for (int at = from; at < to; at++) {
      int id = ids[at];
      if (resident[id]) {
        visited[id] = 1;
      } else {
        resident[replaced(id)] = false;
        resident[id] = true;
        missed++;
      }
    }
    return missed;
  }

  private int replaced(int incoming) {
    int victim = hand == NONE ? orders.oldest(ARRIVALS) : hand;
    while (visited[victim] != 0) {
      visited[victim] = 0;
      int newer = orders.newerThan(victim);
      victim = newer == NONE ? orders.oldest(ARRIVALS) : newer;
    }
    hand = orders.newerThan(victim);
    orders.replace(ARRIVALS, victim, incoming);
    unvisited(incoming);
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
      if (visited[hand] != 0) {
        visited[hand] = 0;
      } else if (demand.accepts(hand)) {
        return hand;
      }
      hand = orders.newerThan(hand);
    }
    return NONE;
  }
}
