package org.bufferyard.allocator.region;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumMap;
import java.util.List;
import org.bufferyard.allocator.Errno;
import org.bufferyard.allocator.Extents;
import org.bufferyard.allocator.Outcome;
import org.bufferyard.allocator.Refusal;

/**
 * Pools of free pages by caching and order, in front of a region: a page that already has the
 * caching wanted need not change it. Not thread-safe; owned by the region. Model of {@code
 * ttm_pool}, {@code drivers/gpu/drm/ttm/ttm_pool.c}.
 *
 * <p>Pools hold at most {@code limitPages}; what would exceed that goes back to the region at once.
 */
public final class PagePools {
  /** Largest chunk: 4 MiB. */
  public static final int ORDER_MAX = 10;

  /** {@code 2^order} pages from {@code pfn}, in one caching. */
  public record Chunk(long pfn, int order, Caching caching) {
    public long pages() {
      return 1L << order;
    }
  }

  private record Taken(Chunk chunk, boolean pooled) {}

  private final RegionAllocator source;
  private final long limitPages;
  private final EnumMap<Caching, List<Deque<Chunk>>> pools = new EnumMap<>(Caching.class);
  private long pooledPages;

  public PagePools(RegionAllocator source, long limitPages) {
    this.source = source;
    this.limitPages = limitPages;
    for (Caching caching : Caching.values()) {
      List<Deque<Chunk>> orders = new ArrayList<>();
      for (int order = 0; order <= ORDER_MAX; order++) {
        orders.add(new ArrayDeque<>());
      }
      pools.put(caching, orders);
    }
  }

  /**
   * Chunks that hold {@code pages}, largest first: from the pool of the same caching and order,
   * else from the region, else smaller. ENOSPC, with nothing taken, when pages run out.
   */
  public Outcome<List<Chunk>> allocate(long pages, Caching caching) {
    if (pages < 1) {
      return Outcome.refused(Errno.EINVAL, "pages must be positive, pages=" + pages);
    }
    List<Taken> taken = new ArrayList<>();
    int order = ORDER_MAX;
    for (long left = pages; left > 0; ) {
      order = Math.min(order, Long.SIZE - 1 - Long.numberOfLeadingZeros(left));
      switch (take(order, caching)) {
        case Outcome.Done<Taken>(Taken one) -> {
          taken.add(one);
          left -= one.chunk().pages();
        }
        case Outcome.Refused<Taken>(Refusal refusal) -> {
          if (--order < 0) {
            undo(taken);
            return Outcome.refused(withPooled(refusal));
          }
        }
      }
    }
    return Outcome.done(taken.stream().map(Taken::chunk).toList());
  }

  private Outcome<Taken> take(int order, Caching caching) {
    Chunk pooled = pool(caching, order).poll();
    if (pooled != null) {
      pooledPages -= pooled.pages();
      return Outcome.done(new Taken(pooled, true));
    }
    long pages = 1L << order;
    return switch (source.allocate(AllocationRequest.of(pages).asContiguous())) {
      case Outcome.Done<Extents>(Extents run) ->
          Outcome.done(new Taken(new Chunk(run.pfn(0), order, caching), false));
      case Outcome.Refused<Extents> refused -> Outcome.refused(refused.refusal());
    };
  }

  /** Newest first, each to where it came from. */
  private void undo(List<Taken> taken) {
    for (Taken one : taken.reversed()) {
      Chunk chunk = one.chunk();
      if (one.pooled()) {
        pool(chunk.caching(), chunk.order()).push(chunk);
        pooledPages += chunk.pages();
      } else {
        toSource(chunk);
      }
    }
  }

  private Refusal withPooled(Refusal refusal) {
    return pooledPages == 0
        ? refusal
        : new Refusal(
            refusal.errno(),
            refusal.reason(),
            "shrinking the pools, which hold " + pooledPages + " pages");
  }

  /** Returns chunks that {@link #allocate} gave, into the pools of their caching and order. */
  public void free(List<Chunk> chunks) {
    chunks.forEach(this::giveBack);
  }

  private void giveBack(Chunk chunk) {
    if (pooledPages + chunk.pages() > limitPages) {
      toSource(chunk);
    } else {
      pool(chunk.caching(), chunk.order()).push(chunk);
      pooledPages += chunk.pages();
    }
  }

  private void toSource(Chunk chunk) {
    if (source.free(Extents.of(chunk.pfn(), chunk.pages())) instanceof Outcome.Refused) {
      throw new IllegalArgumentException("not a chunk of this region: " + chunk);
    }
  }

  /**
   * Gives at least {@code pages} pooled pages back to the region, if there are; returns how many.
   */
  public long shrink(long pages) {
    long freed = 0;
    for (int order = 0; order <= ORDER_MAX; order++) {
      for (Caching caching : Caching.values()) {
        Deque<Chunk> pool = pool(caching, order);
        while (freed < pages && !pool.isEmpty()) {
          Chunk chunk = pool.pop();
          toSource(chunk);
          freed += chunk.pages();
        }
      }
    }
    pooledPages -= freed;
    return freed;
  }

  public long pooledPages() {
    return pooledPages;
  }

  /** Chunks waiting in one pool. */
  public int pooledChunks(Caching caching, int order) {
    return pool(caching, order).size();
  }

  private Deque<Chunk> pool(Caching caching, int order) {
    List<Deque<Chunk>> orders = pools.get(caching);
    if (orders == null) {
      throw new IllegalArgumentException("caching=" + caching);
    }
    return orders.get(order);
  }
}
