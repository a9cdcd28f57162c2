package org.bufferyard.allocator.sg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.SplittableRandom;
import org.bufferyard.allocator.DmaConstraints;
import org.junit.jupiter.api.Test;

/** A batch's lists are those that a builder makes one by one, and all or none is built. */
class SgBatchTest {
  private static final long P = 4096;
  private static final DmaConstraints ANY = DmaConstraints.UNLIMITED;

  private final SgBuilder single = new SgBuilder();
  private final List<SgBatch> batches =
      List.of(new SgBatch(new SgBuilder()), new SgBatch(SgBuilder.preferred()));

  @Test
  void build_randomBuffers_asOneByOne() {
    for (long seed = 1; seed <= 200; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      int[] borders = borders(random, 1 + random.nextInt(40), 1 + random.nextInt(60));
      long[] pfns = SgBuilderTest.randomFrames(random, borders[borders.length - 1]);
      DmaConstraints limits =
          ANY.withMaxSegmentBytes((1L + random.nextInt(40)) * P)
              .withBoundaryMask(random.nextBoolean() ? -1 : (P << random.nextInt(8)) - 1);
      compare(pfns, borders, random.nextBoolean() ? ANY : limits, "seed " + seed);
    }
  }

  @Test
  void build_framesGoOnFromBufferToBuffer_listsDoNot() {
    long[] pfns = new long[64];
    int[] borders = new int[17];
    for (int page = 0; page < 64; page++) {
      pfns[page] = 100L + page;
    }
    for (int buffer = 0; buffer <= 16; buffer++) {
      borders[buffer] = 4 * buffer;
    }
    for (SgBatch batch : batches) {
      assertThat(batch.build(pfns, borders, 16, ANY)).isEqualTo(16);
      assertThat(batch.address(3)).isEqualTo(112 * P);
      assertThat(batch.lengthBytes(3)).isEqualTo(4 * P);
    }
    compare(pfns, borders, ANY, "one run");
  }

  /** The first border need not be 0, and pages before and after are no buffer's. */
  private static int[] borders(SplittableRandom random, int buffers, int pagesMax) {
    int[] borders = new int[buffers + 1];
    borders[0] = random.nextInt(5);
    for (int buffer = 0; buffer < buffers; buffer++) {
      borders[buffer + 1] = borders[buffer] + 1 + random.nextInt(pagesMax);
    }
    return borders;
  }

  private void compare(long[] pfns, int[] borders, DmaConstraints limits, String trace) {
    int count = borders.length - 1;
    for (SgBatch batch : batches) {
      int total = batch.build(pfns, borders, count, limits);
      assertThat(batch.buffers()).as(trace).isEqualTo(count);
      SgSlab slab = new SgSlab(total + 3);
      int slot = batch.retain(slab);
      assertThat(slab.live()).isEqualTo(1);
      for (int buffer = 0; buffer < count; buffer++) {
        int pages = borders[buffer + 1] - borders[buffer];
        single.start(limits.maxSegmentBytes(), limits.boundaryMask());
        single.append(pfns, borders[buffer], pages, 0, pages * P);
        SgTable retained = slab.table(slot + batch.firstSegment(buffer), batch.nents(buffer));
        assertThat(retained).as("%s, buffer %d", trace, buffer).isEqualTo(single.table());
      }
      assertThat(batch.firstSegment(count)).as(trace).isEqualTo(total);
    }
  }

  @Test
  void build_frameOutOfRange_refusedWithThePageAndEmpty() {
    long[] pfns = new long[100];
    pfns[57] = 1L << 60;
    for (SgBatch batch : batches) {
      assertThat(batch.build(pfns, new int[] {0, 50, 100}, 2, ANY)).isEqualTo(-22);
      assertThat(batch.refusal().reason()).contains("page=57");
      assertThat(batch.buffers()).isZero();
      assertThat(batch.retain(new SgSlab(200))).isEqualTo(-1);
    }
  }

  @Test
  void build_limitOfOneBufferBroken_refusedWithBufferAndLimitAndEmpty() {
    long[] pfns = {4, 5, 8, 10, 12, 14, 1L << 20, 30};
    int[] borders = {0, 2, 5, 8};
    for (SgBatch batch : batches) {
      assertThat(batch.build(pfns, borders, 3, ANY.withMaxSegments(2))).isEqualTo(-7);
      assertThat(batch.refusal().toString())
          .isEqualTo("E2BIG: buffer 1: too many segments, needed=3, maxSegments=2");
      DmaConstraints low = ANY.withDmaMask(DmaConstraints.maskOfBits(32));
      assertThat(batch.build(pfns, borders, 3, low)).isEqualTo(-5);
      assertThat(batch.refusal().reason()).contains("buffer 2: segment 1 above the DMA mask");
      assertThat(batch.build(pfns, borders, 3, ANY.withAlignBytes(2 * P))).isPositive();
      assertThat(batch.build(pfns, borders, 3, ANY.withAlignBytes(4 * P))).isEqualTo(-22);
      assertThat(batch.refusal().reason()).contains("buffer 2: segment 0 not aligned");
      assertThat(batch.buffers()).isZero();
      assertThat(batch.build(pfns, borders, 3, ANY.withMaxSegments(3))).isEqualTo(7);
    }
  }

  @Test
  void build_badBorders_throwsWithTheValues() {
    SgBatch batch = batches.getFirst();
    long[] pfns = new long[8];
    assertThatThrownBy(() -> batch.build(pfns, new int[] {0, 4, 4}, 2, ANY))
        .hasMessage("border 2 is 4, before it 4");
    assertThatThrownBy(() -> batch.build(pfns, new int[] {-1, 4}, 1, ANY))
        .hasMessageContaining("border 0 is -1");
    assertThatThrownBy(() -> batch.build(pfns, new int[] {0, 9}, 1, ANY))
        .hasMessage("border 1 is 9, of 8");
    assertThatThrownBy(() -> batch.build(pfns, new int[] {0, 4}, 2, ANY))
        .hasMessage("count=2, borders=2");
    assertThatThrownBy(() -> batch.build(pfns, new int[] {0, 4}, 0, ANY))
        .hasMessage("count=0, borders=2");
  }
}
