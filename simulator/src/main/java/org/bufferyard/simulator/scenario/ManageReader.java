package org.bufferyard.simulator.scenario;

import org.bufferyard.actors.environment.Management.Limit;
import org.bufferyard.actors.environment.PinQuota;
import org.bufferyard.allocator.Pages;
import org.bufferyard.simulator.workload.WorkloadSpec;

/** Reads {@code manage}: limits of moves, spilling, and what is said of clients. */
final class ManageReader {
  /**
   * The section.
   *
   * @param nearest the region that is managed
   */
  static ManageSpec read(Fields manage, WorkloadSpec workload, RegionSpec nearest) {
    ManageSpec none = ManageSpec.NONE;
    ManageSpec read =
        new ManageSpec(
            manage.word("budget", none.limit(), Limit.values()),
            manage.bytesPerSecond(
                "budget-rate",
                none.rateBytesPerSecond(),
                Pages.SIZE_BYTES,
                ScenarioReader.RATE_MAX),
            manage.sizeBytes(
                "budget-submission",
                none.submissionBytes(),
                Pages.SIZE_BYTES,
                ScenarioReader.REGION_BYTES_MAX),
            manage.flag("spill", none.spill()),
            manage.sizeBytes("evict-ahead", 0, 0, ScenarioReader.REGION_BYTES_MAX),
            ClaimsReader.read(manage, workload, nearest),
            UpkeepReader.read(manage, nearest),
            pins(manage.section("pins")));
    if (read.aheadBytes() > nearest.sizeBytes()) {
      throw manage.fault(
          "evict-ahead", read.aheadBytes() + " B", "at most the size of " + nearest.name());
    }
    manage.close();
    return read;
  }

  private static PinQuota pins(Fields pins) {
    int perBuffer = pins.integer("per-buffer", PinQuota.NONE.perBuffer(), 1, Integer.MAX_VALUE);
    long perClient =
        pins.has("per-client")
            ? Pages.ofBytes(
                pins.sizeBytes("per-client", 0, Pages.SIZE_BYTES, ScenarioReader.REGION_BYTES_MAX))
            : PinQuota.NONE.pagesPerClient();
    pins.close();
    return new PinQuota(perBuffer, perClient);
  }

  private ManageReader() {}
}
