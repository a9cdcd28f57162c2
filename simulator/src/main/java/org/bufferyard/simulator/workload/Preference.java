package org.bufferyard.simulator.workload;

import java.util.List;

/**
 * Where an exporter would like its buffer to be.
 *
 * @param regions region names, most wanted first; empty leaves it to the solver
 * @param priority higher is evicted later; 0 is usual
 * @param contiguous one run of page frames
 * @param discardable the contents may be dropped instead of moved
 */
public record Preference(
    List<String> regions, int priority, boolean contiguous, boolean discardable) {
  public static final Preference NONE = new Preference(List.of(), 0, false, false);

  public static Preference of(String... regions) {
    return new Preference(List.of(regions), 0, false, false);
  }

  public Preference withPriority(int newPriority) {
    return new Preference(regions, newPriority, contiguous, discardable);
  }

  public Preference withContiguous() {
    return new Preference(regions, priority, true, discardable);
  }
}
