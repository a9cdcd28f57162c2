package org.bufferyard.actors.protocol;

/**
 * One move: why it was made, for whom, and what became of the buffer afterwards. Model time in ns.
 *
 * @param atNanos when the room behind it was free
 * @param waitNanos from when the move was decided until then: what {@code client} waited
 * @param demand number of the demand that it served, over all hops of a chain of evictions
 * @param wanted the buffer that the demand was about; the moved one itself unless it was evicted
 * @param client whose demand that was
 * @param from region number, as is {@code to}
 * @param firstUseNanos of the buffer where it went; {@link UsesSince#NEVER} without one
 * @param nextNanos when the next thing happened to it: it moved on, or was freed
 * @param nextClient whose demand moved it next; the owner where it was not moved
 * @param nextCostNanos how long that demand took to move it
 */
public record MoveRecord(
    long atNanos,
    long waitNanos,
    long demand,
    BufferId wanted,
    ClientId client,
    BufferId buffer,
    ClientId owner,
    long sizeBytes,
    int from,
    int to,
    YardEvent.Cause cause,
    Next next,
    long firstUseNanos,
    long nextNanos,
    ClientId nextClient,
    long nextCostNanos) {

  /** What happened to the buffer after the move. */
  public enum Next {
    /** Nothing yet. */
    NONE,
    /** It moved nearer to the devices. */
    CAME_NEARER,
    /** It moved further out. */
    WENT_FURTHER,
    FREED
  }

  /** With what followed. */
  public MoveRecord followedBy(
      Next what, UsesSince uses, long afterwardsNanos, ClientId byClient, long costNanos) {
    return new MoveRecord(
        atNanos,
        waitNanos,
        demand,
        wanted,
        client,
        buffer,
        owner,
        sizeBytes,
        from,
        to,
        cause,
        what,
        uses.firstNanos(),
        afterwardsNanos,
        byClient,
        costNanos);
  }

  /** Out of a nearer region into one further out. */
  public boolean outward() {
    return to > from;
  }
}
