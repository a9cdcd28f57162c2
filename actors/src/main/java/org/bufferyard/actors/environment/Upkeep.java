package org.bufferyard.actors.environment;

/**
 * What is done to the first region of its own accord, beside the demands for its room.
 *
 * @param lowPages with fewer pages free, residents are evicted although nobody waits for it; and
 *     who merely comes back leaves so many free. 0: nothing is
 * @param highPages with so many free, that ends; at least {@code lowPages}
 */
public record Upkeep(long lowPages, long highPages) {
  public static final Upkeep NONE = new Upkeep(0, 0);

  public Upkeep {
    if (lowPages < 0 || highPages < lowPages) {
      throw new IllegalArgumentException(
          "watermarks need 0 <= low <= high, lowPages=" + lowPages + ", highPages=" + highPages);
    }
  }
}
