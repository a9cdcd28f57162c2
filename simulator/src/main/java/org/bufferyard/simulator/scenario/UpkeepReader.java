package org.bufferyard.simulator.scenario;

import org.bufferyard.actors.environment.Upkeep;
import org.bufferyard.actors.environment.Upkeep.Defragment;
import org.bufferyard.actors.environment.Upkeep.Thrash;
import org.bufferyard.allocator.Pages;

/** Reads of {@code manage} what is done to the nearest region beside the demands for its room. */
final class UpkeepReader {
  /**
   * Those keys of the section.
   *
   * @param nearest the region they are of
   */
  static UpkeepSpec read(Fields manage, RegionSpec nearest) {
    long low = watermark(manage, "watermark-low", 0, nearest);
    long high = watermark(manage, "watermark-high", low, nearest);
    if (low > high) {
      throw manage.fault(
          "watermark-low", low + " B", "at most watermark-high, which is " + high + " B");
    }
    if (low == 0 && high > 0) {
      throw manage.fault("watermark-high", high + " B", "only with a watermark-low");
    }
    return new UpkeepSpec(
        low,
        high,
        manage.word("thrash", Thrash.NONE, Thrash.values()),
        manage.nanos(
            "thrash-window", Upkeep.THRASH_WINDOW_NANOS, 1_000, ScenarioReader.NANOS_PER_SECOND),
        manage.flag("range-scan", false),
        manage.word("defragment", Defragment.NEVER, Defragment.values()),
        manage.sizeBytes(
            "defragment-budget",
            UpkeepSpec.DEFRAGMENT_BYTES,
            Pages.SIZE_BYTES,
            ScenarioReader.REGION_BYTES_MAX),
        manage.nanos(
            "defragment-period",
            Upkeep.DEFRAGMENT_PERIOD_NANOS,
            1_000_000,
            ScenarioReader.DURATION_NANOS_MAX));
  }

  /** Bytes, or a percentage of the region. */
  private static long watermark(Fields manage, String key, long missing, RegionSpec nearest) {
    boolean share = manage.text(key, "").endsWith("%");
    long max = ScenarioReader.REGION_BYTES_MAX;
    long bytes =
        share
            ? manage.regionBytes(key, nearest.sizeBytes(), max)
            : manage.sizeBytes(key, missing, 0, max);
    if (bytes > nearest.sizeBytes()) {
      throw manage.fault(
          key,
          bytes + " B",
          "at most the size of " + nearest.name() + ", which has " + nearest.sizeBytes() + " B");
    }
    return bytes;
  }

  private UpkeepReader() {}
}
