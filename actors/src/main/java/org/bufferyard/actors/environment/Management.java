package org.bufferyard.actors.environment;

/**
 * What is managed around the order of eviction in the first region, the nearest.
 *
 * @param limit what bounds bring-backs under {@link BringBack#BUDGET}
 * @param submissionBytes what one submission may have brought back, for {@link Limit#SUBMISSION}
 * @param spill who has another place evicts nobody here, unless a share entitles it; model of
 *     amdgpu's {@code VRAM|GTT} as preferred domains
 * @param aheadPages so much more than is short is evicted, in the background
 * @param claims what clients may count on there, and are held to
 * @param upkeep what is done beside the demands for room
 */
public record Management(
    Limit limit,
    long submissionBytes,
    boolean spill,
    long aheadPages,
    Claims claims,
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

  public static final Management NONE =
      new Management(Limit.RATE, 1 << 20, false, 0, Claims.NONE, Upkeep.NONE);

  /** The same with other claims. */
  public Management withClaims(Claims other) {
    return new Management(limit, submissionBytes, spill, aheadPages, other, upkeep);
  }

  /** The same with other upkeep. */
  public Management withUpkeep(Upkeep other) {
    return new Management(limit, submissionBytes, spill, aheadPages, claims, other);
  }
}
