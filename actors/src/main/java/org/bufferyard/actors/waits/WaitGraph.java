package org.bufferyard.actors.waits;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.bufferyard.actors.protocol.WaitReport.Edge;

/**
 * Who waits for whom, as plain data. A cycle in it is a deadlock if all its edges held at one time;
 * owners report one after the other, so a cycle is proven by a second snapshot that has it too.
 * Immutable.
 */
public final class WaitGraph {
  private final List<Edge> edges;
  private final Map<String, List<Edge>> byWaiter = new LinkedHashMap<>();

  public WaitGraph(List<Edge> edges) {
    this.edges = List.copyOf(new LinkedHashSet<>(edges));
    for (Edge edge : this.edges) {
      byWaiter.computeIfAbsent(edge.waiter(), waiter -> new ArrayList<>(1)).add(edge);
    }
  }

  /** Each wait once, in the order reported. */
  public List<Edge> edges() {
    return edges;
  }

  /** What one party waits for. */
  public List<Edge> waitsOf(String waiter) {
    return List.copyOf(byWaiter.getOrDefault(waiter, List.of()));
  }

  /** The first cycle found, edge after edge; empty if there is none. Linear in the edges. */
  public List<Edge> cycle() {
    LinkedHashSet<String> done = new LinkedHashSet<>();
    for (String start : byWaiter.keySet()) {
      List<Edge> found = cycleFrom(start, done);
      if (!found.isEmpty()) {
        return found;
      }
    }
    return List.of();
  }

  /**
   * Depth first, without recursion: {@code path} is the way from {@code start}, edge after edge.
   */
  private List<Edge> cycleFrom(String start, Set<String> done) {
    ArrayDeque<Iterator<Edge>> open = new ArrayDeque<>();
    List<Edge> path = new ArrayList<>();
    LinkedHashSet<String> onPath = new LinkedHashSet<>(List.of(start));
    if (!done.contains(start)) {
      open.push(waitsOf(start).iterator());
    }
    while (!open.isEmpty()) {
      if (!open.element().hasNext()) {
        open.pop();
        String left = path.isEmpty() ? start : path.removeLast().awaited();
        onPath.remove(left);
        done.add(left);
        continue;
      }
      Edge edge = open.element().next();
      if (onPath.contains(edge.awaited())) {
        path.add(edge);
        return fromFirst(path, edge.awaited());
      }
      if (!done.contains(edge.awaited())) {
        path.add(edge);
        onPath.add(edge.awaited());
        open.push(waitsOf(edge.awaited()).iterator());
      }
    }
    return List.of();
  }

  private static List<Edge> fromFirst(List<Edge> path, String node) {
    int first = 0;
    while (!path.get(first).waiter().equals(node)) {
      first++;
    }
    return List.copyOf(path.subList(first, path.size()));
  }

  /** One line for each wait, for a person. */
  public static List<String> describe(List<Edge> edges) {
    return edges.stream()
        .map(
            edge ->
                "%s waits for %s (%s, at %s)"
                    .formatted(
                        edge.waiter(),
                        edge.awaited(),
                        edge.kind().name().toLowerCase(java.util.Locale.ROOT),
                        edge.about()))
        .toList();
  }
}
