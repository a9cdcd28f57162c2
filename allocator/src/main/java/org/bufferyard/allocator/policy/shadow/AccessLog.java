package org.bufferyard.allocator.policy.shadow;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bufferyard.allocator.policy.replay.Requests;
import org.jspecify.annotations.Nullable;

/**
 * The accesses of a region's buffers in order, and what serving them from that region has cost: for
 * each access the buffer's size, unless it was there all the time since the access before. Whether
 * it was brought in early, brought in for the access, or used where it was makes no difference, so
 * that no schedule of moves costs less than the optimum with bypass of the same accesses. Not
 * thread-safe.
 *
 * <p>Bounded: after {@code max} entries the log is given up.
 */
public final class AccessLog {
  private static final class Seen {
    final int id;

    /** In the region ever since its last access. */
    boolean kept;

    Seen(int id) {
      this.id = id;
    }
  }

  /**
   * What was logged.
   *
   * @param requests accesses, and the ends of buffers
   * @param costPages of serving them: the first access of each buffer costs its size
   * @param peakPages most that was resident at once, as the log saw it
   */
  public record Accesses(Requests requests, long costPages, long peakPages) {}

  private final int max;
  private final Map<Long, Seen> seen = new LinkedHashMap<>();
  private final List<Long> sizes = new ArrayList<>();
  private int[] entries = new int[256];
  private int count;
  private long costPages;
  private long peakPages;
  private boolean givenUp;

  public AccessLog(int max) {
    this.max = max;
  }

  /**
   * A buffer was used.
   *
   * @param here it is in the region
   */
  public void used(long buffer, long sizePages, boolean here) {
    if (givenUp) {
      return;
    }
    Seen known = seen.get(buffer);
    if (known == null) {
      known = new Seen(sizes.size());
      seen.put(buffer, known);
      sizes.add(sizePages);
    }
    costPages += known.kept ? 0 : sizes.get(known.id);
    known.kept = here;
    append(known.id);
  }

  /** A buffer left the region. */
  public void left(long buffer) {
    Seen known = seen.get(buffer);
    if (known != null) {
      known.kept = false;
    }
  }

  /** So much is resident. */
  public void holds(long pages) {
    peakPages = Math.max(peakPages, pages);
  }

  /** A buffer is gone for good. */
  public void freed(long buffer) {
    Seen known = seen.remove(buffer);
    if (known != null && !givenUp) {
      append(~known.id);
    }
  }

  private void append(int entry) {
    if (count == max) {
      givenUp = true;
      seen.clear();
      entries = new int[0];
      return;
    }
    if (count == entries.length) {
      entries = Arrays.copyOf(entries, 2 * count);
    }
    entries[count++] = entry;
  }

  /** Null where there were too many. */
  public @Nullable Accesses accesses() {
    if (givenUp) {
      return null;
    }
    long[] pages = sizes.stream().mapToLong(Long::longValue).toArray();
    return new Accesses(Requests.sized(Arrays.copyOf(entries, count), pages), costPages, peakPages);
  }
}
