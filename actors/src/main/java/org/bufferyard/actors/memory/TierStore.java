package org.bufferyard.actors.memory;

import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.bufferyard.allocator.Pages;

/**
 * Pages that nobody addresses: they are put and got whole, by the copies of moves. A page that was
 * only ever filled costs no storage.
 */
abstract non-sealed class TierStore implements PageStore {
  private static final int WORDS = Pages.SIZE_BYTES / Long.BYTES;

  /** What a page without storage reads as. */
  private final long[] filledWith;

  private final boolean[] stored;

  /** One page, for copies between two tiers and for reading tags. Used under this store's lock. */
  private final MemorySegment scratch = Arena.ofAuto().allocate(Pages.SIZE_BYTES, Long.BYTES);

  TierStore(long pages) {
    filledWith = new long[Math.toIntExact(pages)];
    stored = new boolean[filledWith.length];
  }

  /** Takes one page's bytes, whatever was there before, which is gone also if this fails. */
  abstract void put(int page, MemorySegment bytes);

  /** Writes the bytes of a stored page to {@code into}. */
  abstract void get(int page, MemorySegment into);

  /** Gives the storage of a page back. */
  abstract void drop(int page);

  @Override
  public final long pages() {
    return filledWith.length;
  }

  @Override
  public final synchronized void fill(long page, long pages, long tag) {
    int first = (int) page;
    int end = (int) (page + pages);
    for (int each = first; each < end; each++) {
      if (stored[each]) {
        drop(each);
        stored[each] = false;
      }
    }
    Arrays.fill(filledWith, first, end, tag);
  }

  @Override
  public final synchronized void write(long page, long tag) {
    fill(page, 1, tag);
  }

  @Override
  public final synchronized long read(long page) {
    if (!stored[(int) page]) {
      return filledWith[(int) page];
    }
    get((int) page, scratch);
    long first = scratch.get(JAVA_LONG_UNALIGNED, 0);
    for (int word = 1; word < WORDS; word++) {
      if (scratch.getAtIndex(JAVA_LONG_UNALIGNED, word) != first) {
        return PageTags.TORN;
      }
    }
    return first;
  }

  /** From addressable memory into this tier. */
  final synchronized void putAll(long page, MemorySegment from) {
    int pages = (int) (from.byteSize() >>> Pages.SHIFT);
    for (int each = 0; each < pages; each++) {
      putOne((int) page + each, from.asSlice((long) each << Pages.SHIFT, Pages.SIZE_BYTES));
    }
  }

  private void putOne(int page, MemorySegment bytes) {
    stored[page] = false;
    put(page, bytes);
    stored[page] = true;
  }

  /** From this tier into addressable memory. */
  private synchronized void getAll(long page, MemorySegment into) {
    int pages = (int) (into.byteSize() >>> Pages.SHIFT);
    for (int each = 0; each < pages; each++) {
      getOne((int) page + each, into.asSlice((long) each << Pages.SHIFT, Pages.SIZE_BYTES));
    }
  }

  private void getOne(int page, MemorySegment into) {
    if (stored[page]) {
      get(page, into);
    } else {
      BytesStore.fillWords(into, filledWith[page]);
    }
  }

  /** Never holds the locks of two tiers at once. */
  @Override
  public final void copyTo(long page, PageStore to, long toPage, long pages) {
    switch (to) {
      case BytesStore memory -> getAll(page, memory.slice(toPage, pages));
      case TierStore tier -> {
        MemorySegment between =
            Arena.ofAuto().allocate(Pages.SIZE_BYTES, Long.BYTES); // of this copy alone
        for (long each = 0; each < pages; each++) {
          getAll(page + each, between);
          tier.putAll(toPage + each, between);
        }
      }
      case TagStore tags -> throw new IllegalStateException("bytes do not become tags");
    }
  }
}
