package org.bufferyard.allocator.validate;

import org.bufferyard.allocator.Extents;
import org.bufferyard.allocator.Pages;
import org.bufferyard.allocator.placement.PlacementChoice;
import org.bufferyard.allocator.region.AllocationRequest;

/**
 * One place a buffer may live in. Model of {@code struct ttm_place}. Frames are absolute; those of
 * a window are its backing region's.
 *
 * @param region index of the region
 * @param contiguous one run of frames
 * @param topDown high frames are taken first
 * @param alignPages every run starts at a multiple of this many frames; a power of two
 * @param minPfn lowest frame allowed
 * @param maxPfn highest frame allowed, itself included
 * @param pass when it is tried
 * @param temporary a stop on the way elsewhere: whoever lives there is the first to leave
 */
public record Place(
    int region,
    boolean contiguous,
    boolean topDown,
    long alignPages,
    long minPfn,
    long maxPfn,
    Pass pass,
    boolean temporary) {

  /** In which of the two passes a place counts. */
  public enum Pass {
    BOTH,
    /** Only into room that is free. Model of {@code TTM_PL_FLAG_DESIRED}. */
    DESIRED,
    /** Only once no room is free anywhere. Model of {@code TTM_PL_FLAG_FALLBACK}. */
    FALLBACK;

    boolean counts(boolean evicting) {
      return this == BOTH || evicting == (this == FALLBACK);
    }
  }

  public Place {
    if (region < 0) {
      throw new IllegalArgumentException("region must not be negative, region=" + region);
    }
    if (Long.bitCount(alignPages) != 1 || alignPages < 0) {
      throw new IllegalArgumentException(
          "alignPages must be a power of two, alignPages=" + alignPages);
    }
    if (minPfn < 0 || maxPfn < minPfn) {
      throw new IllegalArgumentException("no frames in [" + minPfn + ", " + maxPfn + "]");
    }
  }

  /** Anywhere in {@code region}, in both passes. */
  public static Place in(int region) {
    return new Place(region, false, false, 1, 0, Long.MAX_VALUE, Pass.BOTH, false);
  }

  /** What the solver chose: where the buffer belongs in both passes, the rest as fallbacks. */
  public static Place of(PlacementChoice choice) {
    return new Place(
        choice.regionIndex(),
        choice.contiguous(),
        false,
        Pages.ofBytes(choice.alignBytes()),
        choice.minPfn(),
        choice.maxPfn(),
        choice.rank() == PlacementChoice.Rank.DESIRED ? Pass.BOTH : Pass.FALLBACK,
        false);
  }

  public Place desired() {
    return with(Pass.DESIRED);
  }

  public Place fallback() {
    return with(Pass.FALLBACK);
  }

  private Place with(Pass when) {
    return new Place(region, contiguous, topDown, alignPages, minPfn, maxPfn, when, temporary);
  }

  public Place contiguously() {
    return new Place(region, true, topDown, alignPages, minPfn, maxPfn, pass, temporary);
  }

  public Place fromTop() {
    return new Place(region, contiguous, true, alignPages, minPfn, maxPfn, pass, temporary);
  }

  public Place within(long lowestPfn, long highestPfn) {
    return new Place(
        region, contiguous, topDown, alignPages, lowestPfn, highestPfn, pass, temporary);
  }

  public Place asTemporary() {
    return new Place(region, contiguous, topDown, alignPages, minPfn, maxPfn, pass, true);
  }

  /** What to ask the region's allocator for. */
  public AllocationRequest request(long pages) {
    return new AllocationRequest(pages, contiguous, alignPages, minPfn, maxPfn, topDown);
  }

  /**
   * A buffer that lives in {@code at} on {@code extents} satisfies this place. Top-down is a
   * preference, not a demand. Model of {@code ttm_resource_compatible}.
   */
  public boolean satisfiedBy(int at, Extents extents) {
    if (at != region || extents.highestPfn() > maxPfn || (contiguous && !extents.contiguous())) {
      return false;
    }
    for (int run = 0; run < extents.runs(); run++) {
      if (extents.pfn(run) < minPfn || (extents.pfn(run) & (alignPages - 1)) != 0) {
        return false;
      }
    }
    return true;
  }
}
