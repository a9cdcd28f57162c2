package org.bufferyard.actors.environment;

/**
 * How much one client may pin; what goes beyond is refused EDQUOT. A pin takes memory from
 * everybody for as long as its owner likes, which is why it is counted by owner.
 *
 * @param perBuffer pins that a client may hold on one buffer at once
 * @param pagesPerClient of the buffers that a client has pinned, each counted once
 */
public record PinQuota(int perBuffer, long pagesPerClient) {
  /** Nothing is refused, and no session is asked. */
  public static final PinQuota NONE = new PinQuota(Integer.MAX_VALUE, Long.MAX_VALUE);

  public PinQuota {
    if (perBuffer < 1 || pagesPerClient < 1) {
      throw new IllegalArgumentException(
          "a quota must be positive, perBuffer="
              + perBuffer
              + ", pagesPerClient="
              + pagesPerClient);
    }
  }

  /** The client's session keeps count over all its buffers. */
  public boolean limitsClients() {
    return pagesPerClient != Long.MAX_VALUE;
  }
}
