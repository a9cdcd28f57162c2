package org.bufferyard.simulator.attack;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.UnaryOperator;
import org.bufferyard.simulator.requests.Workers;
import org.bufferyard.simulator.workload.WorkloadSpec.Order;
import org.bufferyard.simulator.workload.WorkloadSpec.Pattern;

/**
 * Makes a found workload smaller and plainer while it keeps most of its effect: fewer clients, a
 * shorter run, fewer buffers, rounder figures. Not thread-safe.
 */
final class Shrinker {
  /** Of the found ratio's excess over 1: so much must be left. */
  private static final double KEPT = 0.9;

  private static final int ROUNDS_MAX = 24;

  /** Tried side by side; fixed, so that threads do not change the outcome. */
  private static final int AT_ONCE = 4;

  private static final long DURATION_MIN_NANOS = 100_000_000;

  private final Judge judge;
  private final Workers workers;
  private int trials;

  Shrinker(Judge judge, Workers workers) {
    this.judge = judge;
    this.workers = workers;
  }

  int trials() {
    return trials;
  }

  Trial shrunk(Trial found) {
    double enough = 1 + KEPT * (found.score().ratio() - 1);
    Trial best = found;
    for (int round = 0; round < ROUNDS_MAX; round++) {
      Trial next = lighter(best, enough);
      if (next.equals(best)) {
        return best;
      }
      best = next;
    }
    return best;
  }

  /** The lightest that still does enough, tried a few at a time from the lightest on. */
  private Trial lighter(Trial best, double enough) {
    List<Genome> candidates = new ArrayList<>(smaller(best.genome()));
    candidates.removeIf(each -> each.weight() >= best.genome().weight());
    candidates.sort(Comparator.comparingLong(Genome::weight));
    for (int from = 0; from < candidates.size(); from += AT_ONCE) {
      List<Genome> few = candidates.subList(from, Math.min(candidates.size(), from + AT_ONCE));
      trials += few.size();
      for (Trial each : Attack.judged(judge, workers, few)) {
        if (each.score().ratio() >= enough) {
          return each;
        }
      }
    }
    return best;
  }

  private static List<Genome> smaller(Genome genome) {
    List<Genome> smaller = new ArrayList<>();
    if (genome.durationNanos() / 2 >= DURATION_MIN_NANOS) {
      smaller.add(new Genome(genome.vramPercent(), genome.durationNanos() / 2, genome.clients()));
    }
    for (int at = 0; at < genome.clients().size(); at++) {
      int client = at;
      if (genome.clients().size() > 1) {
        List<Pattern> rest = new ArrayList<>(genome.clients());
        rest.remove(client);
        smaller.add(new Genome(genome.vramPercent(), genome.durationNanos(), rest));
      }
      List<UnaryOperator<Pattern>> changes =
          List.of(
              p -> with(p, Math.max(1, p.buffers() / 2), p.uses()),
              p -> with(p, Math.max(1, p.buffers() * 4 / 5), p.uses()),
              p -> with(p, p.buffers(), 1),
              Shrinker::plain);
      for (UnaryOperator<Pattern> change : changes) {
        List<Pattern> clients = new ArrayList<>(genome.clients());
        clients.set(client, change.apply(clients.get(client)));
        smaller.add(new Genome(genome.vramPercent(), genome.durationNanos(), clients));
      }
    }
    return smaller;
  }

  private static Pattern with(Pattern p, int buffers, int uses) {
    return new Pattern(
        p.client(),
        buffers,
        p.sizeBytes(),
        p.order(),
        uses,
        p.window(),
        p.everyNanos(),
        p.startNanos(),
        p.stopNanos(),
        p.writePercent(),
        p.priority());
  }

  private static boolean windowed(Order order) {
    return order == Order.WINDOW || order == Order.PAIRS || order == Order.SETTLE;
  }

  /** From the start, and with a window only where one counts. */
  private static Pattern plain(Pattern p) {
    return new Pattern(
        p.client(),
        Math.max(1, p.buffers() - 1),
        p.sizeBytes(),
        p.order(),
        p.uses(),
        windowed(p.order()) ? p.window() : 4,
        p.everyNanos(),
        0,
        p.stopNanos(),
        p.writePercent(),
        p.priority());
  }
}
