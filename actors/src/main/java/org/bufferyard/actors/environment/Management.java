package org.bufferyard.actors.environment;

import java.util.List;

/**
 * What is managed around the order of eviction in the first region, the nearest.
 *
 * @param limit what bounds bring-backs under {@link BringBack#BUDGET}
 * @param submissionBytes what one submission may have brought back, for {@link Limit#SUBMISSION}
 * @param spill who has another place evicts nobody here, unless a share entitles it; model of
 *     amdgpu's {@code VRAM|GTT} as preferred domains
 * @param aheadPages so much more than is short is evicted, in the background
 * @param shares what clients are entitled to; nobody else to anything
 * @param upkeep what is done beside the demands for room
 */
public record Management(
    Limit limit,
    long submissionBytes,
    boolean spill,
    long aheadPages,
    List<Share> shares,
    Upkeep upkeep) {
  /** What bounds the bytes that bring-backs move. */
  public enum Limit {
    /** A token bucket of a constant rate. */
    RATE,
    /**
     * The same, and while an eighth or 128 MiB of the region is free, a quarter of that at least.
     * Model of {@code amdgpu_cs_get_threshold_for_moves}.
     */
    AMDGPU,
    /**
     * For each submission a quarter of the region while it is empty, falling to 1 MiB when it is
     * half full. Model of {@code radeon_bo_get_threshold_for_moves}.
     */
    RADEON,
    /** A constant for each submission. */
    SUBMISSION
  }

  /**
   * A client's share of the region. Model of {@code dmem.min} and {@code dmem.low}.
   *
   * @param minPages of its buffers are never evicted for others
   * @param lowPages of its buffers are evicted for others only where those have no other place; up
   *     to so many it may have others evicted
   */
  public record Share(int client, long minPages, long lowPages) {
    public Share {
      if (minPages < 0 || lowPages < minPages) {
        throw new IllegalArgumentException(
            "a share needs 0 <= min <= low, minPages=" + minPages + ", lowPages=" + lowPages);
      }
    }
  }

  public static final Management NONE =
      new Management(Limit.RATE, 1 << 20, false, 0, List.of(), Upkeep.NONE);

  public Management {
    shares = List.copyOf(shares);
  }

  /** The same with other upkeep. */
  public Management withUpkeep(Upkeep other) {
    return new Management(limit, submissionBytes, spill, aheadPages, shares, other);
  }
}
