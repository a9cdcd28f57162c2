package org.bufferyard.benchmarks.region;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.bufferyard.allocator.Extents;
import org.bufferyard.allocator.Outcome;
import org.bufferyard.allocator.region.AllocationRequest;
import org.bufferyard.allocator.region.BuddyAllocator;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * How long does a block take from a buddy of 16 GiB with so many live, and what does it allocate
 * besides its result? One invocation replaces one block; the result is its frame. Fixed seed.
 *
 * <pre>
 * java -cp ... org.openjdk.jmh.Main BuddyBenchmark -prof gc
 * </pre>
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
    value = 1,
    jvmArgsAppend = {"--add-modules", "jdk.incubator.vector"})
public class BuddyBenchmark {
  private static final int STEPS = 1 << 16;

  @Param({"0", "8"})
  public int order = 0;

  @Param({"1", "1000", "10000"})
  public int live = 1;

  private BuddyAllocator buddy = new BuddyAllocator(0, 1L << 22);
  private AllocationRequest request = AllocationRequest.of(1);
  private Extents[] held = {};
  private int[] places = {};
  private int step;

  @Setup(Level.Trial)
  public void fill() {
    buddy = new BuddyAllocator(0, 1L << 22);
    request = AllocationRequest.of(1L << order).asContiguous();
    held = new Extents[live];
    Arrays.fill(held, Extents.NONE);
    places = new SplittableRandom(11).ints(STEPS, 0, live).toArray();
  }

  @TearDown(Level.Trial)
  public void check() {
    for (Extents extents : held) {
      if (extents.runs() > 0) {
        buddy.free(extents);
      }
    }
    if (buddy.freePages() != buddy.totalPages()) {
      throw new IllegalStateException("pages lost, free=" + buddy.freePages());
    }
  }

  /** Reading the next place: the loop without the allocator. */
  @Benchmark
  public int baseline_read() {
    step = (step + 1) & (STEPS - 1);
    return places[step];
  }

  @Benchmark
  public long churn() {
    step = (step + 1) & (STEPS - 1);
    int place = places[step];
    if (held[place].runs() > 0) {
      buddy.free(held[place]);
    }
    held[place] =
        switch (buddy.allocate(request)) {
          case Outcome.Done<Extents>(Extents extents) -> extents;
          case Outcome.Refused<Extents>(var refusal) ->
              throw new IllegalStateException("" + refusal);
        };
    return held[place].pfn(0);
  }
}
