package org.bufferyard.simulator.soak;

import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.bufferyard.allocator.Outcome;
import org.bufferyard.simulator.fault.FaultKind;
import org.bufferyard.simulator.fault.Firings;
import org.bufferyard.simulator.run.Trial;
import org.bufferyard.testkit.Courier;
import org.bufferyard.testkit.Schedule;
import org.bufferyard.testkit.Strategy;
import org.jspecify.annotations.Nullable;

/**
 * The shortest tape so far that fails as the first did, and the trials that look for a shorter one.
 * Not thread-safe; owned by its shrinker.
 */
final class Search {
  private static final int STEP_WEIGHT = 10;

  /** An order is calmed in pieces no smaller than this part of it. */
  private static final int CALM_PARTS = 32;

  /** Orders that are tried where neither the tape's own nor first come first served will do. */
  private static final List<Strategy> ORDERS =
      List.of(Strategy.uniform(), Strategy.pct(3, 200), Strategy.delayOne(50), Strategy.bursts(8));

  private final List<String> policies;
  private final Supplier<Courier> couriers;
  private final BooleanSupplier timeIsUp;
  private final Tape original;
  private Tape best;
  private int tries;

  /** What was left out may shift the order so that the failure needs another one: look for it. */
  private boolean patient;

  Search(Tape tape, List<String> policies, Supplier<Courier> couriers, BooleanSupplier timeIsUp) {
    this.original = tape;
    this.best = tape;
    this.policies = policies;
    this.couriers = couriers;
    this.timeIsUp = timeIsUp;
  }

  Tape best() {
    return best;
  }

  int tries() {
    return tries;
  }

  boolean over() {
    return timeIsUp.getAsBoolean();
  }

  void bePatient(boolean now) {
    patient = now;
  }

  void startAgain() {
    best = original;
  }

  long weight() {
    return weight(best);
  }

  static long weight(Tape tape) {
    return tape.expected().events()
        + (long) STEP_WEIGHT * tape.stepCount()
        + unruly(tape)
        + tape.firings().all().size();
  }

  /** Choices that are not first come first served. */
  static long unruly(Tape tape) {
    long unruly = 0;
    for (int pick : tape.picks()) {
      unruly += pick == 0 ? 0 : 1;
    }
    return unruly;
  }

  /** Returns whether it fails the same rule and is no longer; then it is the best so far. */
  boolean keepIfFails(Tape candidate) {
    return keep(attempt(candidate, Schedule.replaying(candidate.picks())));
  }

  /**
   * The same with steps left out: a fault that counts steps may come as many steps earlier, or have
   * been there for one of those.
   */
  boolean keepIfFails(Tape candidate, int stepsFewer) {
    Firings all = candidate.firings();
    return keepInSomeOrder(candidate)
        || keepIfOther(candidate, all.earlier(FaultKind.CLIENT_DIES, stepsFewer))
        || keepIfOther(candidate, all.without(FaultKind.CLIENT_DIES));
  }

  private boolean keepIfOther(Tape candidate, Firings firings) {
    return !firings.equals(candidate.firings()) && keepInSomeOrder(candidate.withFirings(firings));
  }

  /** The same; later in the search, other orders are tried too. */
  boolean keepInSomeOrder(Tape candidate) {
    if (keepIfFails(candidate)) {
      return true;
    }
    if (!patient) {
      return false;
    }
    if (candidate.picks().length > 0 && keepIfFails(candidate.withPicks())) {
      return true;
    }
    for (Strategy order : ORDERS) {
      Schedule schedule = new Schedule();
      Tape found = attempt(candidate, schedule.recording(order));
      if (found != null && keep(calm(found.withPicks(schedule.picks())))) {
        return true;
      }
    }
    return false;
  }

  /**
   * Takes a candidate that fails, however long it is, and sees whether {@code cuts} make it shorter
   * than what there was.
   */
  void detour(Tape candidate, Runnable cuts) {
    Tape before = best;
    Tape found = attempt(candidate, Schedule.replaying(candidate.picks()));
    if (found == null) {
      return;
    }
    best = found;
    cuts.run();
    if (weight(best) > weight(before)) {
      best = before;
    }
  }

  private boolean keep(@Nullable Tape found) {
    if (found == null || weight(found) > weight(best)) {
      return false;
    }
    best = found;
    return true;
  }

  /** First come first served wherever that makes the failing tape lighter, piece by piece. */
  Tape calm(Tape failing) {
    Tape calmest = failing;
    int length = failing.picks().length;
    for (int block = Math.max(1, length / 2); block > length / CALM_PARTS; block /= 2) {
      for (int from = length - block; from >= 0; from -= block) {
        int[] fewer = calmest.picks().clone();
        boolean any = false;
        for (int at = from; at < Math.min(from + block, fewer.length); at++) {
          any |= fewer[at] != 0;
          fewer[at] = 0;
        }
        Tape found = any ? attempt(calmest.withPicks(fewer), Schedule.replaying(fewer)) : null;
        if (found != null && weight(found) <= weight(calmest)) {
          calmest = found;
        }
      }
    }
    return calmest;
  }

  /** The candidate with what came of it in this order; null unless it fails as the first did. */
  private @Nullable Tape attempt(Tape candidate, Strategy order) {
    if (over() || !(candidate.plan(policies) instanceof Outcome.Done<Trial.Plan>(var plan))) {
      return null;
    }
    tries++;
    Trial.Outcome outcome;
    try {
      outcome = Trial.run(plan.withStrategy(order).withCourier(couriers.get()));
    } catch (IllegalStateException | IllegalArgumentException otherwiseBroken) {
      return null;
    }
    boolean same =
        outcome.verdict() == original.expected().verdict()
            && outcome.rule().equals(original.expected().rule());
    return same ? candidate.with(outcome) : null;
  }
}
