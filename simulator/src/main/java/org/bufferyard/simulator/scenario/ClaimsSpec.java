package org.bufferyard.simulator.scenario;

import java.util.List;
import org.bufferyard.actors.environment.Claims;

/**
 * What clients may count on of the nearest region, and what they are held to; see {@link Claims}.
 *
 * @param shares by client
 * @param foreground of whoever is in the foreground
 * @param background of everybody else
 * @param turns who comes to the foreground when, in order of time; empty: nobody ever does
 * @param everyNanos the turns are repeated after so long; 0: they are not
 * @param foregroundPercent of the region, under {@link Claims.Rule#FOREGROUND}
 * @param trimNanos from trim to trim; 0: there is none
 */
public record ClaimsSpec(
    List<Share> shares,
    Bounds foreground,
    Bounds background,
    List<Turn> turns,
    long everyNanos,
    Claims.Rule budget,
    int foregroundPercent,
    long trimNanos) {
  /** In bytes of the region. */
  public record Bounds(long minBytes, long lowBytes, long maxBytes) {
    public static final Bounds NONE = new Bounds(0, 0, Long.MAX_VALUE);
  }

  /** What is one client's own. */
  public record Share(String client, Bounds bounds) {}

  /**
   * A client comes to the foreground.
   *
   * @param phase whenever a phase of the workload with this name begins; empty: at {@code atNanos}
   */
  public record Turn(String client, long atNanos, String phase) {}

  public static final ClaimsSpec NONE =
      new ClaimsSpec(List.of(), Bounds.NONE, Bounds.NONE, List.of(), 0, Claims.Rule.NONE, 75, 0);

  public ClaimsSpec {
    shares = List.copyOf(shares);
    turns = List.copyOf(turns);
  }
}
