package org.bufferyard.simulator.run;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.bufferyard.allocator.Errno;

/**
 * What one client got done in a trial: what two trials that should come to the same are compared
 * by.
 *
 * @param refusals by kind, jobs and CPU accesses together
 */
public record Deeds(
    int client,
    long jobs,
    long jobsRefused,
    long pagesVerified,
    long skipped,
    Map<Errno, Long> refusals) {
  /** Of every client, in order. */
  static List<Deeds> of(List<Program.Done> programs) {
    List<Deeds> all = new ArrayList<>();
    for (Program.Done done : programs) {
      all.add(
          new Deeds(
              done.client().value(),
              done.jobs(),
              done.jobsRefused(),
              done.pagesVerified(),
              done.skipped(),
              done.refusalCounts()));
    }
    all.sort(Comparator.comparingInt(Deeds::client));
    return List.copyOf(all);
  }

  /** Refused for want of room. */
  public long wantedRoom() {
    return refusals.getOrDefault(Errno.ENOMEM, 0L) + refusals.getOrDefault(Errno.ENOSPC, 0L);
  }
}
