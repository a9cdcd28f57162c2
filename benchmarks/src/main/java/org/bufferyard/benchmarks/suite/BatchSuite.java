package org.bufferyard.benchmarks.suite;

import java.util.Objects;
import org.bufferyard.allocator.DmaConstraints;
import org.bufferyard.allocator.DmaDirection;
import org.bufferyard.allocator.Outcome;
import org.bufferyard.allocator.iommu.DomainSettings;
import org.bufferyard.allocator.iommu.IommuDomain;
import org.bufferyard.allocator.iommu.MappingCache;
import org.bufferyard.allocator.sg.SgTable;
import org.bufferyard.benchmarks.paired.Contender;
import org.bufferyard.benchmarks.paired.Race;
import org.bufferyard.benchmarks.paired.RaceResult;
import org.bufferyard.benchmarks.report.Goal;
import org.bufferyard.benchmarks.workload.BufferSet;
import org.bufferyard.benchmarks.workload.PagePattern;

/** What does a buffer cost that shares its range with 1,023 others, or its table with the first? */
final class BatchSuite implements Suite {
  private static final int LARGE_BATCH = 1024;
  private static final int SMALL_BATCH = 32;
  private static final int CACHED_BUFFERS = 1024;

  @Override
  public String name() {
    return "batch";
  }

  @Override
  public void run(Lab lab) {
    batch(lab, Goal.BATCH, 1, LARGE_BATCH);
    if (!lab.quick()) {
      batch(lab, Goal.NONE, 1, SMALL_BATCH);
      batch(lab, Goal.NONE, 4, LARGE_BATCH);
      batch(lab, Goal.NONE, 4, SMALL_BATCH);
    }
    attach(lab);
    secondImporter(lab);
  }

  private static void batch(Lab lab, Goal goal, int pages, int size) {
    BufferSet set = new BufferSet(PagePattern.SCATTER, pages, lab.arena());
    Race race = lab.race(set.label() + ", " + size + " buffers in a range");
    lab.baseline().ifPresent(c -> race.add("C", set.buffers, Mappings.inC(c, set)));
    race.add("one by one", set.buffers, Mappings.frames(set))
        .add("batch", LARGE_BATCH, Mappings.batches(set, size));
    RaceResult result = race.run();
    double nanos = result.nanos("batch");
    if (goal == Goal.BATCH) {
      lab.figure(goal, "batch", nanos, nanos, result.bytes("batch"));
    }
    lab.ratio(Goal.NONE, result, "batch", "C");
    lab.ratio(Goal.NONE, result, "batch", "one by one");
  }

  /** Acquire and release of a table that is there, over 1,024 buffers. */
  private static void attach(Lab lab) {
    MappingCache cache = new MappingCache();
    int signature = cache.signatureOf(DmaConstraints.UNLIMITED, DmaDirection.TO_DEVICE);
    SgTable table = table(new IommuDomain(DomainSettings.ofBits(48)));
    for (int buffer = 0; buffer < CACHED_BUFFERS; buffer++) {
      cache.add(buffer, 1, signature, table);
    }
    Contender attaches =
        ops -> {
          long nents = 0;
          for (long op = 0; op < ops; op++) {
            SgTable found = cache.acquire(op & (CACHED_BUFFERS - 1), 1, signature);
            nents += Objects.requireNonNull(found).nents();
          }
          return nents;
        };
    RaceResult result =
        lab.race("1,024 buffers").add("cached attach", CACHED_BUFFERS, attaches).run();
    double nanos = result.nanos("cached attach");
    lab.figure(Goal.ATTACH, "cached attach", nanos, nanos, result.bytes("cached attach"));
  }

  /** The second map of a buffer by equal constraints: pages its page table received meanwhile. */
  private static void secondImporter(Lab lab) {
    IommuDomain domain = new IommuDomain(DomainSettings.ofBits(48));
    MappingCache cache = new MappingCache();
    DmaConstraints equal = DmaConstraints.UNLIMITED.withDmaMask(DmaConstraints.maskOfBits(40));
    int first = cache.signatureOf(equal, DmaDirection.TO_DEVICE);
    cache.add(1, 1, first, table(domain));
    long before = domain.mappedPages();
    int second =
        cache.signatureOf(
            DmaConstraints.UNLIMITED.withDmaMask(DmaConstraints.maskOfBits(40)),
            DmaDirection.TO_DEVICE);
    Objects.requireNonNull(cache.acquire(1, 1, second));
    lab.race("second importer");
    lab.figure(Goal.SHARED, "cache", 0, (double) (domain.mappedPages() - before), 0);
  }

  private static SgTable table(IommuDomain domain) {
    long[] frames = {5, 9, 2, 40};
    Outcome<SgTable> mapped =
        domain.mapPfns(frames, 0, frames.length, DmaDirection.TO_DEVICE, DmaConstraints.UNLIMITED);
    return switch (mapped) {
      case Outcome.Done<SgTable>(SgTable table) -> table;
      case Outcome.Refused<SgTable>(var refusal) -> throw new IllegalStateException("" + refusal);
    };
  }
}
