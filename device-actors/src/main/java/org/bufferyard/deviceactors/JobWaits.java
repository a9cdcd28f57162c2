package org.bufferyard.deviceactors;

import java.util.List;
import java.util.stream.Stream;
import org.bufferyard.actors.protocol.WaitReport;

/** What a job waits for, for people and for the search for circles. */
final class JobWaits {
  /** One for each buffer whose answer it waits for. */
  static Stream<WaitReport.Edge> edges(String device, Job job, GrantDesk grants) {
    return awaited(job, grants).stream()
        .map(
            awaited ->
                new WaitReport.Edge(
                    job.ticket.toString(), awaited, WaitReport.Kind.MESSAGE, device));
  }

  static String text(Job job, GrantDesk grants) {
    return switch (job.phase) {
          case PREPARING -> "waited for mappings of ";
          case LOCKING -> "waited for the tokens of ";
          case USING -> "waited to use ";
          case READY, RUNNING -> "waited for the engine ";
        }
        + awaited(job, grants);
  }

  private static List<String> awaited(Job job, GrantDesk grants) {
    return switch (job.phase) {
      case PREPARING ->
          job.missing.keySet().stream().map(bond -> bond.key.buffer().toString()).toList();
      case LOCKING -> grants.awaited(job);
      case USING -> job.awaited().stream().map(use -> use.buffer().toString()).toList();
      case READY, RUNNING -> List.of();
    };
  }

  private JobWaits() {}
}
