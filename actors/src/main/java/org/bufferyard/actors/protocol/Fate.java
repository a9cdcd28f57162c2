package org.bufferyard.actors.protocol;

/** What becomes of the contents of a buffer that leaves its place. */
public enum Fate {
  MOVED,
  /** Dropped, as long as they are on offer. */
  DROPPED_IF_OFFERED,
  /** Dropped: victims of that region are. */
  DROPPED,
  /** Dropped as the buffer's own demand. */
  GIVEN_UP
}
