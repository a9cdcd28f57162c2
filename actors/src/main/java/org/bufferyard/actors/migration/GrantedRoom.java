package org.bufferyard.actors.migration;

import akka.actor.typed.ActorRef;
import java.util.LinkedHashMap;
import java.util.List;
import org.bufferyard.actors.protocol.Migration;
import org.bufferyard.actors.protocol.Region;
import org.jspecify.annotations.Nullable;

/**
 * The account of what regions have granted and got back, and of transfers whose room others'
 * contents have not left yet. Owned by the migration actor.
 */
final class GrantedRoom {
  private final ActorRef<Migration.Command> self;
  private final Yardmates mates;
  private final List<RoomQueue> queues;
  private final LinkedHashMap<Long, Transfer> fenced = new LinkedHashMap<>();

  GrantedRoom(ActorRef<Migration.Command> self, Yardmates mates, List<RoomQueue> queues) {
    this.self = self;
    this.mates = mates;
    this.queues = queues;
  }

  void granted(Transfer transfer, Transfer.Grant grant, boolean underFence) {
    queues.get(grant.region()).passing += grant.passing() ? 1 : 0;
    queues.get(grant.region()).grantedPages += grant.pages();
    transfer.grant(grant, underFence);
    if (underFence) {
      fenced.put(transfer.id, transfer);
    }
  }

  /** Whose room is now cleared in that region; null for who has given it back. */
  @Nullable Transfer cleared(Migration.Cleared cleared) {
    Transfer transfer = fenced.get(cleared.demand());
    if (transfer != null) {
      transfer.cleared(cleared.region());
      if (!transfer.isFenced()) {
        fenced.remove(transfer.id);
      }
    }
    return transfer;
  }

  /** It has no grants any more. */
  void dropped(Transfer transfer) {
    transfer.dropGrants();
    fenced.remove(transfer.id);
  }

  /** Goes back, overwritten where a copy may have begun. */
  void free(Transfer.Grant grant, boolean poison) {
    queues.get(grant.region()).passing -= grant.passing() ? 1 : 0;
    queues.get(grant.region()).grantedPages -= grant.pages();
    tell(
        grant.region(),
        new Region.Free(grant.extents(), grant.pages(), poison && grant.frames(), grant.owner()));
  }

  /** The transfer's old frames may be given out again, under its move fence. */
  void vacate(int region, Transfer transfer) {
    queues.get(region).grantedPages -= transfer.pages();
    tell(
        region,
        new Region.Vacate(transfer.id, transfer.source, transfer.pages(), transfer.buffer.owner()));
  }

  /** The transfer's move fence signals. */
  void signal(int region, Transfer transfer) {
    tell(region, new Region.MoveDone(transfer.id, self));
  }

  private void tell(int region, Region.Command command) {
    mates.regions().get(region).tell(command);
  }
}
