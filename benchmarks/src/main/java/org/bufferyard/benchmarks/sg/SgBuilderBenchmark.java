package org.bufferyard.benchmarks.sg;

import java.lang.foreign.Arena;
import java.util.concurrent.TimeUnit;
import org.bufferyard.allocator.DmaConstraints;
import org.bufferyard.allocator.sg.SgBuilder;
import org.bufferyard.allocator.sg.SgSlab;
import org.bufferyard.benchmarks.workload.BufferSet;
import org.bufferyard.benchmarks.workload.PagePattern;
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
 * How long does one scatterlist take, by pattern, size and implementation, and what does it
 * allocate? One invocation builds the next buffer of a rotation of 65,536 pages; its result is the
 * number of segments. Fixed seed, in {@link BufferSet}.
 *
 * <pre>
 * java --add-modules jdk.incubator.vector --enable-native-access=ALL-UNNAMED -cp ... \
 *   org.openjdk.jmh.Main SgBuilderBenchmark -prof gc -rf json
 * </pre>
 *
 * <p>Scores are worth little on a shared machine; for ratios see {@link
 * org.bufferyard.benchmarks.Bench}. Bytes per operation are exact here too.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
    value = 1,
    jvmArgsAppend = {"--add-modules", "jdk.incubator.vector"})
public class SgBuilderBenchmark {
  @Param({"CONTIG", "SCATTER", "RUN2", "RUN8", "RUN64", "MIX", "BUDDY"})
  public PagePattern pattern = PagePattern.CONTIG;

  @Param({"4", "256", "2048", "16384"})
  public int pages = 4;

  private final SgBuilder scalar = new SgBuilder();
  private final SgBuilder vector = SgBuilder.preferred();
  private final Arena arena = Arena.ofShared();
  private BufferSet set = new BufferSet(PagePattern.CONTIG, 4, arena);
  private SgSlab slab = new SgSlab(4);
  private long[] copy = {};
  private int buffer;

  @Setup(Level.Trial)
  public void fill() {
    set = new BufferSet(pattern, pages, arena);
    slab = new SgSlab(pages);
    copy = new long[pages];
  }

  @TearDown(Level.Trial)
  public void close() {
    arena.close();
  }

  private int next() {
    buffer = buffer + 1 >= set.buffers ? 0 : buffer + 1;
    return buffer;
  }

  /** Reading the same frames once. */
  @Benchmark
  public long baseline_read() {
    int from = next() * pages;
    long sum = 0;
    for (int page = from; page < from + pages; page++) {
      sum += set.frames[page];
    }
    return sum;
  }

  /** Copying the same frames once. */
  @Benchmark
  public long baseline_copy() {
    System.arraycopy(set.frames, next() * pages, copy, 0, pages);
    return copy[pages - 1];
  }

  @Benchmark
  public int scalar() {
    return build(scalar);
  }

  /** The scalar builder where the JVM runs without the vector module. */
  @Benchmark
  public int vector() {
    return build(vector);
  }

  private int build(SgBuilder builder) {
    builder.start(DmaConstraints.UINT_MAX, DmaConstraints.NO_BOUNDARY);
    return builder.append(set.frames, next() * pages, pages, 0, (long) pages << 12);
  }

  @Benchmark
  public int extents() {
    scalar.start(DmaConstraints.UINT_MAX, DmaConstraints.NO_BOUNDARY);
    return scalar.append(set.extents[next()], 0, (long) pages << 12);
  }

  /** Retained, as an exporter keeps it. */
  @Benchmark
  public int batch() {
    int nents = build(vector);
    slab.retain(vector);
    slab.release();
    return nents;
  }
}
