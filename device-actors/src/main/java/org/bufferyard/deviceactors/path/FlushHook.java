package org.bufferyard.deviceactors.path;

import java.util.Optional;
import org.bufferyard.allocator.DmaDirection;
import org.bufferyard.allocator.Extents;
import org.bufferyard.allocator.Refusal;

/**
 * Cache maintenance for a device that does not snoop: clean what it will read, invalidate what it
 * has written. Model of {@code arch_sync_dma_for_device} and {@code arch_sync_dma_for_cpu}. The
 * yard has no caches, so it counts.
 */
final class FlushHook implements MappingHook {
  private long flushedPages;

  @Override
  public Optional<Refusal> beforeMap(Extents pages, DmaDirection direction) {
    flushedPages += direction.deviceReads() ? pages.totalPages() : 0;
    return Optional.empty();
  }

  @Override
  public void afterUnmap(Extents pages, DmaDirection direction) {
    flushedPages += direction.deviceWrites() ? pages.totalPages() : 0;
  }

  @Override
  public void sync(long pages, DmaDirection direction, boolean forDevice) {
    boolean needed = forDevice ? direction.deviceReads() : direction.deviceWrites();
    flushedPages += needed ? pages : 0;
  }

  @Override
  public long flushedPages() {
    return flushedPages;
  }
}
