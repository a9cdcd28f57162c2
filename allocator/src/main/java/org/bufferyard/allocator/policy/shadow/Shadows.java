package org.bufferyard.allocator.policy.shadow;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.bufferyard.allocator.policy.EvictionPolicy;
import org.bufferyard.allocator.policy.PolicyContext;
import org.bufferyard.allocator.policy.PolicyProvider;
import org.bufferyard.allocator.policy.Residents;

/**
 * Policies that watch one region: each sees every use and every end of a buffer, and keeps account
 * of what it would hold, miss and evict if the region were its own. They know sizes, owners and
 * priorities; they know nothing of pins and fences, and their moves take no time. Not thread-safe.
 *
 * <p>Bounded: at most {@link #BUFFERS_MAX} buffers are followed at once, further ones are counted
 * and left out; a policy's ghosts are buffers that are alive, and forgotten with them. 60 bytes a
 * buffer, and each policy's columns (8 to 60).
 */
public final class Shadows {
  /** Buffers followed at once. */
  public static final int BUFFERS_MAX = 65_536;

  private static final int EXPECTED = 256;

  /**
   * What one policy would have done.
   *
   * @param misses uses of a buffer that it would not have held
   */
  public record Tally(
      String policy, long misses, long missPages, long evictions, long evictedPages) {}

  private final List<String> names = new ArrayList<>();
  private final List<ShadowCache> caches = new ArrayList<>();
  private final DenseIds ids;
  private long[] pages = new long[64];
  private int[] owners = new int[64];
  private int[] priorities = new int[64];
  private long leftOut;

  /**
   * One shadow for each of {@code policies}, none of them offline.
   *
   * @param random by policy name
   */
  public Shadows(
      List<PolicyProvider> policies, long capacityPages, Function<String, RandomGenerator> random) {
    this(policies, capacityPages, random, BUFFERS_MAX);
  }

  Shadows(
      List<PolicyProvider> policies,
      long capacityPages,
      Function<String, RandomGenerator> random,
      int buffersMax) {
    ids = new DenseIds(buffersMax);
    Residents facts = new Facts();
    for (PolicyProvider provider : policies) {
      EvictionPolicy policy =
          provider.create(
              new PolicyContext(capacityPages, EXPECTED, facts, random.apply(provider.name())));
      names.add(provider.name());
      caches.add(new ShadowCache(facts, policy, capacityPages));
    }
  }

  /** A buffer was used, wherever it is. The first call for a buffer settles its facts. */
  public void used(long buffer, long sizePages, int owner, int priority, long nowNanos) {
    int id = ids.find(buffer);
    if (id == DenseIds.NONE) {
      id = ids.bind(buffer);
      if (id == DenseIds.NONE) {
        leftOut++;
        return;
      }
      learn(id, sizePages, owner, priority);
    }
    for (int i = 0; i < caches.size(); i++) {
      caches.get(i).used(id, nowNanos);
    }
  }

  private void learn(int id, long sizePages, int owner, int priority) {
    if (id >= pages.length) {
      int columns = Math.max(2 * pages.length, id + 1);
      pages = Arrays.copyOf(pages, columns);
      owners = Arrays.copyOf(owners, columns);
      priorities = Arrays.copyOf(priorities, columns);
    }
    pages[id] = sizePages;
    owners[id] = owner;
    priorities[id] = priority;
  }

  /** The buffer is gone for good. */
  public void freed(long buffer, long nowNanos) {
    int id = ids.find(buffer);
    if (id != DenseIds.NONE) {
      for (ShadowCache cache : caches) {
        cache.freed(id, nowNanos);
      }
      ids.release(buffer);
    }
  }

  /** In the order of the policies. */
  public List<Tally> tallies() {
    List<Tally> tallies = new ArrayList<>();
    for (int i = 0; i < caches.size(); i++) {
      tallies.add(caches.get(i).tally(names.get(i)));
    }
    return tallies;
  }

  /** Uses of buffers that were one too many to follow. */
  public long leftOut() {
    return leftOut;
  }

  private final class Facts implements Residents {
    @Override
    public long pages(int id) {
      return pages[id];
    }

    @Override
    public int owner(int id) {
      return owners[id];
    }

    @Override
    public int group(int id) {
      return owners[id];
    }

    @Override
    public int priority(int id) {
      return priorities[id];
    }
  }
}
