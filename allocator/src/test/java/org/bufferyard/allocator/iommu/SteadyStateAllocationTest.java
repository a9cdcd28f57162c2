package org.bufferyard.allocator.iommu;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.stream.IntStream;
import org.bufferyard.allocator.DmaConstraints;
import org.bufferyard.allocator.DmaDirection;
import org.bufferyard.allocator.Extents;
import org.bufferyard.allocator.bounce.BouncePool;
import org.bufferyard.allocator.sg.SgBatch;
import org.bufferyard.allocator.sg.SgBuilder;
import org.bufferyard.allocator.sg.SgSlab;
import org.junit.jupiter.api.Test;

/**
 * The hot paths allocate nothing once their scratch columns have grown: bytes of this thread, as
 * the JVM counts them, over many calls, interpreted or compiled. The vector builder is given the
 * time that C2 takes to compile it, until which it allocates.
 */
class SteadyStateAllocationTest {
  private static final int WARM_CALLS = 300;
  private static final int CALLS = 500;

  /** Linking and compiling charge a few hundred bytes to whoever runs; one round is free of it. */
  private static final int ROUNDS = 8;

  /** Rounds within which vector code is compiled; usually ten are enough. */
  private static final int VECTOR_ROUNDS = 400;

  private static final DmaConstraints ANY = DmaConstraints.UNLIMITED;

  private final SgBuilder builder = new SgBuilder();
  private final long[] pfns = pfns(256);
  private final Extents extents = extents(pfns);

  @Test
  void builder_fromFramesAndExtents_zeroBytes() {
    expectNothing(
        () -> {
          builder.start(16 << 12, 0xFFFFF);
          builder.append(pfns, 0, 256, 0x200, 255 << 12);
          builder.finish(ANY);
          builder.start(16 << 12, -1);
          builder.append(extents, 0, 256 << 12);
          return builder.finish(ANY);
        });
  }

  @Test
  void builder_fourPages_zeroBytes() {
    expectNothing(
        () -> {
          builder.start(DmaConstraints.UINT_MAX, -1);
          builder.append(pfns, 6, 4, 0, 4 << 12);
          return builder.finish(ANY);
        });
  }

  @Test
  void vectorBuilder_onceCompiled_zeroBytes() {
    SgBuilder vector = SgBuilder.preferred();
    SgBatch batch = new SgBatch(SgBuilder.preferred());
    int[] borders = IntStream.rangeClosed(0, 64).map(buffer -> 4 * buffer).toArray();
    expectNothing(
        () -> {
          vector.start(16 << 12, 0xFFFFF);
          vector.append(pfns, 0, 256, 0x200, 255 << 12);
          return Math.min(vector.finish(ANY), batch.build(pfns, borders, 64, ANY));
        },
        VECTOR_ROUNDS);
  }

  @Test
  void batch_buildRetainAndRelease_zeroBytes() {
    SgBatch batch = new SgBatch(builder);
    SgSlab slab = new SgSlab(256);
    int[] borders = IntStream.rangeClosed(0, 64).map(buffer -> 4 * buffer).toArray();
    expectNothing(
        () -> {
          batch.build(pfns, borders, 64, ANY);
          int slot = batch.retain(slab);
          slab.release();
          return slot;
        });
  }

  @Test
  void slab_retainAndRelease_zeroBytes() {
    SgSlab slab = new SgSlab(1024);
    builder.start(DmaConstraints.UINT_MAX, -1);
    builder.append(pfns, 0, 256, 0, 256 << 12);
    expectNothing(
        () -> {
          slab.retain(builder);
          slab.release();
          return slab.live() == 0 ? 1 : -1;
        });
  }

  @Test
  void domain_mapAndUnmap_zeroBytes() {
    for (Invalidation mode : Invalidation.values()) {
      IommuDomain domain = new IommuDomain(DomainSettings.ofBits(48).withInvalidation(mode));
      expectNothing(
          () -> {
            long one = domain.mapPfnsInto(builder, pfns, 0, 256, DmaDirection.BIDIRECTIONAL, ANY);
            long two = domain.mapInto(builder, extents, DmaDirection.TO_DEVICE, ANY);
            domain.translate(one, true);
            return domain.unmapNow(one, 256 << 12) + domain.unmapNow(two, 256 << 12);
          });
    }
  }

  @Test
  void domain_batch_zeroBytes() {
    IommuDomain domain = new IommuDomain(DomainSettings.ofBits(48));
    expectNothing(
        () -> {
          long handle = domain.mapBatchPfns(pfns, 0, 256, 1, DmaDirection.TO_DEVICE, ANY);
          return domain.unmapBatchNow(handle);
        });
  }

  @Test
  void iova_everyOrder_zeroBytes() {
    IovaAllocator iovas = new IovaAllocator(36);
    expectNothing(
        () -> {
          long sum = 0;
          for (int order = 0; order < 20; order++) {
            long start = iovas.allocate(1L << order, 0, (1L << 36) - 1);
            sum += start;
            iovas.free(start, 1L << order);
          }
          return sum;
        });
  }

  @Test
  void bounce_zeroBytes() {
    BouncePool pool = new BouncePool(16, 64);
    expectNothing(
        () -> {
          long bounced =
              pool.map(1 << 30, 9000, DmaDirection.TO_DEVICE, -1, -1, (from, to, length) -> {});
          pool.unmap(bounced, 9000, DmaDirection.TO_DEVICE, (from, to, length) -> {});
          return bounced;
        });
  }

  /** One operation; a negative answer is a failure. */
  private interface Operation {
    long run();
  }

  private static void expectNothing(Operation operation) {
    expectNothing(operation, ROUNDS);
  }

  /** In one round of so many, after which no more are run. */
  private static void expectNothing(Operation operation, int rounds) {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long thread = Thread.currentThread().threadId();
    boolean negative = false;
    for (int call = 0; call < WARM_CALLS; call++) {
      negative |= operation.run() < 0;
    }
    long least = Long.MAX_VALUE;
    for (int round = 0; round < rounds && least > 0; round++) {
      long before = threads.getThreadAllocatedBytes(thread);
      for (int call = 0; call < CALLS; call++) {
        negative |= operation.run() < 0;
      }
      least = Math.min(least, threads.getThreadAllocatedBytes(thread) - before);
    }
    assertThat(negative).isFalse();
    assertThat(least).as("bytes allocated by %d calls", CALLS).isZero();
  }

  private static long[] pfns(int pages) {
    long[] frames = new long[pages];
    for (int page = 0; page < pages; page++) {
      frames[page] = (page / 3) * 7L + page % 3;
    }
    return frames;
  }

  private static Extents extents(long[] frames) {
    Extents.Builder runs = new Extents.Builder();
    for (long frame : frames) {
      runs.add(frame, 1);
    }
    return runs.build();
  }
}
