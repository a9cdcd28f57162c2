package org.bufferyard.simulator.fault;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.bufferyard.actors.environment.Randomness;
import org.jspecify.annotations.Nullable;

/**
 * Decides on each occasion of a fault whether it happens: by chance, or as written down. Each fault
 * has a random stream of its own, so that one left out does not shift the others. Not thread-safe;
 * owned by a deterministic run.
 */
final class FaultDice {
  private final Map<FaultKind, List<Arm>> arms = new EnumMap<>(FaultKind.class);
  private final Map<FaultKind, Long> occasions = new EnumMap<>(FaultKind.class);
  private final List<Firings.Firing> fired = new ArrayList<>();
  private final LongSupplier clock;
  private final long untilNanos;
  private final @Nullable Map<FaultKind, TreeSet<Long>> written;

  private static final class Arm {
    final FaultSpec spec;
    final RandomGenerator random;
    long seen;
    long happened;

    Arm(FaultSpec spec, RandomGenerator random) {
      this.spec = spec;
      this.random = random;
    }

    boolean throwDice() {
      boolean due = ++seen % spec.interval() == 0 && happened < spec.count();
      boolean happens = due && random.nextInt(1000) < spec.permille();
      happened += happens ? 1 : 0;
      return happens;
    }
  }

  /**
   * Dice for these faults.
   *
   * @param untilNanos from then on the world is healed, and nothing happens any more
   * @param written what happens, instead of chance; null for chance
   */
  FaultDice(
      List<FaultSpec> specs,
      Randomness randomness,
      LongSupplier clock,
      long untilNanos,
      @Nullable Firings written) {
    this.clock = clock;
    this.untilNanos = untilNanos;
    this.written = written == null ? null : written.byKind();
    for (int i = 0; i < specs.size(); i++) {
      FaultSpec spec = specs.get(i);
      RandomGenerator random = randomness.stream("fault-" + spec.kind().label() + "-" + i);
      arms.computeIfAbsent(spec.kind(), kind -> new ArrayList<>(1)).add(new Arm(spec, random));
    }
  }

  /** The spec of the fault that happens now to the one of this name, or null. */
  @Nullable FaultSpec happens(FaultKind kind, String name) {
    List<Arm> all = arms.get(kind);
    if (all == null || clock.getAsLong() >= untilNanos) {
      return null;
    }
    long occasion = occasions.merge(kind, 1L, Long::sum);
    Arm arm = written == null ? byChance(all, name) : asWritten(all, name, occasion);
    if (arm == null) {
      return null;
    }
    fired.add(new Firings.Firing(kind, occasion));
    return arm.spec;
  }

  private static @Nullable Arm byChance(List<Arm> all, String name) {
    for (Arm arm : all) {
      if (arm.spec.covers(name) && arm.throwDice()) {
        return arm;
      }
    }
    return null;
  }

  private @Nullable Arm asWritten(List<Arm> all, String name, long occasion) {
    TreeSet<Long> due = written == null ? null : written.get(all.getFirst().spec.kind());
    if (due == null || !due.contains(occasion)) {
      return null;
    }
    for (Arm arm : all) {
      if (arm.spec.covers(name)) {
        return arm;
      }
    }
    return all.getFirst();
  }

  /** What has happened so far. */
  Firings firings() {
    return new Firings(fired);
  }
}
