package org.bufferyard.actors.sanitizer;

import org.bufferyard.actors.protocol.FenceUsage;

/**
 * Work under way on a buffer's pages {@code [firstPage, firstPage + pages)}.
 *
 * @param owner the ticket of a job, or the client and request of a CPU bracket
 * @param device -1 for the CPU
 * @param attachment -1 for the CPU
 */
record ShadowFence(
    Object owner, FenceUsage usage, int device, int attachment, long firstPage, long pages) {
  /** The CPU bracket that a client's request opened. */
  record Bracket(int client, long requestId) {}

  boolean writes() {
    return usage == FenceUsage.WRITE;
  }

  boolean covers(int byDevice, long page, boolean write) {
    return device == byDevice
        && page >= firstPage
        && page < firstPage + pages
        && (!write || writes());
  }
}
