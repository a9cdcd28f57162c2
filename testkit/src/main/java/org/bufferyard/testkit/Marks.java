package org.bufferyard.testkit;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Coverage marks: a rare branch says that it was reached, and a test asserts that it was.
 *
 * <p>A test that means to reach a branch and no longer does fails with its name, instead of going
 * on testing nothing. The code under test takes a {@code Marks}, or any callback of a string, and
 * production gives it one that does nothing. Not thread-safe; owned by one run.
 */
public final class Marks {
  private final Map<String, Long> hits = new TreeMap<>();

  /** Says that the branch of this name was reached. */
  public void hit(String branch) {
    hits.merge(branch, 1L, Long::sum);
  }

  public long count(String branch) {
    return hits.getOrDefault(branch, 0L);
  }

  /** Takes over the counts of another run. */
  public void add(Marks other) {
    other.hits.forEach((branch, count) -> hits.merge(branch, count, Long::sum));
  }

  /**
   * Checks that all of these were reached.
   *
   * @throws AssertionError that names those that were not, and those that were
   */
  public void assertReached(String... branches) {
    List<String> missing = new ArrayList<>();
    for (String branch : branches) {
      if (count(branch) == 0) {
        missing.add(branch);
      }
    }
    if (!missing.isEmpty()) {
      throw new AssertionError("never reached: " + missing + "; reached: " + hits);
    }
  }

  /** The counts by name. */
  @Override
  public String toString() {
    return hits.toString();
  }
}
