package org.bufferyard.actors.session;

import java.util.List;
import org.bufferyard.actors.buffer.Placer;
import org.bufferyard.actors.environment.Topology;
import org.bufferyard.actors.protocol.ExportOptions;
import org.bufferyard.actors.protocol.ExporterOps;
import org.bufferyard.actors.protocol.Session.ExportSpec;
import org.bufferyard.allocator.Errno;
import org.bufferyard.allocator.Outcome;
import org.bufferyard.allocator.Pages;
import org.bufferyard.allocator.Refusal;
import org.bufferyard.allocator.placement.BufferFacts;
import org.bufferyard.allocator.placement.DeviceDemand;
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
    Refusal refusal = refusal(spec.options());
    return refusal == null ? tooEarly(spec, topology) : refusal;
  }

  private static @Nullable Refusal tooEarly(ExportSpec spec, Topology topology) {
    List<DeviceDemand> importers = spec.options().early();
    if (importers == null) {
      return null;
    }
    BufferFacts facts =
        new BufferFacts(Pages.ofBytes(spec.sizeBytes()), topology.names(spec.preferred()), false);
    return new Placer(topology).early(importers, facts, spec.contiguous())
            instanceof Outcome.Refused<?>(var refusal)
        ? refusal
        : null;
  }

  private static @Nullable Refusal refusal(ExportOptions options) {
    if (!options.offers(ExporterOps.REQUIRED)) {
      return malformed("an exporter implements map, unmap and release");
    }
    if (options.offers(ExporterOps.PIN) != options.offers(ExporterOps.UNPIN)) {
      return malformed("an exporter implements both pin and unpin, or neither");
    }
    return options.kinds().isEmpty() ? malformed("an exporter gives some kind of mapping") : null;
  }

  private static Refusal malformed(String reason) {
    return new Refusal(Errno.EINVAL, reason);
  }

  private ExportCheck() {}
}
