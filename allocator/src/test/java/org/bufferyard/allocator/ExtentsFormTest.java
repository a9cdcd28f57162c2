package org.bufferyard.allocator;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Both forms of the columns, and what is known from the start. */
class ExtentsFormTest {
  private static final long UINT_PAGES = DmaConstraints.UINT_MAX >>> Pages.SHIFT;

  @Test
  void pfnAndPages_shortAndLongRuns_asAdded() {
    for (long pages : new long[] {1, UINT_PAGES, UINT_PAGES + 1, 1L << 40}) {
      for (long pfn : new long[] {0, 7, (1L << 52) - pages, 1L << 52, 1L << 60}) {
        Extents extents = new Extents.Builder().add(pfn, pages).add(pfn + pages + 1, 2).build();
        assertThat(extents.runs()).isEqualTo(2);
        assertThat(extents.pfn(0)).isEqualTo(pfn);
        assertThat(extents.pages(0)).isEqualTo(pages);
        assertThat(extents.pfn(1)).isEqualTo(pfn + pages + 1);
        assertThat(extents.pages(1)).isEqualTo(2);
        assertThat(extents.highestPfn()).isEqualTo(pfn + pages + 2);
        assertThat(extents.longestRun()).isEqualTo(Math.max(pages, 2));
        assertThat(extents).hasToString("[" + pfn + "+" + pages + " " + (pfn + pages + 1) + "+2]");
      }
    }
  }

  @Test
  void equals_sameRuns_whateverTheForm() {
    assertThat(Extents.of(3, 5)).isEqualTo(Extents.of(3, 5)).hasSameHashCodeAs(Extents.of(3, 5));
    assertThat(Extents.of(3, 5)).isNotEqualTo(Extents.of(3, 6)).isNotEqualTo(Extents.of(4, 5));
    Extents wide = Extents.of(3, UINT_PAGES + 1);
    assertThat(wide).isEqualTo(Extents.of(3, UINT_PAGES + 1));
    assertThat(wide).isNotEqualTo(Extents.of(3 << Pages.SHIFT, UINT_PAGES + 1));
    assertThat(Extents.NONE.highestPfn()).isEqualTo(-1);
    assertThat(Extents.NONE.longestRun()).isZero();
  }

  @Test
  void crossings_unionOfTheRuns() {
    Extents extents = new Extents.Builder().add(6, 2).add(15, 2).build();
    assertThat(extents.crossings()).isEqualTo((31L << Pages.SHIFT) | Pages.OFFSET_MASK);
    assertThat(Extents.of(6, 2).crossings()).isEqualTo((1L << Pages.SHIFT) | Pages.OFFSET_MASK);
  }

  @Test
  void copyRuns_fewAndMany_bothColumns() {
    for (int runs : new int[] {1, 3, 8, 40}) {
      Extents.Builder builder = new Extents.Builder();
      for (int run = 0; run < runs; run++) {
        builder.add(10L * run, 1 + run % 5);
      }
      Extents extents = builder.build();
      long[] addresses = new long[runs];
      int[] lengths = new int[runs];
      extents.copyRuns(runs / 2, runs - runs / 2, addresses, lengths);
      for (int run = runs / 2; run < runs; run++) {
        assertThat(addresses[run - runs / 2]).isEqualTo(extents.pfn(run) << Pages.SHIFT);
        assertThat(lengths[run - runs / 2]).isEqualTo((int) extents.pages(run) << Pages.SHIFT);
      }
    }
  }
}
