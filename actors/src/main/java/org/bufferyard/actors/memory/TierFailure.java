package org.bufferyard.actors.memory;

import org.bufferyard.allocator.Errno;
import org.bufferyard.allocator.Refusal;

/**
 * A slow tier could not take or give a page: its file is full, was cut short or changed by somebody
 * else, or its pool is full. The copy under way fails; the buffer stays where it was.
 */
public final class TierFailure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient Refusal refusal;

  TierFailure(Errno errno, String reason, String wouldHelp) {
    super(reason);
    this.refusal = new Refusal(errno, reason, wouldHelp);
  }

  public Refusal refusal() {
    return refusal;
  }
}
