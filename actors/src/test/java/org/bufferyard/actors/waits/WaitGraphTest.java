package org.bufferyard.actors.waits;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.bufferyard.actors.protocol.WaitReport.Edge;
import org.bufferyard.actors.protocol.WaitReport.Kind;
import org.bufferyard.testkit.Exhaustive;
import org.junit.jupiter.api.Test;

class WaitGraphTest {
  private static Edge edge(String waiter, String awaited) {
    return new Edge(waiter, awaited, Kind.TOKEN, "buffer-1");
  }

  private static void expectCycle(List<Edge> cycle) {
    for (int i = 0; i < cycle.size(); i++) {
      assertThat(cycle.get(i).awaited()).isEqualTo(cycle.get((i + 1) % cycle.size()).waiter());
    }
    assertThat(cycle.stream().map(Edge::waiter)).doesNotHaveDuplicates();
  }

  @Test
  void cycle_overTokenFenceAndMessage_foundAndPrinted() {
    List<Edge> edges =
        List.of(
            new Edge("ticket-9", "ticket-1", Kind.TOKEN, "buffer-3"),
            new Edge("ticket-1", "buffer-7", Kind.MESSAGE, "gpu"),
            new Edge("buffer-7", "ticket-2", Kind.FENCE, "buffer-7"),
            new Edge("ticket-2", "ticket-1", Kind.TOKEN, "buffer-4"),
            new Edge("ticket-2", "ticket-5", Kind.TOKEN, "buffer-4"));
    List<Edge> cycle = new WaitGraph(edges).cycle();
    assertThat(WaitGraph.describe(cycle))
        .containsExactly(
            "ticket-1 waits for buffer-7 (message, at gpu)",
            "buffer-7 waits for ticket-2 (fence, at buffer-7)",
            "ticket-2 waits for ticket-1 (token, at buffer-4)");
  }

  @Test
  void cycle_whoWaitsForItself_found() {
    assertThat(new WaitGraph(List.of(edge("a", "a"))).cycle()).containsExactly(edge("a", "a"));
  }

  @Test
  void cycle_none_empty() {
    assertThat(new WaitGraph(List.of()).cycle()).isEmpty();
    List<Edge> diamond = List.of(edge("a", "b"), edge("a", "c"), edge("b", "d"), edge("c", "d"));
    assertThat(new WaitGraph(diamond).cycle()).isEmpty();
  }

  @Test
  void edges_reportedTwice_once() {
    WaitGraph graph = new WaitGraph(List.of(edge("a", "b"), edge("a", "b"), edge("a", "c")));
    assertThat(graph.edges()).containsExactly(edge("a", "b"), edge("a", "c"));
    assertThat(graph.waitsOf("a")).hasSize(2);
    assertThat(graph.waitsOf("b")).isEmpty();
  }

  @Test
  void cycle_longChainClosedAtItsEnd_found() {
    List<Edge> edges = new ArrayList<>();
    for (int i = 0; i < 20_000; i++) {
      edges.add(edge("n" + i, "n" + (i + 1)));
    }
    assertThat(new WaitGraph(edges).cycle()).isEmpty();
    edges.add(edge("n20000", "n0"));
    assertThat(new WaitGraph(edges).cycle()).hasSize(20_001);
  }

  /** Every graph of four parties, against reachability. */
  @Test
  void cycle_everySmallGraph_foundExactlyWhenThereIsOne() {
    Exhaustive.check(
        choices -> {
          boolean[][] reach = new boolean[4][4];
          List<Edge> edges = new ArrayList<>();
          for (int from = 0; from < 4; from++) {
            for (int to = 0; to < 4; to++) {
              if (from != to && choices.flag()) {
                reach[from][to] = true;
                edges.add(edge("n" + from, "n" + to));
              }
            }
          }
          Collections.reverse(edges);
          List<Edge> cycle = new WaitGraph(edges).cycle();
          assertThat(cycle.isEmpty()).isEqualTo(acyclic(reach));
          assertThat(edges).containsAll(cycle);
          expectCycle(cycle);
        });
  }

  private static boolean acyclic(boolean[][] reach) {
    for (int via = 0; via < 4; via++) {
      for (int from = 0; from < 4; from++) {
        for (int to = 0; to < 4; to++) {
          reach[from][to] |= reach[from][via] && reach[via][to];
        }
      }
    }
    return !reach[0][0] && !reach[1][1] && !reach[2][2] && !reach[3][3];
  }
}
