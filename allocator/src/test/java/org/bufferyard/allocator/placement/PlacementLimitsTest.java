package org.bufferyard.allocator.placement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.bufferyard.allocator.DmaConstraints;
import org.bufferyard.allocator.Errno;
import org.bufferyard.allocator.Extents;
import org.bufferyard.allocator.Pages;
import org.bufferyard.allocator.placement.PlacementChoice.Rank;
import org.bufferyard.allocator.placement.PlacementRefusal.Field;
import org.bufferyard.allocator.region.Regions;
import org.junit.jupiter.api.Test;

/** Each rule at its last value that holds and its first that does not, and the words for it. */
class PlacementLimitsTest {
  private static final DmaConstraints ANY = DmaConstraints.UNLIMITED;
  private static final RegionFacts A = RegionFacts.of("A", 0, 16);
  private static final RegionFacts B = RegionFacts.of("B", 33, 16);
  private static final RegionFacts C = RegionFacts.of("C", 64, 16);
  private static final RegionFacts SECURE = RegionFacts.of("SECURE", 128, 16).withSecure(true);

  private static DeviceDemand direct(String name, DmaConstraints limits, String... regions) {
    return DeviceDemand.direct(name, limits, reaches(regions));
  }

  private static DeviceDemand iommu(String name, DmaConstraints limits, String... regions) {
    return DeviceDemand.iommu(name, limits, reaches(regions));
  }

  private static Reach[] reaches(String... regions) {
    return List.of(regions).stream().map(region -> new Reach(region, 0)).toArray(Reach[]::new);
  }

  private static Solution solve(BufferFacts buffer, RegionFacts region, DeviceDemand... devices) {
    return PlacementSolver.solve(List.of(devices), List.of(region), buffer);
  }

  private static PlacementChoice placed(
      BufferFacts buffer, RegionFacts region, DeviceDemand... devices) {
    return ((Solution.Placed) solve(buffer, region, devices)).best();
  }

  private static PlacementRefusal refused(
      BufferFacts buffer, RegionFacts region, DeviceDemand... devices) {
    return ((Solution.Refused) solve(buffer, region, devices)).refusal();
  }

  @Test
  void solve_maskBehindIommu_boundsTheRangeToItsLastByte() {
    DeviceDemand narrow = iommu("codec", ANY.withDmaMask(0xfffL), "A");
    assertThat(placed(BufferFacts.of(1), A, narrow).region()).isEqualTo("A");
    PlacementRefusal refusal = refused(BufferFacts.of(2), A, narrow);
    assertThat(refusal.field()).isEqualTo(Field.DMA_MASK);
    assertThat(refusal.reason())
        .isEqualTo("codec has I/O addresses up to 0xfff, reaches A; no region serves it");
  }

  @Test
  void solve_alignmentInAnUnalignedRegion_leavesWhatLiesBehindTheFirstAlignedFrame() {
    DeviceDemand aligned = direct("isp", ANY.withAlignBytes(Pages.toBytes(16)), "B");
    assertThat(placed(BufferFacts.of(1), B, aligned).alignBytes()).isEqualTo(Pages.toBytes(16));
    PlacementRefusal refusal = refused(BufferFacts.of(2), B, aligned);
    assertThat(refusal.field()).isEqualTo(Field.ALIGNMENT);
    assertThat(refusal.reason())
        .isEqualTo(
            "isp has no IOMMU and addresses up to 0xffffffffffffffff, aligned to 65536 bytes;"
                + " no region serves it");
    assertThat(placed(BufferFacts.of(16), B).region()).isEqualTo("B");
    assertThat(refused(BufferFacts.of(17), B).field()).isEqualTo(Field.SIZE);
  }

  @Test
  void solve_directMask_boundsTheLastFrame() {
    DeviceDemand low = direct("isa", ANY.withDmaMask(0x7fffL), "A");
    assertThat(placed(BufferFacts.of(8), A, low).maxPfn()).isEqualTo(7);
    PlacementRefusal refusal = refused(BufferFacts.of(9), A, low);
    assertThat(refusal.field()).isEqualTo(Field.DMA_MASK);
    assertThat(refusal.reason())
        .isEqualTo("isa has no IOMMU and addresses up to 0x7fff, reaches A; no region serves it");
  }

  @Test
  void solve_oneSegmentAtABoundary_alignsAPowerOfTwoToItself() {
    DeviceDemand bounded = direct("display", ANY.withMaxSegments(1).withBoundaryMask(0xffffL), "A");
    assertThat(placed(BufferFacts.of(8), A, bounded).alignBytes()).isEqualTo(Pages.toBytes(8));
    assertThat(placed(BufferFacts.of(5), A, bounded).alignBytes()).isEqualTo(Pages.toBytes(8));
    assertThat(placed(BufferFacts.of(1), A, bounded).alignBytes()).isEqualTo(Pages.SIZE_BYTES);
  }

  @Test
  void solve_segmentsCutAtBoundaries_countAgainstTheLimit() {
    DeviceDemand bounded =
        iommu("nic", ANY.withMaxSegments(2).withBoundaryMask(Pages.toBytes(4) - 1), "A");
    assertThat(placed(BufferFacts.of(8), A, bounded).region()).isEqualTo("A");
    PlacementRefusal refusal = refused(BufferFacts.of(9), A, bounded);
    assertThat(refusal.errno()).isEqualTo(Errno.E2BIG);
    assertThat(refusal.reason())
        .contains("takes 2 segments")
        .endsWith("at least 3; no region serves it");
  }

  @Test
  void solve_plainBufferAndProtectedMemoryOnly_blamesNoDevice() {
    PlacementRefusal refusal = refused(BufferFacts.of(3), SECURE);
    assertThat(refusal.field()).isEqualTo(Field.SECURE);
    assertThat(refusal.reason())
        .isEqualTo("no region takes a buffer of 3 pages without protection");
    assertThat(refusal.wouldHelp()).isEqualTo("a region of ordinary memory");
  }

  @Test
  void solve_protectedBufferAndPlainMemoryOnly_blamesNoDevice() {
    PlacementRefusal refusal = refused(new BufferFacts(3, List.of(), true), A);
    assertThat(refusal.reason())
        .isEqualTo("no region takes a buffer of 3 pages with protected contents");
    assertThat(refusal.wouldHelp()).isEqualTo("a region of protected memory");
  }

  @Test
  void solve_tooLargeAndOfTheWrongKind_hasNoSingleRemedy() {
    PlacementRefusal refusal = refused(BufferFacts.of(17), SECURE);
    assertThat(refusal.devices()).isEmpty();
    assertThat(refusal.wouldHelp()).isEmpty();
  }

  @Test
  void solve_secrecyThatDiffers_saysWhoHandlesWhat() {
    PlacementRefusal plainBuffer =
        refused(BufferFacts.of(1), A, iommu("decoder", ANY, "A").withSecure(true));
    assertThat(plainBuffer.reason())
        .isEqualTo(
            "decoder handles only protected contents, the buffer is not protected, it reaches A;"
                + " no region serves it");
    PlacementRefusal secureBuffer =
        refused(new BufferFacts(1, List.of(), true), SECURE, iommu("encoder", ANY, "SECURE"));
    assertThat(secureBuffer.reason())
        .isEqualTo(
            "encoder cannot handle protected contents, the buffer is protected, it reaches SECURE;"
                + " no region serves it");
  }

  @Test
  void solve_coherenceAndReachThatDiffer_saysBoth() {
    List<RegionFacts> regions = List.of(A.withCoherent(false), C);
    PlacementRefusal refusal =
        ((Solution.Refused)
                PlacementSolver.solve(
                    List.of(
                        iommu("npu", ANY, "A", "C").withCoherentOnly(true), iommu("dsp", ANY, "A")),
                    regions,
                    BufferFacts.of(1)))
            .refusal();
    assertThat(refusal.field()).isEqualTo(Field.COHERENT);
    assertThat(refusal.reason())
        .isEqualTo(
            "npu needs coherent memory, reaches A, C; dsp takes any memory, reaches A;"
                + " no region serves both");
    PlacementRefusal onlyA = refused(BufferFacts.of(1), A.withCoherent(false), npu(), dsp());
    assertThat(onlyA.field()).isEqualTo(Field.COHERENT);
    assertThat(onlyA.reason())
        .isEqualTo("npu needs coherent memory, reaches A; no region serves it");
  }

  private static DeviceDemand npu() {
    return iommu("npu", ANY, "A").withCoherentOnly(true);
  }

  private static DeviceDemand dsp() {
    return iommu("dsp", ANY, "A");
  }

  @Test
  void solve_severalRulesBroken_saysAllDemands() {
    DeviceDemand strict =
        direct("fpga", ANY.withDmaMask(0xfffL).withMaxSegments(3), "B").withCoherentOnly(true);
    PlacementRefusal refusal = refused(BufferFacts.of(2), B.withCoherent(false), strict);
    assertThat(refusal.field()).isEqualTo(Field.SEVERAL);
    assertThat(refusal.reason())
        .isEqualTo(
            "fpga has no IOMMU and addresses up to 0xfff, aligned to 4096 bytes, 3 segments,"
                + " coherent only, reaches B; no region serves it");
  }

  @Test
  void solve_oneSegmentBehindAnIommu_isNotSaidToNeedContiguousPages() {
    RegionFacts scattered = A.withContiguous(false);
    PlacementRefusal refusal =
        refused(BufferFacts.of(2), scattered, direct("display", ANY.withMaxSegments(1), "A"));
    assertThat(refusal.field()).isEqualTo(Field.CONTIGUOUS);
    assertThat(refusal.reason())
        .isEqualTo(
            "display has no IOMMU and takes 1 segment, so needs contiguous pages, reaches A;"
                + " no region serves it");
    assertThat(
            placed(BufferFacts.of(2), scattered, iommu("display", ANY.withMaxSegments(1), "A"))
                .contiguous())
        .isFalse();
  }

  @Test
  void solve_noPreferredRegionFits_theBestOfTheOthersIsDesired() {
    List<PlacementChoice> choices =
        ((Solution.Placed)
                PlacementSolver.solve(
                    List.of(iommu("gpu", ANY, "A", "C")), List.of(A, B, C), BufferFacts.of(1, "B")))
            .choices();
    assertThat(choices.stream().map(PlacementChoice::rank))
        .containsExactly(Rank.DESIRED, Rank.FALLBACK);
  }

  /** Dropping one device after another, from the last, would end at d0, d1 and d2. */
  @Test
  void solve_pairAndTripleInConflict_namesThePair() {
    PlacementRefusal refusal =
        conflict(
            iommu("d0", ANY, "A", "B"),
            iommu("d1", ANY, "B", "C"),
            iommu("d2", ANY, "A", "C"),
            iommu("d3", ANY, "B"));
    assertThat(refusal.devices()).containsExactly("d2", "d3");
  }

  @Test
  void solve_tripleInConflict_leavesOutWhoAgreesWithAll() {
    PlacementRefusal refusal =
        conflict(
            iommu("d0", ANY, "A", "B", "C"),
            iommu("d1", ANY, "A", "B"),
            iommu("d2", ANY, "B", "C"),
            iommu("d3", ANY, "A", "C"));
    assertThat(refusal.devices()).containsExactly("d1", "d2", "d3");
    assertThat(refusal.reason()).endsWith("; no region serves all 3");
  }

  private static PlacementRefusal conflict(DeviceDemand... devices) {
    return ((Solution.Refused)
            PlacementSolver.solve(List.of(devices), List.of(A, B, C), BufferFacts.of(1)))
        .refusal();
  }

  @Test
  void explain_limitsThatJustHold_areNoReasons() {
    List<RegionFacts> regions = List.of(A);
    DeviceDemand exact = direct("camera", ANY.withDmaMask(0xffffL).withMaxSegments(1), "A");
    Explanation told =
        Explainer.explain(
            List.of(exact),
            regions,
            BufferFacts.of(16),
            Explainer.freshRegions(regions, Regions.random(1)));
    assertThat(told.why())
        .containsExactly(
            "A: the best path weights, 0 in sum",
            "contiguous: camera takes 1 segment and has no IOMMU");
    assertThat(told.devices().getFirst().why())
        .isEqualTo("no IOMMU: emits memory addresses, up to 0xffff");
  }

  @Test
  void directSegments_longestSegmentAndBoundary_cutInTurn() {
    DmaConstraints limits = ANY.withMaxSegmentBytes(0x6000).withBoundaryMask(0xffffL);
    assertThat(DirectSegments.count(Extents.of(8, 16), limits)).isEqualTo(4);
  }

  @Test
  void facts_atTheEdgeOfTheirRange_areTakenAndBeyondAreNot() {
    assertThat(RegionFacts.of("TOP", Long.MAX_VALUE - 1, 1).pages()).isEqualTo(1);
    assertThatIllegalArgumentException().isThrownBy(() -> RegionFacts.of("TOP", Long.MAX_VALUE, 1));
    assertThatIllegalArgumentException().isThrownBy(() -> RegionFacts.of("NONE", 0, 0));
    long most = Long.MAX_VALUE >>> Pages.SHIFT;
    assertThat(BufferFacts.of(most).pages()).isEqualTo(most);
    assertThatIllegalArgumentException().isThrownBy(() -> BufferFacts.of(most + 1));
    assertThatIllegalArgumentException().isThrownBy(() -> BufferFacts.of(0));
  }
}
