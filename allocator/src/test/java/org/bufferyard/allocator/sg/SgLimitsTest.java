package org.bufferyard.allocator.sg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.bufferyard.allocator.DmaConstraints;
import org.bufferyard.allocator.Errno;
import org.bufferyard.allocator.Extents;
import org.bufferyard.allocator.Outcome;
import org.bufferyard.allocator.Refusal;
import org.junit.jupiter.api.Test;

/** Refusals with their exact numbers, what they leave behind, and values at each limit. */
class SgLimitsTest {
  private static final long P = 4096;
  private static final DmaConstraints ANY = DmaConstraints.UNLIMITED;
  private static final DmaConstraints LOW = ANY.withDmaMask(DmaConstraints.maskOfBits(32));

  private final SgBuilder builder = new SgBuilder();

  private static Refusal refused(Outcome<?> outcome) {
    return switch (outcome) {
      case Outcome.Refused<?>(Refusal refusal) -> refusal;
      case Outcome.Done<?>(Object value) -> throw new AssertionError("not refused: " + value);
    };
  }

  private static <T> T done(Outcome<T> outcome) {
    return switch (outcome) {
      case Outcome.Done<T>(T value) -> value;
      case Outcome.Refused<T>(Refusal refusal) -> throw new AssertionError(refusal);
    };
  }

  /** Windows of eight pages and segments of three: one before, three in each, two after. */
  @Test
  void append_moreSegmentsThanAListHas_refusedWithTheNumberNeeded() {
    long windows = 6_000_000;
    long pages = 3 + 8 * windows + 5;
    builder.start(3 * P, 8 * P - 1);
    assertThat(builder.append(Extents.of(5, pages), 0, pages * P)).isEqualTo(-7);
    assertThat(builder.refusal().reason())
        .isEqualTo("too many segments, needed=18000003, maxSegments=16777216");
    builder.start(3 * P, 8 * P - 1);
    assertThat(builder.append(Extents.of(5, pages), 5, pages * P - P - 5)).isEqualTo(-7);
    assertThat(builder.refusal().reason()).contains("needed=18000003,");
    builder.start(2 * P, -1);
    assertThat(builder.append(Extents.of(5, pages), 0, pages * P)).isEqualTo(-7);
    assertThat(builder.refusal().reason()).contains("needed=24000004,");
  }

  @Test
  void append_refusedAfterTheLastSegmentGrew_leavesItAsItWas() {
    builder.start(8 * P, -1);
    builder.append(Extents.of(5, 1), 0, P);
    builder.append(Extents.of(9, 2), 0, 2 * P);
    SgTable before = builder.table();
    assertThat(builder.append(Extents.of(11, 1L << 40), 0, 1L << 52)).isEqualTo(-7);
    assertThat(builder.table()).isEqualTo(before);
    assertThat(builder.lengthBytes(1)).isEqualTo(2 * P);
    assertThat(builder.append(new long[] {11, -1}, 0, 2, 0, 2 * P)).isEqualTo(-22);
    assertThat(builder.table()).isEqualTo(before);
  }

  @Test
  void append_runThatGoesOn_isTakenUpToLimitAndBoundary() {
    builder.start(4 * P, -1);
    builder.append(Extents.of(1, 3), 0, 3 * P);
    assertThat(builder.append(Extents.of(4, 6), 0, 6 * P)).isEqualTo(3);
    assertThat(builder.lengthBytes(0)).isEqualTo(4 * P);
    assertThat(builder.lengthBytes(1)).isEqualTo(4 * P);
    assertThat(builder.lengthBytes(2)).isEqualTo(P);
    builder.start(DmaConstraints.UINT_MAX, 4 * P - 1);
    builder.append(Extents.of(2, 2), 0, 2 * P);
    assertThat(builder.append(Extents.of(4, 2), 0, 2 * P)).isEqualTo(2);
    assertThat(builder.address(1)).isEqualTo(4 * P);
    assertThat(builder.lengthBytes(1)).isEqualTo(2 * P);
    assertThat(builder.append(Extents.of(6, 5), 0, 5 * P)).isEqualTo(3);
    assertThat(builder.lengthBytes(1)).isEqualTo(4 * P);
    assertThat(builder.lengthBytes(2)).isEqualTo(3 * P);
  }

  @Test
  void append_bufferOf2To63Bytes_refusedAndOneOfAPageLessTaken() {
    builder.start(DmaConstraints.UINT_MAX, -1);
    assertThat(builder.append(Extents.of(0, (1L << 51) - 1), 0, P)).isOne();
    builder.start(DmaConstraints.UINT_MAX, -1);
    assertThat(builder.append(Extents.of(0, 1L << 51), 0, P)).isEqualTo(-75);
    assertThat(builder.refusal().reason())
        .isEqualTo("buffer size does not fit, pages=" + (1L << 51));
  }

  @Test
  void start_afterARefusal_forgetsIt() {
    assertThat(builder.start(P - 1, -1)).isEqualTo(-22);
    assertThat(builder.refusal().errno()).isEqualTo(Errno.EINVAL);
    assertThat(builder.start(P, -1)).isZero();
    assertThatThrownBy(builder::refusal).hasMessage("nothing was refused");
    assertThat(builder.finish(ANY)).isEqualTo(-22);
    assertThat(builder.refusal().reason()).isEqualTo("empty list");
  }

  @Test
  void append_fourPagesOutsideTheArray_areRefusedAndTheLastFourTaken() {
    long[] pfns = {1, 3, 5, 7, 9};
    builder.start(DmaConstraints.UINT_MAX, -1);
    assertThat(builder.append(pfns, 1, 4, 0, 4 * P)).isEqualTo(4);
    assertThat(builder.address(3)).isEqualTo(9 * P);
    for (int from : new int[] {-1, 2}) {
      builder.start(DmaConstraints.UINT_MAX, -1);
      assertThat(builder.append(pfns, from, 4, 0, 4 * P)).isEqualTo(-22);
      assertThat(builder.refusal().reason())
          .isEqualTo("pages outside the array, from=" + from + ", count=4, of 5");
    }
  }

  @Test
  void fromPfns_eachStepMayRefuse() {
    long[] pfns = {4, 5, 8};
    SgTable table = done(builder.fromPfns(pfns, 0, 3, 0, 3 * P, ANY));
    assertThat(table.nents()).isEqualTo(2);
    assertThat(table.lengthBytes(0)).isEqualTo(2 * P);
    assertThat(table.address(1)).isEqualTo(8 * P);
    assertThat(refused(builder.fromPfns(pfns, 0, 3, 0, 4 * P, ANY)).reason())
        .startsWith("range outside");
    assertThat(refused(builder.fromPfns(pfns, 0, 3, 0, 3 * P, ANY.withMaxSegments(1))).errno())
        .isEqualTo(Errno.E2BIG);
  }

  /** The segments' addresses all count, in whatever order they came. */
  @Test
  void finish_separateSegmentsAboveTheMask_areRefused() {
    builder.start(DmaConstraints.UINT_MAX, -1);
    builder.appendSeparate(1L << 32, P);
    builder.appendSeparate(0, P);
    assertThat(builder.finish(LOW)).isEqualTo(-5);
    assertThat(builder.refusal().reason()).startsWith("segment 0 above");
    builder.start(DmaConstraints.UINT_MAX, -1);
    builder.appendSeparate((1L << 32) - P, 2 * P);
    assertThat(builder.finish(LOW)).isEqualTo(-5);
  }

  @Test
  void batch_refused_leavesNoListOfBefore() {
    for (SgBuilder shared : List.of(builder, SgBuilder.preferred())) {
      SgBatch batch = new SgBatch(shared);
      shared.start(DmaConstraints.UINT_MAX, -1);
      shared.append(Extents.of(5, 1), 0, P);
      shared.append(Extents.of(9, 1), 0, P);
      long[] pfns = new long[40];
      pfns[30] = -1;
      assertThat(batch.build(pfns, new int[] {0, 20, 40}, 2, ANY)).isEqualTo(-22);
      assertThat(shared.nents()).isZero();
      pfns[30] = 0;
      assertThat(batch.build(pfns, new int[] {0, 20, 40}, 2, ANY)).isEqualTo(40);
    }
  }

  @Test
  void ofColumns_columnsThatDoNotFit_throw() {
    long[] addresses = {P, 3 * P};
    SgTable table = SgTable.ofColumns(addresses, new int[] {1, -1});
    assertThat(table.nents()).isEqualTo(2);
    assertThat(table.totalBytes()).isEqualTo(1 + DmaConstraints.UINT_MAX);
    assertThatThrownBy(() -> SgTable.ofColumns(addresses, new int[1]))
        .hasMessage("columns differ, addresses=2, lengths=1");
    for (int empty = 0; empty < 2; empty++) {
      int[] lengths = {5, 5};
      lengths[empty] = 0;
      assertThatThrownBy(() -> SgTable.ofColumns(addresses, lengths))
          .hasMessage("an empty segment, segment=" + (lengths[0] == 0 ? 0 : 1));
    }
  }

  @Test
  void slab_tablesOutsideWhatIsRetained_throw() {
    SgSlab slab = new SgSlab(6);
    builder.start(DmaConstraints.UINT_MAX, -1);
    builder.append(new long[] {1, 3, 4}, 0, 3, 0, 3 * P);
    assertThat(slab.retain(builder)).isZero();
    assertThat(slab.retain(builder)).isEqualTo(2);
    assertThat(slab.free()).isEqualTo(2);
    assertThat(slab.address(3)).isEqualTo(3 * P);
    assertThat(slab.lengthBytes(3)).isEqualTo(2 * P);
    SgTable second = slab.table(2, 2);
    assertThat(second).isEqualTo(builder.table());
    assertThatThrownBy(() -> slab.table(0, 2).address(2)).hasMessage("segment=2, nents=2");
    assertThatThrownBy(() -> slab.table(3, 2))
        .hasMessage("no such table, first=3, nents=2, used=4");
    assertThatThrownBy(() -> slab.table(-1, 1)).hasMessageContaining("first=-1");
    assertThatThrownBy(() -> slab.table(0, 0)).hasMessageContaining("nents=0");
    assertThat(slab.retain(builder)).isEqualTo(4);
    assertThat(slab.retain(builder)).isEqualTo(-1);
    assertThat(new SgSlab(1).free()).isOne();
    assertThatThrownBy(() -> new SgSlab(0)).hasMessage("segments=0");
  }

  @Test
  void pageList_framesAtTheLimit_takenAndBeyondRefused() {
    long last = SgBuilder.PFN_MAX;
    String all = "0-" + last;
    assertThat(done(PageList.parse(List.of(all))).totalPages()).isEqualTo(last + 1);
    assertThat(done(PageList.parse(List.of("1-" + last, "0"))).totalPages()).isEqualTo(last + 1);
    assertThat(done(PageList.parse(List.of("7-7"))).totalPages()).isOne();
    assertThat(done(PageList.parse(List.of("000000000000000012"))).pfn(0)).isEqualTo(12);
    for (List<String> words : List.of(List.of(all, all), List.of("5", all), List.of(all, "0"))) {
      assertThat(refused(PageList.parse(words)).errno()).isEqualTo(Errno.EOVERFLOW);
    }
    for (String word : List.of("-5", "5-", "0-" + (last + 1), "0000000000000000012", "5/", "5:")) {
      assertThat(refused(PageList.parse(List.of(word))).reason()).endsWith(": " + word);
    }
    assertThat(refused(PageList.parse(List.of("3-2"))).reason()).startsWith("range ends before");
    assertThat(refused(PageList.parse(List.of())).reason()).isEqualTo("no page frames given");
  }

  @Test
  void physicalList_asText_isItsTotals() {
    assertThat(PhysicalSgList.of(P, 1, 3 * P, 9))
        .hasToString("PhysicalSgList[origNents=2, totalBytes=10]");
  }
}
