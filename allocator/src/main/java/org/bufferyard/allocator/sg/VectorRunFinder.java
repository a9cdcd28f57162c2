package org.bufferyard.allocator.sg;

import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;
import org.bufferyard.allocator.Pages;

/**
 * Run detection with vectors: compares each frame with the one before it in all lanes at once, and
 * compresses out the lanes where a run starts. Loaded only where {@code jdk.incubator.vector} was
 * added to the JVM. Slow and allocating until C2 has compiled it: the warm-up is the caller's.
 */
final class VectorRunFinder implements RunFinder {
  private static final VectorSpecies<Long> LONGS = LongVector.SPECIES_PREFERRED;
  private static final int LANES = LONGS.length();
  private static final VectorSpecies<Integer> INTS =
      VectorSpecies.of(int.class, VectorShape.forBitSize(LANES * Integer.SIZE));
  private static final IntVector LANE_NUMBERS = IntVector.zero(INTS).addIndex(1);

  private long frameBits;
  private long lastBits;

  @Override
  public int slack() {
    return LANES;
  }

  @Override
  public int find(long[] pfns, int first, int end, long[] addresses, int to, int[] starts) {
    addresses[to] = pfns[first] << Pages.SHIFT;
    starts[0] = first;
    int runs = 1;
    int page = first + 1;
    LongVector union = LongVector.broadcast(LONGS, pfns[first]);
    for (; page <= end - 2 * LANES; page += 2 * LANES) {
      LongVector low = LongVector.fromArray(LONGS, pfns, page);
      LongVector high = LongVector.fromArray(LONGS, pfns, page + LANES);
      VectorMask<Long> lowBreaks = breaks(low, pfns, page);
      VectorMask<Long> highBreaks = breaks(high, pfns, page + LANES);
      union = union.or(low).or(high);
      if (lowBreaks.or(highBreaks).anyTrue()) {
        compress(low, lowBreaks, page, addresses, to + runs, starts, runs);
        runs += lowBreaks.trueCount();
        compress(high, highBreaks, page + LANES, addresses, to + runs, starts, runs);
        runs += highBreaks.trueCount();
      }
    }
    long tailBits = 0;
    for (; page < end; page++) {
      tailBits |= pfns[page];
      if (pfns[page] != pfns[page - 1] + 1) {
        addresses[to + runs] = pfns[page] << Pages.SHIFT;
        starts[runs++] = page;
      }
    }
    frameBits = tailBits | union.reduceLanes(VectorOperators.OR);
    return runs;
  }

  private static VectorMask<Long> breaks(LongVector frames, long[] pfns, int page) {
    return frames.sub(1).compare(VectorOperators.NE, LongVector.fromArray(LONGS, pfns, page - 1));
  }

  private static void compress(
      LongVector frames,
      VectorMask<Long> breaks,
      int page,
      long[] addresses,
      int to,
      int[] starts,
      int runs) {
    frames.lanewise(VectorOperators.LSHL, Pages.SHIFT).compress(breaks).intoArray(addresses, to);
    LANE_NUMBERS.add(page).compress(breaks.cast(INTS)).intoArray(starts, runs);
  }

  @Override
  public long frameBits() {
    return frameBits;
  }

  @Override
  public int measure(int[] starts, int runs, int[] lengths, int to) {
    int longest = 0;
    for (int run = 0; run < runs; run++) {
      int pages = starts[run + 1] - starts[run];
      lengths[to + run] = pages;
      longest = Math.max(longest, pages);
    }
    return longest;
  }

  @Override
  public long crossings(long[] addresses, int[] lengths, int to, int runs, long boundaryMask) {
    LongVector crossed = LongVector.zero(LONGS);
    LongVector union = LongVector.zero(LONGS);
    int run = 0;
    for (; run <= runs - LANES; run += LANES) {
      LongVector start = LongVector.fromArray(LONGS, addresses, to + run);
      IntVector pages = IntVector.fromArray(INTS, lengths, to + run);
      LongVector bytes = (LongVector) pages.convertShape(VectorOperators.I2L, LONGS, 0);
      LongVector last = start.add(bytes.lanewise(VectorOperators.LSHL, Pages.SHIFT)).sub(1);
      union = union.or(last);
      crossed = crossed.or(start.lanewise(VectorOperators.XOR, last));
    }
    long unionBits = union.reduceLanes(VectorOperators.OR);
    long crossedBits = crossed.reduceLanes(VectorOperators.OR);
    for (; run < runs; run++) {
      long start = addresses[to + run];
      long last = start + ((long) lengths[to + run] << Pages.SHIFT) - 1;
      unionBits |= last;
      crossedBits |= start ^ last;
    }
    lastBits = unionBits;
    return crossedBits & ~boundaryMask;
  }

  @Override
  public long lastBits() {
    return lastBits;
  }
}
