package org.bufferyard.actors.sanitizer;

import org.bufferyard.actors.protocol.Buffer;
import org.bufferyard.actors.protocol.BusPath;
import org.bufferyard.actors.protocol.Iommu;
import org.jspecify.annotations.Nullable;

/** One device's use of a buffer, by this account. Owned by its {@link ShadowBuffer}. */
final class ShadowAttachment {
  final int id;
  final Buffer.Attach attach;
  final String deviceName;

  /** What the buffer has asked its IOMMU for and not heard of. */
  Iommu.@Nullable Map asked;

  @Nullable MappingRecord record;
  int mapCount;

  /** The buffer has forgotten it, and only waits for the IOMMU. */
  boolean forced;

  int pins;

  ShadowAttachment(int id, Buffer.Attach attach) {
    this.id = id;
    this.attach = attach;
    this.deviceName = attach.demand().name();
  }

  boolean direct() {
    return attach.path() instanceof BusPath.Direct;
  }
}
