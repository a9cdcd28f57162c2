package org.bufferyard.actors.migration;

import akka.actor.typed.ActorRef;
import akka.actor.typed.javadsl.ActorContext;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.bufferyard.actors.environment.Environment;
import org.bufferyard.actors.environment.Topology;
import org.bufferyard.actors.protocol.BufferId;
import org.bufferyard.actors.protocol.Migration;
import org.bufferyard.actors.protocol.Region;
import org.bufferyard.actors.protocol.WaitReport;
import org.bufferyard.allocator.Errno;
import org.bufferyard.allocator.Refusal;
import org.bufferyard.allocator.region.AllocationRequest;
import org.jspecify.annotations.Nullable;

/**
 * Acquires room for transfers, one region after the other, and makes it by evicting. Waiting goes
 * only downwards: a transfer that holds room above waits for room below, and room below is made by
 * evicting further below, so nobody waits in a circle. Owned by the migration actor.
 */
final class RoomDesk {
  /** What happens to a transfer when its room is complete, or cannot be had. */
  interface Sequel {
    void roomComplete(Transfer transfer);

    void roomRefused(Transfer transfer, Refusal refusal);
  }

  private final ActorContext<Migration.Command> context;
  private final Environment environment;
  private final Yardmates mates;
  private final Sequel sequel;
  private final Consumer<Transfer> starter;
  private final LongSupplier ids;
  private final LinkedHashMap<Long, Transfer> evictions = new LinkedHashMap<>();
  private final List<RoomQueue> queues = new ArrayList<>();
  private final List<List<Integer>> victimSources = new ArrayList<>();

  /**
   * @param starter takes a new eviction up
   */
  RoomDesk(
      ActorContext<Migration.Command> context,
      Environment environment,
      Yardmates mates,
      Sequel sequel,
      Consumer<Transfer> starter,
      LongSupplier ids) {
    this.context = context;
    this.environment = environment;
    this.mates = mates;
    this.sequel = sequel;
    this.starter = starter;
    this.ids = ids;
    Topology topology = environment.topology();
    for (int region = 0; region < topology.regions().size(); region++) {
      queues.add(new RoomQueue());
      victimSources.add(sources(topology, region));
    }
  }

  /** Victims for a region's frames: its own residents, then those of the windows onto it. */
  private static List<Integer> sources(Topology topology, int region) {
    List<Integer> sources = new ArrayList<>(List.of(region));
    for (int other = 0; other < topology.regions().size(); other++) {
      if (other != region && topology.backing(other) == region) {
        sources.add(other);
      }
    }
    return sources;
  }

  /** Who waits for room waits for the victims on their way out of that region. */
  List<WaitReport.Edge> waits() {
    List<WaitReport.Edge> edges = new ArrayList<>();
    for (int region = 0; region < queues.size(); region++) {
      String about = "room in " + environment.topology().region(region).name();
      for (RoomQueue.Waiting waiting : queues.get(region).waiting()) {
        for (Transfer eviction : evictions.values()) {
          if (eviction.serves == region) {
            edges.add(
                new WaitReport.Edge(
                    waiting.transfer().buffer.buffer().toString(),
                    eviction.buffer.buffer().toString(),
                    WaitReport.Kind.MESSAGE,
                    about));
          }
        }
      }
    }
    return edges;
  }

  /** Asks for the next room on the transfer's plan, or goes on if it has all. */
  void acquire(Transfer transfer) {
    if (transfer.roomComplete()) {
      sequel.roomComplete(transfer);
      return;
    }
    RoutePlan.Need need = transfer.nextNeed();
    int targetBacking = environment.topology().backing(transfer.plan.target());
    AllocationRequest request = transfer.requestFor(need, targetBacking);
    RoomQueue queue = queues.get(need.region());
    if (!transfer.currentAttempt().evicting() && !queue.isEmpty()) {
      refuse(transfer, new Refusal(Errno.EBUSY, name(need.region()) + " has others waiting"));
      return;
    }
    queue.add(new RoomQueue.Waiting(transfer, need, request, transfer.startedNanos));
    pump(need.region());
  }

  /** Gives back what an attempt had acquired, overwritten where a copy may have begun. */
  void release(Transfer transfer) {
    for (Transfer.Grant grant : transfer.grants) {
      free(grant, transfer.prepared);
    }
    transfer.grants.clear();
  }

  void free(Transfer.Grant grant, boolean poison) {
    mates
        .regions()
        .get(grant.region())
        .tell(new Region.Free(grant.extents(), grant.pages(), poison && grant.frames()));
    pump(grant.region());
  }

  /** The first in line asks its region, unless a question is already out. */
  void pump(int region) {
    RoomQueue queue = queues.get(region);
    if (queue.asked != null || queue.isEmpty()) {
      return;
    }
    RoomQueue.Waiting first = queue.first();
    queue.asked = first;
    boolean zero = first.transfer().kind == Transfer.Kind.PLACE && first.need().frames();
    mates
        .regions()
        .get(region)
        .tell(new Region.Reserve(first.transfer().id, first.request(), zero, self()));
  }

  void onReserved(Migration.Reserved reserved) {
    RoomQueue queue = queues.get(reserved.region());
    RoomQueue.Waiting served = answered(queue, reserved.demand());
    queue.remove(served);
    Transfer transfer = served.transfer();
    transfer.grants.add(
        new Transfer.Grant(
            reserved.region(), reserved.extents(), transfer.pages(), served.need().frames()));
    acquire(transfer);
    pump(reserved.region());
  }

  void onNoRoom(Migration.NoRoom shortage) {
    RoomQueue queue = queues.get(shortage.region());
    RoomQueue.Waiting first = answered(queue, shortage.demand());
    if (!first.transfer().currentAttempt().evicting()) {
      giveUp(shortage.region(), first, shortage.refusal());
    } else {
      evictFor(shortage.region(), first, shortage.pages() - queue.freeingPages);
    }
  }

  private void evictFor(int region, RoomQueue.Waiting first, long missingPages) {
    RoomQueue queue = queues.get(region);
    boolean enoughUnderWay = missingPages <= 0 && queue.evictions > 0;
    if (enoughUnderWay || queue.evictions >= environment.settings().maxMovesInFlight()) {
      return;
    }
    queue.asked = first;
    int source = victimSources.get(region).get(queue.source);
    mates
        .regions()
        .get(source)
        .tell(
            new Region.PickVictims(
                first.transfer().id,
                region,
                Math.max(1, missingPages),
                first.transfer().buffer,
                first.transfer().forWhom,
                declinable(region, source, first),
                List.copyOf(queue.tried),
                self()));
  }

  /** Only before the first victim, and only of the place itself: not of what lies on the way. */
  private boolean declinable(int region, int source, RoomQueue.Waiting first) {
    Transfer transfer = first.transfer();
    return queues.get(region).tried.isEmpty()
        && source == region
        && transfer.plan.target() == region
        && transfer.mayBeDeclined();
  }

  void onDeclined(Migration.Declined answer) {
    int region = answer.shortRegion();
    RoomQueue.Waiting first = answered(queues.get(region), answer.demand());
    first.transfer().declined = true;
    giveUp(
        region,
        first,
        new Refusal(Errno.EAGAIN, "the policy of " + name(region) + " keeps its residents"));
  }

  void onVictims(Migration.Victims answer) {
    int region = answer.shortRegion();
    RoomQueue queue = queues.get(region);
    RoomQueue.Waiting first = answered(queue, answer.demand());
    int target = environment.topology().evictsTo(answer.region());
    queue.sawBusy |= answer.someBusy() && target != Topology.NONE;
    if (answer.victims().isEmpty() || target == Topology.NONE) {
      searchOn(region, first);
      return;
    }
    for (Region.Resident victim : answer.victims()) {
      if (queue.evictions < environment.settings().maxMovesInFlight()) {
        queue.tried.add(victim.buffer());
        queue.evictions++;
        queue.freeingPages += freedBy(answer.region(), region, victim);
        Transfer eviction = eviction(victim, first.transfer(), answer.region(), target, region);
        evictions.put(eviction.id, eviction);
        starter.accept(eviction);
      }
    }
  }

  /** Rebinding a window's resident to the region behind it frees no frame there yet. */
  private static long freedBy(int from, int region, Region.Resident victim) {
    return from == region ? victim.pages() : 0;
  }

  private Transfer eviction(
      Region.Resident victim, Transfer onBehalf, int from, int target, int serves) {
    AllocationRequest shape = AllocationRequest.of(victim.pages());
    return new Transfer(
        ids.getAsLong(),
        Transfer.Kind.EVICT,
        victim,
        onBehalf.ticket,
        onBehalf.forWhom,
        false,
        queues.get(serves).mayWait,
        List.of(new Transfer.Attempt(target, shape, true, false)),
        from,
        serves,
        onBehalf.startedNanos);
  }

  /** No victim here: look in the windows, then among the busy, then again a little later. */
  private void searchOn(int region, RoomQueue.Waiting first) {
    RoomQueue queue = queues.get(region);
    if (queue.evictions > 0) {
      return;
    }
    if (queue.source + 1 < victimSources.get(region).size()) {
      queue.source++;
      pump(region);
    } else if (!queue.sawBusy || first.transfer().optional) {
      giveUp(region, first, nothingToEvict(region, first));
    } else if (!queue.mayWait) {
      queue.widen();
      pump(region);
    } else if (now() - first.sinceNanos() >= environment.settings().roomWaitNanos()) {
      giveUp(region, first, nothingToEvict(region, first));
    } else if (!queue.retryScheduled) {
      queue.retryScheduled = true;
      context.scheduleOnce(
          environment.clock().toScheduler(environment.settings().retryNanos()),
          self(),
          new Migration.Retry(region));
    }
  }

  void onRetry(int region) {
    RoomQueue queue = queues.get(region);
    queue.retryScheduled = false;
    queue.restartSearch();
    pump(region);
  }

  /** A victim is gone: where its eviction has not begun, it never will. */
  void bury(BufferId buffer) {
    for (Transfer eviction : evictions.values()) {
      eviction.gone |= eviction.buffer.buffer().equals(buffer);
    }
  }

  void evictionEnded(Transfer eviction, boolean landed) {
    evictions.remove(eviction.id);
    RoomQueue queue = queues.get(eviction.serves);
    queue.evictions--;
    queue.freeingPages -= freedBy(eviction.plan.from(), eviction.serves, eviction.buffer);
    queue.sawBusy |= !landed;
    if (landed) {
      queue.source = 0;
    }
    pump(eviction.serves);
  }

  private void giveUp(int region, RoomQueue.Waiting first, Refusal refusal) {
    queues.get(region).remove(first);
    refuse(first.transfer(), refusal);
    pump(region);
  }

  private void refuse(Transfer transfer, Refusal refusal) {
    release(transfer);
    sequel.roomRefused(transfer, refusal);
  }

  private Refusal nothingToEvict(int region, RoomQueue.Waiting first) {
    String why =
        queues.get(region).sawBusy
            ? "every buffer there is pinned, mapped by a static importer or in use"
            : "nothing there can be evicted";
    return new Refusal(
        Errno.ENOMEM,
        name(region) + " has no room for " + first.request().pages() + " pages and " + why,
        "a larger " + name(region) + ", or fewer pinned buffers");
  }

  private static RoomQueue.Waiting answered(RoomQueue queue, long demand) {
    RoomQueue.@Nullable Waiting asked = queue.asked;
    if (asked == null || asked.transfer().id != demand) {
      throw new IllegalStateException("a region answered what was not asked, demand=" + demand);
    }
    queue.asked = null;
    return asked;
  }

  int waiting() {
    int total = 0;
    for (RoomQueue queue : queues) {
      total += queue.size();
    }
    return total;
  }

  private String name(int region) {
    return environment.topology().region(region).name();
  }

  private long now() {
    return environment.clock().nowNanos();
  }

  private ActorRef<Migration.Command> self() {
    return context.getSelf();
  }
}
