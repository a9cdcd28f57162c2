package org.bufferyard.allocator.sg;

/**
 * Finds the runs of consecutive frames in a page list, many pages a step. The one implementation
 * needs the module {@code jdk.incubator.vector}; without it a builder compares page by page.
 */
interface RunFinder {
  /** Fewest pages that {@link #find} takes. */
  int pagesMin();

  /** Slots beyond the last run that any method may overwrite in its output columns. */
  int slack();

  /**
   * Writes the address of each run of the pages {@code borders[0]} to {@code borders[buffers] - 1}
   * to {@code addresses} and the index of its first page to {@code starts}; returns the runs.
   * {@code starts[runs]} is the end. A run starts at each border, and {@code firstRuns[i]} is the
   * one that does at border {@code i}.
   */
  int find(
      long[] pfns, int[] borders, int buffers, long[] addresses, int[] starts, int[] firstRuns);

  /** All bits set in any frame seen by the last {@link #find}. */
  long frameBits();

  /** Turns {@code starts} into lengths in bytes; returns the longest run in pages. */
  int measure(int[] starts, int runs, int[] lengths);

  /** Union of the bits in which the addresses of any run's first and last byte differ. */
  long crossings(long[] addresses, int[] lengths, int runs);
}
