package org.bufferyard.allocator.bounce;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.bufferyard.allocator.DmaConstraints;
import org.bufferyard.allocator.DmaDirection;
import org.bufferyard.allocator.Errno;
import org.bufferyard.allocator.Extents;
import org.bufferyard.allocator.Outcome;
import org.bufferyard.allocator.sg.SgTable;
import org.junit.jupiter.api.Test;

class BouncePoolTest {
  private static final long HIGH = 1L << 20;
  private static final long MASK_20 = (1L << 20) - 1;

  /** A flat memory of 4 MiB, a byte a byte. */
  private final byte[] bytes = new byte[4 << 20];

  private final CopyMemory memory =
      (from, to, length) -> System.arraycopy(bytes, (int) from, bytes, (int) to, (int) length);

  private final BouncePool pool = new BouncePool(16, 128);

  @Test
  void map_toDevice_copiesInAndNothingBack() {
    bytes[(int) HIGH + 100] = 42;
    long bounced = map(HIGH, 4096, DmaDirection.TO_DEVICE);
    assertThat(bytes[(int) bounced + 100]).isEqualTo((byte) 42);
    bytes[(int) bounced + 100] = 7;
    assertThat(pool.unmap(bounced, 4096, DmaDirection.TO_DEVICE, memory)).isZero();
    assertThat(bytes[(int) HIGH + 100]).isEqualTo((byte) 42);
    assertThat(pool.slotsFree()).isEqualTo(256);
  }

  @Test
  void unmap_fromDevice_copiesOut_andAPartialWriteKeepsTheRest() {
    bytes[(int) HIGH + 1] = 11;
    bytes[(int) HIGH + 2] = 12;
    long bounced = map(HIGH, 4096, DmaDirection.FROM_DEVICE);
    bytes[(int) bounced + 1] = 99;
    assertThat(pool.unmap(bounced, 4096, DmaDirection.FROM_DEVICE, memory)).isZero();
    assertThat(bytes[(int) HIGH + 1]).isEqualTo((byte) 99);
    assertThat(bytes[(int) HIGH + 2]).isEqualTo((byte) 12);
  }

  @Test
  void sync_movesOnlyTheRangeAndOnlyItsDirection() {
    long bounced = map(HIGH, 8192, DmaDirection.FROM_DEVICE);
    bytes[(int) bounced + 5000] = 3;
    assertThat(pool.sync(bounced, 4096, 4096, false, memory)).isZero();
    assertThat(bytes[(int) HIGH + 5000]).isEqualTo((byte) 3);
    assertThat(pool.sync(bounced, 0, 4096, true, memory)).isEqualTo(-Errno.EINVAL.number());
    assertThat(pool.sync(bounced, 4096, 4097, false, memory)).isEqualTo(-Errno.EINVAL.number());
    assertThat(pool.sync(bounced + 4096, 0, 1, false, memory)).isEqualTo(-Errno.ENOENT.number());
  }

  @Test
  void map_atMost256KiB_offsetInTheSlotCounts() {
    assertThat(map(HIGH, 256 << 10, DmaDirection.TO_DEVICE)).isPositive();
    assertThat(map(HIGH, (256 << 10) + 1, DmaDirection.TO_DEVICE)).isEqualTo(-Errno.E2BIG.number());
    assertThat(map(HIGH + 100, 256 << 10, DmaDirection.TO_DEVICE)).isEqualTo(-Errno.E2BIG.number());
    assertThat(map(HIGH + 100, 2000, DmaDirection.TO_DEVICE) & 2047).isEqualTo(100);
  }

  @Test
  void map_poolFull_refusedAndNothingTaken() {
    map(HIGH, 256 << 10, DmaDirection.TO_DEVICE);
    long second = map(HIGH, 252 << 10, DmaDirection.TO_DEVICE);
    assertThat(pool.slotsFree()).isEqualTo(2);
    assertThat(map(HIGH, 4097, DmaDirection.TO_DEVICE)).isEqualTo(-Errno.ENOSPC.number());
    assertThat(pool.refusal().reason()).contains("slots=3", "free=2");
    assertThat(pool.slotsFree()).isEqualTo(2);
    assertThat(pool.unmap(second, 252 << 10, DmaDirection.TO_DEVICE, memory)).isZero();
    assertThat(map(HIGH, 4097, DmaDirection.TO_DEVICE)).isPositive();
  }

  @Test
  void map_poolAboveTheMask_refused() {
    assertThat(pool.map(HIGH, 1, DmaDirection.TO_DEVICE, 0xFFFF, -1, memory))
        .isEqualTo(-Errno.EIO.number());
    assertThat(pool.slotsFree()).isEqualTo(256);
  }

  @Test
  void unmap_twiceWrongLengthOrDirection_refused() {
    long bounced = map(HIGH, 4096, DmaDirection.TO_DEVICE);
    assertThat(pool.unmap(bounced, 2048, DmaDirection.TO_DEVICE, memory))
        .isEqualTo(-Errno.EINVAL.number());
    assertThat(pool.unmap(bounced, 4096, DmaDirection.FROM_DEVICE, memory))
        .isEqualTo(-Errno.EINVAL.number());
    assertThat(pool.unmap(bounced + 2048, 2048, DmaDirection.TO_DEVICE, memory))
        .isEqualTo(-Errno.ENOENT.number());
    assertThat(pool.unmap(bounced, 4096, DmaDirection.TO_DEVICE, memory)).isZero();
    assertThat(pool.unmap(bounced, 4096, DmaDirection.TO_DEVICE, memory))
        .isEqualTo(-Errno.ENOENT.number());
    assertThat(pool.slotsFree()).isEqualTo(256);
  }

  @Test
  void map_random_neverOverlapsNorCrossesTheBoundary() {
    for (long seed = 1; seed <= 20; seed++) {
      randomMaps(seed);
    }
  }

  private void randomMaps(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    BouncePool fresh = new BouncePool(16, 64);
    boolean[] taken = new boolean[4 << 20 >> 11];
    List<long[]> live = new ArrayList<>();
    for (int step = 0; step < 400; step++) {
      String trace = "seed " + seed + ", step " + step;
      if (!live.isEmpty() && random.nextInt(5) < 2) {
        long[] mapping = live.remove(random.nextInt(live.size()));
        assertThat(fresh.unmap(mapping[0], mapping[1], DmaDirection.TO_DEVICE, memory))
            .as(trace)
            .isZero();
        mark(taken, mapping, false, trace);
        continue;
      }
      long address = HIGH + random.nextInt(8192);
      long length = 1L + random.nextInt(20_000);
      long bounced = fresh.map(address, length, DmaDirection.TO_DEVICE, MASK_20, 0xFFFF, memory);
      if (bounced >= 0) {
        assertThat((bounced ^ (bounced + length - 1)) & ~0xFFFFL).as(trace).isZero();
        assertThat(bounced & 2047).as(trace).isEqualTo(address & 2047);
        live.add(new long[] {bounced, length});
        mark(taken, live.getLast(), true, trace);
      }
    }
    for (long[] mapping : live) {
      fresh.unmap(mapping[0], mapping[1], DmaDirection.TO_DEVICE, memory);
    }
    assertThat(fresh.slotsFree()).as("seed %d", seed).isEqualTo(128);
  }

  private static void mark(boolean[] taken, long[] mapping, boolean on, String trace) {
    for (long slot = mapping[0] >> 11; slot <= (mapping[0] + mapping[1] - 1) >> 11; slot++) {
      assertThat(taken[(int) slot]).as(trace).isEqualTo(!on);
      taken[(int) slot] = on;
    }
  }

  @Test
  void mapper_mixedBuffer_lowPartDirectHighPartBounced() {
    BounceMapper mapper = new BounceMapper(pool);
    Extents extents = new Extents.Builder().add(200, 2).add(300, 100).build();
    DmaConstraints constraints = DmaConstraints.UNLIMITED.withDmaMask(MASK_20);
    SgTable table =
        done(mapper.map(extents, 0, 102 * 4096L, DmaDirection.BIDIRECTIONAL, constraints, memory));
    assertThat(table.address(0)).isEqualTo(200 * 4096);
    assertThat(table.totalBytes()).isEqualTo(102 * 4096);
    for (int segment = 1; segment < table.nents(); segment++) {
      assertThat(pool.contains(table.address(segment))).isTrue();
      assertThat(table.lengthBytes(segment)).isLessThanOrEqualTo(BouncePool.MAPPING_BYTES_MAX);
    }
    assertThat(done(mapper.unmap(table, DmaDirection.BIDIRECTIONAL, memory))).isEqualTo(2);
    assertThat(pool.slotsFree()).isEqualTo(256);
    assertThat(mapper.unmap(table, DmaDirection.BIDIRECTIONAL, memory))
        .isInstanceOf(Outcome.Refused.class);
  }

  @Test
  void mapper_poolTooSmall_refusedAndPoolAsBefore() {
    BounceMapper mapper = new BounceMapper(pool);
    DmaConstraints constraints = DmaConstraints.UNLIMITED.withDmaMask(MASK_20);
    Outcome<SgTable> outcome =
        mapper.map(
            Extents.of(300, 200), 0, 200 * 4096L, DmaDirection.TO_DEVICE, constraints, memory);
    assertThat(outcome.toString()).contains("ENOSPC");
    assertThat(pool.slotsFree()).isEqualTo(256);
    assertThat(
            mapper
                .map(
                    Extents.of(300, 100),
                    0,
                    100 * 4096L,
                    DmaDirection.TO_DEVICE,
                    constraints.withMaxSegments(1),
                    memory)
                .toString())
        .contains("E2BIG", "needed=2");
    assertThat(pool.slotsFree()).isEqualTo(256);
  }

  private long map(long address, long length, DmaDirection direction) {
    return pool.map(address, length, direction, MASK_20, DmaConstraints.NO_BOUNDARY, memory);
  }

  private static <T> T done(Outcome<T> outcome) {
    assertThat(outcome).isInstanceOf(Outcome.Done.class);
    return ((Outcome.Done<T>) outcome).value();
  }
}
