package org.bufferyard.actors.migration;

import akka.actor.typed.javadsl.ActorContext;
import java.util.ArrayList;
import java.util.List;
import org.bufferyard.actors.environment.Environment;
import org.bufferyard.actors.environment.Topology;
import org.bufferyard.actors.protocol.Migration;
import org.bufferyard.actors.protocol.Region;
import org.bufferyard.allocator.Errno;
import org.bufferyard.allocator.Refusal;

/**
 * Looks for victims on behalf of the first in line for a region's room: those free at once, then
 * the windows onto it, then the busy, by ticket; where all are busy, again when something has
 * changed, for a bounded time. Owned by the migration actor.
 */
final class VictimSearch {
  /** What becomes of the one whom the search is for. */
  interface Sequel {
    /** The region is to be asked again. */
    void pump(int region);

    void giveUp(int region, RoomQueue.Waiting first, Refusal refusal);
  }

  private final ActorContext<Migration.Command> context;
  private final Environment environment;
  private final Yardmates mates;
  private final List<RoomQueue> queues;
  private final Evictions evictions;
  private final BackgroundEviction background;
  private final Sequel sequel;
  private final List<List<Integer>> victimSources = new ArrayList<>();

  VictimSearch(
      ActorContext<Migration.Command> context,
      Environment environment,
      Yardmates mates,
      List<RoomQueue> queues,
      Evictions evictions,
      BackgroundEviction background,
      Sequel sequel) {
    this.context = context;
    this.environment = environment;
    this.mates = mates;
    this.queues = queues;
    this.evictions = evictions;
    this.background = background;
    this.sequel = sequel;
    for (int region = 0; region < queues.size(); region++) {
      victimSources.add(sources(environment.topology(), region));
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

  Evictions evictions() {
    return evictions;
  }

  /** Has {@code missingPages} more freed, unless as much as may is under way. */
  void make(int region, RoomQueue.Waiting first, long missingPages) {
    RoomQueue queue = queues.get(region);
    boolean enoughUnderWay = missingPages <= 0 && queue.evictions > 0;
    if (enoughUnderWay || !evictions.mayStart(region)) {
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
                Math.max(1, missingPages) + ahead(region),
                first.request(),
                queue.returnsOf(source == region),
                first.transfer().buffer,
                first.transfer().forWhom,
                first.transfer().ticket,
                queue.mayWait,
                !first.transfer().mayBeDeclined(),
                queue.limit != null,
                declinable(region, source, first),
                List.copyOf(queue.tried),
                context.getSelf()));
  }

  private long ahead(int region) {
    return region > 0
        ? 0
        : Math.max(environment.settings().management().aheadPages(), background.aheadPages());
  }

  /** Only before the first victim, and only of the place itself: not of what lies on the way. */
  private boolean declinable(int region, int source, RoomQueue.Waiting first) {
    Transfer transfer = first.transfer();
    return queues.get(region).tried.isEmpty()
        && source == region
        && transfer.plan.target() == region
        && transfer.mayBeDeclined();
  }

  void onVictims(Migration.Victims answer) {
    int region = answer.shortRegion();
    RoomQueue queue = queues.get(region);
    RoomQueue.Waiting first = queue.answered(answer.demand());
    boolean wayOut = evictions.target(region) != Topology.NONE;
    queue.sawBusy |= answer.someBusy() && wayOut;
    if (answer.victims().isEmpty() || !wayOut) {
      evictions.keepAll(answer);
      searchOn(region, first);
    } else {
      evictions.start(answer, first.transfer());
    }
  }

  /**
   * No victim here: look in the windows, then among the busy, then once more if anything changed
   * meanwhile, or when something does.
   */
  private void searchOn(int region, RoomQueue.Waiting first) {
    RoomQueue queue = queues.get(region);
    if (queue.evictions > 0) {
      return;
    }
    if (queue.limit == null && queue.source + 1 < victimSources.get(region).size()) {
      queue.source++;
      sequel.pump(region);
    } else if (first.transfer().optional
        || first.transfer().owedPages(region) > 0
        || !mayHope(queue)) {
      sequel.giveUp(region, first, nothingToEvict(region, first));
    } else if (!queue.mayWait) {
      queue.widen();
      sequel.pump(region);
    } else if (queue.limit != null || waitedLongEnough(first)) {
      sequel.giveUp(region, first, nothingToEvict(region, first));
    } else if (queue.stirred) {
      queue.resume();
      sequel.pump(region);
    } else {
      park(region);
    }
  }

  private boolean waitedLongEnough(RoomQueue.Waiting first) {
    return now() - first.sinceNanos() >= environment.settings().roomWaitNanos();
  }

  private static boolean mayHope(RoomQueue queue) {
    return queue.sawBusy || queue.stirred || queue.passing > 0;
  }

  /** Until something changes, or whoever has waited longest has waited long enough. */
  void park(int region) {
    RoomQueue queue = queues.get(region);
    long due = queue.longestSinceNanos() + environment.settings().roomWaitNanos();
    queue.park(
        context.scheduleOnce(
            environment.clock().toScheduler(Math.max(1, due - now())),
            context.getSelf(),
            new Migration.RoomOverdue(region)));
  }

  Refusal nothingToEvict(int region, RoomQueue.Waiting first) {
    Refusal limit = queues.get(region).limit;
    if (limit != null) {
      return limit;
    }
    String name = environment.topology().region(region).name();
    String why =
        queues.get(region).sawBusy
            ? "every buffer there is pinned, mapped by a static importer or in use"
            : "nothing there can be evicted";
    return new Refusal(
        Errno.ENOSPC,
        name + " has no room for " + first.request().pages() + " pages and " + why,
        "a larger " + name + ", or fewer pinned buffers");
  }

  private long now() {
    return environment.clock().nowNanos();
  }
}
