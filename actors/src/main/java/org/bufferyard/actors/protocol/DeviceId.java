package org.bufferyard.actors.protocol;

/** Names a device; dense from 0 within a yard. */
public record DeviceId(int value) {
  @Override
  public String toString() {
    return "device-" + value;
  }
}
