package org.bufferyard.allocator.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.bufferyard.allocator.region.RangeNode;
import org.bufferyard.allocator.region.RangeRequest;
import org.bufferyard.allocator.region.RangeRequest.Mode;
import org.bufferyard.allocator.region.Regions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The kernel's range allocator tests, {@code drivers/gpu/drm/tests/drm_mm_test.c} and the fuller
 * {@code selftests/test-drm_mm.c} before it, as inputs and outcomes; eviction and colours are in
 * {@link RangeEvictConformanceTest}.
 *
 * <table>
 * <caption>Divergences</caption>
 * <tr><td>MM01</td><td>There is no state before initialisation: the constructor is it.</td></tr>
 * <tr><td>MM03</td><td>The prime 53 is left out: 1,024 nodes of 2^53 pass the largest signed long,
 * and addresses here are signed.</td></tr>
 * <tr><td>MM07</td><td>Steps are bounded by logarithmic search, which is asserted by what a run
 * finds, not by elapsed time.</td></tr>
 * <tr><td>MM09</td><td>Alignments end at 2^61, again because addresses are signed.</td></tr>
 * </table>
 */
class RangeConformanceTest {

  @Test
  void MM01_init_oneHoleThatReservingRemovesAndRemovingRestores() {
    RangeSpace space = RangeSpace.of(0, 4096);
    assertThat(space.mm().clean()).isTrue();
    assertThat(space.mm()).hasToString("(hole 4096)");
    RangeNode all = space.reserve(0, 4096);
    assertThat(space.mm().clean()).isFalse();
    assertThat(space.mm().largestHole()).isZero();
    space.remove(all);
    assertThat(space.mm()).hasToString("(hole 4096)");
    assertThat(space.mm().clean()).isTrue();
  }

  @Test
  void MM02_debug_dumpShowsNodesAndHoles() {
    RangeSpace space = RangeSpace.of(0, 4096);
    space.reserve(512, 1024);
    space.reserve(2560, 1024);
    assertThat(space.mm())
        .hasToString("(hole 512)[512, 1536) colour 0 (hole 1024)[2560, 3584) colour 0 (hole 512)");
  }

  @Test
  void MM03_reserve_adjacentNodesInRandomOrderAndEveryBadOneRefused() {
    for (int prime : RangeSpace.primesBelow(53)) {
      for (int delta = -1; delta <= 1; delta++) {
        reserveAll((1L << prime) + delta, prime);
      }
    }
  }

  private static void reserveAll(long size, int prime) {
    int count = 1024;
    long total = size * count;
    RangeSpace space = RangeSpace.of(0, total);
    List<RangeNode> nodes = new ArrayList<>();
    for (int index : BuddySpace.permutation(count, prime)) {
      nodes.add(space.reserve(index * size, size));
    }
    space.checkFilled(0, total, size);
    long[][] outside = {
      {0, 0},
      {size, 0},
      {total, 0},
      {-size, size},
      {-1, 1},
      {-size, 2 * size},
      {-size, 0},
      {total, 1},
      {total, size},
      {total + size, size},
      {total - size, 2 * size},
      {total - 1, 2},
      {0, total + 1},
      {1, total},
      {size, total},
      {Long.MAX_VALUE, size},
      {size, Long.MAX_VALUE},
    };
    for (long[] range : outside) {
      space.reserveFails(range[0], range[1], 0);
    }
    nodes.forEach(node -> space.reserveFails(node.start(), size, 0));
    RandomGenerator random = Regions.random(prime);
    List<RangeNode> batch = RangeSpace.shuffled(nodes, random).subList(0, 7 * prime);
    batch.forEach(space::remove);
    assertThat(space.mm().nodes()).isEqualTo(count - batch.size());
    batch.forEach(node -> space.reserve(node.start(), size));
    space.checkFilled(0, total, size);
    if (size > 2) {
      nodes.forEach(node -> space.reserveFails(node.start() + 1, size - 2, 0));
    }
  }

  @ParameterizedTest
  @EnumSource(Mode.class)
  void MM04_insert_fillsExactlyAndFindsTheSameHoleAgain(Mode mode) {
    int count = 1024;
    for (long size : new long[] {1, 2, 3, 7, 8, 9, 127, 128, 129, 8191, 8192, 8193}) {
      RangeSpace space = RangeSpace.of(0, size * count);
      RangeRequest request = RangeRequest.of(size, mode).coloured(5);
      List<RangeNode> nodes = new ArrayList<>();
      for (int index = 0; index < count; index++) {
        nodes.add(space.insert(request));
      }
      space.checkFilled(0, size * count, size);
      assertThat(nodes).allMatch(node -> node.colour() == 5);
      space.insertFails(request);
      nodes.replaceAll(node -> Regions.done(space.mm().replace(node)));
      for (RangeNode node : RangeSpace.shuffled(nodes, Regions.random(size)).subList(0, 200)) {
        space.remove(node);
        assertThat(space.insert(request).start()).isEqualTo(node.start());
      }
      space.checkFilled(0, size * count, size);
    }
  }

  @ParameterizedTest
  @EnumSource(Mode.class)
  void MM05_insertRange_fillsTheSubRangeAndNothingElse(Mode mode) {
    long size = 3;
    long max = size * 1024;
    long[][] ranges = {
      {0, max},
      {1, max},
      {0, max - 1},
      {0, max / 2},
      {max / 2, max},
      {max / 4 + 1, 3 * max / 4 - 1},
    };
    for (long[] range : ranges) {
      RangeSpace space = RangeSpace.of(0, max);
      RangeRequest request = RangeRequest.of(size, mode).within(range[0], range[1]);
      long fits = (range[1] - range[0]) / size;
      List<RangeNode> nodes = new ArrayList<>();
      for (long index = 0; index < fits; index++) {
        nodes.add(space.insert(request));
      }
      space.insertFails(request);
      assertThat(nodes).allMatch(node -> node.start() >= range[0] && node.end() <= range[1]);
      for (RangeNode node : RangeSpace.shuffled(nodes, Regions.random(fits)).subList(0, 100)) {
        space.remove(node);
        assertThat(space.insert(request).start()).isEqualTo(node.start());
      }
      assertThat(space.mm().nodes()).isEqualTo((int) fits);
    }
  }

  @ParameterizedTest
  @EnumSource(Mode.class)
  void MM06_outside_rangesThatLeaveTheSpaceAreRefused(Mode mode) {
    RangeSpace space = RangeSpace.of(1024, 1024);
    space.insertFails(RangeRequest.of(1, mode).within(0, 1024));
    space.insertFails(RangeRequest.of(1024, mode).within(512, 1536));
    space.insertFails(RangeRequest.of(1024, mode).within(1536, 2560));
    space.insertFails(RangeRequest.of(1, mode).within(2048, 3072));
  }

  @ParameterizedTest
  @EnumSource(
      value = Mode.class,
      names = {"BEST", "LOW", "HIGH"})
  void MM07_fragmentation_manySmallHolesAreSkipped(Mode mode) {
    int count = 10_000;
    RangeSpace space = RangeSpace.of(0, 1L << 40);
    List<RangeNode> nodes = new ArrayList<>();
    for (int index = 0; index < count; index++) {
      nodes.add(space.insert(RangeRequest.of(4096, mode)));
    }
    for (int index = 0; index < count; index += 2) {
      space.remove(nodes.get(index));
    }
    long beyond = 4096L * count;
    for (int index = 0; index < 2 * count; index++) {
      RangeNode node = space.insert(RangeRequest.of(8192, mode));
      boolean behind =
          mode == Mode.HIGH ? node.end() <= (1L << 40) - beyond : node.start() >= beyond;
      assertThat(behind).as("%s", node).isTrue();
    }
  }

  @Test
  void MM08_align_everyPrimeAlignment() {
    for (Mode mode : Mode.values()) {
      for (int align : RangeSpace.primesBelow(128)) {
        RangeSpace space = RangeSpace.of(0, 1L << 40);
        for (int index = 0; index < 128; index++) {
          RangeNode node =
              space.insert(RangeRequest.of((1L << 20) / align + 1, mode).alignedTo(align));
          assertThat(node.start() % align).isZero();
        }
      }
    }
  }

  @Test
  void MM09_alignPowers_allBitsFromHighToLow() {
    for (int highest : new int[] {31, 61}) {
      RangeSpace space = RangeSpace.of(1, Long.MAX_VALUE - 1);
      for (int bit = highest; bit > 0; bit--) {
        long align = 1L << bit;
        RangeNode node = space.insert(RangeRequest.of(align / 2 + 1, Mode.BEST).alignedTo(align));
        assertThat(node.start() % align).isZero();
        assertThat(node.size()).isEqualTo(align / 2 + 1);
      }
    }
  }

  @Test
  void MM12_topDown_everyNodeTakesTheHighestSlotThatFits() {
    placeAtTheEdge(Mode.HIGH);
  }

  @Test
  void MM12_bottomUp_everyNodeTakesTheLowestSlotThatFits() {
    placeAtTheEdge(Mode.LOW);
  }

  private static void placeAtTheEdge(Mode mode) {
    RandomGenerator random = Regions.random(12);
    int count = 8192;
    RangeSpace space = RangeSpace.of(0, 64L * count);
    List<RangeNode> nodes = new ArrayList<>();
    for (int index = 0; index < count; index++) {
      nodes.add(space.insert(RangeRequest.of(1 + random.nextInt(64), mode)));
    }
    nodes.sort((one, other) -> Long.compare(one.start(), other.start()));
    for (int index = 1; index < count; index++) {
      assertThat(nodes.get(index).start()).isEqualTo(nodes.get(index - 1).end());
    }
    RangeNode outermost = mode == Mode.LOW ? nodes.getFirst() : nodes.getLast();
    assertThat(mode == Mode.LOW ? outermost.start() : outermost.end())
        .isEqualTo(mode == Mode.LOW ? 0 : 64L * count);
    for (int time = 0; time < 500; time++) {
      RangeNode gone = nodes.remove(random.nextInt(nodes.size()));
      space.remove(gone);
      long size = 1L + random.nextInt(64);
      long expected = edgeSlot(space, size, mode);
      RangeNode node = space.insert(RangeRequest.of(size, mode));
      assertThat(node.start()).as("seed 12, time %d", time).isEqualTo(expected);
      nodes.add(node);
    }
  }

  /** The lowest or highest place for {@code size}, by walking over the nodes. */
  private static long edgeSlot(RangeSpace space, long size, Mode mode) {
    long best = -1;
    long from = 0;
    List<RangeNode> ordered = space.mm().inOrder();
    for (int index = 0; index <= ordered.size(); index++) {
      long to = index < ordered.size() ? ordered.get(index).start() : 64L * 8192;
      if (to - from >= size && (mode == Mode.HIGH || best < 0)) {
        best = mode == Mode.HIGH ? to - size : from;
      }
      from = index < ordered.size() ? ordered.get(index).end() : to;
    }
    return best;
  }

  @ParameterizedTest
  @EnumSource(
      value = Mode.class,
      names = {"LOW", "HIGH"})
  void MM13_lowestHighest_smallHolesAtTheEdgeDoNotStopTheSearch(Mode mode) {
    RangeSpace space = RangeSpace.of(0, 7);
    space.reserve(1, 1);
    space.reserve(5, 1);
    RangeNode node = space.insert(RangeRequest.of(2, mode));
    assertThat(node.start()).isEqualTo(mode == Mode.LOW ? 2 : 3);
  }
}
