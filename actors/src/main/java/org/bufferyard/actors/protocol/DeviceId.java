package org.bufferyard.actors.protocol;

/** Names a device; dense from 0 within a yard. */
public record DeviceId(int value) {
  /** Programs and the kernel, where they map and touch buffers themselves. */
  public static final DeviceId CPU = new DeviceId(-1);

  @Override
  public String toString() {
    return value < 0 ? "cpu" : "device-" + value;
  }
}
