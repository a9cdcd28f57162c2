package org.bufferyard.actors.environment;

/**
 * What is done to the first region of its own accord, beside the demands for its room.
 *
 * @param lowPages with fewer pages free, residents are evicted although nobody waits for it; and
 *     who merely comes back leaves so many free. 0: nothing is
 * @param highPages with so many free, that ends; at least {@code lowPages}
 * @param thrash what becomes of buffers that go in and out in quick succession
 * @param thrashWindowNanos two moves of a buffer within it are in quick succession
 */
public record Upkeep(long lowPages, long highPages, Thrash thrash, long thrashWindowNanos) {
  /** What becomes of a buffer that could stay further out, and thrashes. */
  public enum Thrash {
    NONE,
    /** It stays where it is for a window. */
    THROTTLE,
    /** The same, and after several such windows, for hundreds of them. */
    PIN
  }

  /** That of UVM. */
  public static final long THRASH_WINDOW_NANOS = 500_000;

  public static final Upkeep NONE = new Upkeep(0, 0, Thrash.NONE, THRASH_WINDOW_NANOS);

  public Upkeep {
    if (lowPages < 0 || highPages < lowPages) {
      throw new IllegalArgumentException(
          "watermarks need 0 <= low <= high, lowPages=" + lowPages + ", highPages=" + highPages);
    }
    if (thrashWindowNanos < 1) {
      throw new IllegalArgumentException("thrashWindowNanos=" + thrashWindowNanos);
    }
  }

  /** With room kept free. */
  public Upkeep withMarks(long low, long high) {
    return new Upkeep(low, high, thrash, thrashWindowNanos);
  }

  public Upkeep withThrash(Thrash what, long windowNanos) {
    return new Upkeep(lowPages, highPages, what, windowNanos);
  }
}
