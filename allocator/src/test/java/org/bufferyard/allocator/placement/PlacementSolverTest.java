package org.bufferyard.allocator.placement;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.bufferyard.allocator.DmaConstraints;
import org.bufferyard.allocator.Errno;
import org.bufferyard.allocator.placement.PlacementChoice.DevicePath;
import org.bufferyard.allocator.placement.PlacementChoice.Rank;
import org.bufferyard.allocator.placement.PlacementRefusal.Field;
import org.junit.jupiter.api.Test;

class PlacementSolverTest {
  private static final RegionFacts SYSTEM =
      RegionFacts.of("SYSTEM", 0, 4 << 18).withContiguous(false);
  private static final RegionFacts CMA = RegionFacts.of("CMA", 0x40000, 0x4000);
  private static final RegionFacts VRAM = RegionFacts.of("VRAM", 1 << 24, 1 << 18);
  private static final List<RegionFacts> ALL = List.of(SYSTEM, CMA, VRAM);
  private static final Reach TO_SYSTEM = new Reach("SYSTEM", 10);
  private static final Reach TO_CMA = new Reach("CMA", 8);
  private static final Reach TO_VRAM = new Reach("VRAM", 100);
  private static final DmaConstraints ANY = DmaConstraints.UNLIMITED;

  private static final DeviceDemand GPU =
      DeviceDemand.iommu("gpu", ANY, TO_SYSTEM, TO_CMA, TO_VRAM);
  private static final DeviceDemand DISPLAY =
      DeviceDemand.direct("display", ANY.withMaxSegments(1), TO_SYSTEM, TO_CMA);
  private static final DeviceDemand CAMERA =
      DeviceDemand.direct(
          "camera", ANY.withDmaMask(DmaConstraints.maskOfBits(32)), TO_SYSTEM, TO_CMA);

  private static List<PlacementChoice> placed(BufferFacts buffer, DeviceDemand... devices) {
    return switch (PlacementSolver.solve(List.of(devices), ALL, buffer)) {
      case Solution.Placed(var choices) -> choices;
      case Solution.Refused(var refusal) -> throw new AssertionError(refusal.toString());
    };
  }

  private static PlacementRefusal refused(
      List<RegionFacts> regions, BufferFacts buffer, DeviceDemand... devices) {
    return switch (PlacementSolver.solve(List.of(devices), regions, buffer)) {
      case Solution.Placed(var choices) -> throw new AssertionError(choices.toString());
      case Solution.Refused(var refusal) -> refusal;
    };
  }

  private static List<String> names(List<PlacementChoice> choices) {
    return choices.stream().map(PlacementChoice::region).toList();
  }

  @Test
  void solve_maskBehindIommu_neverConstrainsPlacement() {
    DeviceDemand narrow =
        DeviceDemand.iommu("codec", ANY.withDmaMask(0xffff_ffffL).withMaxSegments(1), TO_VRAM);
    PlacementChoice best = placed(BufferFacts.of(16), narrow).getFirst();
    assertThat(best.region()).isEqualTo("VRAM");
    assertThat(best.contiguous()).isFalse();
    assertThat(best.maxPfn()).isEqualTo((1 << 24) + (1 << 18) - 1);
  }

  @Test
  void solve_directDevices_lowestMaskLargestAlignmentContiguousIfAny() {
    DeviceDemand aligned =
        CAMERA.withConstraints(
            ANY.withDmaMask(DmaConstraints.maskOfBits(31)).withAlignBytes(65536));
    PlacementChoice best = placed(BufferFacts.of(64), aligned, GPU, DISPLAY).getFirst();
    assertThat(best.region()).isEqualTo("CMA");
    assertThat(best.contiguous()).isTrue();
    assertThat(best.alignBytes()).isEqualTo(65536);
    assertThat(best.minPfn()).isEqualTo(0x40000);
    assertThat(best.maxPfn()).isEqualTo(0x43fff);
    assertThat(best.request(64).contiguous()).isTrue();
    assertThat(best.request(64).alignPages()).isEqualTo(16);
  }

  @Test
  void solve_directMask_boundsThePlacementsEnd() {
    DeviceDemand low = CAMERA.withConstraints(ANY.withDmaMask(DmaConstraints.maskOfBits(28)));
    List<PlacementChoice> choices = placed(BufferFacts.of(16), low);
    assertThat(names(choices)).containsExactly("SYSTEM");
    assertThat(choices.getFirst().maxPfn()).isEqualTo(0xffff);
  }

  @Test
  void solve_oneSegmentDeviceWithBoundary_alignsSoThatTheRunDoesNotCross() {
    DeviceDemand bounded =
        DISPLAY.withConstraints(ANY.withMaxSegments(1).withBoundaryMask(0xf_ffff));
    assertThat(placed(BufferFacts.of(100), bounded).getFirst().alignBytes()).isEqualTo(128 * 4096);
  }

  @Test
  void solve_weights_rankRegionsAndFreeSpaceBreaksTies() {
    assertThat(names(placed(BufferFacts.of(16), GPU))).containsExactly("VRAM", "SYSTEM", "CMA");
    DeviceDemand even =
        DeviceDemand.iommu("dma", ANY, new Reach("SYSTEM", 1), new Reach("VRAM", 1));
    List<RegionFacts> regions = List.of(SYSTEM.withFreePages(5), VRAM.withFreePages(6));
    assertThat(PlacementSolver.solve(List.of(even), regions, BufferFacts.of(1)))
        .isInstanceOfSatisfying(
            Solution.Placed.class, found -> assertThat(found.best().region()).isEqualTo("VRAM"));
  }

  @Test
  void solve_exportersPreference_dominatesWeightsWhereFeasible() {
    List<PlacementChoice> choices = placed(BufferFacts.of(16, "CMA", "SYSTEM"), GPU);
    assertThat(names(choices)).containsExactly("CMA", "SYSTEM", "VRAM");
    assertThat(choices.stream().map(PlacementChoice::rank))
        .containsExactly(Rank.DESIRED, Rank.DESIRED, Rank.FALLBACK);
    assertThat(names(placed(BufferFacts.of(16, "VRAM"), GPU, CAMERA)))
        .containsExactly("SYSTEM", "CMA");
  }

  @Test
  void solve_noDevices_followsPreference() {
    List<PlacementChoice> choices = placed(BufferFacts.of(16, "VRAM"));
    assertThat(choices.getFirst().region()).isEqualTo("VRAM");
    assertThat(choices.getFirst().rank()).isEqualTo(Rank.DESIRED);
  }

  @Test
  void solve_paths_followTranslation() {
    DeviceDemand tiler = GPU.withTranslation(DmaPath.TILER);
    assertThat(placed(BufferFacts.of(16), tiler, CAMERA).getFirst().paths())
        .containsExactly(
            new DevicePath("gpu", DmaPath.TILER), new DevicePath("camera", DmaPath.DIRECT));
  }

  @Test
  void solve_bounce_isUsedOnlyWhereDirectIsImpossibleAndSmall() {
    DeviceDemand legacy =
        CAMERA
            .withConstraints(ANY.withDmaMask(DmaConstraints.maskOfBits(24)))
            .withCopyPath(DmaPath.BOUNCE);
    List<PlacementChoice> choices = placed(BufferFacts.of(64, "CMA"), legacy);
    assertThat(names(choices)).containsExactly("SYSTEM", "CMA", "VRAM");
    assertThat(choices.get(0).paths().getFirst().path()).isEqualTo(DmaPath.DIRECT);
    assertThat(choices.get(1).paths().getFirst().path()).isEqualTo(DmaPath.BOUNCE);
    assertThat(choices.get(1).rank()).isEqualTo(Rank.FALLBACK);
    assertThat(names(placed(BufferFacts.of(65, "CMA"), legacy))).containsExactly("SYSTEM");
  }

  @Test
  void solve_cpuCopyDevice_neverExcludesARegion() {
    DeviceDemand usb =
        DeviceDemand.direct("usb-display", ANY).withDmaAncestor("xhci").withCopyPath(DmaPath.CPU);
    List<PlacementChoice> choices = placed(BufferFacts.of(5000), usb, GPU);
    assertThat(names(choices)).containsExactly("VRAM", "SYSTEM", "CMA");
    assertThat(choices.getFirst().paths().getFirst().path()).isEqualTo(DmaPath.CPU);
  }

  @Test
  void solve_leafWithoutDma_isEnodevNamingTheAncestor() {
    DeviceDemand webcam = DeviceDemand.direct("webcam", ANY).withDmaAncestor("xhci");
    PlacementRefusal refusal = refused(ALL, BufferFacts.of(16), GPU, webcam);
    assertThat(refusal.errno()).isEqualTo(Errno.ENODEV);
    assertThat(refusal.devices()).containsExactly("webcam");
    assertThat(refusal.field()).isEqualTo(Field.REACHABLE);
    assertThat(refusal.reason())
        .isEqualTo("webcam does no DMA itself: xhci reads its data, so attach xhci");
    assertThat(refusal.wouldHelp()).isEqualTo("attaching xhci instead");
  }

  @Test
  void solve_disjointRegions_namesThePair() {
    DeviceDemand vramOnly = DeviceDemand.iommu("scanout", ANY, TO_VRAM);
    PlacementRefusal refusal = refused(ALL, BufferFacts.of(16), GPU, vramOnly, CAMERA);
    assertThat(refusal.devices()).containsExactly("scanout", "camera");
    assertThat(refusal.field()).isEqualTo(Field.REACHABLE);
    assertThat(refusal.errno()).isEqualTo(Errno.ENODEV);
    assertThat(refusal.reason())
        .isEqualTo("scanout reaches VRAM; camera reaches SYSTEM, CMA; no region serves both");
    assertThat(refusal.wouldHelp()).isEqualTo("a path from scanout to SYSTEM");
  }

  @Test
  void solve_contiguityInScatteredMemory_suggestsAnIommu() {
    PlacementRefusal refusal = refused(List.of(SYSTEM), BufferFacts.of(16), GPU, DISPLAY);
    assertThat(refusal.devices()).containsExactly("display");
    assertThat(refusal.field()).isEqualTo(Field.CONTIGUOUS);
    assertThat(refusal.reason()).contains("has no IOMMU and takes 1 segment");
    assertThat(refusal.wouldHelp()).isEqualTo("an IOMMU in front of display");
  }

  @Test
  void solve_onePage_isContiguousEverywhere() {
    assertThat(placed(BufferFacts.of(1), DISPLAY).getFirst().region()).isEqualTo("SYSTEM");
  }

  @Test
  void solve_tooManySegments_isE2big() {
    DeviceDemand small = GPU.withConstraints(ANY.withMaxSegments(2).withMaxSegmentBytes(65536));
    PlacementRefusal refusal = refused(ALL, BufferFacts.of(33), small);
    assertThat(refusal.errno()).isEqualTo(Errno.E2BIG);
    assertThat(refusal.field()).isEqualTo(Field.MAX_SEGMENTS);
    assertThat(refusal.reason())
        .contains("takes 2 segments of at most 65536 bytes, but 135168 bytes are at least 3");
    assertThat(placed(BufferFacts.of(32), small)).hasSize(3);
  }

  @Test
  void solve_coherentOnly_excludesOtherRegions() {
    DeviceDemand npu = GPU.withCoherentOnly(true);
    List<RegionFacts> regions = List.of(SYSTEM.withCoherent(false), VRAM.withCoherent(false));
    PlacementRefusal refusal = refused(regions, BufferFacts.of(1), npu);
    assertThat(refusal.field()).isEqualTo(Field.COHERENT);
    assertThat(refusal.wouldHelp()).isEqualTo("gpu taking memory that is not coherent");
  }

  @Test
  void solve_protectedContents_needEqualityOfAllParties() {
    RegionFacts secure = RegionFacts.of("SECURE", 0, 64).withSecure(true);
    DeviceDemand decoder =
        DeviceDemand.iommu("decoder", ANY, new Reach("SECURE", 1)).withSecure(true);
    DeviceDemand plain = DeviceDemand.iommu("encoder", ANY, new Reach("SECURE", 1));
    BufferFacts contents = new BufferFacts(16, List.of(), true);
    assertThat(PlacementSolver.solve(List.of(decoder), List.of(secure), contents))
        .isInstanceOf(Solution.Placed.class);
    PlacementRefusal refusal = refused(List.of(secure), contents, decoder, plain);
    assertThat(refusal.devices()).containsExactly("encoder");
    assertThat(refusal.field()).isEqualTo(Field.SECURE);
    assertThat(refusal.wouldHelp()).isEqualTo("detaching encoder");
  }

  @Test
  void solve_bufferLargerThanEveryRegion_blamesNoDevice() {
    PlacementRefusal refusal = refused(List.of(CMA), BufferFacts.of(0x4001), GPU);
    assertThat(refusal.errno()).isEqualTo(Errno.ENOMEM);
    assertThat(refusal.devices()).isEmpty();
    assertThat(refusal.field()).isEqualTo(Field.SIZE);
    assertThat(refusal.wouldHelp()).isEqualTo("a buffer of at most 16384 pages");
  }

  @Test
  void solve_swapRegion_isNeverAPlacement() {
    RegionFacts swap = RegionFacts.of("SWAP", 1 << 30, 1 << 20).withReachable(false);
    assertThat(PlacementSolver.solve(List.of(), List.of(swap, CMA), BufferFacts.of(1)))
        .isInstanceOfSatisfying(
            Solution.Placed.class, found -> assertThat(found.choices()).hasSize(1));
  }
}
