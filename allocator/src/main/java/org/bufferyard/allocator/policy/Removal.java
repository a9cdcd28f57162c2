package org.bufferyard.allocator.policy;

/** Why a buffer left a region. */
public enum Removal {
  /** It was a victim. It may return under the same id: policies with ghosts remember it. */
  EVICTED,
  /** It moved away by its user's wish. It may return under the same id, and is no ghost. */
  MOVED,
  /** It is gone for good; its id may be bound to another buffer. */
  FREED
}
