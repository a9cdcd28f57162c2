package org.bufferyard.benchmarks.suite;

import java.util.Arrays;
import org.bufferyard.allocator.DmaConstraints;
import org.bufferyard.allocator.sg.SgBatch;
import org.bufferyard.allocator.sg.SgBuilder;
import org.bufferyard.allocator.sg.SgSlab;
import org.bufferyard.benchmarks.paired.Contender;
import org.bufferyard.benchmarks.workload.BufferSet;

/** The ways in which Java builds a scatterlist, as contenders that go round a buffer set. */
final class Builders {
  /** Buffers that share a slab, and the largest batch. */
  static final int SLAB_BUFFERS = 1024;

  private final BufferSet set;
  private final long maxSegmentBytes;

  Builders(BufferSet set, long maxSegmentBytes) {
    this.set = set;
    this.maxSegmentBytes = maxSegmentBytes;
  }

  /** From page frames; the sum of segment counts, as the C side returns it. */
  Contender frames(SgBuilder builder) {
    return bounded(builder, DmaConstraints.NO_BOUNDARY);
  }

  /** From extents. */
  Contender extents(SgBuilder builder) {
    long bytes = (long) set.pages << 12;
    return ops -> {
      long sum = 0;
      int buffer = 0;
      for (long op = 0; op < ops; op++) {
        builder.start(maxSegmentBytes, DmaConstraints.NO_BOUNDARY);
        sum += builder.append(set.extents[buffer], 0, bytes);
        buffer = buffer + 1 == set.buffers ? 0 : buffer + 1;
      }
      return sum;
    };
  }

  /** From page frames, each list retained in a slab that up to 1,024 lists share. */
  Contender slab(SgBuilder builder) {
    long bytes = (long) set.pages << 12;
    SgSlab slab = new SgSlab(Math.min(SLAB_BUFFERS, set.buffers) * set.pages);
    return ops -> {
      long sum = 0;
      int buffer = 0;
      for (long op = 0; op < ops; op++) {
        builder.start(maxSegmentBytes, DmaConstraints.NO_BOUNDARY);
        sum += builder.append(set.frames, buffer * set.pages, set.pages, 0, bytes);
        slab.retain(builder);
        buffer = buffer + 1 == set.buffers ? 0 : buffer + 1;
        if ((op & (SLAB_BUFFERS - 1)) == SLAB_BUFFERS - 1 || buffer == 0) {
          releaseAll(slab);
        }
      }
      releaseAll(slab);
      return sum;
    };
  }

  private static void releaseAll(SgSlab slab) {
    for (int live = slab.live(); live > 0; live--) {
      slab.release();
    }
  }

  /** From page frames, cut at a boundary; the sum of segment counts. */
  Contender bounded(SgBuilder builder, long boundaryMask) {
    long bytes = (long) set.pages << 12;
    return ops -> {
      long sum = 0;
      int buffer = 0;
      for (long op = 0; op < ops; op++) {
        builder.start(maxSegmentBytes, boundaryMask);
        sum += builder.append(set.frames, buffer * set.pages, set.pages, 0, bytes);
        buffer = buffer + 1 == set.buffers ? 0 : buffer + 1;
      }
      return sum;
    };
  }

  /** From page frames, up to {@code size} lists in one pass, retained with one claim. */
  Contender batch(SgBuilder builder, int size) {
    int most = Math.min(size, set.buffers);
    SgBatch batch = new SgBatch(builder);
    SgSlab slab = new SgSlab(most * set.pages);
    int[] borders = new int[set.buffers + 1];
    Arrays.setAll(borders, buffer -> buffer * set.pages);
    int[] own = new int[most + 1];
    DmaConstraints limits = DmaConstraints.UNLIMITED.withMaxSegmentBytes(maxSegmentBytes);
    return ops -> {
      long sum = 0;
      int buffer = 0;
      for (long left = ops; left > 0; ) {
        int count = (int) Math.min(left, Math.min(most, set.buffers - buffer));
        System.arraycopy(borders, buffer, own, 0, count + 1);
        sum += batch.build(set.frames, own, count, limits);
        batch.retain(slab);
        slab.release();
        buffer = buffer + count == set.buffers ? 0 : buffer + count;
        left -= count;
      }
      return sum;
    };
  }

  /** With offset, length, boundary, mask, segment count and alignment to observe, none violated. */
  Contender constrained(SgBuilder builder) {
    DmaConstraints constraints =
        new DmaConstraints(
            DmaConstraints.maskOfBits(48), maxSegmentBytes, (1L << 32) - 1, 1 << 20, 4096);
    long bytes = ((long) set.pages << 12) - 1024;
    return ops -> {
      long sum = 0;
      int buffer = 0;
      for (long op = 0; op < ops; op++) {
        builder.start(constraints.maxSegmentBytes(), constraints.boundaryMask());
        builder.append(set.frames, buffer * set.pages, set.pages, 512, bytes);
        sum += builder.finish(constraints);
        buffer = buffer + 1 == set.buffers ? 0 : buffer + 1;
      }
      return sum;
    };
  }

  /** Digest of every segment of every buffer; equal to the C side's. */
  long digest(SgBuilder builder, boolean fromExtents) {
    long bytes = (long) set.pages << 12;
    long digest = 0;
    for (int buffer = 0; buffer < set.buffers; buffer++) {
      builder.start(maxSegmentBytes, DmaConstraints.NO_BOUNDARY);
      if (fromExtents) {
        builder.append(set.extents[buffer], 0, bytes);
      } else {
        builder.append(set.frames, buffer * set.pages, set.pages, 0, bytes);
      }
      for (int segment = 0; segment < builder.nents(); segment++) {
        digest = digest * 31 + builder.address(segment);
        digest = digest * 31 + builder.lengthBytes(segment);
      }
    }
    return digest;
  }
}
