package org.bufferyard.actors.region;

import java.util.ArrayList;
import java.util.List;
import org.bufferyard.actors.environment.Environment;
import org.bufferyard.actors.environment.Watching;
import org.bufferyard.actors.protocol.BufferId;
import org.bufferyard.actors.protocol.Region;
import org.bufferyard.allocator.policy.PolicyProvider;
import org.bufferyard.allocator.policy.Residents;
import org.bufferyard.allocator.policy.catalog.Policies;
import org.bufferyard.allocator.policy.shadow.AccessLog;
import org.bufferyard.allocator.policy.shadow.Shadows;
import org.jspecify.annotations.Nullable;

/**
 * What the uses of buffers say of a region: how much of what is used it holds, and, where it is the
 * one that is watched, what shadows and the access log make of it. Owned by the region.
 */
final class RegionWatch {
  static final long NOT_TOLD = -1;

  private final ResidentTable table;
  private final @Nullable Shadows shadows;
  private final @Nullable AccessLog log;
  private long uses;
  private long usedPages;
  private long usesHere;
  private long usedHerePages;
  private final Shares shares;
  private final List<Long> minPages;
  private final long[] herePages;
  private long broken;

  RegionWatch(
      Environment environment, int region, long capacityPages, ResidentTable table, Shares shares) {
    this.table = table;
    this.shares = shares;
    Watching watching = environment.watching();
    boolean watched = region == watching.regionIn(environment.topology());
    minPages = watched ? watching.minPages() : List.of();
    herePages = new long[minPages.size()];
    log = watched && watching.accesses() > 0 ? new AccessLog(watching.accesses()) : null;
    shadows =
        watched && !watching.shadows().isEmpty()
            ? new Shadows(
                named(watching.shadows()),
                capacityPages,
                name -> environment.randomness().stream("shadow-" + name))
            : null;
  }

  private static List<PolicyProvider> named(List<String> names) {
    List<PolicyProvider> all = Policies.all();
    List<PolicyProvider> chosen = new ArrayList<>();
    for (String name : names) {
      chosen.add(
          all.stream()
              .filter(each -> each.name().equals(name) && !each.offline())
              .findFirst()
              .orElseThrow(() -> new IllegalArgumentException("no such shadow, policy=" + name)));
    }
    return chosen;
  }

  /**
   * A buffer was used.
   *
   * @param id in the table, or {@link ResidentTable#UNKNOWN}
   * @param toldPages its size as its user knows it, or {@link #NOT_TOLD}; 0: it wants to be further
   *     out, and is no business of this region
   */
  void used(long buffer, int id, long toldPages, long nowNanos) {
    boolean known = id != ResidentTable.UNKNOWN;
    long pages = known ? table.pages(id) : toldPages;
    if (toldPages == 0 || pages <= 0) {
      return;
    }
    boolean here = known && table.isHere(id);
    uses++;
    usedPages += pages;
    usesHere += here ? 1 : 0;
    usedHerePages += here ? pages : 0;
    if (shadows != null) {
      int owner = known ? table.owner(id) : 0;
      int priority = known ? table.priority(id) : Residents.NORMAL_PRIORITY;
      shadows.used(buffer, pages, owner, priority, nowNanos);
    }
    if (log != null) {
      log.used(buffer, pages, here);
    }
  }

  /** Resident {@code id} has come. */
  void arrived(int id) {
    if (log != null) {
      log.holds(table.herePages());
    }
    int owner = table.owner(id);
    if (owner < herePages.length) {
      herePages[owner] += table.pages(id);
    }
  }

  /**
   * Resident {@code id} leaves; where it is evicted, its owner should keep what it may count on.
   */
  void leaving(BufferId buffer, int id, boolean evicted) {
    if (log != null) {
      log.left(buffer.value());
    }
    int owner = table.owner(id);
    boolean below = table.breaksPromise(id);
    if (owner < herePages.length) {
      herePages[owner] -= table.pages(id);
      below |= herePages[owner] < minPages.get(owner);
    }
    broken += evicted && below ? 1 : 0;
  }

  /** A buffer is gone for good. */
  void freed(BufferId buffer, long nowNanos) {
    if (log != null) {
      log.freed(buffer.value());
    }
    if (shadows != null) {
      shadows.freed(buffer.value(), nowNanos);
    }
  }

  /**
   * What was counted.
   *
   * @param logged with the log of accesses, which is copied
   */
  Region.Usage usage(boolean logged) {
    return new Region.Usage(
        uses,
        usedPages,
        usesHere,
        usedHerePages,
        shadows == null ? List.of() : shadows.tallies(),
        shadows == null ? 0 : shadows.leftOut(),
        log == null || !logged ? null : log.accesses(),
        minPages.isEmpty() && !shares.promise() ? Region.NOBODY_PROTECTED : broken);
  }
}
