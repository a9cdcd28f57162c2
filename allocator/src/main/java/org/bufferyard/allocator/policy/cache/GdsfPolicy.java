package org.bufferyard.allocator.policy.cache;

import java.util.Arrays;
import org.bufferyard.allocator.policy.Demand;
import org.bufferyard.allocator.policy.EvictionPolicy;
import org.bufferyard.allocator.policy.IdHeap;
import org.bufferyard.allocator.policy.PolicyContext;
import org.bufferyard.allocator.policy.Removal;
import org.bufferyard.allocator.policy.Residents;

/**
 * Greedy-Dual-Size-Frequency: least {@code L + uses * SCALE / size} leaves first, {@code L} being
 * the value of the last victim, so that what is not used falls behind. Cost 1, no admission test;
 * equal values leave in the order of their last update. Cherkasova, HPL-98-69. 28 bytes per id.
 */
public final class GdsfPolicy implements EvictionPolicy {
  /** Keeps the quotient away from the loss of precision of a growing {@code L}. */
  public static final double SCALE = 1e6;

  private final Residents residents;
  private final IdHeap values;
  private int[] uses;
  private double inflation;
  private long updates;

  public GdsfPolicy(PolicyContext context) {
    residents = context.residents();
    values = new IdHeap(context.expectedIds());
    uses = new int[Math.max(16, context.expectedIds())];
  }

  @Override
  public void admitted(int id, long nowNanos) {
    if (id >= uses.length) {
      uses = Arrays.copyOf(uses, 2 * id);
    }
    uses[id] = 0;
    used(id, nowNanos);
  }

  @Override
  public void used(int id, long nowNanos) {
    uses[id]++;
    values.set(id, inflation + uses[id] * SCALE / residents.pages(id), updates++);
  }

  @Override
  public void removed(int id, Removal reason, long nowNanos) {
    if (reason == Removal.EVICTED) {
      inflation = values.key(id);
    }
    values.remove(id);
  }

  @Override
  public void begin(Demand demand) {
    values.unpark();
  }

  @Override
  public int victim(Demand demand) {
    return values.firstAccepted(demand);
  }
}
