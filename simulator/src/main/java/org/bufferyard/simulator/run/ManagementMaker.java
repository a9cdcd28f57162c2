package org.bufferyard.simulator.run;

import java.util.List;
import org.bufferyard.actors.environment.Claims;
import org.bufferyard.actors.environment.Management;
import org.bufferyard.actors.environment.Upkeep;
import org.bufferyard.allocator.Pages;
import org.bufferyard.simulator.scenario.ClaimsSpec;
import org.bufferyard.simulator.scenario.ManageSpec;
import org.bufferyard.simulator.scenario.UpkeepSpec;

/** What a scenario says is managed, as a yard takes it: pages for bytes, numbers for clients. */
final class ManagementMaker {
  /**
   * For a run.
   *
   * @param clients of the run; what is said of others is left out
   */
  static Management of(ManageSpec spec, List<String> clients) {
    return new Management(
        spec.limit(),
        spec.submissionBytes(),
        spec.spill(),
        Pages.ofBytes(spec.aheadBytes()),
        claims(spec.claims(), clients),
        upkeep(spec.upkeep()));
  }

  private static Claims claims(ClaimsSpec spec, List<String> clients) {
    return new Claims(
        spec.shares().stream()
            .filter(share -> clients.contains(share.client()))
            .map(share -> new Claims.Share(clients.indexOf(share.client()), bounds(share.bounds())))
            .toList(),
        bounds(spec.foreground()),
        bounds(spec.background()),
        spec.budget() == Claims.Rule.NONE
            ? Claims.Budgets.NONE
            : new Claims.Budgets(spec.budget(), spec.foregroundPercent()),
        spec.trimNanos());
  }

  /** Whole pages: what is promised rounded up, and what is allowed down. */
  private static Claims.Bounds bounds(ClaimsSpec.Bounds bytes) {
    long max = bytes.maxBytes() / Pages.SIZE_BYTES;
    return new Claims.Bounds(
        Math.min(max, Pages.ofBytes(bytes.minBytes())),
        Math.min(max, Pages.ofBytes(bytes.lowBytes())),
        bytes.maxBytes() == Long.MAX_VALUE ? Long.MAX_VALUE : max);
  }

  private static Upkeep upkeep(UpkeepSpec spec) {
    return new Upkeep(
        Pages.ofBytes(spec.lowBytes()),
        Pages.ofBytes(spec.highBytes()),
        spec.thrash(),
        spec.thrashWindowNanos(),
        spec.rangeScan(),
        spec.defragment(),
        Pages.ofBytes(spec.defragmentBytes()),
        spec.defragmentPeriodNanos());
  }

  private ManagementMaker() {}
}
