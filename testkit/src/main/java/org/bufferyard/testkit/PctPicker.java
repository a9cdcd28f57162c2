package org.bufferyard.testkit;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Picks the ready task of the highest priority; see {@link Strategy#pct(int, int)}.
 *
 * <p>A priority is a hash of the task's identity and of a word drawn per horizon, so it needs no
 * table. Those lowered at change points are in a table of at most as many entries as there are
 * change points. Equal priorities run in the order in which they became ready.
 */
final class PctPicker implements Strategy.Picker {
  static final int HORIZON_STEPS_DEFAULT = 10_000;

  private record Entry(Task task, long priority, long sequence) {
    static final Comparator<Entry> HIGHEST_FIRST =
        Comparator.comparingLong(Entry::priority).reversed().thenComparingLong(Entry::sequence);
  }

  private final PriorityQueue<Entry> queue = new PriorityQueue<>(Entry.HIGHEST_FIRST);
  private final RandomGenerator random;
  private final int horizonSteps;

  /** Step numbers within the horizon; {@code lowered[i]} fell at {@code changeSteps[i]}. */
  private final int[] changeSteps;

  private final long[] lowered;
  private int loweredCount;
  private long priorityWord;
  private int step;
  private long sequenceNext;

  PctPicker(RandomGenerator random, int changePoints, int horizonSteps) {
    this.random = random;
    this.horizonSteps = horizonSteps;
    this.changeSteps = new int[changePoints];
    this.lowered = new long[changePoints];
    startHorizon();
  }

  private void startHorizon() {
    step = 0;
    loweredCount = 0;
    priorityWord = random.nextLong();
    for (int i = 0; i < changeSteps.length; i++) {
      changeSteps[i] = random.nextInt(horizonSteps);
    }
    List<Entry> waiting = new ArrayList<>();
    for (Entry entry = queue.poll(); entry != null; entry = queue.poll()) {
      waiting.add(entry);
    }
    waiting.forEach(entry -> ready(entry.task()));
  }

  @Override
  public void ready(Task task) {
    queue.add(new Entry(task, priority(task.identity()), sequenceNext++));
  }

  /** Lowered ones are below all others, the latest lowest. */
  private long priority(long identity) {
    for (int i = loweredCount - 1; i >= 0; i--) {
      if (lowered[i] == identity) {
        return -1L - i;
      }
    }
    return SplitMix64.mix(identity ^ priorityWord) >>> 1;
  }

  @Override
  public @Nullable Task next() {
    if (step == horizonSteps) {
      startHorizon();
    }
    Entry first = queue.poll();
    if (first == null) {
      return null;
    }
    for (int changeStep : changeSteps) {
      if (changeStep == step && loweredCount < lowered.length) {
        first = lower(first);
      }
    }
    step++;
    return first.task();
  }

  private Entry lower(Entry first) {
    lowered[loweredCount++] = first.task().identity();
    ready(first.task());
    return queue.remove();
  }

  @Override
  public int size() {
    return queue.size();
  }
}
