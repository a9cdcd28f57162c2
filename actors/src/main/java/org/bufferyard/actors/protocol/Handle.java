package org.bufferyard.actors.protocol;

/**
 * A client's authority over a buffer: a random 128-bit token that the buffer checks, together with
 * the client and its epoch, on every request. An actor reference alone permits nothing.
 */
public record Handle(long high, long low) {
  /** The tokens are secrets: a log shows which handle it was, not what opens the buffer. */
  @Override
  public String toString() {
    return "handle-" + Long.toHexString(high >>> 40);
  }
}
