package org.bufferyard.actors.memory;

/**
 * The contents of one region's pages, by page index within the region.
 *
 * <p>This is the modelled memory itself: shared by all that can address it, without a lock, as
 * memory is. Who may touch a page, and when, is what the protocol decides and what the page checks
 * find out. Messages between the parties order the accesses.
 */
public sealed interface PageStore permits BytesStore, TagStore, TierStore {
  long pages();

  /** Writes {@code tag} to {@code pages} pages from {@code page}. */
  void fill(long page, long pages, long tag);

  void write(long page, long tag);

  /** The page's tag, or {@link PageTags#TORN} where its words differ. */
  long read(long page);

  /** Copies {@code pages} pages into {@code to}, which holds contents of the same kind. */
  void copyTo(long page, PageStore to, long toPage, long pages);
}
