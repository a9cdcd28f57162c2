package org.bufferyard.actors.migration;

import akka.actor.typed.ActorRef;
import org.bufferyard.actors.environment.Topology;
import org.bufferyard.actors.protocol.Link;
import org.bufferyard.actors.protocol.Migration;
import org.bufferyard.allocator.Extents;

/**
 * The copies of moves, hop by hop over the links. A hop into frames that others' contents have not
 * left yet waits until they have. Owned by the migration actor.
 */
final class CopyDesk {
  private final ActorRef<Migration.Command> self;
  private final Topology topology;
  private final Yardmates mates;

  CopyDesk(ActorRef<Migration.Command> self, Topology topology, Yardmates mates) {
    this.self = self;
    this.topology = topology;
    this.mates = mates;
  }

  /** The frames after the last hop. */
  Extents landing(Transfer transfer) {
    return transfer.framesIn(topology.backing(transfer.plan.target()));
  }

  /** Copies over the next link, unless the frames there are still others'. */
  void hop(Transfer transfer, boolean byCpu) {
    int from = transfer.plan.before(transfer.hop);
    int to = transfer.plan.hops().get(transfer.hop);
    if (transfer.isFenced(topology.backing(to))) {
      return;
    }
    Extents target = target(transfer, to);
    mates
        .links()
        .get(topology.link(from, to))
        .tell(
            new Link.Copy(
                transfer.id,
                transfer.buffer.buffer(),
                transfer.current,
                target,
                !target.equals(transfer.current),
                byCpu,
                self));
  }

  /** The frames granted in {@code region} may be written: the hop there may have waited. */
  void cleared(Transfer transfer, int region) {
    boolean underWay = transfer.hop < transfer.plan.hops().size();
    if (underWay && topology.backing(transfer.plan.hops().get(transfer.hop)) == region) {
      hop(transfer, false);
    }
  }

  /** A hop is done. */
  void arrived(Transfer transfer, MoveLedger ledger) {
    int from = transfer.plan.before(transfer.hop);
    int to = transfer.plan.hops().get(transfer.hop);
    ledger.hop(from, to, transfer.pages());
    transfer.current = target(transfer, to);
    transfer.hop++;
  }

  /** The frames after a hop to {@code to}: the same where it only rebinds. */
  private Extents target(Transfer transfer, int to) {
    return transfer.framesIn(topology.backing(to));
  }
}
