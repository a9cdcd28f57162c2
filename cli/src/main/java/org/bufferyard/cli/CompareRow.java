package org.bufferyard.cli;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;

/**
 * One row of a comparison: a policy under some management.
 *
 * @param settings laid over the scenario
 */
record CompareRow(String policy, String label, List<String> settings) {
  private static final String AS_IT_IS = "as it is";

  /** Each policy as the scenario has it, and under each management. */
  static List<CompareRow> of(List<String> policies, List<String> managements) throws BadInput {
    List<CompareRow> rows = new ArrayList<>();
    for (String policy : policies) {
      if (managements.isEmpty()) {
        rows.add(new CompareRow(policy, policy, List.of()));
        continue;
      }
      String prefix = policies.size() > 1 ? policy + ", " : "";
      rows.add(new CompareRow(policy, prefix + AS_IT_IS, List.of()));
      for (String management : new LinkedHashSet<>(managements)) {
        rows.add(new CompareRow(policy, prefix + management, settings(management)));
      }
    }
    return rows;
  }

  /** {@code bring-back} stands at the top of a scenario, all other keys below {@code manage}. */
  static List<String> settings(String management) throws BadInput {
    List<String> settings = new ArrayList<>();
    for (String each : management.split(",", -1)) {
      if (!each.matches("[a-zA-Z][\\w.-]*=.+")) {
        throw new BadInput("--manage '" + management + "': '" + each + "' is no KEY=VALUE");
      }
      settings.add(each.startsWith("bring-back=") ? each : "manage." + each);
    }
    return settings;
  }
}
