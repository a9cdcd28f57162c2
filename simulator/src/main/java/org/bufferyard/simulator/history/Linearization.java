package org.bufferyard.simulator.history;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Searches for an order of a history's operations that one buffer, doing one thing at a time, could
 * have gone through: each takes effect somewhere between being asked and being answered. The search
 * of Wing and Gong with Lowe's memory of configurations that lead nowhere; what was answered first
 * is tried first, so a right history costs one step an operation. Once the search has had to turn
 * back, what changes nothing and may be next is next, and nothing else is tried in its place: any
 * order that goes on from here goes on as well after it. So the many uses and refusals at one time
 * are not tried in all their orders.
 *
 * <p>Bounded: after {@link #STEPS_MAX} steps it says that it does not know.
 */
final class Linearization {
  /** Some tenths of a second. */
  static final int STEPS_MAX = 200_000;

  enum Verdict {
    EXPLAINED,
    /** There is no such order. */
    IMPOSSIBLE,
    /** None found, and not all tried. */
    UNKNOWN
  }

  /** What is left undone, and what the buffer is like: nothing else matters for what follows. */
  private record Configuration(BitSet done, ReferenceBuffer state) {}

  private final List<Operation> operations;

  /** By index: the earliest that any operation from there on was asked. */
  private final long[] askedFrom;

  private final BitSet done = new BitSet();
  private final Set<Configuration> dead = new LinkedHashSet<>();
  private final int stepsMax;
  private int first;
  private int steps;
  private int longest = -1;
  private @Nullable Operation stuck;
  private @Nullable ReferenceBuffer stuckIn;

  Linearization(List<Operation> history) {
    this(history, STEPS_MAX);
  }

  Linearization(List<Operation> history, int stepsMax) {
    this.operations = new ArrayList<>(history);
    this.operations.sort(Comparator.comparingLong(operation -> operation.sent));
    this.stepsMax = stepsMax;
    this.askedFrom = new long[operations.size() + 1];
    askedFrom[operations.size()] = Operation.NEVER;
    for (int at = operations.size() - 1; at >= 0; at--) {
      askedFrom[at] = Math.min(askedFrom[at + 1], operations.get(at).invoked);
    }
  }

  /** A step that was taken, to take back. */
  private record Taken(int operation, ReferenceBuffer before, int next) {}

  Verdict search(ReferenceBuffer start) {
    ReferenceBuffer state = start;
    List<Taken> path = new ArrayList<>();
    int candidate = 0;
    while (!allAnsweredDone()) {
      boolean fresh = candidate <= first && !dead.isEmpty();
      int harmless = fresh ? harmless(state) : -1;
      int found = steps > stepsMax ? -1 : harmless;
      if (found < 0 && steps <= stepsMax) {
        found = next(state, Math.max(candidate, first));
      }
      if (found >= 0 && (harmless < 0 || !deadAfter(found, state))) {
        path.add(new Taken(found, state, harmless < 0 ? found + 1 : operations.size()));
        state = step(state, found);
        candidate = first;
      } else if (path.isEmpty() || steps > stepsMax) {
        return steps > stepsMax ? Verdict.UNKNOWN : Verdict.IMPOSSIBLE;
      } else {
        dead.add(new Configuration((BitSet) done.clone(), state));
        Taken last = path.removeLast();
        state = last.before;
        undo(last.operation);
        candidate = last.next;
      }
    }
    return Verdict.EXPLAINED;
  }

  /** Those that have no answer need not have happened. */
  private boolean allAnsweredDone() {
    return first == operations.size() || operations.get(first).pending();
  }

  private ReferenceBuffer step(ReferenceBuffer state, int at) {
    ReferenceBuffer after = state.step(operations.get(at));
    if (after == null) {
      throw new IllegalStateException("was possible before, operation=" + at);
    }
    done.set(at);
    first = done.nextClearBit(first);
    return after;
  }

  private void undo(int at) {
    done.clear(at);
    first = Math.min(first, at);
  }

  /** The first operation from {@code from} on that may be next and leads somewhere, or -1. */
  private int next(ReferenceBuffer state, int from) {
    long limit = earliestAnswer();
    for (int at = from; at < operations.size() && askedFrom[at] <= limit; at++) {
      if (!done.get(at) && operations.get(at).invoked <= limit && possible(state, at)) {
        return at;
      }
    }
    return -1;
  }

  /** An answered operation that may be next and leaves the buffer as it is, or -1. */
  private int harmless(ReferenceBuffer state) {
    long limit = earliestAnswer();
    for (int at = first; at < operations.size() && askedFrom[at] <= limit; at++) {
      Operation operation = operations.get(at);
      if (!done.get(at) && operation.invoked <= limit && !operation.pending()) {
        steps++;
        if (state.equals(state.step(operation))) {
          return at;
        }
      }
    }
    return -1;
  }

  private boolean deadAfter(int at, ReferenceBuffer after) {
    BitSet then = (BitSet) done.clone();
    then.set(at);
    return dead.contains(new Configuration(then, after));
  }

  /** What was asked after an answer was seen cannot come before what was answered. */
  private long earliestAnswer() {
    long earliest = Operation.NEVER;
    for (int at = first; at < operations.size() && askedFrom[at] <= earliest; at++) {
      if (!done.get(at)) {
        earliest = Math.min(earliest, operations.get(at).answered);
      }
    }
    return earliest;
  }

  private boolean possible(ReferenceBuffer state, int at) {
    steps++;
    ReferenceBuffer after = state.step(operations.get(at));
    if (after == null) {
      note(at, state);
      return false;
    }
    if (operations.get(at).pending() && after.equals(state)) {
      return false; // it need not have happened, and if it has, nothing came of it
    }
    return dead.isEmpty() || !deadAfter(at, after);
  }

  /** The first thing that did not fit where the search got furthest. */
  private void note(int at, ReferenceBuffer state) {
    if (done.cardinality() > longest) {
      longest = done.cardinality();
      stuck = operations.get(at);
      stuckIn = state;
    }
  }

  /** What could not be explained, in words. */
  String explanation() {
    return stuck == null
        ? "nothing fits"
        : "nothing explains what came " + stuck.line() + "; the buffer was " + stuckIn;
  }
}
