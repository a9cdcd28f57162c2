package org.bufferyard.simulator.soak;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.bufferyard.actors.sanitizer.Coverage;
import org.bufferyard.simulator.fault.FaultKind;
import org.bufferyard.simulator.fault.Firings;
import org.bufferyard.simulator.run.Trial;

/** What the seeds of a soak come to together. Not thread-safe; owned by whoever collects. */
public final class SoakTotals {
  private final Coverage coverage = new Coverage();
  private final Map<FaultKind, Long> faults = new EnumMap<>(FaultKind.class);

  /** By edge, in how many seeds it was reached: 1, or 2 for more. */
  private byte[] seedsOfEdge = new byte[0];

  private long seeds;
  private long events;
  private long operations;
  private long undecided;
  private long related;

  public void add(Trial.Outcome outcome) {
    seeds++;
    events += outcome.steps();
    operations += outcome.checked().operations();
    undecided += outcome.checked().undecided();
    coverage.add(outcome.coverage());
    for (Firings.Firing firing : outcome.firings().all()) {
      faults.merge(firing.kind(), 1L, Long::sum);
    }
    outcome.coverage().edges().stream().forEach(this::countEdge);
  }

  private void countEdge(int edge) {
    if (edge >= seedsOfEdge.length) {
      seedsOfEdge = java.util.Arrays.copyOf(seedsOfEdge, Math.max(edge + 1, 8_192));
    }
    seedsOfEdge[edge] = (byte) Math.min(2, seedsOfEdge[edge] + 1);
  }

  public long seeds() {
    return seeds;
  }

  public long events() {
    return events;
  }

  /** Operations of buffers whose histories were found to be those of one buffer. */
  public long operations() {
    return operations;
  }

  /** Moves of buffers within their region. */
  public long relocations() {
    return coverage.relocations();
  }

  /** Histories that were too tangled for the search to decide. */
  public long undecided() {
    return undecided;
  }

  /** A world was compared with one related to it. */
  public void addRelated() {
    related++;
  }

  /** Worlds compared with related ones. */
  public long related() {
    return related;
  }

  /** How often each fault happened. */
  public Map<FaultKind, Long> faults() {
    return new EnumMap<>(faults);
  }

  public long faultCount() {
    return faults.values().stream().mapToLong(Long::longValue).sum();
  }

  public int states() {
    return coverage.states();
  }

  public int edges() {
    return coverage.edges().cardinality();
  }

  public int pairs() {
    return coverage.pairs();
  }

  /** Cells of the protocol's table reached. */
  public int cells() {
    return Coverage.cellsReachable() - coverage.missing().size();
  }

  /** Cells of the protocol's table that can be reached and were not. */
  public List<String> missing() {
    return coverage.missing();
  }

  /** Edges that only one seed reached. */
  public int singletons() {
    int singletons = 0;
    for (byte count : seedsOfEdge) {
      singletons += count == 1 ? 1 : 0;
    }
    return singletons;
  }

  /**
   * Good and Turing's estimate of how probable it is that one more seed reaches an edge that none
   * has.
   */
  public double unseen() {
    return seeds == 0 ? 1 : Math.min(1, (double) singletons() / seeds);
  }
}
