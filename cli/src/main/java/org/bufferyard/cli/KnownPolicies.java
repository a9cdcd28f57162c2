package org.bufferyard.cli;

import java.util.Iterator;
import java.util.List;
import org.bufferyard.allocator.policy.PolicyProvider;
import org.bufferyard.allocator.policy.catalog.Policies;

/** Names that {@code --policy} takes. */
final class KnownPolicies implements Iterable<String> {
  static List<String> names() {
    return Policies.all().stream().map(PolicyProvider::name).toList();
  }

  @Override
  public Iterator<String> iterator() {
    return names().iterator();
  }
}
