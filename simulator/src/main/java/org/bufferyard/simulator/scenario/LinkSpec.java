package org.bufferyard.simulator.scenario;

/**
 * A way to move buffers from one region to another; the way back is a link of its own.
 *
 * @param copies false where a move only changes who may reach the pages (SYSTEM to GTT)
 */
public record LinkSpec(
    String from, String to, long bytesPerSecond, long latencyNanos, boolean copies) {
  /** The same at another rate. */
  public LinkSpec atRate(long otherBytesPerSecond) {
    return new LinkSpec(from, to, otherBytesPerSecond, latencyNanos, copies);
  }
}
