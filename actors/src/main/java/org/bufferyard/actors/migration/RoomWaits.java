package org.bufferyard.actors.migration;

import java.util.ArrayList;
import java.util.List;
import org.bufferyard.actors.environment.Topology;
import org.bufferyard.actors.protocol.BufferId;
import org.bufferyard.actors.protocol.WaitReport;

/** Who waits for room waits for what is on its way out of that region, or about it. */
final class RoomWaits {
  static List<WaitReport.Edge> edges(
      Topology topology,
      List<RoomQueue> queues,
      Evictions evictions,
      Defragmentation defragmentation) {
    List<WaitReport.Edge> edges = new ArrayList<>();
    for (int region = 0; region < queues.size(); region++) {
      List<BufferId> awaited = new ArrayList<>(evictions.leaving(region));
      awaited.addAll(region == 0 ? defragmentation.moving() : List.of());
      String about = "room in " + topology.region(region).name();
      for (RoomQueue.Waiting waiting : queues.get(region).waiting()) {
        for (BufferId each : awaited) {
          edges.add(
              new WaitReport.Edge(
                  waiting.transfer().buffer.buffer().toString(),
                  each.toString(),
                  WaitReport.Kind.MESSAGE,
                  about));
        }
      }
    }
    return edges;
  }

  private RoomWaits() {}
}
