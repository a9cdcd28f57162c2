package org.bufferyard.allocator.policy.graphics;

import java.util.Arrays;
import org.bufferyard.allocator.policy.Demand;
import org.bufferyard.allocator.policy.EvictionPolicy;
import org.bufferyard.allocator.policy.Hint;
import org.bufferyard.allocator.policy.IdHeap;
import org.bufferyard.allocator.policy.PolicyContext;
import org.bufferyard.allocator.policy.Removal;
import org.bufferyard.allocator.policy.Residents;

/**
 * The least loss per page leaves first: a buffer's uses, each halved every {@link
 * #HALF_LIFE_NANOS}, times what moving it out and back costs, over its size. A discardable buffer
 * costs half, having no way out. What is used elsewhere until it is clearly hotter than the coldest
 * resident comes back. Own design, after DTR's cost over size and staleness (ICLR 2021). 72 bytes
 * per id.
 *
 * <p>All uses decay alike, so the order of two scores never changes by waiting. The key is
 * therefore {@code log2(score) + time / halfLife}, written at a use and never again: no ageing
 * pass.
 */
public final class HotnessPolicy implements EvictionPolicy {
  /** Own choice: a dozen frames at 60 Hz. */
  public static final long HALF_LIFE_NANOS = 200_000_000L;

  /** How many times hotter, as a power of two, what returns must be than what it may displace. */
  public static final double HYSTERESIS_BITS = 1;

  private static final double LOG2_E = 1 / Math.log(2);

  private final Residents residents;
  private final IdHeap coldest;
  private final IdHeap hottestAway;
  private double[] heat;
  private long updates;

  public HotnessPolicy(PolicyContext context) {
    residents = context.residents();
    coldest = new IdHeap(context.expectedIds());
    hottestAway = new IdHeap(context.expectedIds());
    heat = new double[Math.max(16, context.expectedIds())];
    Arrays.fill(heat, Double.NEGATIVE_INFINITY);
  }

  @Override
  public void admitted(int id, long nowNanos) {
    warm(id, nowNanos);
    if (hottestAway.contains(id)) {
      hottestAway.remove(id);
    }
    rank(id);
  }

  @Override
  public void used(int id, long nowNanos) {
    warm(id, nowNanos);
    rank(id);
  }

  @Override
  public void usedElsewhere(int id, long nowNanos) {
    warm(id, nowNanos);
    if (hottestAway.contains(id)) {
      hottestAway.set(id, -key(id), updates++);
    }
  }

  /** Adds one use: {@code log2(2^heat + 2^now)} with both in half-lives. */
  private void warm(int id, long nowNanos) {
    if (id >= heat.length) {
      int old = heat.length;
      heat = Arrays.copyOf(heat, Math.max(2 * old, id + 1));
      Arrays.fill(heat, old, heat.length, Double.NEGATIVE_INFINITY);
    }
    double now = (double) nowNanos / HALF_LIFE_NANOS;
    double greater = Math.max(heat[id], now);
    double lesser = Math.min(heat[id], now);
    heat[id] = greater + Math.log1p(Math.pow(2, lesser - greater)) * LOG2_E;
  }

  private void rank(int id) {
    coldest.set(id, key(id), updates++);
  }

  private double key(int id) {
    double ways = residents.discardable(id) ? 1 : 2;
    double costPerPage = ways * residents.moveCostNanos(id) / residents.pages(id);
    return heat[id] + Math.log(Math.max(costPerPage, Double.MIN_NORMAL)) * LOG2_E;
  }

  @Override
  public void removed(int id, Removal reason, long nowNanos) {
    coldest.remove(id);
    if (reason == Removal.EVICTED) {
      hottestAway.set(id, -key(id), updates++);
    } else {
      cool(id);
    }
  }

  @Override
  public void forgotten(int id) {
    if (hottestAway.contains(id)) {
      hottestAway.remove(id);
    }
    if (id < heat.length) {
      cool(id);
    }
  }

  private void cool(int id) {
    heat[id] = Double.NEGATIVE_INFINITY;
  }

  @Override
  public void changed(int id, long nowNanos) {
    rank(id);
  }

  @Override
  public void hinted(int id, Hint hint, long nowNanos) {
    if (hint == Hint.WILL_NEED) {
      used(id, nowNanos);
    } else {
      coldest.set(id, Double.NEGATIVE_INFINITY, updates++);
    }
  }

  @Override
  public void begin(Demand demand) {
    coldest.unpark();
  }

  @Override
  public int victim(Demand demand) {
    return coldest.firstAccepted(demand);
  }

  /**
   * The hottest of what fits into the free room, or is hot enough to displace the coldest resident.
   */
  @Override
  public int bringBack(Demand room) {
    coldest.unpark();
    hottestAway.unpark();
    for (int id = hottestAway.firstAccepted(room); id != NONE; ) {
      if (residents.pages(id) <= room.pages() || displaces(id)) {
        return id;
      }
      hottestAway.parkFirst();
      id = hottestAway.firstAccepted(room);
    }
    return NONE;
  }

  private boolean displaces(int id) {
    int cold = coldest.first();
    return cold != NONE && key(id) > coldest.key(cold) + HYSTERESIS_BITS;
  }
}
