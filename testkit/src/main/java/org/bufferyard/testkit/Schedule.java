package org.bufferyard.testkit;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The order of one run as a list of numbers, whatever strategy decided it, so that the run can be
 * shortened: which of the ready tasks ran, counted from the one that has been ready longest. Zero
 * is the mildest choice, first come first served, and so is every choice after the last.
 *
 * <p>Not thread-safe; owned by the run that records it.
 */
public final class Schedule {
  /** Stands for a step in which what was ready was held back and time went on. */
  public static final int HOLD = -1;

  private int[] picks = new int[1024];
  private int size;

  /** The picks recorded so far; a copy. */
  public int[] picks() {
    return Arrays.copyOf(picks, size);
  }

  private void add(int pick) {
    if (size == picks.length) {
      picks = Arrays.copyOf(picks, size * 2);
    }
    picks[size++] = pick;
  }

  /** As {@code strategy}, writing down what it picks. For one system. */
  public Strategy recording(Strategy strategy) {
    return random -> new Recording(strategy.start(random));
  }

  /** The order written down in {@code picks}; numbers beyond what is ready mean the last. */
  public static Strategy replaying(int... picks) {
    int[] copy = picks.clone();
    return random -> new Replaying(copy);
  }

  private final class Recording implements Strategy.Picker {
    private final Strategy.Picker inner;
    private final List<Task> waiting = new ArrayList<>();

    Recording(Strategy.Picker inner) {
      this.inner = inner;
    }

    @Override
    public void ready(Task task) {
      waiting.add(task);
      inner.ready(task);
    }

    @Override
    public @Nullable Task next() {
      Task task = inner.next();
      if (task != null) {
        int index = indexOf(task);
        waiting.remove(index);
        add(index);
      } else if (!waiting.isEmpty()) {
        add(HOLD);
      }
      return task;
    }

    /** A callback's task may be equal to no other; a mailbox is ready at most once. */
    private int indexOf(Task task) {
      int index = 0;
      while (waiting.get(index) != task) {
        index++;
      }
      return index;
    }

    @Override
    public int size() {
      return inner.size();
    }

    @Override
    public void release() {
      inner.release();
    }
  }

  private static final class Replaying implements Strategy.Picker {
    private final int[] picks;
    private final List<Task> waiting = new ArrayList<>();
    private int at;
    private boolean released;

    Replaying(int[] picks) {
      this.picks = picks;
    }

    @Override
    public void ready(Task task) {
      waiting.add(task);
    }

    @Override
    public @Nullable Task next() {
      if (waiting.isEmpty()) {
        return null;
      }
      int pick = at < picks.length ? picks[at++] : 0;
      if (pick < 0 && !released) {
        return null;
      }
      released = false;
      return waiting.remove(Math.clamp(pick, 0, waiting.size() - 1));
    }

    @Override
    public int size() {
      return waiting.size();
    }

    @Override
    public void release() {
      released = true;
    }
  }
}
