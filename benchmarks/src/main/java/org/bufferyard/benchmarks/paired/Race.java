package org.bufferyard.benchmarks.paired;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Contenders that do the same work in turns. Each is warmed up, then given as many operations as
 * fill a turn; a round is one turn of each, in changing order. Not thread-safe.
 */
public final class Race {
  /**
   * How long a race takes.
   *
   * @param rounds turns of each contender
   * @param turnNanos CPU time of a turn, about
   * @param warmNanos CPU time each contender runs before
   */
  public record Effort(int rounds, long turnNanos, long warmNanos) {}

  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private static final int ALLOCATING_FACTOR = 10;
  private static final int PREPARATION_FACTOR = 10;

  private final Effort effort;
  private final List<String> names = new ArrayList<>();
  private final List<Contender> contenders = new ArrayList<>();
  private final List<Long> granules = new ArrayList<>();
  private long hash;
  private long turnBytes;

  /** CPU time of the last turn, preparation included. */
  private long turnNanos;

  public Race(Effort effort) {
    this.effort = effort;
  }

  /** Enters a contender; {@code granule} operations take it once round its workload. */
  public Race add(String name, long granule, Contender contender) {
    names.add(name);
    contenders.add(contender);
    granules.add(granule);
    return this;
  }

  /** Runs all rounds. */
  public RaceResult run() {
    int count = contenders.size();
    long[] ops = new long[count];
    for (int at = 0; at < count; at++) {
      ops[at] = warmUp(contenders.get(at), granules.get(at));
    }
    double[][] nanos = new double[count][effort.rounds];
    double[] bytes = new double[count];
    Arrays.fill(bytes, Double.MAX_VALUE);
    for (int round = 0; round < effort.rounds; round++) {
      for (int turn = 0; turn < count; turn++) {
        int at = (round & 1) == 0 ? turn : count - 1 - turn;
        nanos[at][round] = (double) turn(contenders.get(at), ops[at]) / ops[at];
        bytes[at] = Math.min(bytes[at], (double) turnBytes / ops[at]);
      }
    }
    return new RaceResult(List.copyOf(names), nanos, bytes, hash);
  }

  /** CPU time of so many operations, without their preparation. */
  private long turn(Contender contender, long ops) {
    long nanos = 0;
    long begun = THREADS.getCurrentThreadCpuTime();
    turnBytes = 0;
    for (long left = ops; left > 0; ) {
      long now = Math.min(left, contender.opsMax());
      contender.prepare(now);
      long bytesBefore = THREADS.getCurrentThreadAllocatedBytes();
      long before = THREADS.getCurrentThreadCpuTime();
      hash += contender.run(now);
      nanos += THREADS.getCurrentThreadCpuTime() - before;
      turnBytes += THREADS.getCurrentThreadAllocatedBytes() - bytesBefore;
      left -= now;
    }
    turnNanos = THREADS.getCurrentThreadCpuTime() - begun;
    return nanos;
  }

  /**
   * Returns the operations of a turn, by the speed of the last part of the warm-up. Code that
   * allocates may wait for its compiler, as vector code does: it is given ten times as long.
   */
  private long warmUp(Contender contender, long granule) {
    long ops = granule;
    long spent = 0;
    while (true) {
      // Where preparing takes far longer than the work itself, a turn is as long as it can be.
      long nanos = Math.max(turn(contender, ops), 1);
      nanos = Math.max(nanos, turnNanos / PREPARATION_FACTOR);
      boolean cold = turnBytes > ops && spent < ALLOCATING_FACTOR * effort.warmNanos;
      spent += turnNanos;
      long wanted = Math.max(1, Math.round((double) ops / granule * effort.turnNanos / nanos));
      if (!cold
          && spent >= effort.warmNanos
          && (wanted * granule <= 2 * ops || nanos >= effort.turnNanos)) {
        return wanted * granule;
      }
      ops = Math.min(wanted * granule, ops * 8);
    }
  }
}
