package org.bufferyard.deviceactors.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.bufferyard.allocator.placement.BufferFacts;
import org.bufferyard.allocator.placement.DeviceDemand;
import org.bufferyard.allocator.placement.PlacementSolver;
import org.bufferyard.allocator.placement.Reach;
import org.bufferyard.allocator.placement.RegionFacts;
import org.bufferyard.allocator.placement.Solution;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class CatalogTest {
  private static final List<RegionFacts> REGIONS = RegionCatalog.regions();

  @Test
  void labels_areDistinctAndFindTheirKind() {
    assertThat(CatalogKind.labels()).doesNotHaveDuplicates();
    for (CatalogKind kind : CatalogKind.values()) {
      assertThat(CatalogKind.of(kind.label())).isSameAs(kind);
    }
    assertThat(CatalogKind.of("GPU")).isNull();
  }

  @ParameterizedTest
  @EnumSource(CatalogKind.class)
  void named_everyKind_reachesOnlyRegionsThatExist(CatalogKind kind) {
    DeviceDemand demand = kind.named("it");
    assertThat(demand.name()).isEqualTo("it");
    assertThat(demand.reaches().stream().map(Reach::region))
        .doesNotHaveDuplicates()
        .isSubsetOf(REGIONS.stream().map(RegionFacts::name).toList());
  }

  @ParameterizedTest
  @EnumSource(CatalogKind.class)
  void named_everyKind_hasAPlacementAloneUnlessItIsALeaf(CatalogKind kind) {
    DeviceDemand demand = kind.named("it");
    Solution solution =
        PlacementSolver.solve(
            List.of(demand), REGIONS, new BufferFacts(1, List.of(), demand.secure()));
    assertThat(solution instanceof Solution.Placed)
        .isEqualTo(kind != CatalogKind.USB_DISPLAY && kind != CatalogKind.USB_CAMERA);
  }

  @Test
  void usbLeaf_ancestorIsAKindOfTheCatalogue() {
    String ancestor = DeviceCatalog.usbLeaf("webcam").dmaAncestor();
    assertThat(CatalogKind.labels()).contains(String.valueOf(ancestor));
  }

  /** GTT is a window; all others are memory of their own. */
  @Test
  void regions_doNotOverlapButForTheWindow() {
    List<RegionFacts> own =
        REGIONS.stream().filter(region -> !region.name().equals(RegionCatalog.GTT)).toList();
    for (RegionFacts one : own) {
      for (RegionFacts other : own) {
        assertThat(
                one.equals(other)
                    || one.basePfn() + one.pages() <= other.basePfn()
                    || other.basePfn() + other.pages() <= one.basePfn())
            .as("%s and %s", one, other)
            .isTrue();
      }
    }
  }
}
