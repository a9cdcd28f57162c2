package org.bufferyard.allocator.policy.cache;

import java.util.Arrays;
import java.util.random.RandomGenerator;
import org.bufferyard.allocator.policy.Demand;
import org.bufferyard.allocator.policy.EvictionPolicy;
import org.bufferyard.allocator.policy.PolicyContext;
import org.bufferyard.allocator.policy.Removal;

/**
 * Any evictable resident, each with the same chance: the bar that a clever policy must clear. 8
 * bytes per id.
 *
 * <p>Sampling without replacement: {@code dense[0, refused)} were looked at in this demand and not
 * accepted, {@code dense[refused, size)} were not looked at; {@code place[id]} is where an id is.
 */
public final class RandomPolicy implements EvictionPolicy {
  private final RandomGenerator random;
  private int[] dense;
  private int[] place;
  private int size;
  private int refused;

  public RandomPolicy(PolicyContext context) {
    random = context.random();
    dense = new int[Math.max(16, context.expectedIds())];
    place = new int[dense.length];
  }

  @Override
  public void admitted(int id, long nowNanos) {
    if (size == dense.length) {
      dense = Arrays.copyOf(dense, 2 * size);
    }
    if (id >= place.length) {
      place = Arrays.copyOf(place, 2 * id);
    }
    put(size++, id);
  }

  private void put(int at, int id) {
    dense[at] = id;
    place[id] = at;
  }

  @Override
  public void used(int id, long nowNanos) {}

  @Override
  public void removed(int id, Removal reason, long nowNanos) {
    int hole = place[id];
    if (hole < refused) {
      refused--;
      put(hole, dense[refused]);
      hole = refused;
    }
    size--;
    if (hole < size) {
      put(hole, dense[size]);
    }
  }

  @Override
  public void begin(Demand demand) {
    refused = 0;
  }

  @Override
  public int victim(Demand demand) {
    while (refused < size) {
      int at = refused + random.nextInt(size - refused);
      int candidate = dense[at];
      if (demand.accepts(candidate)) {
        return candidate;
      }
      put(at, dense[refused]);
      put(refused++, candidate);
    }
    return NONE;
  }
}
