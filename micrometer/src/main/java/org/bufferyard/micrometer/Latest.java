package org.bufferyard.micrometer;

import io.micrometer.core.instrument.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.ToDoubleFunction;
import org.bufferyard.actors.extension.EmbeddedYard;
import org.bufferyard.actors.extension.YardSnapshot;
import org.bufferyard.actors.lease.ImporterActor;
import org.jspecify.annotations.Nullable;

/**
 * The latest snapshot of a yard. Whoever reads it asks for a newer one if it is old, and gets what
 * there is. Counts go on when an importer is gone. Locked: read by any thread, for moments only.
 */
final class Latest {
  private final EmbeddedYard yard;
  private final Clock clock;
  private final long refreshNanos;
  private final BiConsumer<String, Latest> newRegion;
  private final Set<String> regions = new LinkedHashSet<>();
  private Map<String, ImporterActor.Books> importers = new LinkedHashMap<>();
  private @Nullable YardSnapshot snapshot;
  private double grantedByGone;
  private double reclaimedByGone;
  private long askedNanos;
  private boolean asking;

  /**
   * @param newRegion hears of each region once, in the thread of the snapshot's answer
   */
  Latest(EmbeddedYard yard, Clock clock, Duration refresh, BiConsumer<String, Latest> newRegion) {
    this.yard = yard;
    this.clock = clock;
    this.refreshNanos = refresh.toNanos();
    this.newRegion = newRegion;
  }

  /** Asks for a snapshot, unless one is on its way. */
  void ask() {
    synchronized (this) {
      if (asking || yard.hasEnded()) {
        return;
      }
      asking = true;
      askedNanos = clock.monotonicTime();
    }
    yard.snapshot().whenComplete((next, failed) -> arrived(failed == null ? next : null));
  }

  private void arrived(@Nullable YardSnapshot next) {
    List<String> names = List.of();
    synchronized (this) {
      asking = false;
      if (next != null) {
        account(next);
        names =
            next.regions().stream().map(YardSnapshot.RegionUse::name).filter(regions::add).toList();
      }
    }
    names.forEach(name -> newRegion.accept(name, this));
  }

  /** An importer that is gone, or another one of its name, leaves what it had counted. */
  private void account(YardSnapshot next) {
    Map<String, ImporterActor.Books> now = new LinkedHashMap<>();
    next.importers().forEach(books -> now.put(books.importer(), books));
    importers.forEach(
        (name, before) -> {
          ImporterActor.Books after = now.get(name);
          if (after == null || after.granted() < before.granted()) {
            grantedByGone += before.granted();
            reclaimedByGone += before.reclaimed();
          }
        });
    importers = now;
    snapshot = next;
  }

  private @Nullable YardSnapshot read() {
    boolean old;
    synchronized (this) {
      old = clock.monotonicTime() - askedNanos >= refreshNanos;
    }
    if (old) {
      ask();
    }
    synchronized (this) {
      return snapshot;
    }
  }

  private double of(ToDoubleFunction<YardSnapshot> value) {
    YardSnapshot now = read();
    return now == null ? 0 : value.applyAsDouble(now);
  }

  private double sum(ToDoubleFunction<ImporterActor.Books> value) {
    return of(now -> now.importers().stream().mapToDouble(value).sum());
  }

  double granted() {
    double live = sum(ImporterActor.Books::granted);
    synchronized (this) {
      return live + grantedByGone;
    }
  }

  double reclaimed() {
    double live = sum(ImporterActor.Books::reclaimed);
    synchronized (this) {
      return live + reclaimedByGone;
    }
  }

  double openLeases() {
    return sum(ImporterActor.Books::openLeases);
  }

  double waiting() {
    return sum(ImporterActor.Books::waiting);
  }

  double buffers() {
    return of(YardSnapshot::buffers);
  }

  double movesInFlight() {
    return of(YardSnapshot::movesInFlight);
  }

  double ofRegion(String name, ToDoubleFunction<YardSnapshot.RegionUse> value) {
    return of(
        now ->
            now.regions().stream().filter(use -> use.name().equals(name)).mapToDouble(value).sum());
  }
}
