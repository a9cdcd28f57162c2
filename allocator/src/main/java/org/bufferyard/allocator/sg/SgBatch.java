package org.bufferyard.allocator.sg;

import org.bufferyard.allocator.DmaConstraints;
import org.bufferyard.allocator.Refusal;
import org.jspecify.annotations.Nullable;

/**
 * Builds the lists of many buffers in one pass over their page frames, for one device: what each
 * buffer costs beside its pages is a few instructions. All or none is built; retained in a slab,
 * the batch is one claim. Reusable, and allocates nothing unless columns grow. Not thread-safe.
 */
public final class SgBatch {
  private final SgBuilder builder;
  private int[] firstSegments = new int[1];
  private int buffers;
  private @Nullable Refusal limitBroken;

  /** {@code builder} is used by this batch alone. */
  public SgBatch(SgBuilder builder) {
    this.builder = builder;
  }

  /**
   * Builds the lists of {@code count} buffers. Buffer {@code i} holds the whole pages {@code
   * pfns[borders[i]]} to {@code pfns[borders[i + 1] - 1]}, at least one. Returns the segments of
   * all together, or the negated errno with the explanation in {@link #refusal}: those of {@link
   * SgBuilder#append(long[], int, int, long, long)}, which name the page, and those of {@link
   * SgBuilder#finish}, which name buffer and segment; the batch then is empty.
   */
  public int build(long[] pfns, int[] borders, int count, DmaConstraints constraints) {
    buffers = 0;
    limitBroken = null;
    check(pfns, borders, count);
    if (firstSegments.length <= count) {
      firstSegments = new int[count + 1];
    }
    int status = builder.start(constraints.maxSegmentBytes(), constraints.boundaryMask());
    if (status >= 0) {
      status = builder.appendBatch(pfns, borders, count, firstSegments);
    }
    int segments = status < 0 ? status : finish(count, status, constraints);
    buffers = segments < 0 ? 0 : count;
    return segments;
  }

  private static void check(long[] pfns, int[] borders, int count) {
    if (count < 1 || count >= borders.length) {
      throw new IllegalArgumentException("count=" + count + ", borders=" + borders.length);
    }
    int before = -1;
    for (int buffer = 0; buffer <= count; buffer++) {
      if (borders[buffer] <= before) {
        throw new IllegalArgumentException(
            "border " + buffer + " is " + borders[buffer] + ", before it " + before);
      }
      before = borders[buffer];
    }
    if (before > pfns.length) {
      throw new IllegalArgumentException(
          "border " + count + " is " + before + ", of " + pfns.length);
    }
  }

  /** Nothing is looked at buffer by buffer where no limit can be broken. */
  private int finish(int count, int segments, DmaConstraints constraints) {
    if (builder.holdsAny(constraints, segments)) {
      return segments;
    }
    for (int buffer = 0; buffer < count; buffer++) {
      int status = builder.finish(firstSegments[buffer], firstSegments[buffer + 1], constraints);
      if (status < 0) {
        Refusal broken = builder.refusal();
        limitBroken = new Refusal(broken.errno(), "buffer " + buffer + ": " + broken.reason());
        return status;
      }
    }
    return segments;
  }

  /** Why the last {@link #build} returned a negative number. */
  public Refusal refusal() {
    return limitBroken == null ? builder.refusal() : limitBroken;
  }

  /** Buffers whose lists this batch has. */
  public int buffers() {
    return buffers;
  }

  /** First of the segments of buffer {@code buffer}; of {@code buffers()}, their number. */
  public int firstSegment(int buffer) {
    return firstSegments[buffer];
  }

  public int nents(int buffer) {
    return firstSegments[buffer + 1] - firstSegments[buffer];
  }

  /** Device address of segment {@code segment}, counted through all lists. */
  public long address(int segment) {
    return builder.address(segment);
  }

  public long lengthBytes(int segment) {
    return builder.lengthBytes(segment);
  }

  /**
   * Retains all lists with one claim; returns the slot of the first segment, from which {@link
   * #firstSegment} counts, or -1 when they do not fit. One {@link SgSlab#release} gives them back.
   */
  public int retain(SgSlab slab) {
    return buffers == 0 ? -1 : slab.retain(builder);
  }
}
