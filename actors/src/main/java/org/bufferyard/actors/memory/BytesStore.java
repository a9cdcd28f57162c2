package org.bufferyard.actors.memory;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.MemorySegment;
import org.bufferyard.allocator.Pages;

/** Real bytes, off the heap: an arena's memory, or a mapped file. */
final class BytesStore implements PageStore {
  private static final int WORDS = Pages.SIZE_BYTES / Long.BYTES;

  private final MemorySegment memory;

  /** {@code memory} stays owned by the caller; its size is whole pages. */
  BytesStore(MemorySegment memory) {
    this.memory = memory;
  }

  @Override
  public long pages() {
    return memory.byteSize() >>> Pages.SHIFT;
  }

  @Override
  public void fill(long page, long pages, long tag) {
    int pattern = (int) (tag & 0xff);
    if (tag == 0x0101010101010101L * pattern) {
      memory.asSlice(page << Pages.SHIFT, pages << Pages.SHIFT).fill((byte) pattern);
      return;
    }
    for (long each = page; each < page + pages; each++) {
      write(each, tag);
    }
  }

  @Override
  public void write(long page, long tag) {
    long base = page * WORDS;
    for (int word = 0; word < WORDS; word++) {
      memory.setAtIndex(JAVA_LONG, base + word, tag);
    }
  }

  @Override
  public long read(long page) {
    long base = page * WORDS;
    long first = memory.getAtIndex(JAVA_LONG, base);
    long differing = 0;
    for (int word = 1; word < WORDS; word++) {
      differing |= memory.getAtIndex(JAVA_LONG, base + word) ^ first;
    }
    return differing == 0 ? first : PageTags.TORN;
  }

  @Override
  public void copyTo(long page, PageStore to, long toPage, long pages) {
    MemorySegment.copy(
        memory,
        page << Pages.SHIFT,
        ((BytesStore) to).memory,
        toPage << Pages.SHIFT,
        pages << Pages.SHIFT);
  }
}
