package org.bufferyard.actors.environment;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The memory regions, nearest first, and the links between them. Immutable. A region is named by
 * its index.
 */
public final class Topology {
  public static final int NONE = -1;

  /** Where victims go whose contents nobody needs: nowhere, they are dropped. */
  public static final int PURGE = -2;

  /**
   * A memory region as the topology knows it.
   *
   * @param basePfn first page frame; a window has none of its own
   * @param windowOf index of the region whose pages this one is a window onto, or {@link #NONE}
   * @param file the pages lie in a file and no device reaches them
   * @param heap how it gives out its pages; null: device memory if it is the nearest region, else
   *     as the system heap does, and able to give long runs
   */
  public record RegionPlace(
      String name, long basePfn, long pages, int windowOf, boolean file, @Nullable HeapKind heap) {
    public RegionPlace(String name, long basePfn, long pages, int windowOf, boolean file) {
      this(name, basePfn, pages, windowOf, file, null);
    }
  }

  /**
   * A way to move buffers; the way back is a link of its own.
   *
   * @param bytesPerSecond at least 1; a hop that only rebinds pages takes the latency alone
   */
  public record LinkPlace(int from, int to, long bytesPerSecond, long latencyNanos) {}

  private final List<RegionPlace> regions;
  private final List<LinkPlace> links;
  private final List<Integer> victimsGo;

  /**
   * Victims go to the nearest later region that theirs has a link to.
   *
   * @throws IllegalArgumentException a window has no region of frames behind it
   */
  public Topology(List<RegionPlace> regions, List<LinkPlace> links) {
    this.regions = List.copyOf(regions);
    this.links = List.copyOf(links);
    checkWindows();
    List<Integer> nearest = new ArrayList<>();
    for (int region = 0; region < regions.size(); region++) {
      nearest.add(nearestLater(region));
    }
    this.victimsGo = List.copyOf(nearest);
  }

  private void checkWindows() {
    for (RegionPlace place : regions) {
      int behind = place.windowOf();
      boolean frames =
          behind >= 0 && behind < regions.size() && regions.get(behind).windowOf() == NONE;
      if (behind != NONE && !frames) {
        throw new IllegalArgumentException(
            place.name() + " is a window onto no region of frames, windowOf=" + behind);
      }
    }
  }

  private Topology(Topology like, List<Integer> victimsGo) {
    this.regions = like.regions;
    this.links = like.links;
    this.victimsGo = List.copyOf(victimsGo);
  }

  /**
   * The same, with victims of {@code region} going to {@code target}: a region that links lead to,
   * {@link #PURGE} or {@link #NONE}. Model of a driver's {@code evict_flags}.
   *
   * @throws IllegalArgumentException no way leads there, or victims would go in a circle
   */
  public Topology withVictims(int region, int target) {
    if (target >= 0 && (target == region || route(region, target).isEmpty())) {
      throw new IllegalArgumentException(
          "no links lead from " + region(region).name() + " to " + region(target).name());
    }
    List<Integer> changed = new ArrayList<>(victimsGo);
    changed.set(region, target);
    int steps = 0;
    for (int at = target; at >= 0; at = changed.get(at)) {
      if (++steps > regions.size()) {
        throw new IllegalArgumentException(
            "victims of " + region(region).name() + " would go in a circle");
      }
    }
    return new Topology(this, changed);
  }

  public List<RegionPlace> regions() {
    return regions;
  }

  public List<LinkPlace> links() {
    return links;
  }

  public RegionPlace region(int index) {
    return regions.get(index);
  }

  public List<String> names(List<Integer> indexes) {
    return indexes.stream().map(index -> regions.get(index).name()).toList();
  }

  public int indexOf(String name) {
    for (int region = 0; region < regions.size(); region++) {
      if (regions.get(region).name().equals(name)) {
        return region;
      }
    }
    return NONE;
  }

  /** The region, or the first of the heap, of that name; or {@link #NONE}. */
  public int named(String name) {
    int region = indexOf(name);
    HeapKind heap = HeapKind.of(name);
    for (int each = 0; region == NONE && heap != null && each < regions.size(); each++) {
      region = regions.get(each).heap() == heap ? each : NONE;
    }
    return region;
  }

  /** The memory of one device, which others reach as its peers or not at all. */
  public boolean isDeviceMemory(int region) {
    RegionPlace place = regions.get(region);
    return place.heap() == HeapKind.VRAM
        || (place.heap() == null && region == 0 && regions.size() > 1 && !isWindow(region));
  }

  public boolean isWindow(int region) {
    return regions.get(region).windowOf() != NONE;
  }

  /** The region whose allocator holds the pages of a buffer that lives in {@code region}. */
  public int backing(int region) {
    return isWindow(region) ? regions.get(region).windowOf() : region;
  }

  /** Index of the link from one region to another, or {@link #NONE}. */
  public int link(int from, int to) {
    for (int link = 0; link < links.size(); link++) {
      LinkPlace place = links.get(link);
      if (place.from() == from && place.to() == to) {
        return link;
      }
    }
    return NONE;
  }

  /** Where a victim of {@code region} goes: a region, {@link #PURGE} or {@link #NONE}. */
  public int evictsTo(int region) {
    return victimsGo.get(region);
  }

  private int nearestLater(int region) {
    for (int later = region + 1; later < regions.size(); later++) {
      if (link(region, later) != NONE) {
        return later;
      }
    }
    return NONE;
  }

  /**
   * The regions a move passes, the last being {@code to}: fewest hops; empty if there is no way.
   */
  public List<Integer> route(int from, int to) {
    int[] cameFrom = new int[regions.size()];
    Arrays.fill(cameFrom, NONE);
    cameFrom[from] = from;
    ArrayDeque<Integer> frontier = new ArrayDeque<>(List.of(from));
    while (!frontier.isEmpty()) {
      int at = frontier.removeFirst();
      for (int next = 0; next < regions.size(); next++) {
        if (cameFrom[next] == NONE && link(at, next) != NONE) {
          cameFrom[next] = at;
          frontier.addLast(next);
        }
      }
    }
    return cameFrom[to] == NONE ? List.of() : trace(cameFrom, from, to);
  }

  private static List<Integer> trace(int[] cameFrom, int from, int to) {
    List<Integer> hops = new ArrayList<>();
    for (int at = to; at != from; at = cameFrom[at]) {
      hops.addFirst(at);
    }
    return hops;
  }
}
