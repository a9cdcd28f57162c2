package org.bufferyard.deviceactors.path;

import java.util.Optional;
import org.bufferyard.allocator.DmaDirection;
import org.bufferyard.allocator.Errno;
import org.bufferyard.allocator.Extents;
import org.bufferyard.allocator.Pages;
import org.bufferyard.allocator.Refusal;

/** A device model that takes no mapping longer than a limit, whatever its constraints say. */
record RejectHook(String device, long bytesMax) implements MappingHook {
  @Override
  public Optional<Refusal> beforeMap(Extents pages, DmaDirection direction) {
    long bytes = Pages.toBytes(pages.totalPages());
    return bytes <= bytesMax
        ? Optional.empty()
        : Optional.of(
            new Refusal(
                Errno.E2BIG,
                device + " maps at most " + bytesMax + " bytes at once, the buffer has " + bytes,
                "smaller buffers for " + device));
  }

  @Override
  public void afterUnmap(Extents pages, DmaDirection direction) {}
}
