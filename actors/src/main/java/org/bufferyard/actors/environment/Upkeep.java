package org.bufferyard.actors.environment;

/**
 * What is done to the first region of its own accord, beside the demands for its room.
 *
 * @param lowPages with fewer pages free, residents are evicted although nobody waits for it; and
 *     who merely comes back leaves so many free. 0: nothing is
 * @param highPages with so many free, that ends; at least {@code lowPages}
 * @param thrash what becomes of buffers that go in and out in quick succession
 * @param thrashWindowNanos two moves of a buffer within it are in quick succession
 * @param rangeScan for who needs one run of frames only what lies in one run is evicted, the first
 *     that the policy's order comes upon; model of {@code i915_gem_evict_something}
 * @param defragment when residents are put elsewhere in the region to make one hole of several
 * @param defragmentPages most to be moved for one hole
 * @param defragmentPeriodNanos in the background, no oftener
 */
public record Upkeep(
    long lowPages,
    long highPages,
    Thrash thrash,
    long thrashWindowNanos,
    boolean rangeScan,
    Defragment defragment,
    long defragmentPages,
    long defragmentPeriodNanos) {
  /** What becomes of a buffer that could stay further out, and thrashes. */
  public enum Thrash {
    NONE,
    /** It stays where it is for a window. */
    THROTTLE,
    /** The same, and after several such windows, for hundreds of them. */
    PIN
  }

  /** When residents are put closer together. Model of DXVK's defragmentation. */
  public enum Defragment {
    NEVER,
    /**
     * When who needs one run of frames finds enough of them, and no run; nobody is evicted then.
     */
    ON_DEMAND,
    /** That too, and whenever room comes back and there is a larger hole to be made. */
    BACKGROUND
  }

  /** That of UVM. */
  public static final long THRASH_WINDOW_NANOS = 500_000;

  /** 16 MiB. */
  public static final long DEFRAGMENT_PAGES = 4096;

  /** That of DXVK. */
  public static final long DEFRAGMENT_PERIOD_NANOS = 500_000_000;

  public static final Upkeep NONE =
      new Upkeep(
          0,
          0,
          Thrash.NONE,
          THRASH_WINDOW_NANOS,
          false,
          Defragment.NEVER,
          DEFRAGMENT_PAGES,
          DEFRAGMENT_PERIOD_NANOS);

  public Upkeep {
    if (lowPages < 0 || highPages < lowPages) {
      throw new IllegalArgumentException(
          "watermarks need 0 <= low <= high, lowPages=" + lowPages + ", highPages=" + highPages);
    }
    if (thrashWindowNanos < 1) {
      throw new IllegalArgumentException("thrashWindowNanos=" + thrashWindowNanos);
    }
  }

  /** Somebody wants to know which frames are in use. */
  public boolean makesHoles() {
    return rangeScan || defragment != Defragment.NEVER;
  }

  /** With room kept free. */
  public Upkeep withMarks(long low, long high) {
    return new Upkeep(
        low,
        high,
        thrash,
        thrashWindowNanos,
        rangeScan,
        defragment,
        defragmentPages,
        defragmentPeriodNanos);
  }

  public Upkeep withHoles(boolean scan, Defragment when, long pagesMax, long periodNanos) {
    return new Upkeep(
        lowPages, highPages, thrash, thrashWindowNanos, scan, when, pagesMax, periodNanos);
  }
}
