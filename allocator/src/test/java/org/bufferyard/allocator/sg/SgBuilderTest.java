package org.bufferyard.allocator.sg;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.bufferyard.allocator.DmaConstraints;
import org.bufferyard.allocator.Extents;
import org.bufferyard.allocator.Outcome;
import org.junit.jupiter.api.Test;

/**
 * Both builders against a list made one page at a time by the rule itself, in small scope
 * exhaustively and at random beyond.
 */
class SgBuilderTest {
  private static final long P = 4096;

  private final SgBuilder scalar = new SgBuilder();
  private final SgBuilder vector = SgBuilder.preferred();

  @Test
  void preferred_inThisBuild_usesVectors() {
    assertThat(SgBuilder.vectorsPresent()).isTrue();
  }

  @Test
  void append_everyListOfFivePagesAmongFour_asTheRule() {
    everyList(5);
  }

  @Test
  void append_everyListOfFourPagesAmongFour_asTheRule() {
    everyList(4);
  }

  private void everyList(int pages) {
    long[] limits = {P, 2 * P, 3 * P + 1, DmaConstraints.UINT_MAX};
    long[] boundaries = {P - 1, 2 * P - 1, 4 * P - 1, DmaConstraints.NO_BOUNDARY};
    for (int code = 0; code < 1 << (2 * pages); code++) {
      long[] pfns = new long[pages];
      for (int page = 0; page < pages; page++) {
        pfns[page] = (code >> (2 * page)) & 3;
      }
      for (long limit : limits) {
        for (long boundary : boundaries) {
          compare(pfns, 0, pages * P, limit, boundary, "code " + code);
          compare(pfns, 0x200, pages * P - 0x300, limit, boundary, "code " + code);
          compare(pfns, P + 1, 2 * P, limit, boundary, "code " + code);
        }
      }
    }
  }

  @Test
  void append_randomTables_bothBuildersAsTheRule() {
    for (long seed = 1; seed <= 150; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      long[] pfns = randomFrames(random, 1 + random.nextInt(600));
      long limit = (1L + random.nextInt(40)) * P + random.nextInt(2);
      long boundary = random.nextBoolean() ? -1 : (P << random.nextInt(8)) - 1;
      long offset = random.nextLong(pfns.length * P);
      long length = 1 + random.nextLong(pfns.length * P - offset);
      compare(pfns, offset, length, limit, boundary, "seed " + seed);
      compare(pfns, 0, pfns.length * P, DmaConstraints.UINT_MAX, -1, "seed " + seed);
    }
  }

  /** Long runs, frames alone and pairs by turns, so that the scan changes its loop. */
  @Test
  void append_changingShapes_bothBuildersAsTheRule() {
    for (long seed = 1; seed <= 60; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      long[] pfns = new long[200 + random.nextInt(900)];
      int page = 0;
      while (page < pfns.length) {
        int longest = 1 << (3 * random.nextInt(3));
        for (int left = 20 + random.nextInt(300); left > 0 && page < pfns.length; ) {
          long pfn = random.nextLong(1L << 40);
          for (int run = longest; run > 0 && left-- > 0 && page < pfns.length; run--) {
            pfns[page++] = pfn++;
          }
        }
      }
      compare(pfns, 0, pfns.length * P, DmaConstraints.UINT_MAX, -1, "seed " + seed);
      compare(pfns, P + 5, pfns.length * P / 2, 16 * P, -1, "seed " + seed);
      compare(pfns, 0, pfns.length * P, 12 * P, 64 * P - 1, "seed " + seed);
    }
  }

  @Test
  void append_runsUpToTheHighestFrame_takenAndBeyondRefused() {
    long last = SgBuilder.PFN_MAX;
    for (SgBuilder builder : List.of(scalar, vector)) {
      for (int pages : new int[] {2, 4, 40}) {
        long[] pfns = new long[pages + 1];
        for (int page = 0; page <= pages; page++) {
          pfns[page] = last - pages + 1 + page;
        }
        builder.start(DmaConstraints.UINT_MAX, -1);
        assertThat(builder.append(pfns, 0, pages, 0, pages * P)).isEqualTo(1);
        assertThat(builder.finish(DmaConstraints.UNLIMITED)).isEqualTo(1);
        builder.start(DmaConstraints.UINT_MAX, -1);
        assertThat(builder.append(pfns, 1, pages, 0, pages * P)).isEqualTo(-22);
        assertThat(builder.refusal().reason()).contains("page=" + pages + ", pfn=" + (last + 1));
        assertThat(builder.nents()).isZero();
      }
    }
  }

  /** The last byte counts, and a mask that the list just fills is kept. */
  @Test
  void finish_listUpToTheMask_keptAndOneFrameMoreRefused() {
    DmaConstraints low = DmaConstraints.UNLIMITED.withDmaMask(DmaConstraints.maskOfBits(32));
    long last = (1L << 20) - 1;
    for (SgBuilder builder : List.of(scalar, vector)) {
      for (int pages : new int[] {4, 40}) {
        long[] pfns = new long[pages];
        for (int page = 0; page < pages; page++) {
          pfns[page] = page < pages / 2 ? 2L * page : last - pages + 1 + page;
        }
        builder.start(DmaConstraints.UINT_MAX, -1);
        int nents = builder.append(pfns, 0, pages, 0, pages * P);
        assertThat(builder.finish(low)).isEqualTo(nents);
        pfns[pages - 1] = last + 1;
        builder.start(DmaConstraints.UINT_MAX, -1);
        nents = builder.append(pfns, 0, pages, 0, pages * P);
        assertThat(builder.finish(low)).isEqualTo(-5);
        assertThat(builder.refusal().reason()).contains("segment " + (nents - 1) + " above");
      }
    }
  }

  /** Runs of random length at random places, as a fragmented system gives them. */
  static long[] randomFrames(SplittableRandom random, int pages) {
    long[] pfns = new long[pages];
    int longest = 1 << random.nextInt(9);
    int page = 0;
    while (page < pages) {
      long pfn = random.nextLong(1L << (10 + random.nextInt(30)));
      for (int run = 1 + random.nextInt(longest); run > 0 && page < pages; run--) {
        pfns[page++] = pfn++;
      }
    }
    return pfns;
  }

  private void compare(
      long[] pfns, long offset, long length, long limit, long boundary, String trace) {
    List<Long> expected = byTheRule(pfns, offset, length, limit, boundary);
    String all =
        trace
            + ", offset "
            + offset
            + ", length "
            + length
            + ", limit "
            + limit
            + ", boundary "
            + boundary;
    for (SgBuilder builder : List.of(scalar, vector)) {
      assertThat(builder.start(limit, boundary)).isZero();
      int nents = builder.append(pfns, 0, pfns.length, offset, length);
      assertThat(segments(builder)).as(all).isEqualTo(expected);
      assertThat(nents).as(all).isEqualTo(expected.size() / 2);
    }
    Extents.Builder runs = new Extents.Builder();
    for (long pfn : pfns) {
      runs.add(pfn, 1);
    }
    scalar.start(limit, boundary);
    scalar.append(runs.build(), offset, length);
    assertThat(segments(scalar)).as(all).isEqualTo(expected);
  }

  /** Page by page: join unless the frames part, the pages so far reach the limit, or a boundary. */
  private static List<Long> byTheRule(
      long[] pfns, long offset, long length, long limit, long boundary) {
    List<Long> segments = new ArrayList<>();
    long pagesInSegment = 0;
    int first = (int) (offset / P);
    long left = length;
    for (int page = first; left > 0; page++) {
      long inPage = page == first ? offset % P : 0;
      long bytes = Math.min(left, P - inPage);
      long address = pfns[page] * P + inPage;
      int last = segments.size() - 1;
      boolean joins =
          last > 0
              && segments.get(last - 1) + segments.get(last) == address
              && pagesInSegment < limit / P
              && (address & boundary) != 0;
      if (joins) {
        segments.set(last, segments.get(last) + bytes);
        pagesInSegment++;
      } else {
        segments.add(address);
        segments.add(bytes);
        pagesInSegment = 1;
      }
      left -= bytes;
    }
    return segments;
  }

  private static List<Long> segments(SgBuilder builder) {
    List<Long> segments = new ArrayList<>();
    for (int segment = 0; segment < builder.nents(); segment++) {
      segments.add(builder.address(segment));
      segments.add(builder.lengthBytes(segment));
    }
    return segments;
  }

  @Test
  void append_inTwoParts_segmentsCoverTheSamePages() {
    for (long seed = 1; seed <= 100; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      long[] pfns = randomFrames(random, 40);
      int cut = 1 + random.nextInt(39);
      scalar.start(DmaConstraints.UINT_MAX, -1);
      scalar.append(pfns, 0, 40, 0, 40 * P);
      List<Long> whole = segments(scalar);
      scalar.start(DmaConstraints.UINT_MAX, -1);
      scalar.append(pfns, 0, cut, 0, cut * P);
      scalar.append(pfns, cut, 40 - cut, 0, (40 - cut) * P);
      assertThat(segments(scalar)).as("seed %d", seed).isEqualTo(whole);
    }
  }

  @Test
  void append_refused_leavesTheListAsItWas() {
    scalar.start(8 * P, -1);
    scalar.append(new long[] {5, 6, 9}, 0, 3, 0, 3 * P);
    List<Long> before = segments(scalar);
    assertThat(scalar.append(new long[] {10, -1}, 0, 2, 0, 2 * P)).isEqualTo(-22);
    assertThat(scalar.refusal().reason()).contains("page=1, pfn=-1");
    assertThat(scalar.append(new long[] {10, 1L << 52}, 0, 2, 0, 2 * P)).isEqualTo(-22);
    assertThat(scalar.append(new long[] {10}, 0, 1, 1, 1)).isEqualTo(-22);
    assertThat(scalar.append(new long[] {10}, 0, 2, 0, P)).isEqualTo(-22);
    assertThat(scalar.append(new long[] {10}, 0, 1, 0, P + 1)).isEqualTo(-22);
    assertThat(scalar.append(Extents.of(1L << 52, 1), 0, P)).isEqualTo(-75);
    assertThat(scalar.append(Extents.of(10, 1L << 40), 0, 1L << 52)).isEqualTo(-7);
    assertThat(scalar.refusal().reason()).contains("maxSegments=16777216");
    assertThat(segments(scalar)).isEqualTo(before);
    vector.start(8 * P, -1);
    long[] bad = new long[100];
    bad[57] = 1L << 60;
    assertThat(vector.append(bad, 0, 100, 0, 100 * P)).isEqualTo(-22);
    assertThat(vector.refusal().reason()).contains("page=57");
    assertThat(vector.nents()).isZero();
  }

  @Test
  void append_lengthsBeyondTwoGiB_exact() {
    scalar.start(DmaConstraints.UINT_MAX, -1);
    assertThat(scalar.append(Extents.of(3, 1L << 21), 0, 8L << 30)).isEqualTo(3);
    assertThat(scalar.lengthBytes(0)).isEqualTo(0xFFFF_F000L);
    assertThat(scalar.lengthBytes(1)).isEqualTo(0xFFFF_F000L);
    assertThat(scalar.lengthBytes(2)).isEqualTo(2 * P);
    assertThat(scalar.table().totalBytes()).isEqualTo(8L << 30);
    scalar.start(DmaConstraints.UINT_MAX, -1);
    assertThat(scalar.append(Extents.of((1L << 52) - 4, 4), 0, 4 * P)).isEqualTo(1);
    assertThat(scalar.finish(DmaConstraints.UNLIMITED)).isEqualTo(1);
  }

  @Test
  void direct_eachLimitViolated_refusedWithSegmentAndLimit() {
    Extents extents = new Extents.Builder().add(4, 2).add(1 << 20, 1).build();
    DmaConstraints any = DmaConstraints.UNLIMITED;
    assertThat(refused(extents, any.withDmaMask(DmaConstraints.maskOfBits(32))))
        .isEqualTo("EIO: segment 1 above the DMA mask, last byte 4294971391, dmaMask=4294967295");
    assertThat(refused(extents, any.withMaxSegments(1)))
        .isEqualTo("E2BIG: too many segments, needed=2, maxSegments=1");
    assertThat(refused(extents, any.withAlignBytes(1 << 15)))
        .isEqualTo("EINVAL: segment 0 not aligned, address=16384, alignBytes=32768");
    assertThat(scalar.direct(extents, 0, 3 * P, any.withAlignBytes(1 << 14)))
        .isInstanceOf(Outcome.Done.class);
  }

  private String refused(Extents extents, DmaConstraints constraints) {
    Outcome<SgTable> outcome = scalar.direct(extents, 0, 3 * P, constraints);
    assertThat(outcome).isInstanceOf(Outcome.Refused.class);
    return ((Outcome.Refused<SgTable>) outcome).refusal().toString();
  }

  @Test
  void retain_tablesFromOneSlab_readBackAndReused() {
    SgSlab slab = new SgSlab(5);
    scalar.start(DmaConstraints.UINT_MAX, -1);
    scalar.append(new long[] {1, 3, 5}, 0, 3, 0, 3 * P);
    SgTable own = scalar.table();
    int first = slab.retain(scalar);
    assertThat(slab.table(first, 3)).isEqualTo(own).hasSameHashCodeAs(own);
    assertThat(slab.retain(scalar)).isEqualTo(-1);
    scalar.start(DmaConstraints.UINT_MAX, -1);
    scalar.append(new long[] {8, 10}, 0, 2, 0, 2 * P);
    int second = slab.retain(scalar);
    assertThat(slab.address(second + 1)).isEqualTo(10 * P);
    assertThat(slab.table(first, 3)).isEqualTo(own);
    assertThat(slab.free()).isZero();
    slab.release();
    assertThat(slab.free()).isZero();
    slab.release();
    assertThat(slab.free()).isEqualTo(5);
  }
}
