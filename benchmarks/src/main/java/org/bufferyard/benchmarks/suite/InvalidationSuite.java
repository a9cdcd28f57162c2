package org.bufferyard.benchmarks.suite;

import org.bufferyard.allocator.DmaConstraints;
import org.bufferyard.allocator.DmaDirection;
import org.bufferyard.allocator.iommu.DomainSettings;
import org.bufferyard.allocator.iommu.Invalidation;
import org.bufferyard.allocator.iommu.IommuDomain;
import org.bufferyard.allocator.sg.SgBuilder;
import org.bufferyard.benchmarks.paired.Contender;
import org.bufferyard.benchmarks.paired.Race;
import org.bufferyard.benchmarks.paired.RaceResult;
import org.bufferyard.benchmarks.report.Goal;
import org.bufferyard.benchmarks.workload.BufferSet;
import org.bufferyard.benchmarks.workload.PagePattern;

/**
 * What does letting 256 unmaps wait for one invalidation gain, at what the hardware's
 * synchronisation costs: nothing, or about a microsecond, for which the processor spins? C
 * invalidates at once and pays nothing for it.
 */
final class InvalidationSuite implements Suite {
  private static final DmaDirection BOTH = DmaDirection.BIDIRECTIONAL;

  @Override
  public String name() {
    return "invalidation";
  }

  @Override
  public void run(Lab lab) {
    for (int pages : lab.quick() ? new int[] {1} : new int[] {1, 256}) {
      BufferSet set = new BufferSet(PagePattern.SCATTER, pages, lab.arena());
      for (int syncNanos : new int[] {0, 1000}) {
        measure(lab, set, syncNanos);
      }
    }
  }

  private static void measure(Lab lab, BufferSet set, int syncNanos) {
    long spins = Spin.ofNanos(syncNanos);
    Race race = lab.race(set.label() + ", synchronisation of " + syncNanos + " ns");
    lab.baseline().ifPresent(c -> race.add("C", set.buffers, Mappings.inC(c, set)));
    race.add("strict", set.buffers, mapping(set, Invalidation.STRICT, spins))
        .add("deferred by 256", set.buffers, mapping(set, Invalidation.LAZY, spins));
    RaceResult result = race.run();
    lab.ratio(Goal.NONE, result, "deferred by 256", "strict");
    lab.ratio(Goal.NONE, result, "deferred by 256", "C");
  }

  /** Spins whenever an invalidation has reached the hardware. */
  private static Contender mapping(BufferSet set, Invalidation mode, long spins) {
    IommuDomain domain = new IommuDomain(DomainSettings.ofBits(48).withInvalidation(mode));
    SgBuilder out = new SgBuilder();
    long bytes = (long) set.pages << 12;
    return ops -> {
      long hash = 0;
      int buffer = 0;
      long completed = domain.completedInvalidations();
      for (long op = 0; op < ops; op++) {
        long iova =
            domain.mapPfnsInto(
                out, set.frames, buffer * set.pages, set.pages, BOTH, DmaConstraints.UNLIMITED);
        hash += domain.unmapNow(iova, bytes);
        if (domain.completedInvalidations() != completed) {
          completed = domain.completedInvalidations();
          hash += Spin.spin(spins);
        }
        buffer = buffer + 1 == set.buffers ? 0 : buffer + 1;
      }
      return hash;
    };
  }

  /** Work that takes a known time and that no compiler removes. */
  private static final class Spin {
    private static final int PROBE = 1 << 22;

    /** Steps that take about so long on this machine now. */
    static long ofNanos(int nanos) {
      long least = Long.MAX_VALUE;
      for (int round = 0; nanos > 0 && round < 5; round++) {
        long before = System.nanoTime();
        long kept = spin(PROBE);
        least = Math.min(least, System.nanoTime() - before + (kept == 1 ? 1 : 0));
      }
      return nanos == 0 ? 0 : (long) nanos * PROBE / least;
    }

    static long spin(long steps) {
      long state = steps | 1;
      for (long step = 0; step < steps; step++) {
        state = state * 0x5851_F42D_4C95_7F2DL + 1;
      }
      return state;
    }

    private Spin() {}
  }
}
