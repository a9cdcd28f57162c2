package org.bufferyard.actors.lease;

import org.bufferyard.allocator.Refusal;

/** How a stage fails whose request was refused. Has no stack: the refusal says what there is. */
public final class RefusedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient Refusal refusal;

  public RefusedException(Refusal refusal) {
    super(refusal.toString(), null, false, false);
    this.refusal = refusal;
  }

  public Refusal refusal() {
    return refusal;
  }
}
