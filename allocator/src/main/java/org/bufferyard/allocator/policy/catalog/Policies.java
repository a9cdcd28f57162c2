package org.bufferyard.allocator.policy.catalog;

import java.util.ArrayList;
import java.util.List;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import org.bufferyard.allocator.Errno;
import org.bufferyard.allocator.Outcome;
import org.bufferyard.allocator.policy.EvictionPolicy;
import org.bufferyard.allocator.policy.PolicyContext;
import org.bufferyard.allocator.policy.PolicyProvider;

/**
 * Eviction policies by name. Third parties' are found with {@link ServiceLoader} and cannot take
 * the name of one of ours.
 */
public final class Policies {
  private static final List<PolicyProvider> BUILT_IN = BuiltInPolicies.all();

  /** Our policies, then those on the class path, in a stable order. */
  public static List<PolicyProvider> all() {
    List<PolicyProvider> all = new ArrayList<>(BUILT_IN);
    for (PolicyProvider found : ServiceLoader.load(PolicyProvider.class)) {
      if (all.stream().noneMatch(known -> known.name().equals(found.name()))) {
        all.add(found);
      }
    }
    return all;
  }

  /**
   * A new policy of that name. Refused with EINVAL, naming the known ones, where there is none, or
   * where a provider on the class path cannot be loaded.
   */
  public static Outcome<EvictionPolicy> byName(String name, PolicyContext context) {
    for (PolicyProvider provider : BUILT_IN) {
      if (provider.name().equals(name)) {
        return Outcome.done(provider.create(context));
      }
    }
    try {
      return foundByName(name, context);
    } catch (ServiceConfigurationError broken) {
      return Outcome.refused(Errno.EINVAL, "policy provider not usable: " + broken.getMessage());
    }
  }

  private static Outcome<EvictionPolicy> foundByName(String name, PolicyContext context) {
    List<PolicyProvider> known = all();
    for (PolicyProvider provider : known) {
      if (provider.name().equals(name)) {
        return Outcome.done(provider.create(context));
      }
    }
    String names = String.join(", ", known.stream().map(PolicyProvider::name).toList());
    return Outcome.refused(
        Errno.EINVAL, "no eviction policy named '" + name + "'; known: " + names);
  }

  private Policies() {}
}
