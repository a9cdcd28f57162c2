package org.bufferyard.cli.output;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.bufferyard.actors.protocol.WaitReport;
import org.bufferyard.actors.waits.WaitGraph;
import org.bufferyard.simulator.dump.Dump;

/** A dump's waits as a graph. */
final class DumpWaits {
  /** Lines that name a circle of waits; none if there is none. */
  static List<String> cycle(Dump dump) {
    return WaitGraph.describe(graph(dump).cycle());
  }

  /** One line for each wait, each once. */
  static List<String> lines(Dump dump) {
    return WaitGraph.describe(graph(dump).edges());
  }

  private static WaitGraph graph(Dump dump) {
    List<WaitReport.Edge> edges = new ArrayList<>();
    for (Dump.Wait wait : dump.waits()) {
      edges.add(new WaitReport.Edge(wait.waiter(), wait.awaited(), kind(wait), wait.about()));
    }
    return new WaitGraph(edges);
  }

  /** A word that this version does not know is a message. */
  private static WaitReport.Kind kind(Dump.Wait wait) {
    for (WaitReport.Kind kind : WaitReport.Kind.values()) {
      if (kind.name().toLowerCase(Locale.ROOT).equals(wait.kind())) {
        return kind;
      }
    }
    return WaitReport.Kind.MESSAGE;
  }

  private DumpWaits() {}
}
