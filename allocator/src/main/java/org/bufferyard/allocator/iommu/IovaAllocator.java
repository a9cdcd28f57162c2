package org.bufferyard.allocator.iommu;

/**
 * Hands out ranges of IO virtual addresses, in 4 KiB pages: from the top down, aligned to their
 * size rounded up to a power of two. Model of {@code drivers/iommu/iova.c}.
 *
 * <p>Sizes up to {@code 2^14} pages (64 MiB) are rounded up to a power of two and, once freed, kept
 * in a magazine of their order, so that the usual pair of allocate and free is a pop and a push.
 * The kernel keeps magazines for orders 0 to 5 only and pays a full tree search from 128 KiB on.
 * When the space is exhausted every magazine is emptied into the tree and the search is repeated
 * once. Page 0 is never handed out. Not thread-safe; owned by its domain.
 */
public final class IovaAllocator {
  /** Orders 0 to 14 have a magazine. */
  public static final int MAGAZINE_ORDERS = IovaMagazines.ORDERS;

  /** Most ranges a magazine keeps; a free beyond it goes to the tree. Magazines grow up to it. */
  public static final int MAGAZINE_CAPACITY = IovaMagazines.CAPACITY;

  private final IovaTree tree;
  private final IovaMagazines magazines = new IovaMagazines();

  /** Pages that are neither free nor handed out. */
  private long excludedPages = 1;

  /** A space of {@code 2^pageBits} pages. */
  public IovaAllocator(int pageBits) {
    tree = new IovaTree(pageBits);
    tree.take(0, 1);
  }

  /** Pages a request of {@code pages} pages takes. */
  public static long reservedPages(long pages) {
    int order = orderOf(pages);
    return order < MAGAZINE_ORDERS ? 1L << order : pages;
  }

  /** The least order whose block holds {@code pages} pages. */
  static int orderOf(long pages) {
    return Long.SIZE - Long.numberOfLeadingZeros(pages - 1);
  }

  /**
   * Takes {@link #reservedPages} pages aligned to their order and to {@code 2^alignOrder}, all at
   * or below page {@code limit}. Returns the first page, or -1 when there is no such range.
   */
  public long allocate(long pages, int alignOrder, long limit) {
    int order = orderOf(pages);
    if (order < MAGAZINE_ORDERS && order >= alignOrder) {
      long cached = magazines.take(order, limit - (1L << order) + 1);
      if (cached >= 0) {
        return cached;
      }
    }
    return allocateFromTree(pages, Math.max(order, alignOrder), limit);
  }

  private long allocateFromTree(long pages, int order, long limit) {
    long found = search(pages, order, limit);
    if (found < 0 && magazines.pages() > 0) {
      flushMagazines();
      found = search(pages, order, limit);
    }
    return found;
  }

  private long search(long pages, int order, long limit) {
    long start = tree.findTop(order, limit);
    if (start >= 0) {
      tree.take(start, reservedPages(pages));
    }
    return start;
  }

  /** Gives back a range taken by {@link #allocate}; {@code reservedPages} as it was taken. */
  public void free(long start, long reservedPages) {
    int order = Long.numberOfTrailingZeros(reservedPages);
    boolean aligned = ((start | reservedPages) & (reservedPages - 1)) == 0;
    if (!aligned || order >= MAGAZINE_ORDERS || !magazines.keep(order, start)) {
      tree.release(start, reservedPages);
    }
  }

  /** Empties every magazine into the tree, where neighbours join again. */
  public void flushMagazines() {
    magazines.flush(tree);
  }

  /** Takes exactly this range; false, and nothing changed, when a page of it is in use. */
  public boolean reserve(long start, long pages) {
    if (!tree.isFree(start, pages)) {
      flushMagazines();
    }
    if (!tree.isFree(start, pages)) {
      return false;
    }
    tree.take(start, pages);
    return true;
  }

  /** Gives back a range taken by {@link #reserve}, past the magazines: it may lie anywhere. */
  public void release(long start, long pages) {
    tree.release(start, pages);
  }

  /**
   * Never hands out any page of the range; pages beyond the space or excluded before are passed.
   */
  public void exclude(long start, long pages) {
    excludePart(start, Math.min(start + pages, tree.spacePages()) - start);
  }

  /** Nothing where {@code pages} is not positive: of that no page is free. */
  private void excludePart(long start, long pages) {
    if (tree.isTaken(start, pages)) {
      return;
    }
    if (tree.isFree(start, pages)) {
      tree.take(start, pages);
      excludedPages += pages;
      return;
    }
    excludePart(start, pages / 2);
    excludePart(start + pages / 2, pages - pages / 2);
  }

  /** Pages handed out and not yet given back, in reserved sizes. */
  public long takenPages() {
    return tree.spacePages() - freePages() - excludedPages;
  }

  /** Pages that could be handed out, those in magazines included. */
  public long freePages() {
    return tree.freePages() + magazines.pages();
  }
}
