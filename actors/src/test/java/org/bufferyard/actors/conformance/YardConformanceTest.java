package org.bufferyard.actors.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.bufferyard.actors.rig.TtmYard.P;
import static org.bufferyard.actors.rig.TtmYard.VRAM;

import java.util.List;
import java.util.stream.Stream;
import org.bufferyard.actors.environment.Topology;
import org.bufferyard.actors.rig.TtmYard;
import org.bufferyard.allocator.Outcome;
import org.bufferyard.allocator.region.BuddyAllocator;
import org.bufferyard.allocator.region.Caching;
import org.bufferyard.allocator.region.PagePools;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** {@code ttm_device_test}: what a yard has when it is opened, and when it is closed. */
class YardConformanceTest {
  @Test
  void TDEV01_init_basic() {
    try (TtmYard yard = new TtmYard()) {
      assertThat(yard.yard().regions()).hasSize(TtmYard.topology().regions().size());
      assertThat(yard.books().demands()).isZero();
    }
  }

  @Test
  void TDEV02_init_multiple() {
    try (TtmYard one = new TtmYard();
        TtmYard two = new TtmYard();
        TtmYard three = new TtmYard()) {
      one.in(VRAM, P);
      two.in(VRAM, 2 * P);
      assertThat(one.usage(VRAM)).isEqualTo(P);
      assertThat(two.usage(VRAM)).isEqualTo(2 * P);
      assertThat(three.usage(VRAM)).isZero();
    }
  }

  @Test
  void TDEV03_fini_basic() {
    TtmYard yard = new TtmYard();
    yard.in(VRAM, P);
    yard.close();
    assertThat(yard.ended()).isTrue();
  }

  @Test
  void TDEV04_init_no_vma_man() {
    List<Topology.RegionPlace> window = List.of(new Topology.RegionPlace("GTT", 0, 8, 1, false));
    assertThatThrownBy(() -> new Topology(window, List.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("GTT");
  }

  static Stream<Arguments> pools() {
    return Stream.of(
        Arguments.of(0L, Caching.CACHED),
        Arguments.of(0L, Caching.WRITE_COMBINED),
        Arguments.of(1L << 20, Caching.CACHED),
        Arguments.of(1L << 20, Caching.WRITE_COMBINED));
  }

  /** Frames below 4 GiB, or above; pages that are coherent for a device, or not. */
  @ParameterizedTest
  @MethodSource("pools")
  void TDEV05_init_pools(long basePfn, Caching caching) {
    PagePools pools = new PagePools(new BuddyAllocator(basePfn, 64), 64);
    if (pools.allocate(4, caching) instanceof Outcome.Done<List<PagePools.Chunk>>(var chunks)) {
      assertThat(chunks.getFirst().pfn() >= 1L << 20).isEqualTo(basePfn > 0);
      pools.free(chunks);
    }
    for (Caching each : Caching.values()) {
      assertThat(pools.pooledChunks(each, 2)).isEqualTo(each == caching ? 1 : 0);
    }
  }
}
