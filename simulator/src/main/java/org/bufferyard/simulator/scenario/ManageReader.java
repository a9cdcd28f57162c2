package org.bufferyard.simulator.scenario;

import java.util.ArrayList;
import java.util.List;
import org.bufferyard.actors.environment.Management.Limit;
import org.bufferyard.allocator.Pages;
import org.bufferyard.simulator.workload.WorkloadSpec;

/** Reads {@code manage}: limits of moves, spilling and the clients' shares. */
final class ManageReader {
  private static final int SHARES_MAX = 64;

  /**
   * The section.
   *
   * @param nearest the region that shares are of
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
            shares(manage, workload, nearest),
            UpkeepReader.read(manage, nearest));
    if (read.aheadBytes() > nearest.sizeBytes()) {
      throw manage.fault(
          "evict-ahead", read.aheadBytes() + " B", "at most the size of " + nearest.name());
    }
    manage.close();
    return read;
  }

  private static List<ManageSpec.Share> shares(
      Fields manage, WorkloadSpec workload, RegionSpec nearest) {
    List<String> clients = workload.clientNames();
    List<ManageSpec.Share> shares = new ArrayList<>();
    long minSum = 0;
    long lowSum = 0;
    for (var entry : manage.sections("shares", SHARES_MAX).entrySet()) {
      Fields fields = entry.getValue();
      if (!clients.contains(entry.getKey())) {
        throw manage.fault(
            "shares",
            entry.getKey(),
            clients.isEmpty() ? "absent for this workload" : "of " + String.join(", ", clients));
      }
      long low = fields.sizeBytes("low", 0, 0, ScenarioReader.REGION_BYTES_MAX);
      long min = fields.sizeBytes("min", 0, 0, ScenarioReader.REGION_BYTES_MAX);
      minSum += min;
      lowSum += Math.max(low, min);
      if (fields.has("low") && min > low) {
        throw fields.fault("min", min + " B", "at most low, which is " + low + " B");
      }
      checkSum(fields, "min", minSum, nearest);
      checkSum(fields, "low", lowSum, nearest);
      shares.add(new ManageSpec.Share(entry.getKey(), min, Math.max(low, min)));
      fields.close();
    }
    return shares;
  }

  private static void checkSum(Fields fields, String key, long sum, RegionSpec nearest) {
    if (sum > nearest.sizeBytes()) {
      throw fields.fault(
          key,
          "a sum of " + sum + " B",
          "together at most " + nearest.name() + ", which has " + nearest.sizeBytes() + " B");
    }
  }

  private ManageReader() {}
}
