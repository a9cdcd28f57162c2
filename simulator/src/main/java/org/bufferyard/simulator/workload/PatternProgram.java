package org.bufferyard.simulator.workload;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SplittableRandom;
import org.bufferyard.allocator.DmaDirection;
import org.bufferyard.allocator.Pages;

/**
 * A client that exports its buffers when it starts and then touches them in one order, at a steady
 * pace, each time all of their pages.
 */
final class PatternProgram extends Program {
  private final WorkloadSpec.Pattern pattern;
  private final SplittableRandom random;
  private final int firstKey;
  private final long stopNanos;
  private final double[] favour;
  private long timeNanos = -1;
  private long turn;

  PatternProgram(WorkloadSpec.Pattern pattern, int firstKey, long seed, long endNanos) {
    super(firstKey, pattern.leaves() ? stopNanos(pattern, endNanos) : endNanos);
    this.pattern = pattern;
    this.random = new SplittableRandom(seed);
    this.firstKey = firstKey;
    this.stopNanos = stopNanos(pattern, endNanos);
    this.favour = favour(pattern.buffers());
  }

  private static long stopNanos(WorkloadSpec.Pattern pattern, long endNanos) {
    return pattern.stopNanos() == 0 ? endNanos : Math.min(endNanos, pattern.stopNanos());
  }

  /** Sums of 1, 1/2, 1/3: how far the share of the first buffers reaches. */
  private static double[] favour(int buffers) {
    double[] sums = new double[buffers];
    double sum = 0;
    for (int rank = 0; rank < buffers; rank++) {
      sum += 1.0 / (rank + 1);
      sums[rank] = sum;
    }
    return sums;
  }

  @Override
  boolean advance() {
    if (timeNanos < 0) {
      timeNanos = pattern.startNanos();
      if (timeNanos >= stopNanos) {
        return false;
      }
      at(timeNanos);
      exportAll();
      return true;
    }
    timeNanos = atWork(timeNanos + pattern.everyNanos());
    if (timeNanos >= stopNanos) {
      return false;
    }
    at(timeNanos);
    touch();
    return true;
  }

  /** At {@code nanos}, or when it has rested. */
  private long atWork(long nanos) {
    long cycle = pattern.workNanos() + pattern.restNanos();
    long since = cycle == 0 ? 0 : (nanos - pattern.startNanos()) % cycle;
    return since < pattern.workNanos() ? nanos : nanos + (cycle - since) % Math.max(1, cycle);
  }

  private void exportAll() {
    Preference preference = Preference.of("VRAM").withPriority(pattern.priority());
    for (int buffer = 0; buffer < pattern.buffers(); buffer++) {
      export(pattern.sizeBytes(), pattern.client() + " " + buffer, preference);
    }
  }

  private void touch() {
    LinkedHashSet<Integer> chosen = new LinkedHashSet<>();
    for (int i = 0; i < pattern.uses(); i++) {
      chosen.add(pick());
    }
    List<Use> uses = new ArrayList<>();
    for (int buffer : chosen) {
      boolean writes = random.nextInt(100) < pattern.writePercent();
      DmaDirection direction = writes ? DmaDirection.FROM_DEVICE : DmaDirection.TO_DEVICE;
      uses.add(new Use(firstKey + buffer, direction, 0, Pages.ofBytes(pattern.sizeBytes())));
    }
    submit(PatternsWorkload.DEVICE, 0, uses);
  }

  private int pick() {
    int buffers = pattern.buffers();
    return switch (pattern.order()) {
      case LOOP -> (int) (turn++ % buffers);
      case STACK -> backAndForth(turn++, buffers);
      case RANDOM -> random.nextInt(buffers);
      case ZIPF -> favoured();
      case WINDOW -> inWindow(buffers);
      case PAIRS -> newOrAgain(turn++, buffers);
      case SETTLE -> turn < buffers ? (int) turn++ : random.nextInt(window(buffers));
    };
  }

  private static int backAndForth(long turn, int buffers) {
    if (buffers == 1) {
      return 0;
    }
    int at = (int) (turn % (2L * (buffers - 1)));
    return at < buffers ? at : 2 * (buffers - 1) - at;
  }

  private int favoured() {
    double point = random.nextDouble() * favour[favour.length - 1];
    int rank = 0;
    while (favour[rank] < point) {
      rank++;
    }
    return rank;
  }

  private int newOrAgain(long at, int buffers) {
    long nth = at / 2 - (at % 2 == 0 ? 0 : pattern.window());
    return (int) Math.floorMod(nth, (long) buffers);
  }

  private int window(int buffers) {
    return Math.min(pattern.window(), buffers);
  }

  /** At random in a window that goes round, one buffer on after as many touches as it is wide. */
  private int inWindow(int buffers) {
    int window = window(buffers);
    int first = (int) (turn++ / window % buffers);
    return (first + random.nextInt(window)) % buffers;
  }
}
