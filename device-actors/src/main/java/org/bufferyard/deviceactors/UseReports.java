package org.bufferyard.deviceactors;

import akka.actor.typed.ActorRef;
import java.util.List;
import org.bufferyard.actors.protocol.Region;

/** Tells regions which buffers a job has used, for their policies. */
record UseReports(List<ActorRef<Region.Command>> regions) {
  /** One array for each region that the job's buffers are in, or could be nearer in. */
  void report(Job job) {
    for (int region = 0; region < regions.size(); region++) {
      int here = region;
      List<Bond> used =
          job.granted().stream()
              .map(Job.Granted::bond)
              .filter(bond -> bond.region >= here)
              .toList();
      if (!used.isEmpty()) {
        regions
            .get(region)
            .tell(
                new Region.Used(
                    used.stream().mapToLong(bond -> bond.key.buffer().value()).toArray(),
                    used.stream().mapToLong(bond -> pagesWanted(bond, here)).toArray()));
      }
    }
  }

  /** None where the buffer is further out and wants to be. */
  private static long pagesWanted(Bond bond, int region) {
    return bond.region > region && bond.settled ? 0 : bond.pages;
  }
}
