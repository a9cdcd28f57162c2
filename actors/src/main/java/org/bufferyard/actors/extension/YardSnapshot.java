package org.bufferyard.actors.extension;

import java.util.List;
import org.bufferyard.actors.lease.ImporterActor;

/**
 * What a yard has at one moment, and has done since it opened. Parts that did not answer in time
 * are missing.
 *
 * @param buffers alive, with memory or without
 * @param evictions buffers moved out of the way
 * @param moves buffers moved, for whatever reason
 */
public record YardSnapshot(
    String yard,
    long epoch,
    List<RegionUse> regions,
    long buffers,
    long evictions,
    long moves,
    long movedBytes,
    int movesInFlight,
    List<ImporterActor.Books> importers) {
  public YardSnapshot {
    regions = List.copyOf(regions);
    importers = List.copyOf(importers);
  }

  /** Of one region: in bytes what it has, what buffers take, and the most they have taken. */
  public record RegionUse(
      String name, long capacityBytes, long usedBytes, long peakBytes, int residents) {}
}
