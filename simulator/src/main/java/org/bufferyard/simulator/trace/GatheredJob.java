package org.bufferyard.simulator.trace;

import java.util.LinkedHashMap;
import java.util.List;
import org.bufferyard.allocator.DmaDirection;
import org.bufferyard.simulator.workload.Use;

/**
 * The uses of one moment of a trace, gathered into one job, and which buffers were used last. A
 * buffer's first use writes it, later ones read. Not thread-safe; owned by one conversion.
 */
final class GatheredJob {
  static final int USES_MAX = 64;
  private static final int RECENT_MAX = 16;

  private final LinkedHashMap<Integer, Use> uses = new LinkedHashMap<>();
  private final LinkedHashMap<Integer, LiveBuffer> recent = new LinkedHashMap<>();

  boolean hasRoomFor(LiveBuffer buffer) {
    return uses.size() < USES_MAX || uses.containsKey(buffer.key);
  }

  /** Adds a range; several ranges of one buffer become the one around them. */
  void add(LiveBuffer buffer, long firstPage, long pages) {
    Use before = uses.get(buffer.key);
    if (before == null) {
      DmaDirection direction = buffer.used ? DmaDirection.TO_DEVICE : DmaDirection.FROM_DEVICE;
      uses.put(buffer.key, new Use(buffer.key, direction, firstPage, pages));
    } else {
      long from = Math.min(firstPage, before.firstPage());
      long to = Math.max(firstPage + pages, before.firstPage() + before.pages());
      uses.put(buffer.key, new Use(buffer.key, before.direction(), from, to - from));
    }
    buffer.used = true;
    recent.remove(buffer.key);
    recent.put(buffer.key, buffer);
    if (recent.size() > RECENT_MAX) {
      recent.pollFirstEntry();
    }
  }

  /** What was gathered; gathers anew. */
  List<Use> take() {
    List<Use> taken = List.copyOf(uses.values());
    uses.clear();
    return taken;
  }

  /** The buffers used last and not forgotten, oldest first. */
  List<LiveBuffer> recent() {
    return List.copyOf(recent.values());
  }

  void forget(LiveBuffer buffer) {
    recent.remove(buffer.key);
  }
}
