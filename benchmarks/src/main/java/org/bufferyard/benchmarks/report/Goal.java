package org.bufferyard.benchmarks.report;

/** The performance goals: the number each had when they were set, and the bounds. */
public enum Goal {
  NONE("", "for orientation", Unit.RATIO, Double.NaN, Double.NaN),
  SCALAR("1", "scalar builder, every case", Unit.RATIO, 0.60, Double.NaN),
  VECTOR("2", "vector builder, 256 pages and more", Unit.RATIO, 0.30, 0.18),
  VECTOR_BEST("2", "the same over the best C", Unit.RATIO, 2.0, Double.NaN),
  EXTENTS("3", "from extents, 256 pages and more", Unit.RATIO, 0.15, Double.NaN),
  EXTENTS_LONG("3", "from extents, mean run of 64 pages and more", Unit.RATIO, 0.02, Double.NaN),
  FOUR_PAGES("4", "4 pages, one by one, scalar", Unit.RATIO, 0.60, Double.NaN),
  FOUR_BATCH("4", "4 pages, 1,024 into one slab", Unit.RATIO, 0.30, Double.NaN),
  SLAB("5", "retained in a slab, 256 pages and more", Unit.RATIO, 0.60, Double.NaN),
  CONSTRAINED("6", "all constraints over none", Unit.RATIO, 1.6, Double.NaN),
  IOVA_PAIR("7", "IOVA pair and burst, one page", Unit.RATIO, 0.35, Double.NaN),
  IOVA_CHURN("7", "IOVA churn, orders 0 to 5", Unit.RATIO, 0.70, Double.NaN),
  IOVA_256("7", "IOVA pair and burst, 256 pages", Unit.RATIO, 0.25, Double.NaN),
  IOVA_OWNERS("7", "two owners at once, scaling at least 1.8", Unit.RATIO, 2 / 1.8, Double.NaN),
  TABLE_SCATTER("8", "page table: scattered map", Unit.RATIO, 0.05, Double.NaN),
  TABLE_CONTIG("8", "page table: contiguous 4 KiB map", Unit.RATIO, 0.35, Double.NaN),
  TABLE_LARGE("8", "page table: 2 MiB leaf map", Unit.RATIO, 1.5, Double.NaN),
  TABLE_UNMAP("8", "page table: leaf-wise unmap", Unit.RATIO, 0.12, Double.NaN),
  TABLE_COPY("8", "map path at 40 % of the copy rate", Unit.RATIO, 2.5, Double.NaN),
  MAP_1("9", "map and unmap, 4 KiB", Unit.RATIO, 0.25, Double.NaN),
  MAP_4("9", "map and unmap, 16 KiB", Unit.RATIO, 0.20, Double.NaN),
  MAP_CONTIG("9", "map and unmap, 1 MiB contiguous", Unit.RATIO, 0.15, Double.NaN),
  MAP_SCATTER("9", "map and unmap, 1 MiB scattered or mixed", Unit.RATIO, 0.03, Double.NaN),
  MAP_LARGE("9", "map and unmap, 8 and 64 MiB from frames", Unit.RATIO, 0.20, Double.NaN),
  MAP_EXTENTS("9", "map and unmap, contiguous extents", Unit.RATIO, 0.02, Double.NaN),
  MAP_GUARD("9", "1 MiB map and unmap, slowest over fastest pattern", Unit.RATIO, 1.5, Double.NaN),
  BATCH("10", "1,024 buffers of 4 KiB in one range, each", Unit.NANOS, 3.0, Double.NaN),
  ATTACH("10", "attach that finds its table cached", Unit.NANOS, 5.0, Double.NaN),
  SHARED("10", "second importer of equal signature: pages read", Unit.COUNT, 0, Double.NaN),
  BUDDY("11", "buddy, every case", Unit.RATIO, 0.75, Double.NaN),
  BOUNCE("11", "bounce over memcpy", Unit.RATIO, 1.25, Double.NaN),
  DIRECT("11", "direct mapping", Unit.RATIO, 0.60, Double.NaN),
  WIRE_SINGLE("12", "single message, CPU time over CBOR", Unit.RATIO, 1 / 1.1, Double.NaN),
  WIRE_SINGLE_BYTES("12", "single message, bytes over CBOR", Unit.RATIO, 0.75, Double.NaN),
  WIRE_BATCH("12", "batch of scatterlists, CPU time over CBOR", Unit.RATIO, 1 / 1.3, Double.NaN),
  WIRE_BATCH_BYTES("12", "batch of scatterlists, bytes over CBOR", Unit.RATIO, 0.8, Double.NaN),
  NO_GARBAGE("all", "bytes allocated per operation, except results", Unit.COUNT, 0, Double.NaN);

  /** What a figure of the goal is. */
  public enum Unit {
    RATIO,
    NANOS,
    COUNT
  }

  private final String number;
  private final String text;
  private final Unit unit;
  private final double worstMax;
  private final double meanMax;

  Goal(String number, String text, Unit unit, double worstMax, double meanMax) {
    this.number = number;
    this.text = text;
    this.unit = unit;
    this.worstMax = worstMax;
    this.meanMax = meanMax;
  }

  public String number() {
    return number;
  }

  public String text() {
    return text;
  }

  public Unit unit() {
    return unit;
  }

  /** No case may be above it. */
  public double worstMax() {
    return worstMax;
  }

  /** Bound on the geometric mean, or not a number. */
  public double meanMax() {
    return meanMax;
  }
}
