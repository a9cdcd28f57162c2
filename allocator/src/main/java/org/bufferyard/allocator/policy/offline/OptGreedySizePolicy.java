package org.bufferyard.allocator.policy.offline;

import java.util.Arrays;
import org.bufferyard.allocator.policy.Admission;
import org.bufferyard.allocator.policy.Demand;
import org.bufferyard.allocator.policy.EvictionPolicy;
import org.bufferyard.allocator.policy.Future;
import org.bufferyard.allocator.policy.PolicyContext;
import org.bufferyard.allocator.policy.Removal;
import org.bufferyard.allocator.policy.Residents;

/**
 * The resident with the greatest {@code size * (next use - now)} leaves first; what is never used
 * again leaves before it and is not let in. A heuristic for unequal sizes, usually near the best.
 * Looks at every resident for each victim. 8 bytes per id.
 */
public final class OptGreedySizePolicy implements EvictionPolicy {
  private final Residents residents;
  private final Future future;
  private final int[] nextUse;
  private final int[] place;
  private int[] dense = new int[16];
  private int size;

  public OptGreedySizePolicy(PolicyContext context) {
    residents = context.residents();
    future = context.future();
    nextUse = new int[context.expectedIds()];
    place = new int[context.expectedIds()];
  }

  @Override
  public void admitted(int id, long nowNanos) {
    if (size == dense.length) {
      dense = Arrays.copyOf(dense, 2 * size);
    }
    dense[size] = id;
    place[id] = size++;
    used(id, nowNanos);
  }

  @Override
  public void used(int id, long nowNanos) {
    nextUse[id] = future.nextUse((int) nowNanos);
  }

  @Override
  public void removed(int id, Removal reason, long nowNanos) {
    int last = dense[--size];
    dense[place[id]] = last;
    place[last] = place[id];
  }

  @Override
  public Admission admission(Demand demand) {
    boolean last = future.nextUse((int) demand.nowNanos()) == future.requests();
    return last && !demand.mustReside() ? Admission.SPILL : Admission.ADMIT;
  }

  @Override
  public void begin(Demand demand) {}

  @Override
  public int victim(Demand demand) {
    int victim = NONE;
    double greatest = -1;
    for (int i = 0; i < size; i++) {
      double score = score(dense[i], demand.nowNanos());
      if (score > greatest && demand.accepts(dense[i])) {
        greatest = score;
        victim = dense[i];
      }
    }
    return victim;
  }

  private double score(int id, long now) {
    return nextUse[id] == future.requests()
        ? Double.POSITIVE_INFINITY
        : (double) residents.pages(id) * (nextUse[id] - now);
  }
}
