package org.bufferyard.allocator.policy.catalog;

import org.bufferyard.allocator.policy.EvictionPolicy;
import org.bufferyard.allocator.policy.PolicyContext;
import org.bufferyard.allocator.policy.PolicyProvider;
import org.bufferyard.allocator.policy.cache.MruPolicy;

/** A policy as a third party would bring it: listed in this module's test resources. */
public final class ThirdPartyProvider implements PolicyProvider {
  static final String NAME = "third-party";

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public String description() {
    return "found on the class path";
  }

  @Override
  public EvictionPolicy create(PolicyContext context) {
    return new MruPolicy(context);
  }
}
