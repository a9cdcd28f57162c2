package org.bufferyard.allocator.region;

/** How the CPU caches a page. Model of {@code enum ttm_caching}. */
public enum Caching {
  CACHED,
  WRITE_COMBINED,
  UNCACHED
}
