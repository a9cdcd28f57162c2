package org.bufferyard.benchmarks.suite;

import static java.lang.foreign.MemorySegment.NULL;

import java.lang.foreign.MemorySegment;
import org.bufferyard.allocator.iommu.PageTable;
import org.bufferyard.benchmarks.baseline.CBaseline;
import org.bufferyard.benchmarks.baseline.CFunction;
import org.bufferyard.benchmarks.paired.Contender;
import org.bufferyard.benchmarks.paired.Race;
import org.bufferyard.benchmarks.paired.RaceResult;
import org.bufferyard.benchmarks.report.Goal;
import org.bufferyard.benchmarks.workload.BufferSet;
import org.bufferyard.benchmarks.workload.PagePattern;

/**
 * What do mapping and unmapping cost in the page table alone? Each turn maps a stretch of space
 * that its preparation emptied, or unmaps one that it filled.
 */
final class PageTableSuite implements Suite {
  private static final int ADDRESS_BITS = 48;
  private static final int TABLES_MAX = 1 << 16;
  private static final long ACCESS = PageTable.READ | PageTable.WRITE;
  private static final long BASE = 1L << 28;
  private static final int LEAF_PAGES = 512;

  @Override
  public String name() {
    return "pagetable";
  }

  @Override
  public void run(Lab lab) {
    measure(lab, Goal.TABLE_SCATTER, new BufferSet(PagePattern.SCATTER, 256, lab.arena()));
    measure(lab, Goal.TABLE_CONTIG, new BufferSet(PagePattern.CONTIG, 256, lab.arena()));
    measure(lab, Goal.TABLE_LARGE, new BufferSet(PagePattern.CONTIG, LEAF_PAGES, lab.arena()));
    if (!lab.quick()) {
      measure(lab, Goal.TABLE_SCATTER, new BufferSet(PagePattern.SCATTER, 2048, lab.arena()));
      measure(lab, Goal.TABLE_SCATTER, new BufferSet(PagePattern.MIX, 2048, lab.arena()));
    }
    copy(lab);
  }

  private static void measure(Lab lab, Goal goal, BufferSet set) {
    boolean whole = set.pattern == PagePattern.CONTIG;
    Race race = lab.race(set.label());
    lab.baseline().ifPresent(c -> enter(race, c, set, whole));
    race.add("map", set.buffers, new Mapping(set, whole, true))
        .add("unmap", set.buffers, new Mapping(set, whole, false));
    RaceResult result = race.run();
    lab.ratio(goal, result, "map", "C map");
    // From 2 MiB on C drops whole leaf tables: that is no leaf-wise unmap.
    Goal unmap = set.pages < LEAF_PAGES ? Goal.TABLE_UNMAP : Goal.NONE;
    lab.ratio(unmap, result, "unmap", "C unmap");
  }

  private static void enter(Race race, CBaseline c, BufferSet set, boolean whole) {
    race.add("C map", set.buffers, new MappingInC(c, set, whole, true))
        .add("C unmap", set.buffers, new MappingInC(c, set, whole, false));
  }

  /** The map path of the frames of large buffers beside a plain copy of the same numbers. */
  private static void copy(Lab lab) {
    BufferSet set = new BufferSet(PagePattern.SCATTER, 1 << 14, lab.arena());
    Race race = lab.race(set.label());
    long[] target = new long[set.frames.length];
    race.add("map", set.buffers, new Mapping(set, false, true))
        .add("map and unmap", set.buffers, new MapAndUnmap(set))
        .add(
            "copy",
            set.buffers,
            ops -> {
              for (long op = 0; op < ops; op++) {
                int from = (int) (op % set.buffers) * set.pages;
                System.arraycopy(set.frames, from, target, from, set.pages);
              }
              return target[target.length - 1];
            });
    RaceResult result = race.run();
    lab.ratio(Goal.TABLE_COPY, result, "map", "copy", "copy");
    lab.ratio(Goal.NONE, result, "map and unmap", "copy", "copy");
  }

  /** Maps buffers one behind the other, or unmaps them, at most one rotation a time. */
  private static final class Mapping implements Contender {
    private final PageTable table = new PageTable(ADDRESS_BITS, TABLES_MAX);
    private final BufferSet set;
    private final boolean whole;
    private final boolean maps;

    Mapping(BufferSet set, boolean whole, boolean maps) {
      this.set = set;
      this.whole = whole;
      this.maps = maps;
    }

    @Override
    public long opsMax() {
      return set.buffers;
    }

    @Override
    public void prepare(long ops) {
      if (maps) {
        unmapAll(table.mappedPages() / set.pages);
      } else {
        mapAll(ops);
      }
    }

    @Override
    public long run(long ops) {
      return maps ? mapAll(ops) : unmapAll(ops);
    }

    private long mapAll(long ops) {
      long refused = 0;
      for (int buffer = 0; buffer < ops; buffer++) {
        long iova = BASE + (long) buffer * set.pages;
        int from = buffer * set.pages;
        refused +=
            whole
                ? table.map(iova, set.frames[from], set.pages, ACCESS)
                : table.mapPfns(iova, set.frames, from, set.pages, ACCESS);
      }
      return refused;
    }

    private long unmapAll(long ops) {
      long removed = 0;
      for (int buffer = 0; buffer < ops; buffer++) {
        removed += table.unmap(BASE + (long) buffer * set.pages, set.pages);
      }
      return removed;
    }
  }

  private static final class MapAndUnmap implements Contender {
    private final Mapping mapping;
    private final long opsMax;

    MapAndUnmap(BufferSet set) {
      mapping = new Mapping(set, false, true);
      opsMax = set.buffers;
    }

    @Override
    public long opsMax() {
      return opsMax;
    }

    @Override
    public long run(long ops) {
      return mapping.mapAll(ops) + mapping.unmapAll(ops);
    }
  }

  private static final class MappingInC implements Contender {
    private final MemorySegment iommu;
    private final CFunction map;
    private final CFunction unmap;
    private final BufferSet set;
    private final boolean whole;
    private final boolean maps;
    private long mapped;

    MappingInC(CBaseline c, BufferSet set, boolean whole, boolean maps) {
      iommu = MemorySegment.ofAddress(c.shape("iommu_create").call(NULL, NULL, 0, 0, 0, 0));
      map = c.shape("iommu_map_ops");
      unmap = c.shape("iommu_unmap_ops");
      this.set = set;
      this.whole = whole;
      this.maps = maps;
    }

    @Override
    public long opsMax() {
      return set.buffers;
    }

    @Override
    public void prepare(long ops) {
      if (maps) {
        unmapAll(mapped);
      } else {
        mapAll(ops);
      }
    }

    @Override
    public long run(long ops) {
      return maps ? mapAll(ops) : unmapAll(ops);
    }

    private long mapAll(long ops) {
      mapped = ops;
      return map.call(iommu, set.nativeFrames, ops, set.buffers, set.pages, whole ? 1 : 0);
    }

    private long unmapAll(long ops) {
      return unmap.call(iommu, NULL, ops, set.pages, 0, 0);
    }
  }
}
