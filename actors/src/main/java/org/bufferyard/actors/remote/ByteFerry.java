package org.bufferyard.actors.remote;

import org.bufferyard.actors.lease.Mapping;
import org.bufferyard.actors.lease.MemoryView;

/** Carries the bytes of staged mappings, in chunks of which a few are under way at once. */
final class ByteFerry {
  /** Chunks of one mapping that are asked for at once. */
  private static final int WINDOW = 4;

  private ByteFerry() {}

  /** Asks for what the window has room for. */
  static void fetchMore(Staging staging) {
    while (hasRoom(staging)) {
      int length = nextChunk(staging);
      staging.tell(
          new Wire.Fetch(
              staging.id, staging.mapping, staging.askedBytes, length, staging.gateway.ear));
      staging.askedBytes += length;
    }
  }

  private static int nextChunk(Staging staging) {
    return (int) Math.min(Wire.CHUNK_BYTES, staging.sizeBytes() - staging.askedBytes);
  }

  /**
   * Sends back what the window has room for.
   *
   * @throws IllegalStateException the lease has ended
   */
  static void storeMore(Staging staging, Mapping working) {
    try (MemoryView view = working.open()) {
      while (hasRoom(staging)) {
        int length = nextChunk(staging);
        staging.tell(
            new Wire.Store(
                staging.id,
                staging.mapping,
                staging.askedBytes,
                view.toByteString(staging.askedBytes, length),
                staging.gateway.ear));
        staging.askedBytes += length;
      }
    }
  }

  private static boolean hasRoom(Staging staging) {
    return staging.askedBytes < staging.sizeBytes()
        && staging.askedBytes - staging.doneBytes < (long) WINDOW * Wire.CHUNK_BYTES;
  }
}
