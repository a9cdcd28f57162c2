package org.bufferyard.benchmarks.suite;

import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.bufferyard.benchmarks.paired.Contender;
import org.bufferyard.benchmarks.paired.Race;
import org.bufferyard.benchmarks.paired.RaceResult;
import org.bufferyard.benchmarks.report.Goal;
import org.bufferyard.benchmarks.workload.BufferSet;
import org.bufferyard.benchmarks.workload.PagePattern;

/**
 * What does mapping a buffer through an IOMMU and unmapping it cost? C builds a scatterlist, takes
 * an IOVA range, maps stretch by stretch and writes the device addresses back; Java writes the page
 * table from frames or extents and builds no list of CPU pages at all, which an importer may not
 * see. Invalidation is strict on the Java side and costs nothing on the C side.
 */
final class MapSuite implements Suite {
  @Override
  public String name() {
    return "map";
  }

  @Override
  public void run(Lab lab) {
    int[] sizes = lab.quick() ? new int[] {1, 256} : new int[] {1, 4, 256, 2048, 16384};
    for (int pages : sizes) {
      for (PagePattern pattern : patterns(pages, lab.quick())) {
        measure(lab, new BufferSet(pattern, pages, lab.arena()));
      }
    }
    guard(lab);
    owners(lab);
    if (!lab.quick()) {
      pageSizes(lab, 2048);
      pageSizes(lab, 1 << 18);
    }
  }

  /** The same mappings with and without a second owner at work in another thread. */
  private static void owners(Lab lab) {
    BufferSet set = new BufferSet(PagePattern.MIX, 256, lab.arena());
    RaceResult result =
        lab.race(set.label() + ", two owners")
            .add("one owner", set.buffers, Mappings.frames(set))
            .add(
                "two owners",
                set.buffers,
                new SecondOwner(Mappings.frames(set), Mappings.frames(set)))
            .run();
    lab.ratio(Goal.NONE, result, "two owners", "one owner");
  }

  /** A contiguous buffer by large leaves, and one a page off, which only 4 KiB leaves can map. */
  private static void pageSizes(Lab lab, int pages) {
    BufferSet aligned = new BufferSet(PagePattern.CONTIG, pages, lab.arena());
    BufferSet shifted = aligned.shiftedBy(1, lab.arena());
    Race race = lab.race("contig " + pages + " pages, leaf sizes");
    lab.baseline()
        .ifPresent(
            c ->
                race.add("C, large leaves", aligned.buffers, Mappings.inC(c, aligned))
                    .add("C, 4 KiB leaves", shifted.buffers, Mappings.inC(c, shifted)));
    race.add("large leaves", aligned.buffers, Mappings.extents(aligned))
        .add("4 KiB leaves", shifted.buffers, Mappings.extents(shifted));
    RaceResult result = race.run();
    lab.ratio(Goal.MAP_EXTENTS, result, "large leaves", "C, large leaves");
    lab.ratio(Goal.NONE, result, "4 KiB leaves", "C, 4 KiB leaves");
  }

  private static List<PagePattern> patterns(int pages, boolean quick) {
    if (pages == 1) {
      return List.of(PagePattern.SCATTER);
    }
    if (pages == 256 && !quick) {
      return List.of(PagePattern.values());
    }
    return List.of(PagePattern.CONTIG, PagePattern.SCATTER, PagePattern.MIX, PagePattern.BUDDY);
  }

  private static void measure(Lab lab, BufferSet set) {
    Race race = lab.race(set.label());
    lab.baseline().ifPresent(c -> race.add("C", set.buffers, Mappings.inC(c, set)));
    race.add("frames", set.buffers, Mappings.frames(set))
        .add("extents", set.buffers, Mappings.extents(set))
        .add("copy", set.buffers, copy(set));
    RaceResult result = race.run();
    lab.ratio(framesGoal(set), result, "frames", "C", "copy");
    boolean large = set.pattern == PagePattern.CONTIG && set.pages >= 2048;
    lab.ratio(large ? Goal.MAP_EXTENTS : Goal.NONE, result, "extents", "C");
  }

  private static Goal framesGoal(BufferSet set) {
    return switch (set.pages) {
      case 1 -> Goal.MAP_1;
      case 4 -> Goal.MAP_4;
      case 256 ->
          switch (set.pattern) {
            case CONTIG -> Goal.MAP_CONTIG;
            case SCATTER, MIX -> Goal.MAP_SCATTER;
            default -> Goal.NONE;
          };
      default -> Goal.MAP_LARGE;
    };
  }

  private static Contender copy(BufferSet set) {
    long[] target = new long[set.pages];
    return ops -> {
      long sum = 0;
      for (long op = 0; op < ops; op++) {
        int from = (int) (op % set.buffers) * set.pages;
        System.arraycopy(set.frames, from, target, 0, set.pages);
        sum += target[0];
      }
      return sum;
    };
  }

  /** All patterns in one race: the slowest over the fastest. */
  private static void guard(Lab lab) {
    Race race = lab.race("256 pages, all patterns");
    for (PagePattern pattern : PagePattern.values()) {
      BufferSet set = new BufferSet(pattern, 256, lab.arena());
      race.add(pattern.name(), set.buffers, Mappings.frames(set));
    }
    RaceResult result = race.run();
    Comparator<String> bySpeed = Comparator.comparingDouble(result::nanos);
    List<String> names = Stream.of(PagePattern.values()).map(PagePattern::name).toList();
    lab.ratio(
        Goal.MAP_GUARD, result, Collections.max(names, bySpeed), Collections.min(names, bySpeed));
  }
}
