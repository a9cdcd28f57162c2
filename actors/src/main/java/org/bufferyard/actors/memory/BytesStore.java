package org.bufferyard.actors.memory;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.MemorySegment;
import org.bufferyard.allocator.Pages;

/** Real bytes, off the heap and addressable: an arena's memory, or a mapped file. */
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

  /** The bytes themselves, of whole pages. */
  MemorySegment slice(long page, long pages) {
    return memory.asSlice(page << Pages.SHIFT, pages << Pages.SHIFT);
  }

  /** A stretch of the bytes, from any byte on. */
  MemorySegment bytes(long offset, long lengthBytes) {
    return memory.asSlice(offset, lengthBytes);
  }

  @Override
  public void fill(long page, long pages, long tag) {
    fillWords(slice(page, pages), tag);
  }

  /** Writes {@code tag} to every word. */
  static void fillWords(MemorySegment bytes, long tag) {
    int pattern = (int) (tag & 0xff);
    if (tag == 0x0101010101010101L * pattern) {
      bytes.fill((byte) pattern);
      return;
    }
    long words = bytes.byteSize() / Long.BYTES;
    for (long word = 0; word < words; word++) {
      bytes.setAtIndex(JAVA_LONG, word, tag);
    }
  }

  @Override
  public void write(long page, long tag) {
    fillWords(slice(page, 1), tag);
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
    MemorySegment from = slice(page, pages);
    switch (to) {
      case BytesStore memoryToo -> memoryToo.slice(toPage, pages).copyFrom(from);
      case TierStore tier -> tier.putAll(toPage, from);
      case TagStore tags -> throw new IllegalStateException("bytes do not become tags");
    }
  }
}
