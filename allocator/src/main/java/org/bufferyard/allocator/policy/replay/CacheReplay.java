package org.bufferyard.allocator.policy.replay;

import java.util.random.RandomGenerator;
import org.bufferyard.allocator.policy.Admission;
import org.bufferyard.allocator.policy.Demand;
import org.bufferyard.allocator.policy.EvictionPolicy;
import org.bufferyard.allocator.policy.Future;
import org.bufferyard.allocator.policy.PolicyContext;
import org.bufferyard.allocator.policy.PolicyProvider;
import org.bufferyard.allocator.policy.Removal;
import org.bufferyard.allocator.policy.Residents;
import org.bufferyard.allocator.policy.Standing;
import org.bufferyard.allocator.policy.Standings;

/**
 * Runs requests through a policy as a cache of fixed capacity: a miss inserts the object unless it
 * is larger than the capacity or the policy spills it; victims leave while {@code used + size >
 * capacity}. Requests come all at once or piece by piece. Time is the entry's number for offline
 * policies and {@link #REQUEST_NANOS} an entry for the others. Allocates nothing per request. Not
 * thread-safe; one byte per object besides the policy's columns.
 *
 * <p>With {@code pinnedRequests = n} the objects of the last {@code n} requests cannot be evicted,
 * as those of submissions in flight: where they leave no room the replay stops with no memory.
 */
public final class CacheReplay {
  /** {@link Result#noMemoryAt} of a replay that reached the end. */
  public static final int COMPLETED = -1;

  /**
   * What a replay counted.
   *
   * @param requests requests served
   * @param misses requests that found their object absent
   * @param missSize sum of their sizes
   * @param evictions objects that left
   * @param noMemoryAt the entry for which no room could be made, or {@link #COMPLETED}
   */
  public record Result(long requests, long misses, long missSize, long evictions, long noMemoryAt) {
    public double missRatio() {
      return requests == 0 ? 0 : (double) misses / requests;
    }
  }

  /** Time between requests for online policies, some of which have constants in time: 10 us. */
  public static final long REQUEST_NANOS = 10_000;

  /** Requests served at a time. */
  private static final int STRETCH = 1024;

  private final Residents room;
  private final Residents weight;
  private final long stepNanos;
  private final EvictionPolicy policy;
  private final Demand demand;
  private final long capacity;
  private final int pinnedRequests;

  /** Whether any one victim makes room for any object, and {@link EvictionPolicy#serve} may. */
  private boolean swaps;

  private final boolean[] resident;
  private final long[] lastRequest;
  private final Standings pins = this::standing;
  private long used;
  private long frees;
  private long misses;
  private long missSize;
  private long evictions;
  private long now;
  private long noMemoryAt = COMPLETED;

  private CacheReplay(
      Residents room,
      Residents weight,
      int objects,
      EvictionPolicy policy,
      long stepNanos,
      long capacity,
      int pinnedRequests) {
    this.stepNanos = stepNanos;
    this.room = room;
    this.weight = weight;
    this.policy = policy;
    this.capacity = capacity;
    this.pinnedRequests = pinnedRequests;
    swaps = room.units() && pinnedRequests == 0;
    demand = new Demand(room);
    resident = new boolean[objects];
    lastRequest = new long[pinnedRequests > 0 ? objects : 0];
  }

  /**
   * A replay that is fed piece by piece.
   *
   * @param room sizes in the unit of {@code capacity}
   * @param weight sizes in the unit of {@link Result#missSize}
   * @param objects ids are below
   * @param capacity at least 1
   * @param future {@link Future#UNKNOWN} for an online policy
   */
  public static CacheReplay start(
      Residents room,
      Residents weight,
      int objects,
      long capacity,
      PolicyProvider provider,
      RandomGenerator random,
      Future future) {
    return start(room, weight, objects, capacity, provider, random, future, 0);
  }

  private static CacheReplay start(
      Residents room,
      Residents weight,
      int objects,
      long capacity,
      PolicyProvider provider,
      RandomGenerator random,
      Future future,
      int pinnedRequests) {
    PolicyContext context = new PolicyContext(capacity, objects, room, random, future);
    long stepNanos = provider.offline() ? 1 : REQUEST_NANOS;
    return new CacheReplay(
        room, weight, objects, provider.create(context), stepNanos, capacity, pinnedRequests);
  }

  /** One replay of {@code requests} at {@code capacity}, at least 1. */
  public static Result run(
      Requests requests, long capacity, PolicyProvider provider, RandomGenerator random) {
    return run(requests, capacity, provider, random, 0);
  }

  /** As {@link #run} with the objects of the last {@code pinnedRequests} requests pinned. */
  public static Result run(
      Requests requests,
      long capacity,
      PolicyProvider provider,
      RandomGenerator random,
      int pinnedRequests) {
    Future future = provider.offline() ? requests.future() : Future.UNKNOWN;
    CacheReplay replay =
        start(
            requests,
            requests,
            requests.objects(),
            capacity,
            provider,
            random,
            future,
            pinnedRequests);
    return replay.replay(requests);
  }

  /** All of {@code requests}, of a replay that has seen nothing yet. */
  public Result replay(Requests requests) {
    replay(requests.ids(), 0, requests.count());
    return result();
  }

  /** The entries {@code [from, to)}, each an id or {@code ~id} where that object is freed. */
  public void replay(int[] entries, int from, int to) {
    // In locals, where the compiler knows that no call changes them.
    boolean[] here = resident;
    EvictionPolicy told = policy;
    boolean pinning = pinnedRequests > 0;
    long start = now - from;
    for (int at = from; at < to && noMemoryAt == COMPLETED; at++) {
      int id = entries[at];
      if (id >= 0 && here[id]) {
        told.used(id, (start + at) * stepNanos);
      } else {
        now = start + at;
        absent(told, id);
        if (swaps && used == capacity) {
          at = served(told, entries, at + 1, to) - 1;
        }
      }
      if (pinning && id >= 0) {
        lastRequest[id] = start + at;
      }
    }
    now = noMemoryAt == COMPLETED ? start + to : noMemoryAt;
  }

  /**
   * Serves entries of a full cache many at a time, or singly where misses are weighed; returns the
   * first that was not served.
   */
  private int served(EvictionPolicy told, int[] entries, int from, int to) {
    int most = weight.units() ? STRETCH : 1;
    int at = from;
    while (at < to && entries[at] >= 0) {
      int stop = stretch(entries, at, Math.min(to, at + most));
      int missed = told.serve(entries, at, stop, resident);
      if (missed == EvictionPolicy.NO_SHORT_CUT) {
        swaps = false;
        break;
      }
      misses += missed;
      evictions += missed;
      missSize += missed * weight.pages(entries[at]);
      at = stop;
    }
    return at;
  }

  /** The end of the requests from {@code from}: there, something is freed. */
  private static int stretch(int[] entries, int from, int to) {
    int signs = 0;
    for (int at = from; at < to; at++) {
      signs |= entries[at];
    }
    int end = to;
    if (signs < 0) {
      for (end = from; entries[end] >= 0; ) {
        end++;
      }
    }
    return end;
  }

  private void absent(EvictionPolicy told, int id) {
    if (id < 0) {
      free(~id);
    } else if (!miss(told, id)) {
      noMemoryAt = now;
    }
  }

  /** What was counted up to here. */
  public Result result() {
    return new Result(now - frees, misses, missSize, evictions, noMemoryAt);
  }

  private void free(int id) {
    frees++;
    if (resident[id]) {
      resident[id] = false;
      used -= room.pages(id);
      policy.removed(id, Removal.FREED, now * stepNanos);
    } else {
      policy.forgotten(id);
    }
  }

  /** Whether the replay can go on. */
  private boolean miss(EvictionPolicy asked, int id) {
    misses++;
    missSize += weight.pages(id);
    long size = room.pages(id);
    if (size > capacity) {
      return pinnedRequests == 0;
    }
    demand.reset(id, size, now * stepNanos);
    if (pinnedRequests > 0) {
      demand.filter(pins).mandatory();
    }
    if (asked.admission(demand) != Admission.ADMIT) {
      return pinnedRequests == 0;
    }
    int outcome = used + size > capacity ? makeRoom(asked, size) : id;
    if (outcome >= 0) {
      asked.admitted(id, now * stepNanos);
      resident[id] = true;
      used += size;
    }
    return outcome != EvictionPolicy.NONE;
  }

  /** The last victim, or why there is none: the policy's answer. */
  private int makeRoom(EvictionPolicy asked, long size) {
    asked.begin(demand);
    int victim;
    do {
      victim = asked.victim(demand);
      if (victim < 0) {
        return victim;
      }
      evict(asked, victim);
    } while (used + size > capacity);
    for (int id = asked.surplus(demand); id >= 0; id = asked.surplus(demand)) {
      evict(asked, id);
    }
    return victim;
  }

  private void evict(EvictionPolicy told, int victim) {
    assert resident[victim] : victim;
    resident[victim] = false;
    used -= room.pages(victim);
    evictions++;
    told.removed(victim, Removal.EVICTED, now * stepNanos);
  }

  private Standing standing(int id) {
    return now - lastRequest[id] <= pinnedRequests ? Standing.PINNED : Standing.EVICTABLE;
  }
}
