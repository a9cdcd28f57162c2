package org.bufferyard.benchmarks.bounce;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.TimeUnit;
import org.bufferyard.allocator.DmaDirection;
import org.bufferyard.allocator.bounce.BouncePool;
import org.bufferyard.allocator.bounce.CopyMemory;
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
 * What does the pool add to the copy in and out? Sources are taken one behind the other from 64
 * MiB, so that they come from memory. The result is the pool's address.
 *
 * <pre>
 * java --enable-native-access=ALL-UNNAMED -cp ... org.openjdk.jmh.Main BounceBenchmark -prof gc
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
public class BounceBenchmark {
  private static final int SOURCE_BYTES = 64 << 20;
  private static final int POOL_PAGES = 256;
  private static final long SOURCE_ADDRESS = 1L << 32;

  @Param({"4096", "65536"})
  public int sizeBytes = 4096;

  private final Arena arena = Arena.ofShared();
  private final MemorySegment memory =
      arena.allocate(SOURCE_BYTES + POOL_PAGES * 4096L, 4096).fill((byte) 1);
  private final CopyMemory copy =
      (from, to, length) -> MemorySegment.copy(memory, offset(from), memory, offset(to), length);
  private BouncePool pool = new BouncePool(16, POOL_PAGES);
  private int at;

  @Setup(Level.Trial)
  public void empty() {
    pool = new BouncePool(16, POOL_PAGES);
  }

  @TearDown(Level.Trial)
  public void close() {
    arena.close();
  }

  private static long offset(long address) {
    return address >= SOURCE_ADDRESS
        ? address - SOURCE_ADDRESS
        : SOURCE_BYTES + address - (16L << 12);
  }

  private int next() {
    at = (at + sizeBytes) & (SOURCE_BYTES - 1);
    return at;
  }

  /** The copy in by itself. */
  @Benchmark
  public byte baseline_copy() {
    MemorySegment.copy(memory, next(), memory, SOURCE_BYTES, sizeBytes);
    return memory.get(java.lang.foreign.ValueLayout.JAVA_BYTE, SOURCE_BYTES);
  }

  @Benchmark
  public long mapAndUnmap() {
    DmaDirection direction = DmaDirection.TO_DEVICE;
    long bounced = pool.map(SOURCE_ADDRESS + next(), sizeBytes, direction, -1, -1, copy);
    return bounced + pool.unmap(bounced, sizeBytes, direction, copy);
  }
}
