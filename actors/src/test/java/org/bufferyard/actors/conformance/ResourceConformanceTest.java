package org.bufferyard.actors.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.bufferyard.actors.rig.TtmYard.MANAGER_PAGES;
import static org.bufferyard.actors.rig.TtmYard.MOCK1;
import static org.bufferyard.actors.rig.TtmYard.MOCK2;
import static org.bufferyard.actors.rig.TtmYard.P;
import static org.bufferyard.actors.rig.TtmYard.SYSTEM;
import static org.bufferyard.actors.rig.TtmYard.TT;
import static org.bufferyard.actors.rig.TtmYard.VRAM;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.bufferyard.actors.environment.Faults;
import org.bufferyard.actors.protocol.BufferId;
import org.bufferyard.actors.protocol.Migration;
import org.bufferyard.actors.protocol.Region;
import org.bufferyard.actors.rig.TtmYard;
import org.bufferyard.actors.rig.TtmYard.Bo;
import org.bufferyard.allocator.Errno;
import org.bufferyard.allocator.Extents;
import org.bufferyard.allocator.Refusal;
import org.bufferyard.allocator.region.AllocationRequest;
import org.bufferyard.allocator.validate.Place;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** {@code ttm_resource_test}: what a region knows of the buffers that live in it. */
class ResourceConformanceTest {
  private boolean off;
  private final TtmYard yard =
      new TtmYard(
          new Faults() {
            @Override
            public Optional<Refusal> failReserve(String region) {
              return off && region.equals("VRAM")
                  ? Optional.of(new Refusal(Errno.ENOSPC, "VRAM is off"))
                  : Optional.empty();
            }
          });

  @AfterEach
  void close() {
    yard.close();
  }

  static Stream<Place> places() {
    return Stream.of(Place.in(SYSTEM), Place.in(VRAM), Place.in(MOCK1), Place.in(VRAM).fromTop());
  }

  @ParameterizedTest
  @MethodSource("places")
  void TRES01_init_basic(Place place) {
    Bo bo = yard.create(P);
    yard.validated(bo, place);
    assertThat(yard.usage(place.region())).isEqualTo(P);
    assertThat(yard.victims(place.region(), MANAGER_PAGES)).containsExactly(bo.id());
    assertThat(yard.info(bo).runs()).isEqualTo(1);
  }

  @Test
  void TRES02_init_pinned() {
    Bo bo = yard.in(VRAM, P);
    yard.pin(bo);
    assertThat(yard.victims(VRAM, MANAGER_PAGES)).isEmpty();
    assertThat(yard.occupancy(VRAM).residents()).isEqualTo(1);
  }

  @Test
  void TRES03_fini_basic() {
    Bo bo = yard.in(VRAM, P);
    yard.release(bo);
    assertThat(yard.usage(VRAM)).isZero();
    assertThat(yard.victims(VRAM, MANAGER_PAGES)).isEmpty();
  }

  @Test
  void TRES04_manager_init_basic() {
    for (int region : List.of(VRAM, TT, MOCK1, MOCK2)) {
      assertThat(yard.occupancy(region).capacityPages()).isEqualTo(MANAGER_PAGES);
      assertThat(yard.usage(region)).isZero();
      assertThat(yard.victims(region, MANAGER_PAGES)).isEmpty();
    }
  }

  @Test
  void TRES05_manager_usage_basic() {
    yard.in(VRAM, 3 * P);
    yard.in(VRAM, 5 * P);
    assertThat(yard.usage(VRAM)).isEqualTo(8 * P);
  }

  @Test
  void TRES06_manager_set_used_basic() {
    off = true;
    Bo bo = yard.create(P);
    assertThat(yard.refused(bo, Place.in(VRAM)).refusal().errno()).isEqualTo(Errno.ENOMEM);
    assertThat(yard.usage(VRAM)).isZero();
    off = false;
    assertThat(yard.validated(bo, Place.in(VRAM)).region()).isEqualTo(VRAM);
  }

  @Test
  void TRES07_sys_man_alloc_basic() {
    Region.Resident somebody =
        new Region.Resident(new BufferId(-1), yard.probe(), TtmYard.CLIENT, 2, 1);
    yard.yard()
        .regions()
        .get(SYSTEM)
        .tell(new Region.Reserve(1, AllocationRequest.of(2), true, somebody, yard.probe()));
    Extents pages = yard.await(Migration.Reserved.class).extents();
    assertThat(yard.usage(SYSTEM)).isEqualTo(2 * P);
    yard.yard().regions().get(SYSTEM).tell(new Region.Free(pages, 2, true));
    yard.settle();
    assertThat(yard.usage(SYSTEM)).isZero();
  }
}
