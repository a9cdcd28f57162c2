package org.bufferyard.simulator.run;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bufferyard.actors.environment.Topology;
import org.bufferyard.actors.protocol.ClientId;
import org.bufferyard.actors.protocol.MoveRecord;
import org.bufferyard.actors.protocol.MoveRecord.Next;
import org.bufferyard.actors.protocol.YardEvent.Cause;
import org.bufferyard.simulator.result.Findings.Causes;
import org.bufferyard.simulator.result.Findings.Eviction;
import org.bufferyard.simulator.result.Findings.UselessMoves;

/**
 * Reads a run's moves: who caused each, who paid, and what it was good for. What happens to a
 * client's buffers after its program's last step is the end of the run and no fate.
 */
final class CauseMaker {
  /** More evictions than this are left out of the list and counted. */
  static final int EVICTIONS_MAX = 10_000;

  private static final int PLACES_MAX = 64;

  private record Kind(String owner, String why, String link) {}

  private final Topology topology;
  private final List<String> clients;
  private final long[] endNanos;
  private final long pingPongNanos;
  private final List<Eviction> evictions = new ArrayList<>();
  private final Map<Kind, long[]> useless = new LinkedHashMap<>();
  private final long[] waitNanos;
  private final long[][] returnNanos;
  private long moves;
  private long leftOut;

  /**
   * For one run.
   *
   * @param endNanos by client, when its program had done all but to give its buffers back
   */
  CauseMaker(Topology topology, List<String> clients, long[] endNanos, long pingPongNanos) {
    this.topology = topology;
    this.clients = clients;
    this.endNanos = endNanos;
    this.pingPongNanos = pingPongNanos;
    this.waitNanos = new long[clients.size()];
    this.returnNanos = new long[clients.size()][clients.size()];
  }

  /**
   * Of all moves.
   *
   * @param notLogged further ones
   */
  Causes of(List<MoveRecord> history, long notLogged) {
    leftOut = notLogged;
    for (MoveRecord move : history) {
      if (move.atNanos() > end(move)) {
        continue;
      }
      if (decided(move)) {
        moves++;
        judge(move);
      }
      if (move.cause() == Cause.EVICTION) {
        enter(move);
      }
    }
    return new Causes(
        moves,
        leftOut,
        List.copyOf(evictions),
        uselessMoves(),
        Arrays.stream(waitNanos).boxed().toList(),
        Arrays.stream(returnNanos).map(row -> Arrays.stream(row).boxed().toList()).toList());
  }

  /** Something became of it before the workload's end. */
  private boolean decided(MoveRecord move) {
    return move.next() != Next.NONE && move.nextNanos() <= end(move);
  }

  private long end(MoveRecord move) {
    return known(move.owner()) ? endNanos[move.owner().value()] : Long.MAX_VALUE;
  }

  private boolean used(MoveRecord move) {
    return move.firstUseNanos() <= end(move);
  }

  private void judge(MoveRecord move) {
    boolean servedNothing = !used(move) && (!move.outward() || move.next() == Next.FREED);
    if (servedNothing && (useless.size() < PLACES_MAX || useless.containsKey(kind(move)))) {
      long[] sum = useless.computeIfAbsent(kind(move), none -> new long[2]);
      sum[0]++;
      sum[1] += move.sizeBytes();
    }
  }

  private Kind kind(MoveRecord move) {
    String why =
        switch (move.cause()) {
          case EVICTION -> "evicted";
          case BRING_BACK -> "brought back";
          case CONSTRAINT -> "asked for";
          case DEFRAGMENTATION -> "put closer";
        };
    return new Kind(name(move.owner()), why, region(move.from()) + "->" + region(move.to()));
  }

  private List<UselessMoves> uselessMoves() {
    List<UselessMoves> sums = new ArrayList<>();
    useless.forEach(
        (kind, sum) -> sums.add(new UselessMoves(kind.owner, kind.why, kind.link, sum[0], sum[1])));
    return sums;
  }

  private void enter(MoveRecord move) {
    add(waitNanos, move.client(), move.waitNanos());
    boolean back = decided(move) && move.next() == Next.CAME_NEARER;
    if (back && known(move.client())) {
      add(returnNanos[move.client().value()], move.nextClient(), move.nextCostNanos());
    }
    if (evictions.size() < EVICTIONS_MAX) {
      evictions.add(eviction(move, back));
    } else {
      leftOut++;
    }
  }

  private Eviction eviction(MoveRecord move, boolean back) {
    long end = decided(move) ? move.nextNanos() : end(move);
    long after = end - move.atNanos();
    // What comes back is wanted: its next use is at its return, at the earliest.
    long next = used(move) ? move.firstUseNanos() : back ? move.nextNanos() : -1;
    return new Eviction(
        move.atNanos() / 1e9,
        move.demand(),
        move.wanted().toString(),
        name(move.client()),
        move.waitNanos(),
        move.buffer().toString(),
        name(move.owner()),
        move.sizeBytes(),
        region(move.from()),
        region(move.to()),
        fate(move),
        Math.max(0, after),
        next < 0 ? -1 : Math.max(0, next - move.atNanos()),
        back ? name(move.nextClient()) : "",
        back ? move.nextCostNanos() : 0,
        back && after <= pingPongNanos);
  }

  private String fate(MoveRecord move) {
    if (!decided(move)) {
      return "still-out";
    }
    return switch (move.next()) {
      case CAME_NEARER -> "came-back";
      case WENT_FURTHER -> "moved-on";
      case FREED -> used(move) ? "used-there" : "freed-unused";
      case NONE -> "still-out";
    };
  }

  private boolean known(ClientId client) {
    return client.value() >= 0 && client.value() < clients.size();
  }

  private void add(long[] sums, ClientId client, long nanos) {
    if (known(client)) {
      sums[client.value()] += nanos;
    }
  }

  /** The yard itself has no client. */
  private String name(ClientId client) {
    return known(client) ? clients.get(client.value()) : "";
  }

  private String region(int region) {
    return topology.region(region).name();
  }
}
