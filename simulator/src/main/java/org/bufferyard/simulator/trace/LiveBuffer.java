package org.bufferyard.simulator.trace;

/** A buffer that a trace has allocated and not freed. Owned by one converter. */
final class LiveBuffer {
  final int key;
  final long address;
  final long pages;

  /** Pages that the GPU's page table names, as far as counting updates tells. */
  private long mappedPages;

  boolean used;
  boolean attached;

  LiveBuffer(int key, long address, long pages) {
    this.key = key;
    this.address = address;
    this.pages = pages;
  }

  void mapped(long count) {
    mappedPages = Math.min(pages, mappedPages + count);
  }

  /** True where no page is left mapped. */
  boolean unmapped(long count) {
    mappedPages = Math.max(0, mappedPages - count);
    return mappedPages == 0;
  }
}
