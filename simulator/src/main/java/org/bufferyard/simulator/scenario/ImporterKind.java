package org.bufferyard.simulator.scenario;

/** Whether a device lets mapped buffers move. */
public enum ImporterKind {
  /** Answers an invalidate by unmapping, and maps again: {@code move_notify} in dma-buf. */
  DYNAMIC,
  /** Holds the buffer in place while it has it mapped. */
  STATIC
}
