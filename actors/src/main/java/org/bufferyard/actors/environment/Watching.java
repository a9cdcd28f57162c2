package org.bufferyard.actors.environment;

import java.util.List;

/**
 * What a yard writes down for those who want to judge it. None of it changes what the yard does.
 *
 * @param region that is watched, by name; empty for the first
 * @param moves how many moves are kept with what followed them; later ones are counted
 * @param accesses how many accesses of the region are logged; with more there is no log. 0: none
 * @param shadows names of policies that watch the region, none of them offline
 * @param minPages by client, what of its buffers should stay in the region whoever wants room;
 *     evictions below are counted. Empty: nobody is entitled to any
 */
public record Watching(
    String region, int moves, int accesses, List<String> shadows, List<Long> minPages) {
  public static final Watching NOTHING = new Watching(0, 0, List.of());

  /** Of the first region, in which nobody is entitled to anything. */
  public Watching(int moves, int accesses, List<String> shadows) {
    this("", moves, accesses, shadows, List.of());
  }

  public Watching withMinPages(List<Long> minima) {
    return new Watching(region, moves, accesses, shadows, minima);
  }

  public Watching withRegion(String name) {
    return new Watching(name, moves, accesses, shadows, minPages);
  }

  public Watching {
    shadows = List.copyOf(shadows);
    minPages = List.copyOf(minPages);
  }

  /** Number of the watched region. */
  public int regionIn(Topology topology) {
    int named = topology.named(region);
    return named < 0 ? 0 : named;
  }
}
