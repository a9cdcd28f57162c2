package org.bufferyard.actors.migration;

import org.bufferyard.actors.environment.Topology;
import org.bufferyard.actors.protocol.ClientId;
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
    passed(transfer);
    int from = transfer.plan.from();
    window(from, transfer.buffer.owner(), transfer.pages());
    if (!transfer.source.equals(transfer.current)) {
      frames(from, transfer.buffer.owner(), transfer.source, transfer.pages());
    }
  }

  /** The room on the way, frames and windows, that is not the buffer's in the end. */
  private void passed(Transfer transfer) {
    for (Transfer.Grant grant : transfer.grants) {
      if (grant.passing()) {
        rooms.free(grant, true);
      }
    }
  }

  /** While the copy is under way: the old room may be given out, under the move's fence. */
  void under(Transfer transfer) {
    int from = transfer.plan.from();
    window(from, transfer.buffer.owner(), transfer.pages());
    rooms.vacate(topology.backing(from), transfer);
  }

  /** That copy is done. */
  void signalled(Transfer transfer) {
    passed(transfer);
    rooms.signal(topology.backing(transfer.plan.from()), transfer);
  }

  /** Its contents are gone: all that it had. */
  void dropped(Transfer transfer) {
    window(transfer.at, transfer.buffer.owner(), transfer.pages());
    frames(transfer.at, transfer.buffer.owner(), transfer.source, transfer.pages());
  }

  /** A buffer is gone: its frames, and its share of a window. */
  void after(Migration.Freed freed) {
    window(freed.region(), freed.owner(), freed.pages());
    frames(freed.region(), freed.owner(), freed.extents(), freed.pages());
  }

  private void window(int region, ClientId owner, long pages) {
    if (topology.isWindow(region)) {
      rooms.free(new Transfer.Grant(region, Extents.NONE, pages, false, false, owner), false);
    }
  }

  private void frames(int region, ClientId owner, Extents extents, long pages) {
    int backing = topology.backing(region);
    rooms.free(new Transfer.Grant(backing, extents, pages, true, false, owner), true);
  }
}
