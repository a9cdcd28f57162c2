package org.bufferyard.actors.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.bufferyard.actors.rig.TtmYard.MANAGER_PAGES;
import static org.bufferyard.actors.rig.TtmYard.P;
import static org.bufferyard.actors.rig.TtmYard.VRAM;
import static org.bufferyard.actors.rig.TtmYard.ticket;

import org.bufferyard.actors.protocol.ClientId;
import org.bufferyard.actors.protocol.FenceUsage;
import org.bufferyard.actors.protocol.Reservation;
import org.bufferyard.actors.protocol.Ticket;
import org.bufferyard.actors.rig.TtmYard;
import org.bufferyard.actors.rig.TtmYard.Bo;
import org.bufferyard.allocator.Errno;
import org.bufferyard.allocator.validate.Place;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code ttm_bo_test}: reservation, recency, pins and the end of buffer objects. */
class BufferObjectConformanceTest {
  private final TtmYard yard = new TtmYard();

  @AfterEach
  void close() {
    yard.close();
  }

  private static @Nullable Errno refusal(Reservation.@Nullable Reply reply) {
    return reply instanceof Reservation.Refused refused ? refused.refusal().errno() : null;
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void TBO01_reserve_optimistic_no_ticket(boolean mayWait) {
    Bo bo = yard.create(P);
    assertThat(yard.reserve(bo, ticket(1), false, mayWait))
        .isInstanceOf(Reservation.Reserved.class);
  }

  @Test
  void TBO02_reserve_locked_no_sleep() {
    Bo bo = yard.create(P);
    yard.reserve(bo, ticket(1), false, true);
    assertThat(refusal(yard.reserve(bo, ticket(2), false, false))).isEqualTo(Errno.EBUSY);
  }

  @Test
  void TBO03_reserve_no_wait_ticket() {
    Bo bo = yard.create(P);
    yard.reserve(bo, ticket(2), false, true);
    assertThat(refusal(yard.reserve(bo, ticket(1), true, false))).isEqualTo(Errno.EBUSY);
  }

  @Test
  void TBO04_reserve_double_resv() {
    Bo bo = yard.create(P);
    yard.reserve(bo, ticket(1), false, true);
    assertThat(refusal(yard.reserve(bo, ticket(1), true, true))).isEqualTo(Errno.EALREADY);
  }

  @Test
  void TBO05_reserve_deadlock() {
    Bo ours = yard.create(P);
    Bo theirs = yard.create(P);
    yard.reserve(theirs, ticket(1), false, true);
    yard.reserve(ours, ticket(2), false, true);
    assertThat(refusal(yard.reserve(theirs, ticket(2), true, true))).isEqualTo(Errno.EDEADLK);
  }

  @Test
  void TBO06_reserve_interrupted() {
    Bo bo = yard.create(P);
    yard.reserve(bo, ticket(1), false, true);
    assertThat(yard.reserve(bo, ticket(2), false, true)).isNull();
    assertThat(refusal(yard.cancel(bo))).isEqualTo(Errno.ECANCELED);
    yard.unreserve(bo, ticket(1));
    assertThat(yard.reserve(bo, ticket(3), false, true)).isInstanceOf(Reservation.Reserved.class);
  }

  private Bo inVram(int owner, int priority) {
    Bo bo = yard.create(new ClientId(owner), P, priority);
    yard.validated(bo, Place.in(VRAM));
    return bo;
  }

  @Test
  void TBO07_unreserve_basic() {
    Bo first = inVram(0, 3);
    Bo second = inVram(1, 3);
    assertThat(yard.victims(VRAM, MANAGER_PAGES)).containsExactly(first.id(), second.id());
    yard.use(VRAM, first);
    assertThat(yard.victims(VRAM, MANAGER_PAGES)).containsExactly(second.id(), first.id());
  }

  @Test
  void TBO08_unreserve_pinned() {
    Bo bo = yard.in(VRAM, P);
    yard.pin(bo);
    yard.reserve(bo, ticket(1), false, true);
    yard.unreserve(bo, ticket(1));
    yard.use(VRAM, bo);
    assertThat(yard.victims(VRAM, MANAGER_PAGES)).isEmpty();
    assertThat(yard.occupancy(VRAM).residents()).isEqualTo(1);
  }

  @Test
  void TBO09_unreserve_bulk() {
    Bo first = inVram(0, 1);
    Bo second = inVram(0, 1);
    Bo other = inVram(1, 1);
    yard.use(VRAM, first);
    assertThat(yard.victims(VRAM, MANAGER_PAGES))
        .as("the client's buffers age together, in the order of their uses")
        .containsExactly(other.id(), second.id(), first.id());
  }

  @Test
  void TBO10_fini_basic() {
    Bo bo = yard.in(VRAM, P);
    yard.release(bo);
    assertThat(yard.usage(VRAM)).isZero();
    assertThat(yard.occupancy(VRAM).residents()).isZero();
  }

  @Test
  void TBO11_fini_shared_resv() {
    Bo bo = yard.in(VRAM, P);
    Ticket fence = yard.fence(bo, FenceUsage.BOOKKEEP);
    yard.signal(bo, fence);
    yard.release(bo);
    assertThat(yard.usage(VRAM)).isZero();
  }

  @Test
  void TBO12_pin_basic() {
    Bo bo = yard.in(VRAM, P);
    int attachment = yard.attach(bo);
    for (int pins = 1; pins <= 3; pins++) {
      yard.pin(bo, attachment);
      assertThat(yard.info(bo).pins()).isEqualTo(pins);
    }
    for (int pins = 2; pins >= 0; pins--) {
      yard.unpin(bo, attachment);
      assertThat(yard.info(bo).pins()).isEqualTo(pins);
    }
  }

  @Test
  void TBO13_pin_unpin_resource() {
    Bo bo = yard.in(VRAM, P);
    int attachment = yard.pin(bo);
    assertThat(yard.victims(VRAM, MANAGER_PAGES)).isEmpty();
    yard.unpin(bo, attachment);
    assertThat(yard.victims(VRAM, MANAGER_PAGES)).containsExactly(bo.id());
  }

  @Test
  void TBO14_multiple_pin_one_unpin() {
    Bo bo = yard.in(VRAM, P);
    int attachment = yard.pin(bo);
    yard.pin(bo, attachment);
    yard.unpin(bo, attachment);
    assertThat(yard.victims(VRAM, MANAGER_PAGES)).isEmpty();
    assertThat(yard.info(bo).pins()).isEqualTo(1);
  }
}
