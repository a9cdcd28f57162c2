package org.bufferyard.deviceactors.path;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.bufferyard.actors.memory.PageTags;
import org.bufferyard.actors.memory.PhysicalMemory;
import org.bufferyard.actors.protocol.BufferId;
import org.bufferyard.actors.protocol.Contents;
import org.bufferyard.actors.protocol.DeviceId;
import org.bufferyard.actors.protocol.DmaJob;
import org.bufferyard.allocator.DmaConstraints;
import org.bufferyard.allocator.DmaDirection;
import org.bufferyard.allocator.Errno;
import org.bufferyard.allocator.Extents;
import org.bufferyard.allocator.Outcome;
import org.bufferyard.allocator.Refusal;
import org.bufferyard.allocator.bounce.BouncePool;
import org.bufferyard.allocator.sg.SgTable;
import org.bufferyard.allocator.tiler.TilerContainer;
import org.bufferyard.allocator.tiler.TilerFormat;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What each way to memory does with the pages themselves. */
class DmaModelTest {
  private static final long POOL_PFN = 16;
  private static final int POOL_PAGES = 64;
  private static final long STAGING_PFN = 256;
  private static final int STAGING_PAGES = 64;
  private static final long HIGH_PFN = 8192;
  private static final DmaConstraints ISA =
      DmaConstraints.UNLIMITED.withDmaMask(DmaConstraints.maskOfBits(24));
  private static final BufferId BUFFER = new BufferId(5);

  private final PhysicalMemory memory = new PhysicalMemory(PhysicalMemory.Kind.TAGS);
  private final BouncePool pool = new BouncePool(POOL_PFN, POOL_PAGES);
  private final TilerContainer container = new TilerContainer(Paths.TILER_BASE_ADDRESS);

  DmaModelTest() {
    memory.addMemory(POOL_PFN, POOL_PAGES);
    memory.addMemory(STAGING_PFN, STAGING_PAGES);
    memory.addMemory(HIGH_PFN, 256);
  }

  @AfterEach
  void close() {
    memory.close();
  }

  private static SgTable mapped(DmaModel model, Extents pages, DmaDirection direction) {
    return mapped(model, pages, direction, DmaConstraints.UNLIMITED);
  }

  private static SgTable mapped(
      DmaModel model, Extents pages, DmaDirection direction, DmaConstraints limits) {
    return switch (model.map(pages, direction, limits)) {
      case Outcome.Done<SgTable>(SgTable view) -> view;
      case Outcome.Refused<SgTable>(Refusal refusal) -> throw new AssertionError(refusal);
    };
  }

  /** One access over all pages; a write is stamped 9, a read expects that stamp. */
  private static DmaJob job(SgTable view, long pages, boolean write) {
    Contents nine = Contents.neverWritten(pages).write(0, pages, 9);
    return new DmaJob(
        new DeviceId(0), 1, List.of(new DmaJob.Access(BUFFER, view, 0, pages, write, nine, 9)));
  }

  private static long tag(long page) {
    return PageTags.of(BUFFER.value(), page, 9);
  }

  private void write(Extents pages) {
    long page = 0;
    for (int run = 0; run < pages.runs(); run++) {
      for (long pfn = pages.pfn(run); pfn < pages.pfn(run) + pages.pages(run); pfn++) {
        memory.write(pfn, tag(page++));
      }
    }
  }

  /** Frames of a buffer in two runs, neither in the order of the other. */
  private static Extents scattered(long pages) {
    return new Extents.Builder().add(HIGH_PFN + 128, 3).add(HIGH_PFN, pages - 3).build();
  }

  // --- bounce ---------------------------------------------------------------------------------

  @Test
  void bounce_aboveTheMask_deviceSeesThePoolAndTheLastWrite() {
    BounceModel model = new BounceModel(memory, pool);
    SgTable view = mapped(model, scattered(8), DmaDirection.BIDIRECTIONAL, ISA);
    for (int segment = 0; segment < view.nents(); segment++) {
      assertThat(pool.contains(view.address(segment))).isTrue();
    }
    write(scattered(8));
    DmaJob.Report report = model.run(job(view, 8, false));
    assertThat(report.findings()).isEmpty();
    assertThat(report.pagesRead()).isEqualTo(8);
    assertThat(report.copiedBytes()).isEqualTo(8 * 4096);
  }

  @Test
  void bounce_afterUnmap_faultsAndThePoolIsFree() {
    BounceModel model = new BounceModel(memory, pool);
    int free = pool.slotsFree();
    SgTable view = mapped(model, scattered(8), DmaDirection.BIDIRECTIONAL, ISA);
    assertThat(model.holdings().pages()).isEqualTo(8);
    model.unmap(view);
    assertThat(pool.slotsFree()).isEqualTo(free);
    assertThat(model.run(job(view, 8, true)).faults()).isEqualTo(8);
    assertThat(model.holdings()).isEqualTo(DmaModel.Holdings.NONE);
  }

  /** The kernel's swiotlb would write the pool's old copy over what others wrote since. */
  @Test
  void bounce_unmapAfterAnotherWrote_doesNotOverwriteIt() {
    BounceModel model = new BounceModel(memory, pool);
    SgTable view = mapped(model, scattered(8), DmaDirection.BIDIRECTIONAL, ISA);
    model.run(job(view, 8, true));
    memory.write(HIGH_PFN + 128, 77);
    model.unmap(view);
    assertThat(memory.read(HIGH_PFN + 128)).isEqualTo(77);
    assertThat(memory.read(HIGH_PFN + 129)).isEqualTo(tag(1));
  }

  @Test
  void bounce_belowTheMask_copiesNothing() {
    memory.write(POOL_PFN, 0);
    BounceModel model = new BounceModel(memory, new BouncePool(POOL_PFN, 8));
    Extents low = Extents.of(STAGING_PFN, 8);
    write(low);
    SgTable view = mapped(model, low, DmaDirection.TO_DEVICE, ISA);
    DmaJob.Report report = model.run(job(view, 8, false));
    assertThat(report.copiedBytes()).isZero();
    assertThat(report.findings()).isEmpty();
  }

  @Test
  void bounce_poolFull_enospcAndNothingTaken() {
    BounceModel model = new BounceModel(memory, new BouncePool(POOL_PFN, 4));
    assertThat(model.map(scattered(8), DmaDirection.TO_DEVICE, ISA))
        .isInstanceOfSatisfying(
            Outcome.Refused.class,
            refused -> assertThat(refused.refusal().errno()).isEqualTo(Errno.ENOSPC));
    assertThat(model.holdings()).isEqualTo(DmaModel.Holdings.NONE);
    mapped(model, Extents.of(HIGH_PFN, 4), DmaDirection.TO_DEVICE, ISA);
  }

  @Test
  void anyDirection_writeThroughAReadMapping_faults() {
    List<DmaModel> models =
        List.of(
            new BounceModel(memory, pool),
            new ShadowModel(memory, STAGING_PFN, STAGING_PAGES, false),
            new TilerModel(memory, container, TilerFormat.BITS_8, 2));
    for (DmaModel model : models) {
      SgTable view = mapped(model, scattered(8), DmaDirection.TO_DEVICE);
      assertThat(model.run(job(view, 8, true)).faults()).as("%s", model).isEqualTo(8);
    }
  }

  // --- shadow ---------------------------------------------------------------------------------

  @Test
  void shadow_retiled_pagesLieColumnByColumn() {
    ShadowModel model = new ShadowModel(memory, STAGING_PFN, STAGING_PAGES, true);
    SgTable view = mapped(model, scattered(8), DmaDirection.BIDIRECTIONAL);
    write(scattered(8));
    assertThat(model.run(job(view, 8, false)).findings()).isEmpty();
    long base = view.address(0) >>> 12;
    assertThat(List.of(memory.read(base), memory.read(base + 1), memory.read(base + 2)))
        .containsExactly(tag(0), tag(4), tag(1));
    assertThat(view.nents()).isGreaterThan(1);
  }

  @Test
  void shadow_written_copiedBackToThePagesOfTheBuffer() {
    ShadowModel model = new ShadowModel(memory, STAGING_PFN, STAGING_PAGES, true);
    SgTable view = mapped(model, scattered(8), DmaDirection.FROM_DEVICE);
    assertThat(model.run(job(view, 8, true)).copiedBytes()).isEqualTo(8 * 4096);
    assertThat(memory.read(HIGH_PFN + 130)).isEqualTo(tag(2));
    assertThat(memory.read(HIGH_PFN + 4)).isEqualTo(tag(7));
    model.unmap(view);
    assertThat(model.holdings()).isEqualTo(DmaModel.Holdings.NONE);
  }

  @Test
  void shadow_stagingFull_enospc() {
    ShadowModel model = new ShadowModel(memory, STAGING_PFN, 4, false);
    assertThat(model.map(scattered(8), DmaDirection.TO_DEVICE, DmaConstraints.UNLIMITED))
        .isInstanceOf(Outcome.Refused.class);
  }

  // --- tiler ----------------------------------------------------------------------------------

  /** Two slots a row: 128 pixels, 64 lines a row, each a segment a stride of 16 KiB apart. */
  @Test
  void tiler_image_oneOpaqueSegmentALine() {
    TilerModel model = new TilerModel(memory, container, TilerFormat.BITS_8, 2);
    SgTable view = mapped(model, scattered(8), DmaDirection.TO_DEVICE);
    assertThat(view.nents()).isEqualTo(4 * 64);
    assertThat(view.lengthBytes(0)).isEqualTo(128);
    assertThat(view.address(1) - view.address(0)).isEqualTo(16 << 10);
    assertThat(view.address(0)).isGreaterThanOrEqualTo(Paths.TILER_BASE_ADDRESS);
    assertThat(memory.backed(view.address(0) >>> 12)).as("no memory of that address").isFalse();
    write(scattered(8));
    DmaJob.Report report = model.run(job(view, 8, false));
    assertThat(report.findings()).isEmpty();
    assertThat(report.pagesRead()).isEqualTo(8);
    assertThat(report.copiedBytes()).isZero();
  }

  @Test
  void tiler_notWholeRows_pageModeOneSegment() {
    TilerModel model = new TilerModel(memory, container, TilerFormat.BITS_8, 20);
    SgTable view = mapped(model, scattered(7), DmaDirection.BIDIRECTIONAL);
    assertThat(view.nents()).isEqualTo(1);
    assertThat(model.run(job(view, 7, true)).pagesWritten()).isEqualTo(7);
    assertThat(memory.read(HIGH_PFN + 129)).isEqualTo(tag(1));
  }

  @Test
  void tiler_afterUnmap_faultsAndTheContainerIsFree() {
    TilerModel model = new TilerModel(memory, container, TilerFormat.BITS_16, 2);
    int free = container.freeSlots();
    SgTable view = mapped(model, scattered(8), DmaDirection.TO_DEVICE);
    assertThat(container.freeSlots()).isEqualTo(free - 8);
    model.unmap(view);
    assertThat(container.freeSlots()).isEqualTo(free);
    assertThat(model.run(job(view, 8, false)).faults()).isEqualTo(8);
  }

  @Test
  void tiler_apertureAboveTheMask_eioAndNothingTaken() {
    TilerModel model = new TilerModel(memory, container, TilerFormat.BITS_32, 2);
    int free = container.freeSlots();
    assertThat(model.map(scattered(8), DmaDirection.TO_DEVICE, ISA))
        .isInstanceOfSatisfying(
            Outcome.Refused.class,
            refused -> assertThat(refused.refusal().errno()).isEqualTo(Errno.EIO));
    assertThat(container.freeSlots()).isEqualTo(free);
  }

  // --- hooks ----------------------------------------------------------------------------------

  @Test
  void hooks_oneRefuses_thoseBeforeItAreUndone() {
    FlushHook flush = new FlushHook();
    HookedModel model =
        new HookedModel(new DirectModel(memory), List.of(flush, new RejectHook("scanner", 4096)));
    assertThat(model.map(scattered(8), DmaDirection.BIDIRECTIONAL, DmaConstraints.UNLIMITED))
        .isInstanceOfSatisfying(
            Outcome.Refused.class,
            refused -> assertThat(refused.refusal().errno()).isEqualTo(Errno.E2BIG));
    assertThat(flush.flushedPages()).isEqualTo(16);
    assertThat(model.holdings().views()).isZero();
  }

  @Test
  void flush_byDirection_cleansWhatIsReadAndInvalidatesWhatIsWritten() {
    for (DmaDirection direction : DmaDirection.values()) {
      HookedModel model = new HookedModel(new DirectModel(memory), List.of(new FlushHook()));
      SgTable view = mapped(model, scattered(8), direction);
      assertThat(model.holdings().flushedPages()).isEqualTo(direction.deviceReads() ? 8 : 0);
      model.unmap(view);
      assertThat(model.holdings().flushedPages())
          .isEqualTo(direction == DmaDirection.BIDIRECTIONAL ? 16 : 8);
      assertThat(model.run(job(view, 8, false)).faults()).isEqualTo(8);
    }
  }
}
