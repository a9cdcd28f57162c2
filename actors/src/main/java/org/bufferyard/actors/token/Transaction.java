package org.bufferyard.actors.token;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bufferyard.allocator.Errno;
import org.bufferyard.allocator.Refusal;

/**
 * Takes the tokens of many reservations: of all at once; after EDEADLK it lets go of everything,
 * waits for the contended one alone, and asks for the rest again with the same stamp. It ends with
 * all tokens or with none. Says what to send and is told what was answered; the tokens' side is
 * {@link Token}. Not thread-safe; owned by whoever runs the transaction. Model of {@code struct
 * drm_exec}, {@code drivers/gpu/drm/drm_exec.c}.
 *
 * @param <L> names one reservation; equal names are one reservation
 */
public final class Transaction<L> {
  /** More reservations than this are refused E2BIG. */
  public static final int LOCKS_MAX = 65_536;

  /**
   * After this many back-offs the transaction is refused EAGAIN: it could as well be submitted
   * anew.
   */
  public static final int BACK_OFFS_MAX = 4_096;

  /** What to do next. */
  public sealed interface Step<L> {
    /**
     * Ask for a token.
     *
     * @param attempt comes back with the answer
     * @param holding others are held, or may be by the time this one is granted
     */
    record Claim<L>(L lock, int attempt, boolean holding, boolean mayWait) implements Step<L> {}

    /** Give a token up, or the request for it. */
    record Release<L>(L lock) implements Step<L> {}

    /** All tokens are held. */
    record Locked<L>() implements Step<L> {}

    /** No token is held, and the transaction is over. */
    record Failed<L>(Refusal refusal) implements Step<L> {}
  }

  private enum Slot {
    IDLE,
    ASKED,
    HELD
  }

  private enum Phase {
    LOCKING,
    /** Nothing is held; the contended token is asked for alone. */
    SLOW,
    LOCKED,
    OVER
  }

  private final boolean ignoreDuplicates;
  private final boolean mayWait;
  private final Map<L, Slot> slots = new LinkedHashMap<>();
  private Phase phase = Phase.LOCKED;
  private int attempt;
  private int backOffs;
  private int held;

  /**
   * A transaction that holds nothing.
   *
   * @param ignoreDuplicates a reservation named twice is taken once; otherwise it is EALREADY
   * @param mayWait false: tokens that are not free are EBUSY
   */
  public Transaction(boolean ignoreDuplicates, boolean mayWait) {
    this.ignoreDuplicates = ignoreDuplicates;
    this.mayWait = mayWait;
  }

  /** Back-offs so far. */
  public int backOffs() {
    return backOffs;
  }

  /** All that were asked for are held. */
  public boolean locked() {
    return phase == Phase.LOCKED;
  }

  public boolean holds(L lock) {
    return slots.get(lock) == Slot.HELD;
  }

  /** Those it waits for now. */
  public List<L> awaited() {
    List<L> asked = new ArrayList<>();
    slots.forEach(
        (lock, slot) -> {
          if (slot == Slot.ASKED) {
            asked.add(lock);
          }
        });
    return asked;
  }

  /** Takes more tokens, beside those held; only when all that were asked for are held. */
  public List<Step<L>> lock(List<L> locks) {
    if (phase != Phase.LOCKED) {
      throw new IllegalStateException("cannot take more tokens while " + phase);
    }
    if (locks.size() > LOCKS_MAX - slots.size()) {
      return fail(
          new Refusal(
              Errno.E2BIG,
              "a transaction takes "
                  + LOCKS_MAX
                  + " reservations, asked for "
                  + (slots.size() + locks.size())));
    }
    for (L lock : locks) {
      if (slots.putIfAbsent(lock, Slot.IDLE) != null && !ignoreDuplicates) {
        return fail(new Refusal(Errno.EALREADY, lock + " is in the transaction already"));
      }
    }
    phase = Phase.LOCKING;
    return claimIdle();
  }

  private List<Step<L>> claimIdle() {
    List<L> idle = new ArrayList<>();
    slots.forEach(
        (lock, slot) -> {
          if (slot == Slot.IDLE) {
            idle.add(lock);
          }
        });
    boolean holding = slots.size() > 1;
    List<Step<L>> steps = new ArrayList<>(idle.size() + 1);
    for (L lock : idle) {
      slots.put(lock, Slot.ASKED);
      steps.add(new Step.Claim<>(lock, attempt, holding, mayWait));
    }
    lockedIfAll(steps);
    return steps;
  }

  private void lockedIfAll(List<Step<L>> steps) {
    if (held == slots.size()) {
      phase = Phase.LOCKED;
      steps.add(new Step.Locked<>());
    }
  }

  /** A token was granted; an answer of an older attempt changes nothing: it was given up. */
  public List<Step<L>> granted(L lock, int ofAttempt) {
    if (ofAttempt != attempt || slots.get(lock) != Slot.ASKED) {
      return List.of();
    }
    slots.put(lock, Slot.HELD);
    held++;
    if (phase == Phase.SLOW) {
      phase = Phase.LOCKING;
      return claimIdle();
    }
    List<Step<L>> steps = new ArrayList<>(1);
    lockedIfAll(steps);
    return steps;
  }

  /** A token was refused: EDEADLK means to back off, anything else is the end. */
  public List<Step<L>> refused(L lock, int ofAttempt, Refusal refusal) {
    if (ofAttempt != attempt || slots.get(lock) != Slot.ASKED) {
      return List.of();
    }
    slots.put(lock, Slot.IDLE);
    if (refusal.errno() != Errno.EDEADLK) {
      return fail(refusal);
    }
    if (++backOffs > BACK_OFFS_MAX) {
      return fail(
          new Refusal(Errno.EAGAIN, "backed off " + BACK_OFFS_MAX + " times, last: " + refusal));
    }
    List<Step<L>> steps = releaseAll();
    phase = Phase.SLOW;
    slots.put(lock, Slot.ASKED);
    steps.add(new Step.Claim<>(lock, attempt, false, true));
    return steps;
  }

  private List<Step<L>> releaseAll() {
    attempt++;
    held = 0;
    List<Step<L>> steps = new ArrayList<>();
    slots.replaceAll(
        (lock, slot) -> {
          if (slot != Slot.IDLE) {
            steps.add(new Step.Release<>(lock));
          }
          return Slot.IDLE;
        });
    return steps;
  }

  /** Gives one token up; the transaction goes on with the others. */
  public List<Step<L>> unlock(L lock) {
    Slot slot = slots.get(lock);
    if (phase != Phase.LOCKED || slot == null) {
      throw new IllegalStateException("does not hold " + lock + " while " + phase);
    }
    slots.remove(lock);
    held--;
    return List.of(new Step.Release<>(lock));
  }

  /** What was locked is given up, by being used or not: the transaction may begin again. */
  public List<Step<L>> finish() {
    List<Step<L>> steps = releaseAll();
    slots.clear();
    phase = Phase.LOCKED;
    return steps;
  }

  /** The client has lost interest: whatever was answered or not, nothing is held afterwards. */
  public List<Step<L>> cancel(Refusal refusal) {
    return phase == Phase.OVER ? List.of() : fail(refusal);
  }

  private List<Step<L>> fail(Refusal refusal) {
    List<Step<L>> steps = releaseAll();
    slots.clear();
    phase = Phase.OVER;
    steps.add(new Step.Failed<>(refusal));
    return steps;
  }
}
