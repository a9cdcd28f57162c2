package org.bufferyard.allocator.policy;

/** Whether a resident buffer can be evicted at this moment, as its region's owner knows it. */
public enum Standing {
  EVICTABLE,
  /** Reserved, fenced or already on its way; will pass by itself. */
  BUSY,
  /** Below its owner's guaranteed share; may be taken when nothing else is left. */
  PROTECTED,
  /** Pinned, or outside what the demand can use; waiting does not help. */
  PINNED
}
