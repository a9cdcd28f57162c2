package org.bufferyard.allocator.policy;

/** What a policy says of a buffer that wants to become resident. */
public enum Admission {
  /** Make room and let it in. */
  ADMIT,
  /** Serve it from a slower place. */
  SPILL,
  /** Ask again later: its user is to be slowed down. */
  WAIT
}
