package org.bufferyard.allocator.placement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.bufferyard.allocator.DmaConstraints;
import org.bufferyard.allocator.Errno;
import org.bufferyard.allocator.Extents;
import org.bufferyard.allocator.Outcome;
import org.bufferyard.allocator.placement.Explanation.DeviceView;
import org.bufferyard.allocator.placement.Explanation.RejectedRegion;
import org.bufferyard.allocator.placement.PlacementRefusal.Field;
import org.bufferyard.allocator.region.Regions;
import org.junit.jupiter.api.Test;

class ExplainerTest {
  private static final DmaConstraints ANY = DmaConstraints.UNLIMITED;
  private static final RegionFacts SYSTEM =
      RegionFacts.of("SYSTEM", 0, 1 << 18).withContiguous(false);
  private static final RegionFacts CMA = RegionFacts.of("CMA", 1 << 18, 1 << 14);
  private static final RegionFacts VRAM = RegionFacts.of("VRAM", 1 << 24, 1 << 16);
  private static final List<RegionFacts> REGIONS = List.of(SYSTEM, CMA, VRAM);
  private static final DeviceDemand GPU =
      DeviceDemand.iommu(
          "gpu", ANY, new Reach("SYSTEM", 10), new Reach("CMA", 10), new Reach("VRAM", 100));
  private static final DeviceDemand DISPLAY =
      DeviceDemand.direct(
          "display",
          ANY.withMaxSegments(1).withDmaMask(DmaConstraints.maskOfBits(32)),
          new Reach("SYSTEM", 5),
          new Reach("CMA", 5));

  private static Explanation explain(BufferFacts buffer, DeviceDemand... devices) {
    return Explainer.explain(
        List.of(devices), REGIONS, buffer, Explainer.freshRegions(REGIONS, Regions.random(1)));
  }

  @Test
  void explain_placement_saysRegionPathsSegmentsAndWhy() {
    Explanation told = explain(BufferFacts.of(2048), GPU, DISPLAY);
    PlacementChoice placement = Objects.requireNonNull(told.placement());
    assertThat(placement.region()).isEqualTo("CMA");
    assertThat(placement.contiguous()).isTrue();
    assertThat(told.extents()).isEqualTo(Extents.of(1 << 18, 2048));
    assertThat(told.devices().stream().map(DeviceView::path))
        .containsExactly(DmaPath.IOMMU, DmaPath.DIRECT);
    assertThat(told.devices().stream().map(DeviceView::segments)).containsExactly(1L, 1L);
    assertThat(told.why())
        .containsExactly(
            "CMA: the best path weights, 15 in sum",
            "contiguous: display takes 1 segment and has no IOMMU");
    assertThat(told.rejected())
        .containsExactly(
            new RejectedRegion("SYSTEM", Field.CONTIGUOUS, List.of("display")),
            new RejectedRegion("VRAM", Field.SEVERAL, List.of("display")));
  }

  @Test
  void explain_scatteredMemory_countsDirectSegmentsFromExtents() {
    DeviceDemand camera =
        DeviceDemand.direct(
            "camera",
            ANY.withMaxSegments(64).withAlignBytes(8192).withDmaMask(DmaConstraints.maskOfBits(29)),
            new Reach("SYSTEM", 1));
    Explanation told = explain(BufferFacts.of(2048, "SYSTEM"), camera);
    DeviceView view = told.devices().getFirst();
    assertThat(view.segments()).isEqualTo(told.extents().runs()).isGreaterThan(64);
    assertThat(view.why()).endsWith("takes 64 segments, so its map is refused with E2BIG");
    assertThat(told.why())
        .containsExactly(
            "SYSTEM: the exporter's preference number 1",
            "ends at frame 131071 or below: mask of camera",
            "aligned to 8192 bytes: camera");
  }

  @Test
  void explain_copyingDevices_areSaidLoudly() {
    DeviceDemand legacy =
        DeviceDemand.direct("legacy", ANY.withDmaMask(0xff_ffff), new Reach("VRAM", 1))
            .withCopyPath(DmaPath.BOUNCE);
    DeviceDemand usb = DeviceDemand.direct("usb", ANY).withCopyPath(DmaPath.CPU);
    DeviceDemand mpeg = GPU.withTranslation(DmaPath.TILER);
    Explanation told = explain(BufferFacts.of(16, "VRAM"), mpeg, legacy, usb);
    assertThat(told.devices().stream().map(DeviceView::why))
        .containsExactly(
            "behind the tiler: sees a view at device addresses, never the pages",
            "cannot address the placement: every use is copied through a bounce pool",
            "does no DMA here: the CPU copies");
    assertThat(told.devices().getLast().segments()).isZero();
  }

  @Test
  void explain_refusal_carriesTheConflictAndNoPlacement() {
    DeviceDemand onlyVram = DeviceDemand.iommu("scanout", ANY, new Reach("VRAM", 1));
    Explanation told = explain(BufferFacts.of(16), onlyVram, DISPLAY, GPU);
    assertThat(told.placement()).isNull();
    assertThat(Objects.requireNonNull(told.refusal()).devices())
        .containsExactly("scanout", "display");
    assertThat(told.devices().stream().map(DeviceView::why))
        .containsExactly(
            "in the conflict: reachable", "in the conflict: reachable", "not in the conflict");
    assertThat(told.extents().runs()).isZero();
  }

  @Test
  void explain_fullRegions_triesTheNextChoiceThenRefusesWithEnomem() {
    List<String> tried = new ArrayList<>();
    Explanation told =
        Explainer.explain(
            List.of(GPU),
            REGIONS,
            BufferFacts.of(16),
            (choice, pages) -> {
              tried.add(choice.region());
              return Outcome.refused(Errno.ENOSPC, "full");
            });
    assertThat(tried).containsExactly("VRAM", "SYSTEM", "CMA");
    PlacementRefusal refusal = Objects.requireNonNull(told.refusal());
    assertThat(refusal.errno()).isEqualTo(Errno.ENOMEM);
    assertThat(refusal.reason()).isEqualTo("CMA: full");
  }

  @Test
  void directSegments_cutAtLongestSegmentAndBoundary() {
    Extents extents = new Extents.Builder().add(15, 3).add(100, 5).build();
    assertThat(DirectSegments.count(extents, ANY)).isEqualTo(2);
    assertThat(DirectSegments.count(extents, ANY.withMaxSegmentBytes(8192))).isEqualTo(5);
    assertThat(DirectSegments.count(extents, ANY.withBoundaryMask(0xffff))).isEqualTo(3);
    assertThat(DirectSegments.count(extents, ANY.withMaxSegmentBytes(8191))).isEqualTo(8);
  }

  @Test
  void explanation_neitherOrBoth_throws() {
    assertThatThrownBy(
            () -> new Explanation(null, null, Extents.NONE, List.of(), List.of(), List.of()))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
