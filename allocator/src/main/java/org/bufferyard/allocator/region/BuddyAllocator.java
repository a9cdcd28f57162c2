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
 * <p>One and three quarter bytes of bookkeeping a page; in steady state an operation allocates only
 * its result, and nothing where that goes into a {@link BlockList}. A scattered request takes the
 * largest blocks that fit, a contiguous one a block of the next power of two whose tail is given
 * back at once, or neighbouring free blocks where no block is large enough. Blocks freed lately are
 * handed out again whole and merged only when room is short.
 */
public final class BuddyAllocator implements RegionAllocator {
  /** Most pages of one region: 4 TiB. */
  public static final long PAGES_MAX = 1L << BuddyBlocks.ORDER_MAX;

  static final int ALL_ORDERS = -1;
  private static final Outcome<Extents> FREED = Outcome.done(Extents.NONE);

  private final long origin;
  private final long base;
  private final long last;
  private final long pages;
  private final int orders;
  private final BuddyBlocks blocks;
  private final BuddySearch search;
  private final BuddyClaims claims;
  private final BuddyReturns returns;
  private final BuddyQuickLists quick;
  private final boolean parks;
  private final BlockList scratch = new BlockList();
  private final Extents.Builder result = new Extents.Builder();

  /** Frames {@code [basePfn, basePfn + pages)}, all free. */
  public BuddyAllocator(long basePfn, long pages) {
    this(basePfn, pages, ALL_ORDERS, null);
  }

  BuddyAllocator(long basePfn, long pages, int orders, @Nullable RandomGenerator scatter) {
    if (basePfn < 0 || pages < 1 || pages > PAGES_MAX || basePfn > Long.MAX_VALUE - pages) {
      throw new IllegalArgumentException(
          "region out of range, basePfn=" + basePfn + ", pages=" + pages);
    }
    int maxOrder = Long.numberOfTrailingZeros(Long.highestOneBit(pages));
    // Chunk indices keep the alignment of the frames they stand for.
    origin = basePfn & -(1L << maxOrder);
    int first = (int) (basePfn - origin);
    this.pages = pages;
    base = basePfn;
    last = basePfn + pages - 1;
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
    int status = allocate(request, scratch);
    if (status < 0) {
      return status == -Errno.EINVAL.number()
          ? Requests.refuse(request)
          : Requests.full(request, this);
    }
    for (int run = 0; run < scratch.runs(); run++) {
      result.add(scratch.pfn(run), scratch.pages(run));
    }
    return Outcome.done(result.build());
  }

  /**
   * As {@link #allocate(AllocationRequest)}, the runs into {@code out} in place of what was there.
   * Returns zero, or a negated errno, and {@code out} is empty. Allocates nothing in steady state.
   */
  public int allocate(AllocationRequest request, BlockList out) {
    out.clear();
    int parked = quickBlock(request);
    if (parked >= 0) {
      out.append(origin + parked, request.pages());
      return 0;
    }
    if (Requests.malformed(request)) {
      return -Errno.EINVAL.number();
    }
    int lo = (int) Math.max(blocks.first(), Math.min(request.minPfn() - origin, blocks.end()));
    int hi = blocks.end();
    if (request.maxPfn() - origin < hi) {
      hi = (int) Math.max(lo, request.maxPfn() - origin + 1);
    }
    if (request.pages() > hi - lo
        || request.pages() > freePages()
        || !takeOrFlush(request, lo, hi)) {
      return -Errno.ENOSPC.number();
    }
    for (int index = 0; index < claims.count(); index++) {
      int head = claims.head(index);
      out.append(origin + head, 1L << blocks.order(head));
    }
    return 0;
  }

  /** A block freed lately that is exactly what is asked; -1 for none, or a malformed request. */
  private int quickBlock(AllocationRequest request) {
    long size = request.pages();
    long align = request.alignPages();
    boolean oneBlock =
        Long.bitCount(size) == 1
            && Long.bitCount(align) == 1
            && Long.compareUnsigned(align, size) <= 0
            && !request.topDown();
    boolean anywhere =
        (request.minPfn() == 0 || request.minPfn() == base) && request.maxPfn() >= last;
    return oneBlock && anywhere ? quick.take(Long.numberOfTrailingZeros(size)) : -1;
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
        || claims.takeAlignedRuns(chunks, request.alignPages(), origin, lo, hi);
  }

  @Override
  public Outcome<Extents> free(Extents extents) {
    scratch.set(extents);
    long misfit = release(scratch);
    return misfit < 0
        ? FREED
        : Outcome.refused(
            Errno.EINVAL,
            "frame " + misfit + " is not the whole of an allocated run, freeing " + extents);
  }

  /**
   * As {@link #free(Extents)}. Returns zero, and {@code runs} is empty, or {@code -EINVAL}, and
   * nothing has changed. Allocates nothing.
   */
  public int free(BlockList runs) {
    if (release(runs) >= 0) {
      return -Errno.EINVAL.number();
    }
    runs.clear();
    return 0;
  }

  /** Returns -1, or the frame at which a run is not what was allocated. */
  private long release(BlockList runs) {
    long start = runs.pfn(0) - origin;
    int order = Long.numberOfTrailingZeros(runs.pages(0));
    boolean oneBlock =
        runs.runs() == 1 && runs.pages(0) == 1L << order && returns.isWhole(start, order);
    if (!oneBlock) {
      return returns.release(runs, origin, BuddyBlocks.DIRTY);
    }
    if (!parks || !quick.park((int) start, order)) {
      blocks.release((int) start, BuddyBlocks.DIRTY);
    }
    return -1;
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
