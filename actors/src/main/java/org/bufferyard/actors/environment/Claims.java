package org.bufferyard.actors.environment;

import java.util.List;

/**
 * What clients may count on of the nearest region, and what they are held to. Each client has its
 * own bounds, and those of its part: of the one in the foreground, or of all others.
 *
 * @param own of clients by themselves
 * @param foreground of the client in the foreground, besides its own
 * @param background of each other client, besides its own; also while nobody is in the foreground
 * @param budgets what each may keep under pressure
 * @param trimNanos what was not used for one to two of these leaves although nobody wants its room;
 *     0: nothing does
 */
public record Claims(
    List<Share> own, Bounds foreground, Bounds background, Budgets budgets, long trimNanos) {
  /**
   * Bounds of one client in pages. Model of {@code dmem.min}, {@code dmem.low} and {@code
   * dmem.max}.
   *
   * @param minPages of its buffers are never evicted for others
   * @param lowPages of its buffers are evicted for others only where those have no other place; up
   *     to so many it may have others evicted
   * @param maxPages are all that it may have; where it wants more, its own leave
   */
  public record Bounds(long minPages, long lowPages, long maxPages) {
    public static final Bounds NONE = new Bounds(0, 0, Long.MAX_VALUE);

    public Bounds {
      if (minPages < 0 || lowPages < minPages || maxPages < lowPages) {
        throw new IllegalArgumentException(
            "bounds need 0 <= min <= low <= max, minPages="
                + minPages
                + ", lowPages="
                + lowPages
                + ", maxPages="
                + maxPages);
      }
    }

    /**
     * All that both promise, and no more than both allow.
     *
     * @throws IllegalArgumentException one promises more than the other allows
     */
    public Bounds and(Bounds other) {
      return new Bounds(
          Math.max(minPages, other.minPages),
          Math.max(lowPages, other.lowPages),
          Math.min(maxPages, other.maxPages));
    }
  }

  /** The bounds of one client. */
  public record Share(int client, Bounds bounds) {}

  /**
   * What each client may keep when room is short, over and above its bounds: the fewer others are
   * there, the more. Model of WDDM's budgets.
   *
   * @param foregroundPercent of the region for the client in the foreground, under {@link
   *     Rule#FOREGROUND}
   */
  public record Budgets(Rule rule, int foregroundPercent) {
    public static final Budgets NONE = new Budgets(Rule.NONE, 0);

    public Budgets {
      if (foregroundPercent < 0 || foregroundPercent > 100) {
        throw new IllegalArgumentException("not 0 to 100, foregroundPercent=" + foregroundPercent);
      }
    }
  }

  /** How the region is divided into budgets. */
  public enum Rule {
    /** There are none. */
    NONE,
    /** Among those that have buffers there, each alike. */
    EQUAL,
    /** A part for the client in the foreground, and the others the rest, each alike. */
    FOREGROUND
  }

  public static final Claims NONE =
      new Claims(List.of(), Bounds.NONE, Bounds.NONE, Budgets.NONE, 0);

  public Claims {
    own = List.copyOf(own);
    if (trimNanos < 0) {
      throw new IllegalArgumentException("trimNanos=" + trimNanos);
    }
  }
}
