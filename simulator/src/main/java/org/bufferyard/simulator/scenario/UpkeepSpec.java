package org.bufferyard.simulator.scenario;

import org.bufferyard.actors.environment.Upkeep;
import org.bufferyard.actors.environment.Upkeep.Defragment;
import org.bufferyard.actors.environment.Upkeep.Thrash;
import org.bufferyard.allocator.Pages;

/** What is done to the nearest region beside the demands for its room; see {@link Upkeep}. */
public record UpkeepSpec(
    long lowBytes,
    long highBytes,
    Thrash thrash,
    long thrashWindowNanos,
    boolean rangeScan,
    Defragment defragment,
    long defragmentBytes,
    long defragmentPeriodNanos) {
  static final long DEFRAGMENT_BYTES = Pages.toBytes(Upkeep.DEFRAGMENT_PAGES);

  static final UpkeepSpec NONE =
      new UpkeepSpec(
          0,
          0,
          Thrash.NONE,
          Upkeep.THRASH_WINDOW_NANOS,
          false,
          Defragment.NEVER,
          DEFRAGMENT_BYTES,
          Upkeep.DEFRAGMENT_PERIOD_NANOS);
}
