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
}
