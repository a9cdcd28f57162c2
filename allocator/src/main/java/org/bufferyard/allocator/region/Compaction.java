package org.bufferyard.allocator.region;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.function.IntToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Which residents of a region to put elsewhere in it, so that the holes around them become one. A
 * plan over a snapshot of the frames in use; what no resident that may move owns stays where it is.
 * As many steps as there are runs, times those that fit into the pages that may move.
 */
public final class Compaction {
  /**
   * A hole to be.
   *
   * @param movers residents in it, lowest first
   * @param movedPages of all these
   */
  public record Window(long firstPfn, long endPfn, List<Integer> movers, long movedPages) {
    long size() {
      return endPfn - firstPfn;
    }
  }

  private static final int NOBODY = -1;

  private final long basePfn;
  private final long endPfn;
  private final List<RangeNode> runs;
  private final int[] owners;
  private final IntToLongFunction pages;
  private final long pagesMax;
  private final long freePages;

  /**
   * The frames of {@code map} as they are.
   *
   * @param movable by the first frame of each of its runs, a resident that may be moved
   * @param pages sizes of residents
   * @param pagesMax most pages to be moved
   */
  public Compaction(
      FrameMap map, Map<Long, Integer> movable, IntToLongFunction pages, long pagesMax) {
    this.basePfn = map.basePfn();
    this.endPfn = map.endPfn();
    this.runs = map.inUse();
    this.owners = new int[runs.size()];
    long used = 0;
    for (int run = 0; run < owners.length; run++) {
      owners[run] = movable.getOrDefault(runs.get(run).start(), NOBODY);
      used += runs.get(run).size();
    }
    this.pages = pages;
    this.pagesMax = pagesMax;
    this.freePages = endPfn - basePfn - used;
  }

  /** Where {@code wanted} could lie, least to be moved first, then lowest; at most {@code max}. */
  public List<Window> forRequest(AllocationRequest wanted, int max) {
    LinkedHashMap<Long, Window> windows = new LinkedHashMap<>();
    long limit = wanted.maxPfn() < endPfn ? wanted.maxPfn() + 1 : endPfn;
    long lowest = Math.max(basePfn, wanted.minPfn());
    for (int gap = 0; gap <= runs.size(); gap++) {
      // A best window begins where a hole does, or ends where one does.
      long up = (gapStart(gap) + wanted.alignPages() - 1) & -wanted.alignPages();
      long down = (gapEnd(gap) - wanted.pages()) & -wanted.alignPages();
      for (long first : new long[] {up, down}) {
        if (first >= lowest && first <= limit - wanted.pages()) {
          Window window = window(first, first + wanted.pages(), gap);
          if (window != null) {
            windows.putIfAbsent(first, window);
          }
        }
      }
    }
    return windows.values().stream()
        .filter(window -> window.movedPages() > 0)
        .sorted(Comparator.comparingLong(Window::movedPages).thenComparingLong(Window::firstPfn))
        .limit(max)
        .toList();
  }

  /** Larger holes than the largest, largest first; at most {@code max}. */
  public List<Window> larger(int max) {
    long largest = 0;
    for (int gap = 0; gap <= runs.size(); gap++) {
      largest = Math.max(largest, gapEnd(gap) - gapStart(gap));
    }
    List<Window> windows = new ArrayList<>();
    for (int gap = 0; gap < runs.size(); gap++) {
      Window widest = widestFrom(gap, largest);
      if (widest != null) {
        windows.add(widest);
      }
    }
    windows.sort(
        Comparator.comparingLong(Window::size)
            .reversed()
            .thenComparingLong(Window::movedPages)
            .thenComparingLong(Window::firstPfn));
    return windows.size() > max ? List.copyOf(windows.subList(0, max)) : windows;
  }

  private @Nullable Window widestFrom(int gap, long largest) {
    Window widest = null;
    if (gapEnd(gap) == gapStart(gap)) {
      return null;
    }
    for (int end = gap + 1; end <= runs.size(); end++) {
      if (owners[end - 1] == NOBODY) {
        break;
      }
      Window window = window(gapStart(gap), gapEnd(end), gap);
      if (window == null) {
        break;
      }
      widest = gapEnd(end) > gapStart(end) && window.size() > largest ? window : widest;
    }
    return widest;
  }

  /** A gap, empty perhaps, lies before each run and behind the last. */
  private long gapStart(int gap) {
    return gap == 0 ? basePfn : runs.get(gap - 1).end();
  }

  private long gapEnd(int gap) {
    return gap == runs.size() ? endPfn : runs.get(gap).start();
  }

  /** The window, if who is in it may be moved and there is room for that outside. */
  private @Nullable Window window(long first, long end, int near) {
    LinkedHashSet<Integer> movers = new LinkedHashSet<>();
    int at = Math.min(near, runs.size() - 1);
    while (at >= 0 && runs.get(at).end() > first) {
      at--;
    }
    long moved = 0;
    long inside = 0;
    for (at++; at < runs.size() && runs.get(at).start() < end; at++) {
      RangeNode run = runs.get(at);
      if (run.end() <= first) {
        continue;
      }
      if (owners[at] == NOBODY) {
        return null;
      }
      inside += Math.min(run.end(), end) - Math.max(run.start(), first);
      moved += movers.add(owners[at]) ? pages.applyAsLong(owners[at]) : 0;
      if (moved > pagesMax) {
        return null;
      }
    }
    long freeOutside = freePages - (end - first - inside);
    return moved <= freeOutside ? new Window(first, end, List.copyOf(movers), moved) : null;
  }
}
