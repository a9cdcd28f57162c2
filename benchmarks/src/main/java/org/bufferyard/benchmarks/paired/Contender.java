package org.bufferyard.benchmarks.paired;

/** One way to do the work of a race. */
public interface Contender {
  /** Does it {@code ops} times, round its workload; returns a hash of the results. */
  long run(long ops);

  /** Brings about what {@link #run} with as many operations needs; its time does not count. */
  default void prepare(long ops) {}

  /** Most operations between two preparations. */
  default long opsMax() {
    return Long.MAX_VALUE;
  }
}
