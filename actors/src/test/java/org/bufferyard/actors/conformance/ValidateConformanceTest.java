package org.bufferyard.actors.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.bufferyard.actors.rig.TtmYard.MOCK1;
import static org.bufferyard.actors.rig.TtmYard.MOCK2;
import static org.bufferyard.actors.rig.TtmYard.P;
import static org.bufferyard.actors.rig.TtmYard.SYSTEM;
import static org.bufferyard.actors.rig.TtmYard.TT;
import static org.bufferyard.actors.rig.TtmYard.VRAM;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.bufferyard.actors.environment.Faults;
import org.bufferyard.actors.protocol.Buffer;
import org.bufferyard.actors.protocol.BufferInfo;
import org.bufferyard.actors.protocol.BufferInfo.Life;
import org.bufferyard.actors.protocol.FenceUsage;
import org.bufferyard.actors.protocol.Migration;
import org.bufferyard.actors.protocol.Ticket;
import org.bufferyard.actors.rig.TtmYard;
import org.bufferyard.actors.rig.TtmYard.Bo;
import org.bufferyard.allocator.Errno;
import org.bufferyard.allocator.Refusal;
import org.bufferyard.allocator.validate.Place;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * {@code ttm_bo_validate_test}: placements of buffers in a whole yard of the mock driver's shape.
 */
class ValidateConformanceTest {
  private static final long MIB = 1 << 20;

  private TtmYard yard = new TtmYard();

  @AfterEach
  void close() {
    yard.close();
  }

  private void failing(String region) {
    yard.close();
    yard =
        new TtmYard(
            new Faults() {
              @Override
              public Optional<Refusal> failReserve(String name) {
                return name.equals(region)
                    ? Optional.of(new Refusal(Errno.ENOSPC, region + " always fails"))
                    : Optional.empty();
              }
            });
  }

  @Test
  void TVAL01_init_reserved_sys_man() {
    Bo bo = yard.create(P);
    assertThat(yard.info(bo).region()).isEqualTo(Migration.NOWHERE);
    Buffer.Validated placed = yard.validated(bo, Place.in(SYSTEM));
    assertThat(placed.movedBytes()).isEqualTo(P);
    assertThat(yard.info(bo).pins()).isZero();
    assertThat(yard.info(bo).handles()).hasSize(1);
  }

  @Test
  void TVAL02_init_reserved_mock_man() {
    Bo bo = yard.create(P);
    assertThat(yard.validated(bo, Place.in(VRAM)).region()).isEqualTo(VRAM);
    assertThat(yard.usage(VRAM)).isEqualTo(P);
  }

  /** A fence of the reservation that it shares keeps the memory. */
  @Test
  void TVAL03_init_resv() {
    Bo bo = yard.in(SYSTEM, P);
    Bo home = yard.in(SYSTEM, P);
    Ticket fence = yard.fence(home, FenceUsage.WRITE);
    yard.importFence(bo, yard.exportFence(home));
    yard.ask(bo);
    yard.runFor(Duration.ofMillis(10));
    assertThat(yard.regionOf(bo)).isEqualTo(SYSTEM);
    yard.signal(home, fence);
    assertThat(yard.await(Buffer.Validated.class).region()).isEqualTo(Migration.NOWHERE);
  }

  @Test
  void TVAL04_validate_basic() {
    Bo bo = yard.in(SYSTEM, 2 * P);
    Buffer.Validated moved = yard.validated(bo, Place.in(TT).fromTop());
    assertThat(moved.region()).isEqualTo(TT);
    assertThat(moved.movedBytes()).isEqualTo(2 * P);
    assertThat(yard.info(bo).life()).isEqualTo(Life.RESIDENT);
  }

  @Test
  void TVAL05_validate_invalid_placement() {
    Bo bo = yard.create(P);
    assertThat(yard.refused(bo, Place.in(77)).refusal().errno()).isEqualTo(Errno.ENOMEM);
    assertThat(yard.info(bo).life()).isEqualTo(Life.DECLARED);
  }

  @Test
  void TVAL06_validate_failed_alloc() {
    failing("VRAM");
    Bo bo = yard.create(P);
    assertThat(yard.refused(bo, Place.in(VRAM)).refusal().errno()).isEqualTo(Errno.ENOMEM);
    assertThat(yard.info(bo).life()).isEqualTo(Life.DECLARED);
  }

  @Test
  void TVAL07_validate_pinned() {
    Bo bo = yard.in(SYSTEM, P);
    yard.pin(bo);
    assertThat(yard.refused(bo, Place.in(TT)).refusal().errno()).isEqualTo(Errno.EINVAL);
    assertThat(yard.regionOf(bo)).isEqualTo(SYSTEM);
  }

  @Test
  void TVAL08_validate_same_placement() {
    for (int region : List.of(SYSTEM, VRAM)) {
      Bo bo = yard.in(region, P);
      long generation = yard.info(bo).generation();
      Buffer.Validated stayed = yard.validated(bo, Place.in(region));
      assertThat(stayed.movedBytes()).isZero();
      assertThat(stayed.generation()).isEqualTo(generation);
    }
  }

  @Test
  void TVAL09_validate_busy_placement() {
    failing("VRAM");
    Bo bo = yard.create(P);
    Buffer.Validated placed = yard.validated(bo, Place.in(VRAM).desired(), Place.in(TT).fallback());
    assertThat(placed.region()).isEqualTo(TT);
    assertThat(placed.movedBytes()).isEqualTo(P);
    assertThat(yard.victims(TT, 1)).containsExactly(bo.id());
    assertThat(yard.occupancy(TT).residents()).isEqualTo(1);
  }

  @Test
  void TVAL10_validate_multihop() {
    Bo bo = yard.in(VRAM, P);
    Buffer.Validated moved = yard.validated(bo, Place.in(SYSTEM));
    assertThat(moved.region()).isEqualTo(SYSTEM);
    assertThat(moved.movedBytes()).isEqualTo(2 * P);
    assertThat(yard.usage(VRAM)).isZero();
    yard.runFor(Duration.ofMillis(1));
    assertThat(yard.usage(TT)).isZero();
    assertThat(yard.info(bo).fences()).isEmpty();
  }

  @Test
  void TVAL11_validate_no_placement_signaled() {
    Bo bo = yard.in(VRAM, P);
    Buffer.Validated gutted = yard.validated(bo);
    assertThat(gutted.region()).isEqualTo(Migration.NOWHERE);
    assertThat(gutted.movedBytes()).isZero();
    assertThat(yard.usage(VRAM)).isZero();
    assertThat(yard.validated(bo, Place.in(VRAM)).movedBytes()).isEqualTo(P);
  }

  @Test
  void TVAL12_validate_no_placement_not_signaled() {
    Bo bo = yard.in(VRAM, P);
    Ticket fence = yard.fence(bo, FenceUsage.BOOKKEEP);
    yard.ask(bo);
    yard.runFor(Duration.ofMillis(100));
    assertThat(yard.usage(VRAM)).isEqualTo(P);
    yard.signal(bo, fence);
    assertThat(yard.await(Buffer.Validated.class).region()).isEqualTo(Migration.NOWHERE);
    assertThat(yard.usage(VRAM)).isZero();
    assertThat(yard.info(bo).fences()).isEmpty();
  }

  /** The room of who left is given out again once its copy is done. */
  @Test
  void TVAL13_validate_move_fence_signaled() {
    yard.validated(yard.in(VRAM, MIB), Place.in(TT));
    yard.runFor(Duration.ofMillis(2));
    Bo bo = yard.create(P);
    assertThat(yard.validated(bo, Place.in(VRAM)).movedBytes()).isEqualTo(P);
    assertThat(yard.info(bo).fences()).isEmpty();
  }

  /** And before that, under its fence: the newcomer is placed, and waits for it to be used. */
  @Test
  void TVAL14_validate_move_fence_not_signaled() {
    Bo leaving = yard.in(VRAM, MIB);
    yard.validated(leaving, Place.in(TT));
    Bo bo = yard.create(P);
    assertThat(yard.validated(bo, Place.in(VRAM), Place.in(TT)).region()).isEqualTo(VRAM);
    assertThat(yard.info(bo).fences())
        .singleElement()
        .extracting(BufferInfo.FenceInfo::usage)
        .isEqualTo(FenceUsage.KERNEL);
    assertThat(yard.info(leaving).region()).isEqualTo(TT);
    yard.runFor(Duration.ofMillis(2));
    assertThat(yard.info(bo).fences()).isEmpty();
    assertThat(yard.info(leaving).fences()).isEmpty();
    assertThat(yard.usage(VRAM)).isEqualTo(P);
  }

  @Test
  void TVAL16_validate_happy_evict() {
    Bo small = yard.in(VRAM, 2 * P);
    Bo half = yard.in(VRAM, 512 << 10);
    Bo rest = yard.in(VRAM, MIB - (512 << 10) - 2 * P);
    Bo newcomer = yard.create(P);
    Buffer.Validated placed = yard.validated(newcomer, Place.in(VRAM));
    assertThat(placed.region()).isEqualTo(VRAM);
    assertThat(placed.movedBytes()).isEqualTo(2 * 2 * P + P);
    yard.settle();
    assertThat(yard.regionOf(small)).isEqualTo(SYSTEM);
    assertThat(yard.regionOf(half)).isEqualTo(VRAM);
    assertThat(yard.regionOf(rest)).isEqualTo(VRAM);
  }

  @Test
  void TVAL17_validate_all_pinned_evict() {
    Bo big = yard.in(VRAM, MIB);
    yard.pin(big);
    Bo newcomer = yard.create(P);
    assertThat(yard.refused(newcomer, Place.in(VRAM)).refusal().errno()).isEqualTo(Errno.ENOMEM);
    assertThat(yard.regionOf(big)).isEqualTo(VRAM);
    assertThat(yard.regionOf(newcomer)).isEqualTo(Migration.NOWHERE);
  }

  /** The extra: who asks to know that room ran out is told so. */
  @Test
  void TVAL17_validate_all_pinned_evict_keepsNoSpace() {
    Bo big = yard.in(VRAM, MIB);
    yard.pin(big);
    Bo newcomer = yard.create(P);
    yard.ask(newcomer, Ticket.OLDEST, true, Place.in(VRAM));
    assertThat(yard.await(Buffer.ValidateRefused.class).refusal().errno()).isEqualTo(Errno.ENOSPC);
  }

  @Test
  void validate_allowedOnlyEvict_evictsWhatIsNotPinned() {
    Bo pinned = yard.in(VRAM, MIB / 2);
    yard.pin(pinned);
    Bo evictable = yard.in(VRAM, MIB / 2);
    Bo newcomer = yard.create(P);
    assertThat(yard.validated(newcomer, Place.in(VRAM)).movedBytes()).isEqualTo(2 * (MIB / 2) + P);
    assertThat(yard.regionOf(pinned)).isEqualTo(VRAM);
    assertThat(yard.regionOf(evictable)).isEqualTo(SYSTEM);
  }

  @Test
  void TVAL19_validate_deleted_evict() {
    Bo big = yard.in(VRAM, MIB - P);
    Ticket fence = yard.fence(big, FenceUsage.BOOKKEEP);
    yard.release(big);
    Bo newcomer = yard.create(2 * P);
    yard.ask(newcomer, Place.in(VRAM));
    yard.runFor(Duration.ofMillis(100));
    assertThat(yard.usage(VRAM)).isEqualTo(MIB - P);
    yard.signal(big, fence);
    assertThat(yard.await(Buffer.Validated.class).movedBytes()).isEqualTo(2 * P);
    assertThat(yard.usage(VRAM)).isEqualTo(2 * P);
    assertThat(yard.books().evictions()).isZero();
  }

  @Test
  void TVAL20_validate_busy_domain_evict() {
    failing("SYSTEM");
    Bo victim = yard.in(MOCK2, MIB);
    Bo newcomer = yard.create(P);
    assertThat(yard.refused(newcomer, Place.in(MOCK2)).refusal().errno()).isEqualTo(Errno.ENOMEM);
    assertThat(yard.regionOf(victim)).isEqualTo(MOCK2);
    assertThat(yard.regionOf(newcomer)).isEqualTo(Migration.NOWHERE);
  }

  @Test
  void TVAL21_validate_evict_gutting() {
    Bo victim = yard.in(MOCK1, MIB);
    Bo newcomer = yard.create(P);
    assertThat(yard.validated(newcomer, Place.in(MOCK1)).movedBytes()).isEqualTo(P);
    assertThat(yard.regionOf(victim)).isEqualTo(Migration.NOWHERE);
    assertThat(yard.info(victim).life()).isEqualTo(Life.DECLARED);
    assertThat(yard.books().purges()).isEqualTo(1);
  }

  @Test
  void TVAL22_validate_recrusive_evict() {
    Bo tt = yard.in(TT, MIB);
    Bo mock = yard.in(MOCK2, MIB);
    Bo newcomer = yard.create(P);
    assertThat(yard.validated(newcomer, Place.in(TT)).movedBytes()).isEqualTo(2 * MIB + P);
    assertThat(yard.regionOf(tt)).isEqualTo(MOCK2);
    assertThat(yard.regionOf(mock)).isEqualTo(SYSTEM);
  }
}
