package org.bufferyard.allocator.region;

import java.util.ArrayList;
import java.util.List;
import org.bufferyard.allocator.Errno;
import org.bufferyard.allocator.Outcome;
import org.bufferyard.allocator.Pages;

/**
 * A buddy over a byte-addressed space of any size and chunk, with windows, minimum blocks, and
 * memory of which free blocks are cleared. Not thread-safe; owned by the manager of the space.
 * Model of {@code struct drm_buddy}, {@code drivers/gpu/drm/drm_buddy.c}.
 *
 * <p>A cleared and a dirty buddy do not merge; a request that only their union can serve gets it,
 * as dirty. Errors leave everything as it was.
 */
public final class BuddyMm {
  private final long sizeBytes;
  private final int chunkShift;
  private final BuddyBlocks blocks;
  private final BuddyClaims claims;

  private BuddyMm(long sizeBytes, long chunkBytes) {
    this.sizeBytes = sizeBytes;
    chunkShift = Long.numberOfTrailingZeros(chunkBytes);
    long chunks = sizeBytes >>> chunkShift;
    int maxOrder = Long.numberOfTrailingZeros(Long.highestOneBit(chunks));
    blocks = new BuddyBlocks(0, (int) chunks, maxOrder);
    claims = new BuddyClaims(blocks, new BuddySearch(blocks), null);
  }

  /**
   * A space of {@code sizeBytes}, rounded down to chunks, all free and dirty. EINVAL for a chunk
   * below a page or no power of two, a space below a chunk or of more than 2^30 chunks.
   */
  public static Outcome<BuddyMm> create(long sizeBytes, long chunkBytes) {
    boolean chunkValid = chunkBytes >= Pages.SIZE_BYTES && Long.bitCount(chunkBytes) == 1;
    if (!chunkValid
        || sizeBytes < chunkBytes
        || sizeBytes / chunkBytes > BuddyAllocator.PAGES_MAX) {
      return Outcome.refused(
          Errno.EINVAL,
          "no space of "
              + sizeBytes
              + " bytes in chunks of "
              + chunkBytes
              + " (a power of two of at least a page, at most 2^30 chunks)");
    }
    return Outcome.done(new BuddyMm(sizeBytes & -chunkBytes, chunkBytes));
  }

  public long sizeBytes() {
    return sizeBytes;
  }

  public int maxOrder() {
    return blocks.maxOrder();
  }

  public long availableBytes() {
    return blocks.freeChunks() << chunkShift;
  }

  /** Free and known to be zero. */
  public long clearedBytes() {
    return blocks.clearedChunks() << chunkShift;
  }

  /** Blocks that together hold the request: EINVAL when malformed, ENOSPC when not there. */
  public Outcome<List<BuddyBlock>> allocate(BuddyRequest request) {
    String malformed = new BuddyRules(sizeBytes, chunkShift).violation(request);
    if (!malformed.isEmpty()) {
      return Outcome.refused(Errno.EINVAL, malformed + ": " + request);
    }
    if (!take(request)) {
      return Outcome.refused(
          Errno.ENOSPC,
          "available " + availableBytes() + " of " + sizeBytes + " bytes: " + request);
    }
    return Outcome.done(claimed());
  }

  private boolean take(BuddyRequest request) {
    int chunks = (int) (request.sizeBytes() >>> chunkShift);
    int lo = (int) (request.startBytes() >>> chunkShift);
    if (request.exactRange()) {
      return claims.takeRange(lo, chunks);
    }
    boolean window = request.has(BuddyRequest.RANGE);
    lo = window ? lo : 0;
    int hi = window ? (int) (request.endBytes() >>> chunkShift) : blocks.end();
    int minOrder = Long.numberOfTrailingZeros(request.minBlockBytes()) - chunkShift;
    boolean topDown = request.has(BuddyRequest.TOPDOWN);
    boolean keepTail = request.has(BuddyRequest.KEEP_TAIL);
    if (request.has(BuddyRequest.CONTIGUOUS) || chunks < 1 << minOrder) {
      int run = keepTail ? BuddyRules.powerOfTwoAtLeast(chunks) : chunks;
      return claims.takeRun(kind(request), run, 1L << minOrder, 0, lo, hi, topDown);
    }
    int whole = (chunks + (1 << minOrder) - 1) & -(1 << minOrder);
    if (!claims.takeBlocks(whole, minOrder, kind(request), lo, hi, topDown)) {
      return false;
    }
    if (!keepTail) {
      claims.dropTail(whole - chunks);
    }
    return true;
  }

  private static int kind(BuddyRequest request) {
    return request.has(BuddyRequest.CLEARED) ? BuddyBlocks.CLEARED : BuddyBlocks.DIRTY;
  }

  private List<BuddyBlock> claimed() {
    List<BuddyBlock> list = new ArrayList<>(claims.count());
    for (int index = 0; index < claims.count(); index++) {
      list.add(describe(claims.head(index)));
    }
    return list;
  }

  private BuddyBlock describe(int head) {
    int order = blocks.order(head);
    return new BuddyBlock(
        (long) head << chunkShift, 1L << (order + chunkShift), order, blocks.isCleared(head));
  }

  /**
   * Returns blocks, whose contents the caller says are {@code cleared} or not. EINVAL, with nothing
   * freed, if any is not an allocated block or is named twice.
   */
  public Outcome<Integer> free(List<BuddyBlock> list, boolean cleared) {
    int marked = 0;
    for (BuddyBlock block : list) {
      if (!allocated(block)) {
        list.subList(0, marked).forEach(before -> blocks.unmark(head(before)));
        return Outcome.refused(Errno.EINVAL, "not an allocated block: " + block);
      }
      blocks.mark(head(block));
      marked++;
    }
    list.forEach(block -> blocks.unmark(head(block)));
    int kind = cleared ? BuddyBlocks.CLEARED : BuddyBlocks.DIRTY;
    list.forEach(block -> blocks.release(head(block), kind));
    return Outcome.done(marked);
  }

  private int head(BuddyBlock block) {
    return (int) (block.offsetBytes() >>> chunkShift);
  }

  private boolean allocated(BuddyBlock block) {
    long offset = block.offsetBytes();
    return offset >= 0
        && offset < sizeBytes
        && (offset & ((1L << chunkShift) - 1)) == 0
        && blocks.isHead(head(block))
        && blocks.isAllocated(head(block))
        && blocks.order(head(block)) == block.order();
  }

  /**
   * Keeps {@code newSizeBytes} from {@code startBytes} of one allocated block and frees the rest
   * with the block's own clearedness. EINVAL unless {@code list} is exactly one allocated block and
   * the part kept is chunk-aligned, not empty and inside it.
   */
  public Outcome<List<BuddyBlock>> trim(List<BuddyBlock> list, long startBytes, long newSizeBytes) {
    String wrong =
        new BuddyRules(sizeBytes, chunkShift).trimViolation(list, startBytes, newSizeBytes);
    if (wrong.isEmpty() && !allocated(list.getFirst())) {
      wrong = "not an allocated block";
    }
    if (!wrong.isEmpty()) {
      return Outcome.refused(
          Errno.EINVAL, wrong + ": keep " + newSizeBytes + " at " + startBytes + " of " + list);
    }
    claims.trim(
        head(list.getFirst()),
        (int) (startBytes >>> chunkShift),
        (int) (newSizeBytes >>> chunkShift));
    return Outcome.done(claimed());
  }

  /** Frees everything and declares it cleared or dirty. */
  public void reset(boolean cleared) {
    blocks.reset(cleared ? BuddyBlocks.CLEARED : BuddyBlocks.DIRTY);
  }

  /** The free blocks, lowest first. */
  public List<BuddyBlock> freeBlocks() {
    List<BuddyBlock> list = new ArrayList<>();
    for (int head = 0; head < blocks.end(); head += 1 << blocks.order(head)) {
      if (blocks.isFree(head)) {
        list.add(describe(head));
      }
    }
    return list;
  }
}
