package org.bufferyard.testkit;

import java.util.Arrays;
import java.util.function.Consumer;

/**
 * Runs a body once for every combination of the choices that it makes.
 *
 * <p>The body draws bounded integers from its {@link Choices}; a later bound may depend on earlier
 * draws. The combinations come in lexicographic order, without recursion and without a list of
 * them: the next one keeps the longest prefix whose last choice can still grow. The idea is that of
 * "Generate all the things" (matklad, 2021). For inputs small enough to try them all.
 */
public final class Exhaustive {
  /** Combinations after which a check is taken to be too large to be meant. */
  public static final long CASES_MAX = 100_000_000;

  private Exhaustive() {}

  /**
   * Runs the body for every combination; returns their number.
   *
   * @throws AssertionError with the failing choices in its text and the failure as its cause
   * @throws IllegalStateException after {@link #CASES_MAX} combinations
   */
  public static long check(Consumer<Choices> body) {
    Choices choices = new Choices();
    long cases = 0;
    do {
      if (++cases > CASES_MAX) {
        throw new IllegalStateException("more than " + CASES_MAX + " combinations");
      }
      runOne(body, choices, cases);
    } while (choices.next());
    return cases;
  }

  private static void runOne(Consumer<Choices> body, Choices choices, long number) {
    try {
      body.accept(choices);
      choices.checkAllDrawn();
    } catch (RuntimeException | AssertionError failure) {
      throw new AssertionError(
          "case %d, choices %s: %s".formatted(number, choices, failure.getMessage()), failure);
    }
  }

  /** The source of choices of one combination. */
  public static final class Choices {
    private int[] values = new int[16];
    private int[] bounds = new int[16];
    private int drawn;
    private int known;

    private Choices() {}

    /** A choice in [0, bound). */
    public int below(int bound) {
      if (bound < 1) {
        throw new IllegalArgumentException("bound must be positive, was " + bound);
      }
      if (drawn == values.length) {
        values = Arrays.copyOf(values, drawn * 2);
        bounds = Arrays.copyOf(bounds, drawn * 2);
      }
      if (drawn == known) {
        values[known++] = 0;
      } else if (bounds[drawn] != bound) {
        throw new IllegalStateException(
            "choice %d was below %d before and is below %d now: the body must depend on its choices alone"
                .formatted(drawn, bounds[drawn], bound));
      }
      bounds[drawn] = bound;
      return values[drawn++];
    }

    /** A choice in [first, last], both included. */
    public int between(int first, int last) {
      return first + below(Math.addExact(Math.subtractExact(last, first), 1));
    }

    public boolean flag() {
      return below(2) == 1;
    }

    /** One of the constants of an enum, or of any array. */
    @SafeVarargs
    public final <E> E of(E... options) {
      return options[below(options.length)];
    }

    private void checkAllDrawn() {
      if (drawn < known) {
        throw new IllegalStateException(
            "drew %d choices after drawing %d: the body must depend on its choices alone"
                .formatted(drawn, known));
      }
    }

    /** Moves to the next combination; false when that was the last. */
    private boolean next() {
      int last = known - 1;
      while (last >= 0 && values[last] == bounds[last] - 1) {
        last--;
      }
      if (last < 0) {
        return false;
      }
      values[last]++;
      known = last + 1;
      drawn = 0;
      return true;
    }

    /** The choices drawn so far, such as {@code [0, 2, 1]}. */
    @Override
    public String toString() {
      return Arrays.toString(Arrays.copyOf(values, drawn));
    }
  }
}
