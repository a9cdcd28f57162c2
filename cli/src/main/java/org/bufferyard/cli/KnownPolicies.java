package org.bufferyard.cli;

import java.util.Iterator;
import java.util.List;
import org.bufferyard.allocator.policy.PolicyProvider;
import org.bufferyard.allocator.policy.catalog.Policies;

/** Names that {@code run --policy} takes: of the policies that know no future. */
final class KnownPolicies implements Iterable<String> {
  static List<String> names() {
    return Policies.all().stream().map(PolicyProvider::name).toList();
  }

  /** Those that need no future. */
  static List<String> online() {
    return Policies.all().stream()
        .filter(policy -> !policy.offline())
        .map(PolicyProvider::name)
        .toList();
  }

  /** Refuses the policy {@code name} that {@code option} asks for, if it is unknown or offline. */
  static void check(String option, String name) throws BadInput {
    if (!names().contains(name)) {
      throw new BadInput(
          option + " '" + name + "' is unknown; known: " + String.join(", ", online()));
    }
    checkOnline(option, name);
  }

  /** Refuses the policy {@code name} that {@code key} asks for in a run, if it is offline. */
  static void checkOnline(String key, String name) throws BadInput {
    if (names().contains(name) && !online().contains(name)) {
      throw new BadInput(
          key
              + " '"
              + name
              + "' is offline and no future is known in a run; it is for hitrate; online: "
              + String.join(", ", online()));
    }
  }

  @Override
  public Iterator<String> iterator() {
    return online().iterator();
  }
}
