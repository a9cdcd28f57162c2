package org.bufferyard.allocator.region;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Comparator;
import java.util.Map;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Both orders of holes against a walk over all of them. */
class HoleTreeTest {
  private record Hole(int slot, long start, long size) {}

  private static final Comparator<Hole> BY_START = Comparator.comparingLong(Hole::start);
  private static final Comparator<Hole> BY_SIZE =
      Comparator.comparingLong(Hole::size).thenComparing(BY_START);

  @Test
  void addAndRemove_random_everyQueryAsAWalkOverTheHoles() {
    for (long seed = 1; seed <= 3; seed++) {
      RandomGenerator random = Regions.random(seed);
      HoleTree byAddress = new HoleTree(false);
      HoleTree bySize = new HoleTree(true);
      Map<Integer, Hole> model = new TreeMap<>();
      for (int step = 0; step < 250; step++) {
        int slot = random.nextInt(seed == 1 ? 300 : 20);
        if (model.remove(slot) != null) {
          byAddress.remove(slot);
          bySize.remove(slot);
        } else {
          Hole hole = new Hole(slot, 1000L * random.nextInt(1000) + slot, 1 + random.nextInt(12));
          model.put(slot, hole);
          byAddress.add(slot, hole.start, hole.size);
          bySize.add(slot, hole.start, hole.size);
        }
        check(model, byAddress, bySize, random, "seed " + seed + ", step " + step);
      }
    }
  }

  private static void check(
      Map<Integer, Hole> model,
      HoleTree byAddress,
      HoleTree bySize,
      RandomGenerator random,
      String trace) {
    long most = holes(model).mapToLong(Hole::size).max().orElse(0);
    assertThat(byAddress.largest()).as(trace).isEqualTo(most);
    assertThat(bySize.largest()).as(trace).isEqualTo(most);
    Hole some = model.isEmpty() ? new Hole(0, 0, 1) : model.values().iterator().next();
    for (long from : new long[] {some.start - 1, some.start, some.start + 1, 500_000}) {
      for (long size : new long[] {1, 1 + random.nextInt(12), 12, 13}) {
        Stream<Hole> above = holes(model).filter(h -> h.start >= from && h.size >= size);
        Stream<Hole> below = holes(model).filter(h -> h.start <= from && h.size >= size);
        Hole ceiling = new Hole(0, from, size);
        assertThat(byAddress.nextFit(from, size)).as(trace).isEqualTo(slot(above.sorted(BY_START)));
        assertThat(byAddress.previousFit(from, size))
            .as(trace)
            .isEqualTo(slot(below.sorted(BY_START.reversed())));
        assertThat(bySize.ceiling(size, from))
            .as(trace)
            .isEqualTo(
                slot(holes(model).filter(h -> BY_SIZE.compare(h, ceiling) >= 0).sorted(BY_SIZE)));
      }
    }
  }

  private static Stream<Hole> holes(Map<Integer, Hole> model) {
    return model.values().stream();
  }

  private static int slot(Stream<Hole> sorted) {
    return sorted.findFirst().map(Hole::slot).orElse(HoleTree.NIL);
  }

  /** A tree as deep as it has holes would overflow the stack. */
  @Test
  void add_ascendingHoles_staysShallow() {
    HoleTree tree = new HoleTree(false);
    int holes = 30_000;
    for (int slot = 0; slot < holes; slot++) {
      tree.add(slot, 2L * slot, 1);
    }
    for (int slot = 0; slot < holes; slot += 2) {
      tree.remove(slot);
    }
    assertThat(tree.nextFit(0, 1)).isOne();
    assertThat(tree.previousFit(Long.MAX_VALUE, 1)).isEqualTo(holes - 1);
  }
}
