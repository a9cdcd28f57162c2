package org.bufferyard.allocator.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.bufferyard.allocator.Errno;
import org.bufferyard.allocator.region.EvictScan;
import org.bufferyard.allocator.region.RangeNode;
import org.bufferyard.allocator.region.RangeRequest;
import org.bufferyard.allocator.region.RangeRequest.Mode;
import org.bufferyard.allocator.region.Regions;
import org.junit.jupiter.api.Test;

/**
 * The range allocator's eviction and colour cases; the table of divergences is in {@link
 * RangeConformanceTest}. A node's colour gaps are weighed when it is given back, so there is no
 * second pass for coloured neighbours.
 */
class RangeEvictConformanceTest {
  private static final int UNITS = 8192;

  private static List<RangeNode> fill(RangeSpace space, int units) {
    List<RangeNode> nodes = new ArrayList<>();
    for (int unit = 0; unit < units; unit++) {
      nodes.add(space.reserve(unit, 1));
    }
    return nodes;
  }

  @Test
  void MM10_evict_anEmptyScanLeavesEverythingIntact() {
    RangeSpace space = RangeSpace.of(0, 64);
    List<RangeNode> nodes = RangeSpace.shuffled(fill(space, 64), Regions.random(10));
    String before = space.mm().toString();
    EvictScan scan = space.mm().scan(RangeRequest.of(65, Mode.LOW));
    nodes.forEach(node -> assertThat(scan.add(node)).isFalse());
    nodes.reversed().forEach(node -> assertThat(scan.remove(node)).isFalse());
    assertThat(space.mm()).hasToString(before);
  }

  @Test
  void MM10_evict_everyNodeYieldsOneHole() {
    RangeSpace space = RangeSpace.of(0, UNITS);
    List<RangeNode> nodes = RangeSpace.shuffled(fill(space, UNITS), Regions.random(10));
    List<RangeNode> victims = space.victims(RangeRequest.of(UNITS, Mode.EVICT), nodes);
    assertThat(victims).hasSize(UNITS);
    victims.forEach(space::remove);
    assertThat(space.mm()).hasToString("(hole " + UNITS + ")");
  }

  @Test
  void MM10_evict_victimsMakeAHoleThatTheRequestFillsExactly() {
    evictAll(UNITS, 0, UNITS, List.of(Mode.EVICT));
    evictAll(UNITS / 8, 0, UNITS / 8, List.of(Mode.values()));
  }

  @Test
  void MM11_evictRange_victimsLieInsideTheRange() {
    evictAll(UNITS, 2048, 6144, List.of(Mode.EVICT));
    evictAll(UNITS / 8, 256, 768, List.of(Mode.values()));
  }

  private static void evictAll(int units, long from, long to, List<Mode> modes) {
    RangeSpace space = RangeSpace.of(0, units);
    List<RangeNode> nodes = RangeSpace.shuffled(fill(space, units), Regions.random(11));
    for (Mode mode : modes) {
      for (long size = 1; size <= to - from; size <<= 1) {
        space.evictAndRestore(RangeRequest.of(size, mode).within(from, to), nodes);
      }
      for (long size = 1; size < to - from; size <<= 2) {
        RangeRequest aligned = RangeRequest.of(size, mode).within(from, to).alignedTo(size);
        space.evictAndRestore(aligned, nodes);
      }
      for (int prime : List.of(2, 3, 61, 127, 509, 1021)) {
        long size = Math.min((to - from) / 2, prime + 10L);
        RangeRequest aligned = RangeRequest.of(size, mode).within(from, to).alignedTo(prime);
        if ((from + prime - 1) / prime * prime + size <= to) {
          space.evictAndRestore(aligned, nodes);
        }
      }
    }
  }

  @Test
  void MM10_evict_otherOperationsDuringAScanAreProgrammerErrors() {
    RangeSpace space = RangeSpace.of(0, 4);
    List<RangeNode> nodes = fill(space, 4);
    EvictScan scan = space.mm().scan(RangeRequest.of(4, Mode.LOW));
    scan.add(nodes.get(1));
    scan.add(nodes.get(2));
    assertThatThrownBy(() -> space.mm().insert(RangeRequest.of(1, Mode.LOW)))
        .isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> scan.add(nodes.get(1))).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> scan.remove(nodes.get(1)))
        .isInstanceOf(IllegalArgumentException.class);
    scan.remove(nodes.get(2));
    scan.remove(nodes.get(1));
    space.remove(nodes.get(1));
    assertThat(Regions.refused(space.mm().remove(nodes.get(1)))).isEqualTo(Errno.EINVAL);
    assertThat(Regions.refused(space.mm().replace(nodes.get(1)))).isEqualTo(Errno.EINVAL);
    assertThat(Regions.refused(space.mm().insert(RangeRequest.of(0, Mode.LOW))))
        .isEqualTo(Errno.EINVAL);
  }

  @Test
  void MM14_colour_neighboursOfDifferentColourKeepAGap() {
    for (Mode mode : Mode.values()) {
      RangeSpace space = RangeSpace.coloured(10_000);
      for (int colour = 0; colour < 50; colour++) {
        space.insert(RangeRequest.of(10, mode).coloured(colour));
        space.insert(RangeRequest.of(10, mode).coloured(colour));
      }
      List<RangeNode> nodes = space.mm().inOrder();
      for (int index = 1; index < nodes.size(); index++) {
        RangeNode before = nodes.get(index - 1);
        RangeNode after = nodes.get(index);
        assertThat(after.start() - before.end())
            .as("%s %s %s", mode, before, after)
            .isGreaterThanOrEqualTo(RangeSpace.SEPARATE.gap(before.colour(), after.colour()));
      }
    }
  }

  @Test
  void MM14_colour_reserveThatViolatesTheGapIsRefused() {
    RangeSpace space = RangeSpace.coloured(100);
    Regions.done(space.mm().reserve(10, 10, 1));
    space.reserveFails(20, 5, 2);
    space.reserveFails(5, 5, 2);
    Regions.done(space.mm().reserve(20, 5, 1));
    Regions.done(space.mm().reserve(26, 5, 2));
    space.reserveFails(25, 1, 1);
    space.reserveFails(25, 1, 2);
    Regions.done(space.mm().reserve(5, 4, 2));
  }

  @Test
  void MM14_colour_evictionHonoursGapsAlsoInRange() {
    for (long[] range : new long[][] {{0, 1200}, {300, 900}}) {
      for (Mode mode : Mode.values()) {
        RangeSpace space = RangeSpace.coloured(1200);
        List<RangeNode> nodes = new ArrayList<>();
        for (int unit = 0; unit < 400; unit++) {
          nodes.add(Regions.done(space.mm().reserve(3L * unit, 2, unit)));
        }
        List<RangeNode> order = RangeSpace.shuffled(nodes, Regions.random(14));
        for (long size : new long[] {1, 2, 3, 10, 64, 100, 500}) {
          RangeRequest request =
              RangeRequest.of(size, mode).coloured(-1).within(range[0], range[1]);
          space.evictAndRestore(request, order);
        }
      }
    }
  }
}
