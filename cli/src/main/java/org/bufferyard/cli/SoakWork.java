package org.bufferyard.cli;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;
import org.bufferyard.allocator.Outcome;
import org.bufferyard.simulator.run.Trial;
import org.bufferyard.simulator.soak.Metamorphic;
import org.bufferyard.simulator.soak.Relation;
import org.bufferyard.simulator.soak.SoakCase;
import org.bufferyard.simulator.soak.SoakPlan;
import org.bufferyard.simulator.soak.SoakTotals;
import org.jspecify.annotations.Nullable;

/** Seeds run by several threads, each seed by one, until the first that fails. */
final class SoakWork {
  /** One seed in so many is run twice. */
  private static final long TWICE_EVERY = 100;

  /** One seed of the swarm in so many is compared with a world related to it. */
  private static final long RELATED_EVERY = 16;

  /** What went wrong with a seed. */
  enum Kind {
    /** Its run fails, and can be made short. */
    FAILS,
    NONDETERMINISTIC,
    /** Two worlds do not come to what they should together. */
    UNRELATED
  }

  /**
   * The failure with the lowest seed of those that were found.
   *
   * @param found the case; what it is where its world could not be made
   */
  record Failure(long seed, SoakCase found, String text, Kind kind) {}

  private final SoakPlan plan;
  private final SeedSpan seeds;
  private final long limitNanos;
  private final long startNanos = System.nanoTime();
  private final AtomicLong next;
  private final AtomicBoolean stopped = new AtomicBoolean();
  private final AtomicLong cpuNanos = new AtomicLong();
  private final SoakTotals totals = new SoakTotals();
  private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
  private @Nullable Failure failure;
  private long endNanos;

  SoakWork(SoakPlan plan, SeedSpan seeds, long limitNanos) {
    this.plan = plan;
    this.seeds = seeds;
    this.limitNanos = limitNanos;
    this.next = new AtomicLong(seeds.first());
  }

  void run(int jobs, ProgressLine progress) {
    try (WorkerPool pool = new WorkerPool(jobs)) {
      pool.run(jobs, worker -> takeSeeds(progress));
    }
    endNanos = System.nanoTime();
  }

  private void takeSeeds(ProgressLine progress) {
    long cpuBefore = threads.getCurrentThreadCpuTime();
    while (!stopped.get() && System.nanoTime() - startNanos < limitNanos) {
      long seed = next.getAndIncrement();
      if (seed > seeds.last() || seed < 0) {
        break;
      }
      runSeed(seed);
      show(progress);
    }
    cpuNanos.addAndGet(threads.getCurrentThreadCpuTime() - cpuBefore);
  }

  private void runSeed(long seed) {
    switch (SoakCase.of(plan, seed)) {
      case Outcome.Refused<SoakCase>(var refusal) ->
          throw new IllegalStateException("seed " + seed + " draws no world: " + refusal);
      case Outcome.Done<SoakCase>(SoakCase drawn) -> {
        Trial.Outcome outcome = Trial.run(drawn.plan());
        collect(outcome);
        if (!outcome.clean()) {
          fail(new Failure(seed, drawn, outcome.violations().getFirst().text(), Kind.FAILS));
        } else if (seed % TWICE_EVERY == 0) {
          compare(drawn, outcome);
        } else if (plan.scenario() == null && seed % RELATED_EVERY == 0) {
          relate(drawn);
        }
      }
    }
  }

  private void relate(SoakCase drawn) {
    Relation relation = Metamorphic.relationOf(drawn.seed() / RELATED_EVERY);
    String text =
        Metamorphic.check(drawn.seed(), plan.policies(), relation, UnaryOperator.identity());
    related();
    if (text != null) {
      fail(new Failure(drawn.seed(), drawn, text, Kind.UNRELATED));
    }
  }

  private synchronized void related() {
    totals.addRelated();
  }

  private void compare(SoakCase drawn, Trial.Outcome first) {
    Trial.Outcome second = Trial.run(drawn.plan());
    if (second.eventHash() != first.eventHash()) {
      String text =
          String.format(
              Locale.ROOT, "hash %016x, then %016x", first.eventHash(), second.eventHash());
      fail(new Failure(drawn.seed(), drawn, text, Kind.NONDETERMINISTIC));
    }
  }

  private synchronized void collect(Trial.Outcome outcome) {
    totals.add(outcome);
  }

  private synchronized void fail(Failure found) {
    stopped.set(true);
    Failure known = failure;
    failure = known == null || found.seed() < known.seed() ? found : known;
  }

  private synchronized void show(ProgressLine progress) {
    long wall = System.nanoTime() - startNanos;
    boolean byTime = limitNanos < Long.MAX_VALUE;
    long total = byTime ? limitNanos : seeds.last() - seeds.first() + 1;
    progress.show(
        String.format(
            Locale.ROOT,
            "%,d seeds, %,d events, %,.0f events/s",
            totals.seeds(),
            totals.events(),
            totals.events() / (wall / 1e9)),
        byTime ? wall : totals.seeds(),
        total);
  }

  synchronized SoakTotals totals() {
    return totals;
  }

  synchronized @Nullable Failure failure() {
    return failure;
  }

  long wallNanos() {
    return endNanos - startNanos;
  }

  long cpuNanos() {
    return cpuNanos.get();
  }
}
