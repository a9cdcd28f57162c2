package org.bufferyard.actors.environment;

import java.util.List;

/**
 * What a yard writes down for those who want to judge it. None of it changes what the yard does.
 *
 * @param moves how many moves are kept with what followed them; later ones are counted
 * @param accesses how many accesses of the first region are logged; with more there is no log. 0:
 *     none are
 * @param shadows names of policies that watch the first region, none of them offline
 */
public record Watching(int moves, int accesses, List<String> shadows) {
  public static final Watching NOTHING = new Watching(0, 0, List.of());

  public Watching {
    shadows = List.copyOf(shadows);
  }
}
