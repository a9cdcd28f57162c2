package org.bufferyard.allocator;

/** Which way data flows during DMA. Model of {@code enum dma_data_direction}. */
public enum DmaDirection {
  /** The device reads memory. */
  TO_DEVICE(true, false),
  /** The device writes memory. */
  FROM_DEVICE(false, true),
  BIDIRECTIONAL(true, true);

  private final boolean deviceReads;
  private final boolean deviceWrites;

  DmaDirection(boolean deviceReads, boolean deviceWrites) {
    this.deviceReads = deviceReads;
    this.deviceWrites = deviceWrites;
  }

  public boolean deviceReads() {
    return deviceReads;
  }

  public boolean deviceWrites() {
    return deviceWrites;
  }

  /** A mapping made for this direction serves {@code other} too. */
  public boolean covers(DmaDirection other) {
    return (deviceReads || !other.deviceReads) && (deviceWrites || !other.deviceWrites);
  }
}
