package org.bufferyard.actors.migration;

import akka.actor.Cancellable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;
import org.bufferyard.actors.protocol.BufferId;
import org.bufferyard.allocator.Refusal;
import org.bufferyard.allocator.region.AllocationRequest;
import org.jspecify.annotations.Nullable;

/**
 * Who waits for room in one region, oldest ticket first, and the search for it on behalf of the
 * first. Not thread-safe; owned by the migration actor.
 */
final class RoomQueue {
  record Waiting(
      Transfer transfer, RoutePlan.Need need, AllocationRequest request, long sinceNanos) {}

  private static final Comparator<Waiting> OLDEST_FIRST =
      Comparator.<Waiting, org.bufferyard.actors.protocol.Ticket>comparing(
              waiting -> waiting.transfer().ticket)
          .thenComparingLong(waiting -> waiting.transfer().id);

  private final TreeSet<Waiting> waiting = new TreeSet<>(OLDEST_FIRST);

  /** Whom the region was asked for; one question at a time. */
  @Nullable Waiting asked;

  /** Who has waited long enough and takes free room or none. */
  @Nullable Waiting lastLook;

  /** Victims that were tried for the first in line, in this pass. */
  final List<BufferId> tried = new ArrayList<>();

  /** Whether victims that must be waited for are tried too. */
  boolean mayWait;

  /** Some candidate was busy: trying again later may help. */
  boolean sawBusy;

  /** Which of the region and the windows onto it is searched for victims. */
  int source;

  /** Something has changed since the pass began that may give room or victims. */
  boolean stirred;

  /** Nobody here can be served before something changes, or the first has waited long enough. */
  private boolean parked;

  /** Ends the wait. */
  private @Nullable Cancellable alarm;

  int evictions;
  long freeingPages;

  /** That have not come back. */
  long grantedPages;

  /** How often room had come back when there was none. */
  long returns;

  /** Why only the first one's owner can make room for it, from its own; null: others can. */
  @Nullable Refusal limit;

  /** Grants of this room to moves that only pass. */
  int passing;

  void add(Waiting newcomer) {
    waiting.add(newcomer);
  }

  /** What the region itself said; a window onto it was not asked. */
  long returnsOf(boolean region) {
    return region ? returns : Long.MAX_VALUE;
  }

  /** Who is behind the first leaves its search alone. */
  void remove(Waiting served) {
    boolean first = served.equals(waiting.first());
    waiting.remove(served);
    if (first) {
      unpark();
      restartSearch();
    }
  }

  boolean isParked() {
    return parked;
  }

  /**
   * The search has come to its end for now.
   *
   * @param limit rings when somebody has waited long enough
   */
  void park(Cancellable limit) {
    unpark();
    parked = true;
    alarm = limit;
  }

  /** The search goes on, from its beginning and for whoever must be waited for. */
  void resume() {
    unpark();
    widen();
  }

  private void unpark() {
    parked = false;
    if (alarm != null) {
      alarm.cancel();
      alarm = null;
    }
  }

  /** Nobody was tried in this pass yet. */
  boolean isFresh() {
    return tried.isEmpty() && source == 0;
  }

  /** The oldest ticket that waits since {@code nanos} or longer, or null. */
  @Nullable Waiting waitingSince(long nanos) {
    for (Waiting each : waiting) {
      if (each.sinceNanos() <= nanos) {
        return each;
      }
    }
    return null;
  }

  /** Since when somebody waits who has waited longest. */
  long longestSinceNanos() {
    return waiting.stream().mapToLong(Waiting::sinceNanos).min().orElseThrow();
  }

  boolean isEmpty() {
    return waiting.isEmpty();
  }

  Waiting first() {
    return waiting.first();
  }

  /** Oldest first. */
  List<Waiting> waiting() {
    return List.copyOf(waiting);
  }

  /** Whom the region has just answered. */
  Waiting answered(long demand) {
    Waiting first = asked;
    if (first == null || first.transfer().id != demand) {
      throw new IllegalStateException("a region answered what was not asked, demand=" + demand);
    }
    asked = null;
    return first;
  }

  /** All candidates are worth another look. */
  void restartSearch() {
    limit = null;
    begin(false);
  }

  /** The same search, now waiting for busy victims. */
  void widen() {
    begin(true);
  }

  private void begin(boolean waiting) {
    tried.clear();
    mayWait = waiting;
    sawBusy = false;
    stirred = false;
    source = 0;
  }
}
