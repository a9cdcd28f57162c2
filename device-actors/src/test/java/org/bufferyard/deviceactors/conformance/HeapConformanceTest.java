package org.bufferyard.deviceactors.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.bufferyard.actors.environment.Faults;
import org.bufferyard.actors.environment.HeapKind;
import org.bufferyard.actors.environment.Topology;
import org.bufferyard.actors.memory.PageTags;
import org.bufferyard.actors.protocol.Session;
import org.bufferyard.actors.protocol.YardEvent;
import org.bufferyard.allocator.DmaDirection;
import org.bufferyard.allocator.Errno;
import org.bufferyard.deviceactors.Device;
import org.bufferyard.deviceactors.YardRig;
import org.bufferyard.deviceactors.YardRig.Member;
import org.bufferyard.deviceactors.catalog.CatalogKind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** {@code tools/testing/selftests/dmabuf-heaps}, on every heap of the yard. */
class HeapConformanceTest {
  private static final long MIB_PAGES = 256;
  private static final int UNKNOWN_FLAGS = 0x111111;

  static Stream<Integer> heaps() {
    return Stream.of(YardRig.VRAM, YardRig.CMA, YardRig.TILER, YardRig.SYSTEM);
  }

  private static YardRig rig() {
    return new YardRig(1, Faults.NONE, Member.of(CatalogKind.NIC, "nic"));
  }

  private static void refused(Session.Reply reply, Errno errno, String told) {
    assertThat(reply)
        .isInstanceOfSatisfying(
            Session.Refused.class,
            refused -> {
              assertThat(refused.refusal().errno()).isEqualTo(errno);
              assertThat(refused.refusal().reason()).contains(told);
            });
  }

  private static long framesHolding(YardRig rig, int heap, long tag) {
    Topology.RegionPlace place = YardRig.region(heap);
    return IntStream.range(0, (int) place.pages())
        .filter(page -> rig.memory().read(place.basePfn() + page) == tag)
        .count();
  }

  @ParameterizedTest
  @MethodSource("heaps")
  void HEAP1_allocateWriteAndSync_anImporterReadsIt(int heap) {
    try (YardRig rig = rig()) {
      Session.Grant buffer = rig.export(MIB_PAGES, heap);
      assertThat(rig.cpu(buffer, DmaDirection.TO_DEVICE)).isInstanceOf(Session.CpuDone.class);
      assertThat(rig.regions().get(heap).residentPages()).isEqualTo(MIB_PAGES);
      Device.Reply read = rig.job(0, buffer, DmaDirection.TO_DEVICE, 0, MIB_PAGES);
      assertThat(read)
          .isInstanceOfSatisfying(
              Device.JobDone.class, done -> assertThat(done.pagesRead()).isEqualTo(MIB_PAGES));
      assertThat(rig.events).noneMatch(YardEvent.Violation.class::isInstance);
    }
  }

  @Test
  void HEAP2_withAndWithoutAPreference_bothAreServed() {
    try (YardRig rig = rig()) {
      assertThat(rig.export(4096, 0, List.of())).isInstanceOf(Session.Exported.class);
      assertThat(rig.export(4096, 3, List.of(YardRig.CMA, YardRig.SYSTEM)))
          .isInstanceOf(Session.Exported.class);
    }
  }

  @Test
  void HEAP3_noSuchHeap_einvalAndNothingAllocated() {
    try (YardRig rig = rig()) {
      refused(rig.export(4096, 0, List.of(17)), Errno.EINVAL, "no such heap, region=17");
      refused(rig.export(4096, 0, List.of(-1)), Errno.EINVAL, "no such heap, region=-1");
      assertThat(rig.regions()).allMatch(region -> region.usedPages() == 0);
    }
    Topology topology = new Topology(List.of(YardRig.region(YardRig.CMA)), List.of());
    assertThat(topology.named("contiguous")).isZero();
    assertThat(topology.named("CMA")).isZero();
    assertThat(topology.named("no-such-heap")).isEqualTo(Topology.NONE);
    assertThat(HeapKind.labels())
        .containsExactly("system", "contiguous", "carve-out", "tiler", "vram");
  }

  @Test
  void HEAP4_unknownHeapFlags_einval() {
    try (YardRig rig = rig()) {
      refused(rig.export(4096, UNKNOWN_FLAGS, List.of()), Errno.EINVAL, "priority must be 0 to 3");
      refused(rig.export(4096, -1, List.of()), Errno.EINVAL, "priority must be 0 to 3");
      refused(rig.export(0, 0, List.of()), Errno.EINVAL, "size must be positive");
    }
  }

  @Test
  void HEAP5_unknownRightsOfAHandle_eperm() {
    try (YardRig rig = rig()) {
      refused(rig.share(rig.export(1), UNKNOWN_FLAGS), Errno.EPERM, "gives rights");
    }
  }

  @ParameterizedTest
  @MethodSource("heaps")
  void HEAP6_dirtiedAndFreed_poisonedAndThenZero(int heap) {
    try (YardRig rig = rig()) {
      for (int round = 0; round < 2; round++) {
        Session.Grant dirty = rig.export(YardRig.REGION_PAGES, heap);
        rig.cpu(dirty, DmaDirection.TO_DEVICE);
        rig.release(dirty);
        assertThat(framesHolding(rig, heap, PageTags.POISON)).isEqualTo(YardRig.REGION_PAGES);
        Session.Grant fresh = rig.export(YardRig.REGION_PAGES, heap);
        assertThat(rig.cpu(fresh, DmaDirection.FROM_DEVICE)).isInstanceOf(Session.CpuDone.class);
        assertThat(framesHolding(rig, heap, PageTags.ZERO)).isEqualTo(YardRig.REGION_PAGES);
        rig.release(fresh);
      }
      assertThat(rig.events).noneMatch(YardEvent.Violation.class::isInstance);
    }
  }
}
