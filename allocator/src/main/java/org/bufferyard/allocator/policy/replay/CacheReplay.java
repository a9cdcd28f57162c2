package org.bufferyard.allocator.policy.replay;

import java.util.random.RandomGenerator;
import org.bufferyard.allocator.policy.Admission;
import org.bufferyard.allocator.policy.Demand;
import org.bufferyard.allocator.policy.EvictionPolicy;
import org.bufferyard.allocator.policy.Future;
import org.bufferyard.allocator.policy.PolicyContext;
import org.bufferyard.allocator.policy.PolicyProvider;
import org.bufferyard.allocator.policy.Removal;
import org.bufferyard.allocator.policy.Standing;
import org.bufferyard.allocator.policy.Standings;

/**
 * Runs requests through a policy as a cache of fixed capacity: a miss inserts the object unless it
 * is larger than the capacity or the policy spills it; victims leave while {@code used + size >
 * capacity}. Time is the request's number for offline policies and {@link #REQUEST_NANOS} a request
 * for the others. Allocates nothing per request.
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
   * @param scanned candidates looked at for them
   * @param noMemoryAt the request for which no room could be made, or {@link #COMPLETED}
   */
  public record Result(
      long requests, long misses, long missSize, long evictions, long scanned, int noMemoryAt) {
    public double missRatio() {
      return requests == 0 ? 0 : (double) misses / requests;
    }
  }

  /** Time between requests for online policies, some of which have constants in time: 10 us. */
  public static final long REQUEST_NANOS = 10_000;

  private final Requests requests;
  private final long stepNanos;
  private final EvictionPolicy policy;
  private final Demand demand;
  private final long capacity;
  private final int pinnedRequests;
  private final boolean[] resident;
  private final int[] lastRequest;
  private final Standings pins = this::standing;
  private long used;
  private long misses;
  private long missSize;
  private long evictions;
  private long scanned;
  private int now;

  private CacheReplay(
      Requests requests, EvictionPolicy policy, long stepNanos, long capacity, int pinnedRequests) {
    this.stepNanos = stepNanos;
    this.requests = requests;
    this.policy = policy;
    this.capacity = capacity;
    this.pinnedRequests = pinnedRequests;
    demand = new Demand(requests);
    resident = new boolean[requests.objects()];
    lastRequest = new int[pinnedRequests > 0 ? requests.objects() : 0];
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
    PolicyContext context =
        new PolicyContext(capacity, requests.objects(), requests, random, future);
    long stepNanos = provider.offline() ? 1 : REQUEST_NANOS;
    EvictionPolicy policy = provider.create(context);
    return new CacheReplay(requests, policy, stepNanos, capacity, pinnedRequests).run();
  }

  private Result run() {
    int noMemoryAt = COMPLETED;
    for (now = 0; now < requests.count(); now++) {
      int id = requests.id(now);
      if (resident[id]) {
        policy.used(id, now * stepNanos);
      } else if (!miss(id)) {
        noMemoryAt = now;
        break;
      }
      if (pinnedRequests > 0) {
        lastRequest[id] = now;
      }
    }
    return new Result(now, misses, missSize, evictions, scanned, noMemoryAt);
  }

  /** Whether the replay can go on. */
  private boolean miss(int id) {
    long size = requests.pages(id);
    misses++;
    missSize += size;
    if (size > capacity) {
      return pinnedRequests == 0;
    }
    demand.reset(id, size, now * stepNanos);
    if (pinnedRequests > 0) {
      demand.filter(pins).mandatory();
    }
    if (policy.admission(demand) != Admission.ADMIT) {
      return pinnedRequests == 0;
    }
    int outcome = used + size > capacity ? makeRoom(size) : id;
    scanned += demand.scanned();
    if (outcome >= 0) {
      policy.admitted(id, now * stepNanos);
      resident[id] = true;
      used += size;
    }
    return outcome != EvictionPolicy.NONE;
  }

  /** The last victim, or why there is none: the policy's answer. */
  private int makeRoom(long size) {
    policy.begin(demand);
    int victim;
    do {
      victim = policy.victim(demand);
      if (victim < 0) {
        return victim;
      }
      evict(victim);
    } while (used + size > capacity);
    for (int id = policy.surplus(demand); id >= 0; id = policy.surplus(demand)) {
      evict(id);
    }
    return victim;
  }

  private void evict(int victim) {
    assert resident[victim] : victim;
    resident[victim] = false;
    used -= requests.pages(victim);
    evictions++;
    policy.removed(victim, Removal.EVICTED, now * stepNanos);
  }

  private Standing standing(int id) {
    return now - lastRequest[id] <= pinnedRequests ? Standing.PINNED : Standing.EVICTABLE;
  }
}
