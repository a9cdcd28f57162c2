package org.bufferyard.benchmarks.suite;

import static java.lang.foreign.MemorySegment.NULL;

import java.util.List;
import org.bufferyard.allocator.DmaConstraints;
import org.bufferyard.allocator.sg.SgBuilder;
import org.bufferyard.benchmarks.paired.Contender;
import org.bufferyard.benchmarks.paired.Race;
import org.bufferyard.benchmarks.paired.RaceResult;
import org.bufferyard.benchmarks.report.Goal;
import org.bufferyard.benchmarks.workload.BufferSet;
import org.bufferyard.benchmarks.workload.PagePattern;

/**
 * What does a direct mapping cost? C builds the list and walks it once more for device addresses
 * and the mask; Java's list holds device addresses already, and the mask is checked on the union of
 * all last bytes: nothing is done per segment.
 */
final class DirectSuite implements Suite {
  /** The widest has room above all frames; the narrower one ends where they may. */
  private static final int[] MASK_BITS = {48, 40};

  @Override
  public String name() {
    return "direct";
  }

  @Override
  public void run(Lab lab) {
    List<PagePattern> patterns =
        List.of(PagePattern.CONTIG, PagePattern.SCATTER, PagePattern.MIX, PagePattern.BUDDY);
    for (int pages : lab.quick() ? new int[] {256} : new int[] {4, 256, 2048}) {
      for (PagePattern pattern : patterns) {
        BufferSet set = new BufferSet(pattern, pages, lab.arena());
        for (int bits : MASK_BITS) {
          measure(lab, set, bits);
        }
      }
    }
  }

  private static void measure(Lab lab, BufferSet set, int bits) {
    DmaConstraints limits = DmaConstraints.UNLIMITED.withDmaMask(DmaConstraints.maskOfBits(bits));
    Race race = lab.race(set.label() + ", mask of " + bits + " bits");
    lab.baseline()
        .ifPresent(
            c -> {
              var direct = c.shape("sg_direct_ops");
              race.add(
                  "C",
                  set.buffers,
                  ops ->
                      direct.call(
                          set.nativeFrames, NULL, ops, set.buffers, set.pages, limits.dmaMask()));
            });
    race.add("frames", set.buffers, direct(set, SgBuilder.preferred(), limits, false))
        .add("extents", set.buffers, direct(set, new SgBuilder(), limits, true));
    RaceResult result = race.run();
    lab.ratio(Goal.DIRECT, result, "frames", "C");
    lab.ratio(Goal.DIRECT, result, "extents", "C");
  }

  private static Contender direct(
      BufferSet set, SgBuilder builder, DmaConstraints limits, boolean fromExtents) {
    long bytes = (long) set.pages << 12;
    return ops -> {
      long sum = 0;
      int buffer = 0;
      for (long op = 0; op < ops; op++) {
        builder.start(DmaConstraints.UINT_MAX, DmaConstraints.NO_BOUNDARY);
        if (fromExtents) {
          builder.append(set.extents[buffer], 0, bytes);
        } else {
          builder.append(set.frames, buffer * set.pages, set.pages, 0, bytes);
        }
        sum += builder.finish(limits);
        buffer = buffer + 1 == set.buffers ? 0 : buffer + 1;
      }
      return sum;
    };
  }
}
