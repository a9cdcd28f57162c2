package org.bufferyard.allocator.region;

import java.util.random.RandomGenerator;
import org.bufferyard.allocator.Errno;
import org.bufferyard.allocator.Extents;
import org.bufferyard.allocator.Outcome;
import org.jspecify.annotations.Nullable;

/**
 * A buddy over one contiguous region, as VRAM managers use it. Not thread-safe; owned by the
 * region. Model of {@code drm_buddy_alloc_blocks} with page-sized chunks.
 *
 * <p>One and a half bytes of bookkeeping a page; in steady state an operation allocates only its
 * result. A scattered request takes the largest blocks that fit, a contiguous one a block of the
 * next power of two whose tail is given back at once, or neighbouring free blocks where no block is
 * large enough. Blocks freed lately are handed out again whole and merged only when room is short.
 */
public final class BuddyAllocator implements RegionAllocator {
  /** Most pages of one region: 4 TiB. */
  public static final long PAGES_MAX = 1L << BuddyBlocks.ORDER_MAX;

  static final int ALL_ORDERS = -1;
  private static final Outcome<Extents> FREED = Outcome.done(Extents.NONE);

  private final long origin;
  private final long pages;
  private final int orders;
  private final BuddyBlocks blocks;
  private final BuddySearch search;
  private final BuddyClaims claims;
  private final BuddyReturns returns;
  private final BuddyQuickLists quick;
  private final boolean parks;
  private final Extents.Builder runs = new Extents.Builder();

  /** Frames {@code [basePfn, basePfn + pages)}, all free. */
  public BuddyAllocator(long basePfn, long pages) {
    this(basePfn, pages, ALL_ORDERS, null);
  }

  BuddyAllocator(long basePfn, long pages, int orders, @Nullable RandomGenerator scatter) {
    if (basePfn < 0 || pages < 1 || pages > PAGES_MAX || basePfn > Long.MAX_VALUE - pages) {
      throw new IllegalArgumentException(
          "region out of range, basePfn=" + basePfn + ", pages=" + pages);
    }
    int maxOrder = Long.SIZE - 1 - Long.numberOfLeadingZeros(pages);
    // Chunk indices keep the alignment of the frames they stand for.
    origin = basePfn & -(1L << maxOrder);
    int first = (int) (basePfn - origin);
    this.pages = pages;
    this.orders = orders;
    blocks = new BuddyBlocks(first, Math.addExact(first, (int) pages), maxOrder);
    search = new BuddySearch(blocks);
    claims = new BuddyClaims(blocks, search, scatter);
    returns = new BuddyReturns(blocks);
    quick = new BuddyQuickLists(blocks);
    parks = orders == ALL_ORDERS && scatter == null;
  }

  @Override
  public Outcome<Extents> allocate(AllocationRequest request) {
    if (Requests.malformed(request)) {
      return Requests.refuse(request);
    }
    int parked = quickBlock(request);
    if (parked >= 0) {
      return Outcome.done(runs.add(origin + parked, request.pages()).build());
    }
    int lo = (int) Math.max(blocks.first(), Math.min(request.minPfn() - origin, blocks.end()));
    int hi = blocks.end();
    if (request.maxPfn() - origin < hi) {
      hi = (int) Math.max(lo, request.maxPfn() - origin + 1);
    }
    if (request.pages() > hi - lo
        || request.pages() > freePages()
        || !takeOrFlush(request, lo, hi)) {
      return Requests.full(request, this);
    }
    return Outcome.done(claimed());
  }

  /** A block freed lately that is exactly what is asked; -1 for none. */
  private int quickBlock(AllocationRequest request) {
    boolean oneBlock =
        Long.bitCount(request.pages()) == 1
            && request.alignPages() <= request.pages()
            && !request.topDown()
            && request.minPfn() <= origin + blocks.first()
            && request.maxPfn() >= origin + blocks.end() - 1;
    return oneBlock ? quick.take(Long.numberOfTrailingZeros(request.pages())) : -1;
  }

  private boolean takeOrFlush(AllocationRequest request, int lo, int hi) {
    if (take(request, lo, hi)) {
      return true;
    }
    if (quick.parkedChunks() == 0) {
      return false;
    }
    quick.flush();
    return take(request, lo, hi);
  }

  private boolean take(AllocationRequest request, int lo, int hi) {
    int chunks = (int) request.pages();
    int alignOrder = Long.numberOfTrailingZeros(request.alignPages());
    if (request.contiguous()) {
      return claims.takeRun(
          BuddyBlocks.DIRTY, chunks, request.alignPages(), origin, lo, hi, request.topDown());
    }
    return (alignOrder <= blocks.maxOrder()
            && claims.takeScattered(
                chunks, orders, alignOrder, BuddyBlocks.DIRTY, lo, hi, request.topDown()))
        || (alignOrder > 0 && claims.takeAlignedRuns(chunks, request.alignPages(), origin, lo, hi));
  }

  private Extents claimed() {
    for (int index = 0; index < claims.count(); index++) {
      int head = claims.head(index);
      runs.add(origin + head, 1L << blocks.order(head));
    }
    return runs.build();
  }

  @Override
  public Outcome<Extents> free(Extents extents) {
    int block = returns.wholeBlock(extents, origin);
    if (block >= 0) {
      if (!parks || !quick.park(block)) {
        blocks.release(block, BuddyBlocks.DIRTY);
      }
      return FREED;
    }
    long misfit = returns.release(extents, origin, BuddyBlocks.DIRTY);
    if (misfit < 0) {
      return FREED;
    }
    return Outcome.refused(
        Errno.EINVAL,
        "frame " + misfit + " is not the whole of an allocated run, freeing " + extents);
  }

  /** Merges what was freed lately; no request's outcome depends on whether that was done. */
  void settle() {
    quick.flush();
  }

  /** Every block from the base up, for debugging. */
  @Override
  public String toString() {
    return blocks.toString();
  }

  @Override
  public long freePages() {
    return blocks.freeChunks() + quick.parkedChunks();
  }

  @Override
  public long totalPages() {
    return pages;
  }

  @Override
  public long largestFreePages() {
    return search.longestRun(quick.parkedChunks() > 0);
  }
}
