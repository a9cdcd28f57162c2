package org.bufferyard.allocator.policy.catalog;

import java.util.List;
import java.util.function.Function;
import org.bufferyard.allocator.policy.EvictionPolicy;
import org.bufferyard.allocator.policy.PolicyContext;
import org.bufferyard.allocator.policy.PolicyProvider;
import org.bufferyard.allocator.policy.cache.ClockPolicy;
import org.bufferyard.allocator.policy.cache.FifoPolicy;
import org.bufferyard.allocator.policy.cache.LruPolicy;
import org.bufferyard.allocator.policy.cache.MruPolicy;
import org.bufferyard.allocator.policy.cache.RandomPolicy;
import org.bufferyard.allocator.policy.cache.SievePolicy;

/** The table of this project's policies. */
final class BuiltInPolicies {
  private record Entry(
      String name,
      String description,
      boolean offline,
      Function<PolicyContext, EvictionPolicy> constructor)
      implements PolicyProvider {
    @Override
    public EvictionPolicy create(PolicyContext context) {
      return constructor.apply(context);
    }
  }

  static List<PolicyProvider> all() {
    return List.of(
        online("lru", "least recently used first", LruPolicy::new),
        online("fifo", "first admitted first", FifoPolicy::new),
        online("clock", "second chance; sweep, then insert", ClockPolicy::sweepFirst),
        online("clock-insert-first", "second chance; insert, then sweep", ClockPolicy::insertFirst),
        online("sieve", "first in, if not visited since the hand passed", SievePolicy::new),
        online("mru", "most recently used first", MruPolicy::new),
        online("random", "any evictable one", RandomPolicy::new));
  }

  private static PolicyProvider online(
      String name, String description, Function<PolicyContext, EvictionPolicy> constructor) {
    return new Entry(name, description, false, constructor);
  }

  private BuiltInPolicies() {}
}
