package org.bufferyard.allocator.bounce;

import static org.assertj.core.api.Assertions.assertThat;

import org.bufferyard.allocator.DmaConstraints;
import org.bufferyard.allocator.DmaDirection;
import org.bufferyard.allocator.Errno;
import org.bufferyard.allocator.Extents;
import org.bufferyard.allocator.Outcome;
import org.bufferyard.allocator.sg.SgTable;
import org.junit.jupiter.api.Test;

/** The pool's edges: its first and last byte, its last slot, the mask and the boundary. */
class BounceLimitsTest {
  private static final long PAGE = 4096;
  private static final long SLOT = BouncePool.SLOT_BYTES;
  private static final DmaDirection OUT = DmaDirection.TO_DEVICE;

  private final CopyMemory nothing = (from, to, length) -> {};

  private long map(BouncePool pool, long lengthBytes) {
    return pool.map(1 << 20, lengthBytes, OUT, -1L, DmaConstraints.NO_BOUNDARY, nothing);
  }

  @Test
  void contains_edges_areInsideAndWhatIsNextToThemIsNot() {
    BouncePool pool = new BouncePool(4, 1);
    assertThat(pool.contains(4 * PAGE - 1)).isFalse();
    assertThat(pool.contains(4 * PAGE)).isTrue();
    assertThat(pool.contains(5 * PAGE - 1)).isTrue();
    assertThat(pool.contains(5 * PAGE)).isFalse();
    assertThat(pool.lastAddress()).isEqualTo(5 * PAGE - 1);
  }

  @Test
  void map_poolFromAddressZero_isUsedToItsLastSlot() {
    BouncePool pool = new BouncePool(0, 2);
    assertThat(map(pool, PAGE)).isZero();
    assertThat(map(pool, PAGE)).isEqualTo(PAGE);
    assertThat(map(pool, 1)).isEqualTo(-Errno.ENOSPC.number());
    assertThat(pool.slotsFree()).isZero();
  }

  @Test
  void map_maskThatEndsWithThePool_holds() {
    BouncePool pool = new BouncePool(0, 1);
    assertThat(pool.map(1 << 20, 1, OUT, PAGE - 1, DmaConstraints.NO_BOUNDARY, nothing)).isZero();
    BouncePool larger = new BouncePool(0, 2);
    assertThat(larger.map(1 << 20, 1, OUT, PAGE - 1, DmaConstraints.NO_BOUNDARY, nothing))
        .isEqualTo(-Errno.EIO.number());
  }

  @Test
  void map_runThatEndsAtTheBoundary_doesNotCrossIt() {
    BouncePool pool = new BouncePool(0, 1);
    assertThat(pool.map(1 << 20, PAGE, OUT, -1L, PAGE - 1, nothing)).isZero();
  }

  @Test
  void map_severalSlots_beginAtAPageAndOneSlotDoesNot() {
    BouncePool pool = new BouncePool(0, 4);
    assertThat(map(pool, 100)).isZero();
    assertThat(map(pool, 100)).isEqualTo(SLOT);
    assertThat(map(pool, 100)).isEqualTo(2 * SLOT);
    assertThat(map(pool, SLOT + 1)).isEqualTo(4 * SLOT);
  }

  @Test
  void map_nothing_isEinval() {
    BouncePool pool = new BouncePool(0, 1);
    assertThat(map(pool, 0)).isEqualTo(-Errno.EINVAL.number());
    assertThat(map(pool, -1)).isEqualTo(-Errno.EINVAL.number());
    assertThat(pool.refusal().reason()).isEqualTo("nothing to bounce, length=-1");
    assertThat(pool.slotsFree()).isEqualTo(2);
  }

  @Test
  void unmap_addressOutsideThePool_isEnoentAlsoWhenTheFirstSlotIsTaken() {
    BouncePool pool = new BouncePool(4, 1);
    map(pool, PAGE);
    assertThat(pool.unmap(1 << 20, PAGE, OUT, nothing)).isEqualTo(-Errno.ENOENT.number());
    assertThat(pool.slotsFree()).isZero();
  }

  @Test
  void sync_fromTheFirstByteAndOfNothing() {
    BouncePool pool = new BouncePool(0, 1);
    long bounced = map(pool, PAGE);
    assertThat(pool.sync(bounced, 0, PAGE, true, nothing)).isZero();
    assertThat(pool.sync(bounced, 0, 0, true, nothing)).isEqualTo(-Errno.EINVAL.number());
    assertThat(pool.sync(bounced, -1, 1, true, nothing)).isEqualTo(-Errno.EINVAL.number());
  }

  private Outcome<SgTable> map(BouncePool pool, Extents extents, DmaConstraints constraints) {
    return new BounceMapper(pool)
        .map(extents, 0, extents.totalPages() * PAGE, OUT, constraints, nothing);
  }

  private static SgTable done(Outcome<SgTable> outcome) {
    assertThat(outcome).isInstanceOf(Outcome.Done.class);
    return ((Outcome.Done<SgTable>) outcome).value();
  }

  @Test
  void mapper_bufferThatEndsWithTheMask_isDirect() {
    BouncePool pool = new BouncePool(0, 1);
    DmaConstraints narrow = DmaConstraints.UNLIMITED.withDmaMask(0xffffL);
    assertThat(done(map(pool, Extents.of(14, 2), narrow)).address(0)).isEqualTo(14 * PAGE);
    assertThat(pool.slotsFree()).isEqualTo(2);
    SgTable beyond = done(map(pool, Extents.of(16, 1), narrow));
    assertThat(beyond.address(0)).isZero();
    assertThat(pool.slotsFree()).isZero();
  }

  /** Also where the pool happens to end at the frame that follows. */
  @Test
  void mapper_directPieceAfterABouncedOne_isASegmentOfItsOwn() {
    BouncePool pool = new BouncePool(1, 1);
    DmaConstraints narrow = DmaConstraints.UNLIMITED.withDmaMask(0xffffL);
    Extents extents = new Extents.Builder().add(16, 1).add(2, 1).add(4, 1).build();
    SgTable table = done(map(pool, extents, narrow));
    assertThat(table.nents()).isEqualTo(3);
    assertThat(table.address(0)).isEqualTo(PAGE);
    assertThat(table.address(1)).isEqualTo(2 * PAGE);
    assertThat(table.address(2)).isEqualTo(4 * PAGE);
  }

  @Test
  void mapper_boundary_cutsDirectAndBouncedPieces() {
    BouncePool pool = new BouncePool(0, 8);
    DmaConstraints limits =
        DmaConstraints.UNLIMITED.withDmaMask(0xffffL).withBoundaryMask(2 * PAGE - 1);
    SgTable direct = done(map(pool, Extents.of(9, 4), limits));
    assertThat(direct.nents()).isEqualTo(3);
    assertThat(direct.lengthBytes(0)).isEqualTo(PAGE);
    assertThat(direct.lengthBytes(1)).isEqualTo(2 * PAGE);
    SgTable bounced = done(map(pool, Extents.of(17, 4), limits));
    for (int segment = 0; segment < bounced.nents(); segment++) {
      long first = bounced.address(segment);
      long last = first + bounced.lengthBytes(segment) - 1;
      assertThat(first / (2 * PAGE)).isEqualTo(last / (2 * PAGE));
    }
  }
}
