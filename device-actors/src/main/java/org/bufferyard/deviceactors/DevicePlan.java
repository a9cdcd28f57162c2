package org.bufferyard.deviceactors;

import org.bufferyard.actors.protocol.BusPath;
import org.bufferyard.actors.protocol.DeviceId;
import org.bufferyard.allocator.placement.DeviceDemand;

/**
 * One device: its limits, its way to memory and its rate.
 *
 * @param demand name, DMA limits and reachable regions, as the solver takes them
 * @param dynamic answers an invalidate; otherwise it pins what it maps while it has it mapped
 * @param bytesPerSecond how fast its jobs move data
 * @param remoteBytesPerSecond how fast where the data is not in a device's own memory
 * @param queueDepth jobs prepared or waiting at once; more wait outside, at most {@link
 *     #BACKLOG_MAX}
 */
public record DevicePlan(
    DeviceId id,
    DeviceDemand demand,
    BusPath path,
    boolean dynamic,
    long bytesPerSecond,
    long remoteBytesPerSecond,
    int queueDepth) {
  /** As fast wherever the data is. */
  public DevicePlan(
      DeviceId id,
      DeviceDemand demand,
      BusPath path,
      boolean dynamic,
      long bytesPerSecond,
      int queueDepth) {
    this(id, demand, path, dynamic, bytesPerSecond, bytesPerSecond, queueDepth);
  }

  /** One more job than this is refused EAGAIN. */
  public static final int BACKLOG_MAX = 65_536;

  public String name() {
    return demand.name();
  }
}
