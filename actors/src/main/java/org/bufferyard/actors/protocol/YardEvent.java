package org.bufferyard.actors.protocol;

/** What the yard tells its observer: the moves and whatever was wrong. Model time in ns. */
public sealed interface YardEvent {
  long atNanos();

  enum Cause {
    EVICTION,
    BRING_BACK,
    CONSTRAINT,
    /** To make one hole of several. */
    DEFRAGMENTATION
  }

  /**
   * A buffer has moved.
   *
   * @param forWhom the client whose demand caused it
   * @param owner the client whose buffer moved
   */
  record Moved(
      long atNanos,
      BufferId buffer,
      int from,
      int to,
      long sizeBytes,
      Cause cause,
      ClientId forWhom,
      ClientId owner,
      boolean refault,
      boolean pingPong)
      implements YardEvent {}

  /** An importer has not unmapped within the report limit, or was detached at the deadline. */
  record Laggard(long atNanos, BufferId buffer, DeviceId device, boolean forced)
      implements YardEvent {}

  /** An invariant does not hold. */
  record Violation(long atNanos, BufferId buffer, String rule, String text) implements YardEvent {}
}
