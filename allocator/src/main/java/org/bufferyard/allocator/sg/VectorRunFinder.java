package org.bufferyard.allocator.sg;

import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;
import org.bufferyard.allocator.DmaConstraints;
import org.bufferyard.allocator.Pages;

/**
 * Run detection with vectors: compares each frame with the one before it, two vectors a step, and
 * compresses out the lanes where a run starts. Masks become bits at once, for a mask converted from
 * one species to another leaves the registers; and no vector passes a method of ours, for it would
 * be an object where that is not inlined: which is why the steps below are alike and written out.
 * Loaded only where {@code jdk.incubator.vector} was added to the JVM. Slow and allocating until C2
 * has compiled it: the warm-up is the caller's.
 */
final class VectorRunFinder implements RunFinder {
  private static final VectorSpecies<Long> LONGS = LongVector.SPECIES_PREFERRED;
  private static final VectorSpecies<Integer> INTS = IntVector.SPECIES_PREFERRED;
  private static final int LANES = LONGS.length();

  /** As many lanes as a long vector has. */
  private static final VectorSpecies<Integer> HALF_INTS =
      VectorSpecies.of(int.class, VectorShape.forBitSize(LANES * Integer.SIZE));

  /** As many lanes as an int vector has. */
  private static final int STEP = 2 * LANES;

  private static final long LOW_LANES = (1L << LANES) - 1;
  private static final IntVector LANE_NUMBERS = IntVector.zero(INTS).addIndex(1);

  /** Fewer lengths than this are subtracted one by one. */
  private static final int VECTOR_RUNS_MIN = 9;

  private long frameBits;

  @Override
  public int pagesMin() {
    return STEP + 1;
  }

  @Override
  public int slack() {
    return STEP;
  }

  @Override
  public int find(
      long[] pfns, int[] borders, int buffers, long[] addresses, int[] starts, int[] firstRuns) {
    int first = borders[0];
    int end = borders[buffers];
    addresses[0] = pfns[first] << Pages.SHIFT;
    starts[0] = first;
    firstRuns[0] = 0;
    int runs =
        buffers == 1
            ? findInList(pfns, first, end, addresses, starts)
            : findInBatch(pfns, borders, end, addresses, starts, firstRuns);
    starts[runs] = end;
    firstRuns[buffers] = runs;
    return runs;
  }

  /** Runs [0, runs) start before {@code page}. */
  private int findInList(long[] pfns, int first, int end, long[] addresses, int[] starts) {
    int runs = 1;
    int page = first + 1;
    LongVector union = LongVector.broadcast(LONGS, pfns[first]);
    for (; page <= end - STEP; page += STEP) {
      LongVector low = LongVector.fromArray(LONGS, pfns, page);
      LongVector high = LongVector.fromArray(LONGS, pfns, page + LANES);
      VectorMask<Long> lowBreaks =
          low.sub(1).compare(VectorOperators.NE, LongVector.fromArray(LONGS, pfns, page - 1));
      VectorMask<Long> highBreaks =
          high.sub(1)
              .compare(VectorOperators.NE, LongVector.fromArray(LONGS, pfns, page + LANES - 1));
      union = union.or(low).or(high);
      long lowBits = lowBreaks.toLong();
      long bits = lowBits | highBreaks.toLong() << LANES;
      if (bits != 0) {
        LANE_NUMBERS.add(page).compress(VectorMask.fromLong(INTS, bits)).intoArray(starts, runs);
        low.lanewise(VectorOperators.LSHL, Pages.SHIFT)
            .compress(lowBreaks)
            .intoArray(addresses, runs);
        high.lanewise(VectorOperators.LSHL, Pages.SHIFT)
            .compress(highBreaks)
            .intoArray(addresses, runs + Long.bitCount(lowBits));
        runs += Long.bitCount(bits);
      }
    }
    frameBits = union.reduceLanes(VectorOperators.OR);
    return page < end ? findInRest(pfns, page, end, addresses, starts, runs) : runs;
  }

  /** As {@link #findInList}; borders [0, border) lie before {@code page}. */
  private int findInBatch(
      long[] pfns, int[] borders, int end, long[] addresses, int[] starts, int[] firstRuns) {
    int runs = 1;
    int page = borders[0] + 1;
    int border = 1;
    LongVector union = LongVector.broadcast(LONGS, pfns[page - 1]);
    for (; page <= end - STEP; page += STEP) {
      LongVector low = LongVector.fromArray(LONGS, pfns, page);
      LongVector high = LongVector.fromArray(LONGS, pfns, page + LANES);
      VectorMask<Long> lowBreaks =
          low.sub(1).compare(VectorOperators.NE, LongVector.fromArray(LONGS, pfns, page - 1));
      VectorMask<Long> highBreaks =
          high.sub(1)
              .compare(VectorOperators.NE, LongVector.fromArray(LONGS, pfns, page + LANES - 1));
      union = union.or(low).or(high);
      long bits = lowBreaks.toLong() | highBreaks.toLong() << LANES;
      if (borders[border] < page + STEP) {
        int next = border;
        for (; borders[next] < page + STEP; next++) {
          bits |= 1L << (borders[next] - page);
        }
        for (; border < next; border++) {
          firstRuns[border] = runs + before(bits, borders[border] - page);
        }
        LANE_NUMBERS.add(page).compress(VectorMask.fromLong(INTS, bits)).intoArray(starts, runs);
        low.lanewise(VectorOperators.LSHL, Pages.SHIFT)
            .compress(VectorMask.fromLong(LONGS, bits & LOW_LANES))
            .intoArray(addresses, runs);
        int middle = runs + before(bits, LANES);
        high.lanewise(VectorOperators.LSHL, Pages.SHIFT)
            .compress(VectorMask.fromLong(LONGS, bits >>> LANES))
            .intoArray(addresses, middle);
        runs += Long.bitCount(bits);
      } else if (bits != 0) {
        LANE_NUMBERS.add(page).compress(VectorMask.fromLong(INTS, bits)).intoArray(starts, runs);
        low.lanewise(VectorOperators.LSHL, Pages.SHIFT)
            .compress(lowBreaks)
            .intoArray(addresses, runs);
        high.lanewise(VectorOperators.LSHL, Pages.SHIFT)
            .compress(highBreaks)
            .intoArray(addresses, runs + before(bits, LANES));
        runs += Long.bitCount(bits);
      }
    }
    frameBits = union.reduceLanes(VectorOperators.OR);
    for (; page < end; page++) {
      frameBits |= pfns[page];
      boolean starting = page == borders[border];
      if (starting) {
        firstRuns[border++] = runs;
      }
      if (starting || pfns[page] != pfns[page - 1] + 1) {
        addresses[runs] = pfns[page] << Pages.SHIFT;
        starts[runs++] = page;
      }
    }
    return runs;
  }

  /** How many of the lowest {@code count} bits are set. */
  private static int before(long bits, int count) {
    return Long.bitCount(bits & ((1L << count) - 1));
  }

  /** The last pages, fewer than a step, together with some before them that were seen. */
  private int findInRest(
      long[] pfns, int page, int end, long[] addresses, int[] starts, int runsBefore) {
    int from = end - STEP;
    LongVector low = LongVector.fromArray(LONGS, pfns, from);
    LongVector high = LongVector.fromArray(LONGS, pfns, from + LANES);
    frameBits |= low.or(high).reduceLanes(VectorOperators.OR);
    long bits =
        low.sub(1).compare(VectorOperators.NE, LongVector.fromArray(LONGS, pfns, from - 1)).toLong()
            | high.sub(1)
                    .compare(
                        VectorOperators.NE, LongVector.fromArray(LONGS, pfns, from + LANES - 1))
                    .toLong()
                << LANES;
    int runs = runsBefore;
    for (long left = bits & -1L << (page - from); left != 0; left &= left - 1) {
      int start = from + Long.numberOfTrailingZeros(left);
      addresses[runs] = pfns[start] << Pages.SHIFT;
      starts[runs++] = start;
    }
    return runs;
  }

  @Override
  public long frameBits() {
    return frameBits;
  }

  @Override
  public int measure(int[] starts, int runs, int[] lengths) {
    return runs < VECTOR_RUNS_MIN
        ? measureFew(starts, runs, lengths)
        : measureMany(starts, runs, lengths);
  }

  private static int measureFew(int[] starts, int runs, int[] lengths) {
    int longest = 0;
    for (int run = 0; run < runs; run++) {
      int pages = starts[run + 1] - starts[run];
      lengths[run] = pages << Pages.SHIFT;
      longest = Math.max(longest, pages);
    }
    return longest;
  }

  /** Runs past the last get the end as their start, and so no length. */
  private static int measureMany(int[] starts, int runs, int[] lengths) {
    IntVector.broadcast(INTS, starts[runs]).intoArray(starts, runs);
    IntVector longest = IntVector.zero(INTS);
    for (int run = 0; run < runs; run += STEP) {
      IntVector pages =
          IntVector.fromArray(INTS, starts, run + 1).sub(IntVector.fromArray(INTS, starts, run));
      longest = longest.max(pages);
      pages.lanewise(VectorOperators.LSHL, Pages.SHIFT).intoArray(lengths, run);
    }
    return longest.reduceLanes(VectorOperators.MAX);
  }

  @Override
  public long crossings(long[] addresses, int[] lengths, int runs) {
    LongVector crossed = LongVector.zero(LONGS);
    int run = 0;
    for (; run <= runs - LANES; run += LANES) {
      LongVector start = LongVector.fromArray(LONGS, addresses, run);
      LongVector bytes =
          (LongVector)
              IntVector.fromArray(HALF_INTS, lengths, run)
                  .convertShape(VectorOperators.I2L, LONGS, 0);
      LongVector last = start.add(bytes.and(DmaConstraints.UINT_MAX)).sub(1);
      crossed = crossed.or(start.lanewise(VectorOperators.XOR, last));
    }
    long bits = crossed.reduceLanes(VectorOperators.OR);
    for (; run < runs; run++) {
      long bytes = Integer.toUnsignedLong(lengths[run]);
      bits |= addresses[run] ^ (addresses[run] + bytes - 1);
    }
    return bits;
  }
}
