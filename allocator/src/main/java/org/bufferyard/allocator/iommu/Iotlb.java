package org.bufferyard.allocator.iommu;

import java.util.Arrays;

/**
 * The translation cache of a domain: few entries, direct mapped, one 4 KiB translation each. It is
 * never told of a change to the page table except by {@link #invalidate}, so that an entry can be
 * stale exactly as long as its invalidation is outstanding. Not thread-safe; owned by its domain.
 */
final class Iotlb {
  private static final long NONE = -1;

  private final long[] pages;
  private final long[] translations;
  private int valid;

  /** {@code entries} is zero (no cache) or a power of two. */
  Iotlb(int entries) {
    pages = new long[entries];
    translations = new long[entries];
    Arrays.fill(pages, NONE);
  }

  /** The cached translation of IOVA page {@code page} as {@link PageTable#translate}, or 0. */
  long lookup(long page) {
    if (valid == 0) {
      return 0;
    }
    int slot = slot(page);
    return pages[slot] == page ? translations[slot] : 0;
  }

  void insert(long page, long translation) {
    if (pages.length == 0) {
      return;
    }
    int slot = slot(page);
    valid += pages[slot] == NONE ? 1 : 0;
    pages[slot] = page;
    translations[slot] = translation;
  }

  /** Drops every entry of the range. Cost: the lesser of its pages and the entries. */
  void invalidate(long first, long count) {
    if (valid == 0) {
      return;
    }
    if (count < pages.length) {
      for (long page = first; page < first + count; page++) {
        drop(slot(page), first, count);
      }
    } else {
      for (int slot = 0; slot < pages.length; slot++) {
        drop(slot, first, count);
      }
    }
  }

  private void drop(int slot, long first, long count) {
    if (pages[slot] >= first && pages[slot] < first + count) {
      pages[slot] = NONE;
      valid--;
    }
  }

  void invalidateAll() {
    if (valid > 0) {
      Arrays.fill(pages, NONE);
      valid = 0;
    }
  }

  int valid() {
    return valid;
  }

  private int slot(long page) {
    return (int) page & (pages.length - 1);
  }
}
