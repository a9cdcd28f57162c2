package org.bufferyard.actors.environment;

import java.util.Optional;
import org.bufferyard.actors.protocol.BufferId;
import org.bufferyard.actors.protocol.DeviceId;
import org.bufferyard.allocator.Refusal;

/**
 * The places where a run can be made to go wrong on purpose. The actors ask here, so that a fault
 * goes through the product's own error paths.
 */
public interface Faults {
  /** Nothing ever goes wrong. */
  Faults NONE = new Faults() {};

  /** The copy of {@code buffer} over link {@code link} fails. */
  default Optional<Refusal> failCopy(BufferId buffer, String link) {
    return Optional.empty();
  }

  /** The region refuses to reserve. */
  default Optional<Refusal> failReserve(String region) {
    return Optional.empty();
  }

  /** Model time by which an importer answers an invalidate too late; 0 for at once. */
  default long lateUnmapNanos(DeviceId device, BufferId buffer) {
    return 0;
  }

  /** The IOMMU of this name, or the path of a device, has no room for one more mapping. */
  default Optional<Refusal> failMap(String translator) {
    return Optional.empty();
  }

  /** A job's DMA stops half way through its writes, with an error. */
  default boolean failDma(DeviceId device) {
    return false;
  }

  /** Model time that a job's DMA takes, which by itself would take {@code nominalNanos}. */
  default long dmaNanos(DeviceId device, long nominalNanos) {
    return nominalNanos;
  }

  /** Model time that a piece of a copy takes over a link. */
  default long copyNanos(String link, long nominalNanos) {
    return nominalNanos;
  }
}
