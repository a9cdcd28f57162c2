package org.bufferyard.benchmarks.suite;

import org.bufferyard.allocator.DmaConstraints;
import org.bufferyard.allocator.DmaDirection;
import org.bufferyard.allocator.iommu.DomainSettings;
import org.bufferyard.allocator.iommu.IommuDomain;
import org.bufferyard.allocator.iommu.MappingCache;
import org.bufferyard.allocator.sg.SgBuilder;
import org.bufferyard.allocator.sg.SgTable;
import org.bufferyard.benchmarks.paired.Contender;
import org.bufferyard.benchmarks.paired.Race;
import org.bufferyard.benchmarks.paired.RaceResult;
import org.bufferyard.benchmarks.report.Goal;
import org.bufferyard.benchmarks.workload.BufferSet;
import org.bufferyard.benchmarks.workload.PagePattern;

/**
 * What does an importer cost that shares the mapped table of those with equal constraints? A buffer
 * of 1 MiB is mapped by 1, 2 or 8 importers of 1 or 2 constraint signatures and unmapped by all. C
 * maps it for every importer, as a cache for each attachment does. An operation is one importer;
 * the bytes are those of the tables kept.
 */
final class ImporterSuite implements Suite {
  private static final int PAGES = 256;
  private static final DmaDirection BOTH = DmaDirection.BIDIRECTIONAL;

  private static final DmaConstraints[] SIGNATURES = {
    DmaConstraints.UNLIMITED, DmaConstraints.UNLIMITED.withDmaMask(DmaConstraints.maskOfBits(40))
  };

  @Override
  public String name() {
    return "importers";
  }

  @Override
  public void run(Lab lab) {
    BufferSet set = new BufferSet(PagePattern.MIX, PAGES, lab.arena());
    int[][] cases =
        lab.quick() ? new int[][] {{2, 1}} : new int[][] {{1, 1}, {2, 1}, {2, 2}, {8, 2}};
    for (int[] of : cases) {
      measure(lab, set, of[0], of[1]);
    }
  }

  private static void measure(Lab lab, BufferSet set, int importers, int signatures) {
    Race race =
        lab.race(set.label() + ", " + importers + " importers of " + signatures + " signatures");
    lab.baseline().ifPresent(c -> race.add("C", set.buffers, Mappings.inC(c, set)));
    race.add("each its own", set.buffers, Mappings.frames(set))
        .add("shared", (long) set.buffers * importers, new Sharing(set, importers, signatures));
    RaceResult result = race.run();
    lab.ratio(Goal.NONE, result, "shared", "C");
    lab.ratio(Goal.NONE, result, "shared", "each its own");
  }

  /** All importers of a buffer map it, then all unmap it and its tables leave the cache. */
  private static final class Sharing implements Contender {
    private final IommuDomain domain = new IommuDomain(DomainSettings.ofBits(48));
    private final MappingCache cache = new MappingCache();
    private final SgBuilder out = new SgBuilder();
    private final BufferSet set;
    private final int[] signatures;
    private final int importers;

    Sharing(BufferSet set, int importers, int signatures) {
      this.set = set;
      this.importers = importers;
      this.signatures = new int[signatures];
      for (int at = 0; at < signatures; at++) {
        this.signatures[at] = cache.signatureOf(SIGNATURES[at], BOTH);
      }
    }

    @Override
    public long run(long ops) {
      long nents = 0;
      int buffer = 0;
      for (long op = 0; op < ops; op += importers) {
        for (int importer = 0; importer < importers; importer++) {
          nents += map(buffer, importer % signatures.length).nents();
        }
        for (int importer = 0; importer < importers; importer++) {
          cache.release(buffer, 1, signatures[importer % signatures.length]);
        }
        nents += cache.drain(buffer, this::unmap);
        buffer = buffer + 1 == set.buffers ? 0 : buffer + 1;
      }
      return nents;
    }

    private SgTable map(int buffer, int at) {
      SgTable found = cache.acquire(buffer, 1, signatures[at]);
      if (found == null) {
        domain.mapPfnsInto(out, set.frames, buffer * PAGES, PAGES, BOTH, SIGNATURES[at]);
        found = out.table();
        cache.add(buffer, 1, signatures[at], found);
      }
      return found;
    }

    private void unmap(SgTable table, DmaDirection direction, int users) {
      domain.unmapNow(table.address(0), (long) PAGES << 12);
    }
  }
}
