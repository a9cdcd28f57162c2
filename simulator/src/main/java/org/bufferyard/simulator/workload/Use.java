package org.bufferyard.simulator.workload;

import org.bufferyard.allocator.DmaDirection;

/** What one job does with one buffer: DMA over pages {@code [firstPage, firstPage + pages)}. */
public record Use(int buffer, DmaDirection direction, long firstPage, long pages) {
  public Use {
    if (buffer < 0) {
      throw new IllegalArgumentException("buffer must not be negative, buffer=" + buffer);
    }
    if (firstPage < 0 || pages <= 0 || firstPage > Long.MAX_VALUE - pages) {
      throw new IllegalArgumentException(
          "page range must be within the buffer, firstPage=" + firstPage + ", pages=" + pages);
    }
  }
}
