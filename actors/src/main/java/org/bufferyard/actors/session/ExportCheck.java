package org.bufferyard.actors.session;

import org.bufferyard.actors.environment.Topology;
import org.bufferyard.actors.protocol.Session.ExportSpec;
import org.bufferyard.allocator.Errno;
import org.bufferyard.allocator.Pages;
import org.bufferyard.allocator.Refusal;
import org.jspecify.annotations.Nullable;

/** Whether an export makes sense at all, before there is a buffer. */
final class ExportCheck {
  static final int PRIORITY_MAX = 3;

  /** EINVAL with what is malformed, or null. */
  static @Nullable Refusal refusal(ExportSpec spec, Topology topology) {
    if (spec.sizeBytes() <= 0 || spec.sizeBytes() > Long.MAX_VALUE - Pages.SIZE_BYTES) {
      return malformed("size must be positive, sizeBytes=" + spec.sizeBytes());
    }
    if (spec.priority() < 0 || spec.priority() > PRIORITY_MAX) {
      return malformed("priority must be 0 to " + PRIORITY_MAX + ", priority=" + spec.priority());
    }
    for (int region : spec.preferred()) {
      if (region < 0 || region >= topology.regions().size()) {
        return malformed("no such heap, region=" + region);
      }
    }
    return null;
  }

  private static Refusal malformed(String reason) {
    return new Refusal(Errno.EINVAL, reason);
  }

  private ExportCheck() {}
}
