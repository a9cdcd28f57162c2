package org.bufferyard.cli.output;

import org.bufferyard.simulator.compare.Comparison;
import org.bufferyard.simulator.compare.Metric;

/**
 * A comparison and how it is to be looked at.
 *
 * @param region whose size was varied
 * @param metric that policies are ranked by
 * @param against number of the policy that verdicts are given against
 */
public record Outlook(
    String description,
    Comparison comparison,
    String region,
    Metric metric,
    int against,
    double wallSeconds) {
  public String againstName() {
    return comparison.policies().get(against);
  }
}
