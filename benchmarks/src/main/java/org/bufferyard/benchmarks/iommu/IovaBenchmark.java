package org.bufferyard.benchmarks.iommu;

import java.util.concurrent.TimeUnit;
import org.bufferyard.allocator.iommu.IovaAllocator;
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
 * How long do taking and freeing an IOVA range take? The result is the address, so that the pair
 * cannot be compiled away; the size is a parameter and no constant.
 *
 * <pre>
 * java -cp ... org.openjdk.jmh.Main IovaBenchmark -prof gc
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
public class IovaBenchmark {
  private static final int PAGE_BITS = 36;
  private static final long LIMIT = (1L << PAGE_BITS) - 1;
  private static final int BURST = 1024;

  @Param({"1", "32", "256"})
  public long pages = 1;

  private IovaAllocator iovas = new IovaAllocator(PAGE_BITS);
  private final long[] starts = new long[BURST];
  private int at;

  @Setup(Level.Trial)
  public void empty() {
    iovas = new IovaAllocator(PAGE_BITS);
  }

  @TearDown(Level.Trial)
  public void check() {
    if (iovas.takenPages() != 0) {
      throw new IllegalStateException("ranges not given back, pages=" + iovas.takenPages());
    }
  }

  /** A push and a pop of an array: the least a pair can cost. */
  @Benchmark
  public long baseline_stack() {
    starts[at] = pages;
    at = (at + 1) & (BURST - 1);
    return starts[at];
  }

  @Benchmark
  public long pair() {
    long start = iovas.allocate(pages, 0, LIMIT);
    iovas.free(start, IovaAllocator.reservedPages(pages));
    return start;
  }

  /** 1,024 ranges live at once; the score is of all of them. */
  @Benchmark
  public long burst() {
    long sum = 0;
    for (int i = 0; i < BURST; i++) {
      starts[i] = iovas.allocate(pages, 0, LIMIT);
      sum += starts[i];
    }
    for (int i = 0; i < BURST; i++) {
      iovas.free(starts[i], IovaAllocator.reservedPages(pages));
    }
    return sum;
  }
}
