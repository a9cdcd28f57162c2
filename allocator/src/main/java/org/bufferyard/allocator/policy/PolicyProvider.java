package org.bufferyard.allocator.policy;

/**
 * A named way to make a policy. A third party's is a public class with a public no-argument
 * constructor, listed in {@code META-INF/services/org.bufferyard.allocator.policy.PolicyProvider}.
 */
public interface PolicyProvider {
  /** Lower case, unique: what is typed after {@code --policy}. */
  String name();

  /** One line: what leaves first. */
  String description();

  /** Needs {@link PolicyContext#future}. */
  default boolean offline() {
    return false;
  }

  EvictionPolicy create(PolicyContext context);
}
