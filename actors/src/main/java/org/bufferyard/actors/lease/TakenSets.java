package org.bufferyard.actors.lease;

import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.bufferyard.allocator.DmaDirection;
import org.jspecify.annotations.Nullable;

/**
 * Sets of leases taken at the gates since the importer looked, newest first. One importer's doors
 * share it: a set is listed once, whatever the number of its buffers. Thread-safe.
 */
final class TakenSets {
  /** The importer is told of so many at once. */
  private static final int CROWD = 16;

  private final AtomicReference<@Nullable MappingSet> fresh = new AtomicReference<>();
  private final Runnable crowd;

  /**
   * @param crowd many sets have been taken; on the thread of whoever took the last
   */
  TakenSets(Runnable crowd) {
    this.crowd = crowd;
  }

  /**
   * A lease of each, or null: the importer is to be asked. As with a single lease, the importer
   * closes a gate before it looks for leases to reclaim, and each gate is looked at again once the
   * set is in the list.
   */
  @Nullable MappingSet take(
      List<BufferAttachment> attachments, Mapping[] leases, DmaDirection direction, Object place) {
    for (int at = 0; at < leases.length; at++) {
      BufferAttachment attachment = attachments.get(at);
      LeaseDoor door = attachment.door();
      Mapping lease = door.isOf(this) ? door.enter(attachment.buffer(), direction, place) : null;
      if (lease == null) {
        close(leases, at);
        return null;
      }
      leases[at] = lease;
    }
    MappingSet set = new MappingSet(Arrays.asList(leases));
    list(set);
    if (set.isWelcome()) {
      return set;
    }
    set.close();
    return null;
  }

  private static void close(Mapping[] leases, int count) {
    for (int at = 0; at < count; at++) {
      leases[at].close();
    }
  }

  private void list(MappingSet set) {
    MappingSet before = fresh.get();
    set.follow(before);
    while (!fresh.compareAndSet(before, set)) {
      before = fresh.get();
      set.follow(before);
    }
    if (set.position() == CROWD) {
      crowd.run();
    }
  }

  /** By the importer: the sets taken since it last looked; each knows the one before. */
  @Nullable MappingSet gather() {
    return fresh.get() == null ? null : fresh.getAndSet(null);
  }
}
