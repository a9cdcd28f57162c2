package org.bufferyard.actors.migration;

import org.bufferyard.actors.environment.Topology;
import org.bufferyard.actors.protocol.Migration;
import org.bufferyard.allocator.Extents;

/**
 * What buffers leave behind goes back to its regions: frames, poisoned, and shares of windows.
 * Owned by the migration actor.
 */
final class VacatedRoom {
  private final Topology topology;
  private final RoomDesk rooms;

  VacatedRoom(Topology topology, RoomDesk rooms) {
    this.topology = topology;
    this.rooms = rooms;
  }

  /** After a move: old and intermediate frames, old and passed windows. */
  void after(Transfer transfer) {
    int target = transfer.plan.target();
    int from = transfer.plan.from();
    for (Transfer.Grant grant : transfer.grants) {
      boolean kept =
          grant.frames() ? grant.extents().equals(transfer.current) : grant.region() == target;
      if (!kept) {
        rooms.free(grant, true);
      }
    }
    if (topology.isWindow(from)) {
      free(from, Extents.NONE, transfer.pages(), false);
    }
    if (!transfer.source.equals(transfer.current)) {
      free(topology.backing(from), transfer.source, transfer.pages(), true);
    }
  }

  /** A buffer is gone: its frames, and its share of a window. */
  void after(Migration.Freed freed) {
    if (topology.isWindow(freed.region())) {
      free(freed.region(), Extents.NONE, freed.pages(), false);
    }
    free(topology.backing(freed.region()), freed.extents(), freed.pages(), true);
  }

  private void free(int region, Extents extents, long pages, boolean frames) {
    rooms.free(new Transfer.Grant(region, extents, pages, frames), frames);
  }
}
