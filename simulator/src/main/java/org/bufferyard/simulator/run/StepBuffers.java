package org.bufferyard.simulator.run;

import java.util.LinkedHashMap;
import java.util.List;
import org.bufferyard.allocator.DmaDirection;
import org.bufferyard.simulator.workload.Action;
import org.bufferyard.simulator.workload.Use;

/** Which buffers a step of a script is about. */
final class StepBuffers {
  /** The keys that must be held before the step can be done; an export's comes with it. */
  static List<Integer> keys(Action action) {
    return switch (action) {
      case Action.Export export -> List.of();
      case Action.Submit submit -> submit.uses().stream().map(Use::buffer).distinct().toList();
      case Action.Attach attach -> List.of(attach.buffer());
      case Action.Unmap unmap -> List.of(unmap.buffer());
      case Action.CpuAccess access -> List.of(access.buffer());
      case Action.Pin pin -> List.of(pin.buffer());
      case Action.Unpin unpin -> List.of(unpin.buffer());
      case Action.Release release -> List.of(release.buffer());
    };
  }

  /** A job has one fence per buffer: uses of one buffer become one that covers them. */
  static List<Use> merged(List<Use> uses) {
    LinkedHashMap<Integer, Use> byBuffer = new LinkedHashMap<>();
    for (Use use : uses) {
      byBuffer.merge(use.buffer(), use, StepBuffers::union);
    }
    return List.copyOf(byBuffer.values());
  }

  private static Use union(Use a, Use b) {
    long first = Math.min(a.firstPage(), b.firstPage());
    long end = Math.max(a.firstPage() + a.pages(), b.firstPage() + b.pages());
    DmaDirection direction =
        a.direction() == b.direction() ? a.direction() : DmaDirection.BIDIRECTIONAL;
    return new Use(a.buffer(), direction, first, end - first);
  }

  private StepBuffers() {}
}
