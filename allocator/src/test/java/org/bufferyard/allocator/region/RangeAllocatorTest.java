package org.bufferyard.allocator.region;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.bufferyard.allocator.Errno;
import org.bufferyard.allocator.Outcome;
import org.bufferyard.allocator.region.RangeRequest.Mode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RangeAllocatorTest {
  private static final ColourRule SEPARATE = (before, after) -> before == after ? 0 : 1;
  private static final List<Mode> MODES = List.of(Mode.values());
  private static final long START = 10;
  private static final long END = 310;

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void insertReserveRemove_random_agreesWithAWalkOverAllPlaces(long seed) {
    RandomGenerator random = Regions.random(seed);
    RangeAllocator space = new RangeAllocator(START, END - START, SEPARATE);
    List<RangeNode> held = new ArrayList<>();
    for (int step = 0; step < 2_500; step++) {
      String where = "seed " + seed + ", step " + step + " ";
      String before = space.toString();
      if (random.nextInt(100) < 45 && !held.isEmpty()) {
        Regions.done(space.remove(held.remove(random.nextInt(held.size()))));
      } else if (random.nextInt(4) == 0) {
        long at = random.nextLong(320);
        long size = 1L + random.nextInt(20);
        long colour = random.nextInt(3);
        boolean free = at >= START && at + size <= END && allowed(held, at, size, colour);
        Outcome<RangeNode> outcome = space.reserve(at, size, colour);
        assertThat(outcome instanceof Outcome.Done).as(where + before).isEqualTo(free);
        record(outcome, held, space, before);
      } else {
        RangeRequest request = draw(random);
        long expected = expected(held, request);
        Outcome<RangeNode> outcome = space.insert(request);
        record(outcome, held, space, before);
        checkPlace(outcome, expected, request, where + before);
      }
      assertThat(space.nodes()).as(where).isEqualTo(held.size());
    }
    held.forEach(node -> Regions.done(space.remove(node)));
    assertThat(space).hasToString("(hole 300)");
    assertThat(space.largestHole()).isEqualTo(300);
  }

  private static void record(
      Outcome<RangeNode> outcome, List<RangeNode> held, RangeAllocator space, String before) {
    switch (outcome) {
      case Outcome.Done<RangeNode>(RangeNode node) -> held.add(node);
      case Outcome.Refused<RangeNode> refused -> {
        assertThat(refused.refusal().errno()).isEqualTo(Errno.ENOSPC);
        assertThat(space).hasToString(before);
      }
    }
  }

  private static void checkPlace(
      Outcome<RangeNode> outcome, long expected, RangeRequest request, String where) {
    switch (outcome) {
      case Outcome.Done<RangeNode>(RangeNode node) -> {
        boolean exact = request.mode() == Mode.LOW || request.mode() == Mode.HIGH;
        assertThat(expected).as(where + request).isNotNegative();
        assertThat(node.start()).as(where + request).isEqualTo(exact ? expected : node.start());
        assertThat(node.start() % request.align()).as(where).isZero();
        assertThat(node.start()).as(where).isGreaterThanOrEqualTo(request.lowest());
        assertThat(node.end()).as(where).isLessThanOrEqualTo(request.limit());
      }
      case Outcome.Refused<RangeNode> refused ->
          assertThat(expected).as(where + request).isNegative();
    }
  }

  private static RangeRequest draw(RandomGenerator random) {
    long from = random.nextLong(320);
    boolean windowed = random.nextInt(3) == 0;
    return new RangeRequest(
        1 + random.nextInt(random.nextInt(5) == 0 ? 120 : 12),
        1 + random.nextInt(9),
        random.nextInt(3),
        windowed ? from : 0,
        windowed ? from + random.nextInt(200) : Long.MAX_VALUE,
        MODES.get(random.nextInt(4)));
  }

  /** The lowest place allowed, or for HIGH the highest; -1 for none. */
  private static long expected(List<RangeNode> held, RangeRequest request) {
    long best = -1;
    for (long at = START; at + request.size() <= END; at++) {
      boolean inside = at >= request.lowest() && at + request.size() <= request.limit();
      if (inside
          && at % request.align() == 0
          && (best < 0 || request.mode() == Mode.HIGH)
          && allowed(held, at, request.size(), request.colour())) {
        best = at;
      }
    }
    return best;
  }

  /** Clear of every node, and of the gaps that the direct neighbours demand. */
  private static boolean allowed(List<RangeNode> held, long at, long size, long colour) {
    for (RangeNode node : held) {
      long gap = SEPARATE.gap(node.colour(), colour);
      if (node.end() + gap > at && node.start() - gap < at + size) {
        return false;
      }
    }
    return true;
  }

  @Test
  void insert_best_takesTheSmallestHoleThatFits() {
    RangeAllocator space = new RangeAllocator(0, 100);
    Regions.done(space.reserve(20, 1, 0));
    Regions.done(space.reserve(26, 1, 0));
    Regions.done(space.reserve(37, 1, 0));
    assertThat(Regions.done(space.insert(RangeRequest.of(4, Mode.BEST))).start()).isEqualTo(21);
    assertThat(Regions.done(space.insert(RangeRequest.of(4, Mode.BEST))).start()).isEqualTo(27);
    assertThat(Regions.done(space.insert(RangeRequest.of(11, Mode.BEST))).start()).isZero();
  }

  @Test
  void insert_evict_takesTheHoleMadeLast() {
    RangeAllocator space = new RangeAllocator(0, 100);
    List<RangeNode> nodes = new ArrayList<>();
    for (int unit = 0; unit < 10; unit++) {
      nodes.add(Regions.done(space.reserve(10L * unit, 10, 0)));
    }
    Regions.done(space.remove(nodes.get(2)));
    Regions.done(space.remove(nodes.get(7)));
    Regions.done(space.remove(nodes.get(4)));
    for (long expected : new long[] {40, 70, 20}) {
      assertThat(Regions.done(space.insert(RangeRequest.of(10, Mode.EVICT))).start())
          .isEqualTo(expected);
    }
  }

  @Test
  void insert_alignmentBeyondTheSpace_isEnospcWithoutOverflow() {
    RangeAllocator space = new RangeAllocator(1, Long.MAX_VALUE - 1);
    RangeRequest request = RangeRequest.of(1, Mode.LOW).alignedTo(Long.MAX_VALUE);
    assertThat(Regions.refused(space.insert(request))).isEqualTo(Errno.ENOSPC);
  }

  @Test
  void remove_nodeOfAnotherSpace_isEinval() {
    RangeAllocator one = new RangeAllocator(0, 10);
    RangeAllocator other = new RangeAllocator(0, 10);
    RangeNode node = Regions.done(one.reserve(0, 5, 0));
    Regions.done(other.reserve(0, 5, 0));
    assertThat(Regions.refused(other.remove(node))).isEqualTo(Errno.EINVAL);
    assertThat(other.nodes()).isOne();
  }

  @ParameterizedTest
  @CsvSource({"-1, 5", "0, 0", "0, -1", "9223372036854775807, 1"})
  void constructor_outOfRange_throws(long start, long size) {
    assertThatThrownBy(() -> new RangeAllocator(start, size))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("size=" + size);
  }
}
