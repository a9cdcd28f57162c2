package org.bufferyard.actors.region;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import org.bufferyard.allocator.Extents;

/**
 * The moves whose contents are still on their way out of a region's free or already granted again
 * pages, and the grants that wait for them. Not thread-safe; owned by the region.
 */
final class MoveFences {
  /** Comparisons of runs after which two lists of frames are taken to overlap: that is safe. */
  private static final long COMPARISONS_MAX = 4096;

  /** Room that was granted while moves out of it were under way. */
  record Grant(long demand, Extents extents, boolean zero, LinkedHashSet<Long> waitsFor) {}

  private final LinkedHashMap<Long, Extents> leaving = new LinkedHashMap<>();
  private final List<Grant> fenced = new ArrayList<>();

  void add(long move, Extents extents) {
    leaving.put(move, extents);
  }

  /** Whether the grant has to wait; then it is remembered until it need not. */
  boolean fences(long demand, Extents extents, boolean zero) {
    LinkedHashSet<Long> waitsFor = new LinkedHashSet<>();
    for (Map.Entry<Long, Extents> each : leaving.entrySet()) {
      if (overlap(each.getValue(), extents)) {
        waitsFor.add(each.getKey());
      }
    }
    if (waitsFor.isEmpty()) {
      return false;
    }
    fenced.add(new Grant(demand, extents, zero, waitsFor));
    return true;
  }

  private static boolean overlap(Extents one, Extents other) {
    if ((long) one.runs() * other.runs() > COMPARISONS_MAX) {
      return true;
    }
    for (int left = 0; left < one.runs(); left++) {
      for (int right = 0; right < other.runs(); right++) {
        if (one.pfn(left) < other.pfn(right) + other.pages(right)
            && other.pfn(right) < one.pfn(left) + one.pages(left)) {
          return true;
        }
      }
    }
    return false;
  }

  /** Whoever was granted these frames has given them back. */
  void returned(Extents extents) {
    fenced.removeIf(grant -> grant.extents().equals(extents));
  }

  /** The frames that the move covered. */
  Extents signalled(long move) {
    Extents extents = leaving.remove(move);
    if (extents == null) {
      throw new IllegalStateException("no such move fence, move=" + move);
    }
    return extents;
  }

  /** The grants that waited for {@code move} last, in order of grant. */
  List<Grant> cleared(long move) {
    List<Grant> cleared = new ArrayList<>();
    for (Iterator<Grant> each = fenced.iterator(); each.hasNext(); ) {
      Grant grant = each.next();
      if (grant.waitsFor().remove(move) && grant.waitsFor().isEmpty()) {
        each.remove();
        cleared.add(grant);
      }
    }
    return cleared;
  }
}
