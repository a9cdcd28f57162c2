package org.bufferyard.actors.environment;

/**
 * The yard's limits. Durations are model time.
 *
 * @param policy name of the eviction policy of every region
 * @param maxMovesInFlight evictions and moves that run at once; more wait
 * @param moveFences moves out of one region whose room is given out again before their copy is
 *     done; 0: room comes back with the end of the copy. Model of {@code TTM_NUM_MOVE_FENCES}
 * @param roomWaitNanos how long a demand waits while every candidate is busy, before it is refused
 *     ENOMEM
 * @param retryNanos a move whose copy failed is tried again after this, and a victim found in use
 *     is passed over for so long by who does not want to wait
 * @param invalidateReportNanos an importer that has not unmapped by then is reported
 * @param invalidateDeadlineNanos an importer that has not unmapped by then is detached by force
 * @param requestDeadlineNanos a request held longer is answered ETIMEDOUT
 * @param upgradeBackoffNanos a buffer refused a better place does not ask again before
 * @param moveBudgetBytesPerSecond rate of the bring-back token bucket
 * @param pingPongNanos evicted and back within this time counts as a ping-pong
 * @param pins how much a client may pin
 * @param management what is managed around the policy
 * @param histories keep each buffer's last messages, for the report of a violation
 */
public record YardSettings(
    String policy,
    BringBack bringBack,
    int maxMovesInFlight,
    int moveFences,
    long roomWaitNanos,
    long retryNanos,
    long invalidateReportNanos,
    long invalidateDeadlineNanos,
    long requestDeadlineNanos,
    long upgradeBackoffNanos,
    long moveBudgetBytesPerSecond,
    long pingPongNanos,
    PinQuota pins,
    Management management,
    boolean histories) {
  /** Most requests one buffer holds; one more is answered EAGAIN. */
  public static final int HELD_MAX = 1024;

  /** Most attachments of one buffer, and most handles that open it; one more is answered EDQUOT. */
  public static final int USERS_MAX = 16_384;

  private static final long MILLI = 1_000_000L;

  public static YardSettings defaults() {
    return new YardSettings(
        "lru",
        BringBack.ALWAYS,
        8,
        8,
        2_000 * MILLI,
        MILLI,
        1_000 * MILLI,
        5_000 * MILLI,
        10_000 * MILLI,
        10 * MILLI,
        8L << 20,
        1_000 * MILLI,
        PinQuota.NONE,
        Management.NONE,
        true);
  }

  public YardSettings withPins(PinQuota quota) {
    return with(quota, management);
  }

  public YardSettings withManagement(Management other) {
    return with(pins, other);
  }

  private YardSettings with(PinQuota quota, Management managed) {
    return new YardSettings(
        policy,
        bringBack,
        maxMovesInFlight,
        moveFences,
        roomWaitNanos,
        retryNanos,
        invalidateReportNanos,
        invalidateDeadlineNanos,
        requestDeadlineNanos,
        upgradeBackoffNanos,
        moveBudgetBytesPerSecond,
        pingPongNanos,
        quota,
        managed,
        histories);
  }
}
