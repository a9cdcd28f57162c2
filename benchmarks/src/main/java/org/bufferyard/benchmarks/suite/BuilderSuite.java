package org.bufferyard.benchmarks.suite;

import static java.lang.foreign.MemorySegment.NULL;

import java.util.ArrayList;
import java.util.List;
import org.bufferyard.allocator.DmaConstraints;
import org.bufferyard.allocator.sg.SgBuilder;
import org.bufferyard.benchmarks.baseline.CBaseline;
import org.bufferyard.benchmarks.baseline.CFunction;
import org.bufferyard.benchmarks.paired.Contender;
import org.bufferyard.benchmarks.paired.Race;
import org.bufferyard.benchmarks.paired.RaceResult;
import org.bufferyard.benchmarks.report.Goal;
import org.bufferyard.benchmarks.workload.BufferSet;
import org.bufferyard.benchmarks.workload.PagePattern;

/**
 * Does the builder beat two passes over a page array in C, in every pattern, size and limit? Every
 * contender's lists are compared segment by segment before they are timed. The builders are warmed
 * up on all patterns by turns: one that saw a single pattern would be compiled for that alone.
 */
final class BuilderSuite implements Suite {
  private static final long SHORT_SEGMENT_BYTES = 64 << 10;
  private static final long SHORT_BOUNDARY_MASK = SHORT_SEGMENT_BYTES - 1;
  private static final int WARM_ROUNDS = 40;
  private static final int WARM_CALLS = 32;

  private record Case(PagePattern pattern, int pages, long maxSegmentBytes) {}

  private final SgBuilder scalar = new SgBuilder();
  private final SgBuilder vector = SgBuilder.preferred();
  private final SgBuilder batched = SgBuilder.preferred();

  /** What the warm-up computed, kept so that it is computed. */
  private long warmth;

  @Override
  public String name() {
    return "builder";
  }

  @Override
  public void run(Lab lab) {
    warm(lab);
    for (Case of : cases(lab.quick())) {
      BufferSet set = new BufferSet(of.pattern, of.pages, lab.arena());
      measure(lab, set, of.maxSegmentBytes);
    }
  }

  private void warm(Lab lab) {
    List<Contender> contenders = new ArrayList<>();
    for (int pages : new int[] {4, 256}) {
      for (PagePattern pattern : PagePattern.values()) {
        Builders of =
            new Builders(new BufferSet(pattern, pages, lab.arena()), DmaConstraints.UINT_MAX);
        for (SgBuilder builder : List.of(scalar, vector)) {
          contenders.add(of.frames(builder));
          contenders.add(of.constrained(builder));
          contenders.add(of.slab(builder));
        }
        contenders.add(of.extents(scalar));
        contenders.add(of.batch(batched, WARM_CALLS));
      }
    }
    for (int round = 0; round < WARM_ROUNDS; round++) {
      contenders.forEach(contender -> warmth += contender.run(WARM_CALLS));
    }
  }

  private static List<Case> cases(boolean quick) {
    List<Case> cases = new ArrayList<>();
    int[] sizes = quick ? new int[] {4, 256, 16384} : new int[] {4, 256, 2048, 16384};
    for (int pages : sizes) {
      for (PagePattern pattern : PagePattern.values()) {
        cases.add(new Case(pattern, pages, DmaConstraints.UINT_MAX));
        if (!quick && pages != 2048 && pages != 4) {
          cases.add(new Case(pattern, pages, SHORT_SEGMENT_BYTES));
        }
      }
    }
    if (!quick) {
      cases.add(new Case(PagePattern.CONTIG, 1, DmaConstraints.UINT_MAX));
      cases.add(new Case(PagePattern.CONTIG, 1 << 18, DmaConstraints.UINT_MAX));
      cases.add(new Case(PagePattern.SCATTER, 1 << 18, DmaConstraints.UINT_MAX));
      cases.add(new Case(PagePattern.MIX, 1 << 18, SHORT_SEGMENT_BYTES));
    }
    return cases;
  }

  private void measure(Lab lab, BufferSet set, long maxSegmentBytes) {
    Builders builders = new Builders(set, maxSegmentBytes);
    compare(lab, set, maxSegmentBytes, builders);
    boolean limited = maxSegmentBytes < DmaConstraints.UINT_MAX;
    Race race = lab.race(set.label() + (limited ? ", segments of 64 KiB" : ""));
    lab.baseline().ifPresent(c -> enter(race, c, set, maxSegmentBytes));
    race.add("scalar", set.buffers, builders.frames(scalar))
        .add("vector", set.buffers, builders.frames(vector))
        .add("extents", set.buffers, builders.extents(scalar))
        .add("slab", set.buffers, builders.slab(vector))
        .add("batch", set.buffers, builders.batch(batched, Builders.SLAB_BUFFERS))
        .add("scalar, constrained", set.buffers, builders.constrained(scalar))
        .add("vector, constrained", set.buffers, builders.constrained(vector));
    if (set.pages <= 256) {
      race.add("batch of 32", set.buffers, builders.batch(batched, 32))
          .add("scalar, boundary", set.buffers, builders.bounded(scalar, SHORT_BOUNDARY_MASK))
          .add("vector, boundary", set.buffers, builders.bounded(vector, SHORT_BOUNDARY_MASK));
    }
    report(lab, race.run(), set, limited);
  }

  private void compare(Lab lab, BufferSet set, long maxSegmentBytes, Builders builders) {
    long digest = builders.digest(scalar, false);
    require(set, "vector", digest, builders.digest(vector, false));
    require(set, "extents", digest, builders.digest(scalar, true));
    lab.baseline()
        .ifPresent(
            c -> {
              require(set, "C", digest, call(c.shape("sg_kernel_digest"), set, 1, maxSegmentBytes));
              require(
                  set, "best C", digest, call(c.tuned("sg_best_digest"), set, 1, maxSegmentBytes));
            });
  }

  private static void require(BufferSet set, String who, long expected, long actual) {
    if (expected != actual) {
      throw new IllegalStateException(
          "lists differ, " + set.label() + ", " + who + ": " + actual + ", scalar: " + expected);
    }
  }

  private static void enter(Race race, CBaseline c, BufferSet set, long maxSegmentBytes) {
    CFunction shape = c.shape("sg_kernel_ops");
    CFunction best = c.tuned("sg_best_ops");
    CFunction read = c.tuned("read_ops");
    race.add("C", set.buffers, ops -> call(shape, set, ops, maxSegmentBytes))
        .add("best C", set.buffers, ops -> call(best, set, ops, maxSegmentBytes))
        .add("read", set.buffers, ops -> call(read, set, ops, 0));
  }

  private static long call(CFunction function, BufferSet set, long ops, long limit) {
    return function.call(set.nativeFrames, NULL, ops, set.buffers, set.pages, limit);
  }

  private static void report(Lab lab, RaceResult result, BufferSet set, boolean limited) {
    boolean small = set.pages < 256;
    boolean four = set.pages == 4;
    lab.ratio(
        four ? Goal.FOUR_PAGES : small ? Goal.NONE : Goal.SCALAR, result, "scalar", "C", "read");
    lab.ratio(small ? Goal.NONE : Goal.VECTOR, result, "vector", "C", "read");
    lab.ratio(small ? Goal.NONE : Goal.VECTOR_BEST, result, "vector", "best C", "read");
    boolean longRuns = !small && !limited && set.meanRunPages() >= 64;
    lab.ratio(small ? Goal.NONE : Goal.EXTENTS, result, "extents", "C");
    if (longRuns) {
      lab.ratio(Goal.EXTENTS_LONG, result, "extents", "C");
    }
    lab.ratio(small ? Goal.NONE : Goal.SLAB, result, "slab", "C", "read");
    lab.ratio(four ? Goal.FOUR_BATCH : small ? Goal.NONE : Goal.SLAB, result, "batch", "C", "read");
    lab.ratio(Goal.NONE, result, "batch of 32", "C", "read");
    lab.ratio(Goal.NONE, result, "scalar, boundary", "scalar");
    lab.ratio(Goal.NONE, result, "vector, boundary", "vector");
    lab.ratio(Goal.CONSTRAINED, result, "scalar, constrained", "scalar");
    lab.ratio(Goal.CONSTRAINED, result, "vector, constrained", "vector");
  }
}
