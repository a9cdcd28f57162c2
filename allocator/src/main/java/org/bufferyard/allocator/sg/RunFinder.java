package org.bufferyard.allocator.sg;

/**
 * Finds the runs of consecutive frames in a page list, many pages a step. The one implementation
 * needs the module {@code jdk.incubator.vector}; without it a builder compares page by page.
 */
interface RunFinder {
  /** Slots beyond the last run that {@link #find} may overwrite in its output columns. */
  int slack();

  /**
   * Writes the address of each run of {@code pfns[first]} to {@code pfns[end - 1]} to {@code
   * addresses[to]} on and the index of its first page to {@code starts[0]} on; returns the runs.
   */
  int find(long[] pfns, int first, int end, long[] addresses, int to, int[] starts);

  /** All bits set in any frame seen by the last {@link #find}. */
  long frameBits();

  /**
   * Turns {@code starts} into lengths in pages at {@code lengths[to]} on; {@code starts[runs]} is
   * the end. Returns the longest.
   */
  int measure(int[] starts, int runs, int[] lengths, int to);

  /**
   * Looks at the runs' last bytes, lengths in pages: their union is {@link #lastBits} afterwards.
   * Returns the bits above {@code boundaryMask} in which any first and last byte differ.
   */
  long crossings(long[] addresses, int[] lengths, int to, int runs, long boundaryMask);

  long lastBits();
}
