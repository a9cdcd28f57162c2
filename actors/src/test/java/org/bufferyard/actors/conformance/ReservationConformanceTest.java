package org.bufferyard.actors.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.bufferyard.actors.fence.Fence;
import org.bufferyard.actors.fence.FenceArray;
import org.bufferyard.actors.fence.FenceContexts;
import org.bufferyard.actors.fence.ReservedFences;
import org.bufferyard.actors.fence.WaitResult;
import org.bufferyard.actors.protocol.FenceUsage;
import org.bufferyard.allocator.Errno;
import org.bufferyard.allocator.Refusal;
import org.bufferyard.testkit.Exhaustive;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * {@code drivers/dma-buf/st-dma-resv.c} for each of the four usages, and the rules of {@code
 * dma-resv.c} that it leaves out. Taking the token of the reservation is the WW family.
 */
class ReservationConformanceTest {
  private final FenceContexts contexts = new FenceContexts(1);
  private final ReservedFences resv = new ReservedFences();

  private Fence fence() {
    return new Fence(contexts.take(1), 1);
  }

  private Fence added(Fence fence, FenceUsage usage) {
    assertThat(resv.reserve(1)).isNull();
    resv.add(fence, usage);
    resv.unlock();
    return fence;
  }

  private static Errno errno(@Nullable Refusal refusal) {
    return java.util.Objects.requireNonNull(refusal).errno();
  }

  @ParameterizedTest
  @EnumSource
  void RESV1_sanitycheck_reserveAndUnlock(FenceUsage usage) {
    assertThat(resv.reserve(1)).isNull();
    resv.unlock();
    assertThat(resv.signalled(usage)).isTrue();
    assertThatThrownBy(() -> resv.add(fence(), usage))
        .as("room that was not used is lost")
        .isInstanceOf(IllegalStateException.class);
  }

  @ParameterizedTest
  @EnumSource
  void RESV2_signaling_signalledOnlyWithItsFence(FenceUsage usage) {
    Fence fence = added(fence(), usage);
    assertThat(resv.signalled(usage)).isFalse();
    fence.signal();
    assertThat(resv.signalled(usage)).isTrue();
  }

  @ParameterizedTest
  @EnumSource
  void RESV3_forEach_theOneFenceWithItsUsage(FenceUsage usage) {
    Fence fence = added(fence(), usage);
    ReservedFences.Cursor cursor = resv.cursor(usage);
    assertThat(cursor.next()).isSameAs(fence);
    assertThat(cursor.usage()).isEqualTo(usage);
    assertThat(cursor.next()).isNull();
  }

  @ParameterizedTest
  @EnumSource
  void RESV4_forEachUnlocked_restartedAndYieldedAgain(FenceUsage usage) {
    Fence fence = added(fence(), usage);
    ReservedFences.Cursor cursor = resv.cursor(usage);
    assertThat(cursor.next()).isSameAs(fence);
    assertThat(cursor.restarted()).isTrue();
    assertThat(resv.reserve(resv.capacity())).isNull();
    assertThat(cursor.next()).isSameAs(fence);
    assertThat(cursor.restarted()).isTrue();
    assertThat(cursor.next()).isNull();
    assertThat(cursor.restarted()).isFalse();
  }

  @ParameterizedTest
  @EnumSource
  void RESV5_getFences_thatOne(FenceUsage usage) {
    Fence fence = added(fence(), usage);
    assertThat(resv.fences(usage)).containsExactly(fence);
  }

  @Test
  void RESVa_usageMatrix_seenByQueriesOfItsUsageAndWeaker() {
    long cases =
        Exhaustive.check(
            choices -> {
              FenceUsage usage = choices.of(FenceUsage.values());
              FenceUsage query = choices.of(FenceUsage.values());
              ReservedFences own = new ReservedFences();
              assertThat(own.reserve(1)).isNull();
              own.add(fence(), usage);
              assertThat(own.signalled(query)).isEqualTo(usage.compareTo(query) > 0);
            });
    assertThat(cases).isEqualTo(16);
  }

  @Test
  void RESVb_sameContext_neverReplacedByWeakerProtection() {
    Exhaustive.check(
        choices -> {
          FenceUsage old = choices.of(FenceUsage.values());
          FenceUsage young = choices.of(FenceUsage.values());
          ReservedFences own = new ReservedFences();
          Fence earlier = new Fence(7, 1);
          Fence later = new Fence(7, 2);
          assertThat(own.reserve(2)).isNull();
          own.add(earlier, old);
          own.add(later, young);
          boolean replaced = old.compareTo(young) >= 0;
          assertThat(own.fences(FenceUsage.BOOKKEEP))
              .isEqualTo(replaced ? List.of(later) : List.of(earlier, later));
        });
  }

  @Test
  void RESVb_otherContextOrEarlierNumber_bothKept() {
    Fence first = added(new Fence(7, 2), FenceUsage.READ);
    Fence other = added(new Fence(8, 3), FenceUsage.READ);
    Fence earlier = added(new Fence(7, 1), FenceUsage.READ);
    assertThat(resv.fences(FenceUsage.READ)).containsExactly(first, other, earlier);
  }

  @Test
  void RESVc_reserveNone_einvalAndTooMany_eagainWithTheRoomAsItWas() {
    assertThat(errno(resv.reserve(0))).isEqualTo(Errno.EINVAL);
    assertThat(errno(resv.reserve(-1))).isEqualTo(Errno.EINVAL);
    assertThat(resv.reserve(1)).isNull();
    assertThat(errno(resv.reserve(ReservedFences.FENCES_MAX + 1))).isEqualTo(Errno.EAGAIN);
    assertThat(errno(resv.reserve(Integer.MAX_VALUE))).isEqualTo(Errno.EAGAIN);
    resv.add(fence(), FenceUsage.READ);
    assertThatThrownBy(() -> resv.add(fence(), FenceUsage.READ))
        .isInstanceOf(IllegalStateException.class);
    assertThat(resv.fences(FenceUsage.READ)).hasSize(1);
  }

  @Test
  void RESVc_full_roomAgainOnceSomeHaveSignalled() {
    List<Fence> all = new ArrayList<>();
    for (int i = 0; i < ReservedFences.FENCES_MAX; i++) {
      all.add(added(fence(), FenceUsage.BOOKKEEP));
    }
    assertThat(errno(resv.reserve(1))).isEqualTo(Errno.EAGAIN);
    all.getFirst().signal();
    assertThat(resv.reserve(1)).isNull();
    assertThat(errno(resv.reserve(2))).isEqualTo(Errno.EAGAIN);
  }

  @Test
  void RESVd_singleton_noneItselfOrAnArray() {
    assertThat(resv.singleton(contexts, FenceUsage.READ)).isNull();
    Fence first = added(fence(), FenceUsage.READ);
    assertThat(resv.singleton(contexts, FenceUsage.READ)).isSameAs(first);
    Fence second = added(fence(), FenceUsage.WRITE);
    assertThat(resv.singleton(contexts, FenceUsage.READ))
        .isInstanceOfSatisfying(
            FenceArray.class, array -> assertThat(array.fences()).containsExactly(first, second));
  }

  @Test
  void RESVe_wait_zeroIsATimeoutWhileUnsignalled() {
    Fence fence = added(fence(), FenceUsage.READ);
    assertThat(resv.await(FenceUsage.READ, 9, 9)).isEqualTo(new WaitResult.TimedOut());
    assertThat(resv.await(FenceUsage.WRITE, 9, 9)).isEqualTo(new WaitResult.Signalled(1));
    assertThat(resv.await(FenceUsage.READ, 9, 12)).isEqualTo(new WaitResult.Waiting(3));
    fence.signal();
    assertThat(resv.await(FenceUsage.READ, 10, 12)).isEqualTo(new WaitResult.Signalled(2));
  }

  @Test
  void RESVf_replaceFences_onlyThoseOfTheContext() {
    added(new Fence(7, 1), FenceUsage.READ);
    Fence other = added(new Fence(8, 1), FenceUsage.READ);
    Fence stand = fence();
    resv.replace(7, stand, FenceUsage.BOOKKEEP);
    assertThat(resv.fences(FenceUsage.READ)).containsExactly(other);
    assertThat(resv.fences(FenceUsage.BOOKKEEP)).containsExactly(stand, other);
  }

  @Test
  void RESVg_capacity_neededTwiceTheOldOrFour() {
    assertThat(resv.capacity()).as("a buffer that is not used costs nothing").isZero();
    assertThat(resv.reserve(1)).isNull();
    assertThat(resv.capacity()).isEqualTo(4);
    assertThat(resv.reserve(4)).isNull();
    assertThat(resv.capacity()).isEqualTo(4);
    assertThat(resv.reserve(5)).isNull();
    assertThat(resv.capacity()).isEqualTo(8);
    assertThat(resv.reserve(40)).isNull();
    assertThat(resv.capacity()).isEqualTo(40);
  }

  @Test
  void copyFrom_otherReservation_itsUnsignalledInPlaceOfOnesOwn() {
    ReservedFences other = new ReservedFences();
    assertThat(other.reserve(3)).isNull();
    Fence done = fence();
    Fence read = fence();
    Fence kernel = fence();
    other.add(done, FenceUsage.WRITE);
    other.add(read, FenceUsage.READ);
    other.add(kernel, FenceUsage.KERNEL);
    done.signal();
    added(fence(), FenceUsage.WRITE);
    resv.copyFrom(other);
    assertThat(resv.fences(FenceUsage.WRITE)).containsExactly(kernel);
    assertThat(resv.fences(FenceUsage.READ)).containsExactly(read, kernel);
    added(fence(), FenceUsage.WRITE);
    assertThat(other.fences(FenceUsage.WRITE)).as("a copy of its own").containsExactly(kernel);
  }

  @Test
  void setDeadline_ofAQuery_reachesTheFencesInsideArrays() {
    Fence inner = fence();
    added(new FenceArray(contexts.take(1), 1, List.of(inner), false), FenceUsage.WRITE);
    resv.setDeadline(FenceUsage.READ, 50);
    resv.setDeadline(FenceUsage.READ, 70);
    assertThat(inner.deadlineNanos()).isEqualTo(50);
  }
}
