package org.bufferyard.allocator.policy;

/** Advice a user gives on a buffer. A policy may ignore it. */
public enum Hint {
  /** Will be used soon. */
  WILL_NEED,
  /** Will not be used for long: a good victim. */
  DONT_NEED,
  /** Trimmed by its user: the next victim. */
  EVICT_FIRST
}
