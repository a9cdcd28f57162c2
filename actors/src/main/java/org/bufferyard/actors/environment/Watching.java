package org.bufferyard.actors.environment;

import java.util.List;

/**
 * What a yard writes down for those who want to judge it. None of it changes what the yard does.
 *
 * @param moves how many moves are kept with what followed them; later ones are counted
 * @param accesses how many accesses of the first region are logged; with more there is no log. 0:
 *     none are
 * @param shadows names of policies that watch the first region, none of them offline
 * @param minPages by client, what of its buffers should stay in the first region whoever wants
 *     room; evictions below are counted. Empty: nobody is entitled to any
 */
public record Watching(int moves, int accesses, List<String> shadows, List<Long> minPages) {
  public static final Watching NOTHING = new Watching(0, 0, List.of());

  public Watching(int moves, int accesses, List<String> shadows) {
    this(moves, accesses, shadows, List.of());
  }

  /** With these minima, by client. */
  public Watching withMinPages(List<Long> minima) {
    return new Watching(moves, accesses, shadows, minima);
  }

  public Watching {
    shadows = List.copyOf(shadows);
    minPages = List.copyOf(minPages);
  }
}
