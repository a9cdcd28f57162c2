package org.bufferyard.benchmarks.iommu;

import java.lang.foreign.Arena;
import java.util.concurrent.TimeUnit;
import org.bufferyard.allocator.DmaConstraints;
import org.bufferyard.allocator.DmaDirection;
import org.bufferyard.allocator.iommu.DomainSettings;
import org.bufferyard.allocator.iommu.Invalidation;
import org.bufferyard.allocator.iommu.IommuDomain;
import org.bufferyard.allocator.sg.SgBuilder;
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
 * How long do a map and an unmap through the IOMMU take, from frames and from extents, and do they
 * depend on fragmentation? The result is the pages removed. Fixed seed, in {@link BufferSet}.
 *
 * <pre>
 * java --enable-native-access=ALL-UNNAMED -cp ... org.openjdk.jmh.Main IommuMapBenchmark -prof gc
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
public class IommuMapBenchmark {
  @Param({"CONTIG", "SCATTER", "MIX", "BUDDY"})
  public PagePattern pattern = PagePattern.CONTIG;

  @Param({"1", "4", "256", "2048"})
  public int pages = 1;

  @Param({"STRICT", "LAZY"})
  public Invalidation invalidation = Invalidation.STRICT;

  private static final DmaConstraints ANY = DmaConstraints.UNLIMITED;

  private final SgBuilder out = new SgBuilder();
  private final Arena arena = Arena.ofShared();
  private BufferSet set = new BufferSet(PagePattern.CONTIG, 4, arena);
  private IommuDomain domain = new IommuDomain(DomainSettings.ofBits(48));
  private long[] copy = {};
  private int buffer;

  @Setup(Level.Trial)
  public void fill() {
    set = new BufferSet(pattern, pages, arena);
    domain = new IommuDomain(DomainSettings.ofBits(48).withInvalidation(invalidation));
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

  /** Copying the same frames once: what a page table of one level would cost at least. */
  @Benchmark
  public long baseline_copy() {
    System.arraycopy(set.frames, next() * pages, copy, 0, pages);
    return copy[pages - 1];
  }

  @Benchmark
  public long frames() {
    return unmap(
        domain.mapPfnsInto(
            out, set.frames, next() * pages, pages, DmaDirection.BIDIRECTIONAL, ANY));
  }

  @Benchmark
  public long extents() {
    return unmap(domain.mapInto(out, set.extents[next()], DmaDirection.BIDIRECTIONAL, ANY));
  }

  private long unmap(long iova) {
    return domain.unmapNow(iova, (long) pages << 12);
  }
}
