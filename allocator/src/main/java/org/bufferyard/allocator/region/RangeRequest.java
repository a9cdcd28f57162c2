package org.bufferyard.allocator.region;

/**
 * What to look for in a {@link RangeAllocator}.
 *
 * @param size units, at least 1
 * @param align the start is a multiple of it; any positive number
 * @param colour passed to the {@link ColourRule}
 * @param lowest the range lies at or above
 * @param limit the range ends at or below
 */
public record RangeRequest(long size, long align, long colour, long lowest, long limit, Mode mode) {

  /** Which of the holes that fit is taken. Model of {@code enum drm_mm_insert_mode}. */
  public enum Mode {
    /** The smallest. */
    BEST,
    /** The lowest, at its low end. */
    LOW,
    /** The highest, at its high end. */
    HIGH,
    /** The one that was made last, as after an eviction scan. */
    EVICT
  }

  /** {@code size} units anywhere. */
  public static RangeRequest of(long size, Mode mode) {
    return new RangeRequest(size, 1, 0, 0, Long.MAX_VALUE, mode);
  }

  public RangeRequest alignedTo(long units) {
    return new RangeRequest(size, units, colour, lowest, limit, mode);
  }

  public RangeRequest coloured(long newColour) {
    return new RangeRequest(size, align, newColour, lowest, limit, mode);
  }

  public RangeRequest within(long from, long to) {
    return new RangeRequest(size, align, colour, from, to, mode);
  }

  /**
   * Where the request goes in the free space {@code [from, to)}: at its low end, or for HIGH at its
   * high end; -1 if it does not fit.
   */
  long placeIn(long from, long to) {
    long start = Math.max(from, lowest);
    long end = Math.min(to, limit);
    if (end < size || end - size < start) {
      return -1;
    }
    long place = mode == Mode.HIGH ? end - size : start;
    place -= place % align;
    if (mode != Mode.HIGH && place < start) {
      // Beyond the last address this wraps around to below the start.
      place += align;
    }
    return place >= start && end - place >= size ? place : -1;
  }
}
