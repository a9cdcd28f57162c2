package org.bufferyard.actors.migration;

import akka.actor.typed.ActorRef;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import org.bufferyard.actors.environment.Environment;
import org.bufferyard.actors.environment.Topology;
import org.bufferyard.actors.environment.Upkeep;
import org.bufferyard.actors.protocol.BufferId;
import org.bufferyard.actors.protocol.Migration;
import org.bufferyard.actors.protocol.Region;
import org.bufferyard.allocator.region.AllocationRequest;
import org.jspecify.annotations.Nullable;

/**
 * Keeps room free in the first region. When a grant leaves less than the low mark, what is idle
 * there is evicted up to the high mark, in the policy's order, on account of whoever got that room.
 * It waits for nobody, and while somebody waits for room it leaves the search to them. Asks again
 * only after a grant, an eviction or a change in the region, so it ends where nothing can leave.
 * Model of {@code kswapd}. Owned by the migration actor.
 */
final class BackgroundEviction {
  private static final int FIRST = 0;
  private static final long NOTHING = -1;

  private final ActorRef<Migration.Command> self;
  private final Yardmates mates;
  private final RoomQueue queue;
  private final Evictions evictions;
  private final LongSupplier ids;
  private final Upkeep marks;
  private final long capacityPages;

  /** Who got the room that brought it below the low mark; null above. */
  private @Nullable Transfer cause;

  /** The number of the question that is out. */
  private long question = NOTHING;

  /** Asked to leave since something changed last, and could not all. */
  private final List<BufferId> tried = new ArrayList<>();

  /**
   * @param queue of the first region
   */
  BackgroundEviction(
      ActorRef<Migration.Command> self,
      Environment environment,
      Yardmates mates,
      RoomQueue queue,
      Evictions evictions,
      LongSupplier ids) {
    this.self = self;
    this.mates = mates;
    this.queue = queue;
    this.evictions = evictions;
    this.ids = ids;
    this.marks = environment.settings().management().upkeep();
    this.capacityPages = environment.topology().region(FIRST).pages();
  }

  private long freePages() {
    return capacityPages - queue.grantedPages;
  }

  /** So much more than a demand is short of is evicted for it, as for the mark later. */
  long aheadPages() {
    return marks.lowPages() == 0 ? 0 : marks.highPages();
  }

  /** A buffer that need not come may not take the last of the room that is kept free. */
  boolean keeps(int region, Transfer transfer) {
    return region == FIRST
        && transfer.optional
        && freePages() - transfer.pages() < marks.lowPages();
  }

  /** Room of {@code region} was given out. */
  void granted(int region, Transfer transfer) {
    if (region == FIRST && freePages() < marks.lowPages()) {
      cause = transfer;
      changed(region);
    }
  }

  /** Room or victims may be there in {@code region} that were not. */
  void changed(int region) {
    if (region == FIRST) {
      tried.clear();
      tend();
    }
  }

  /** An eviction for the sake of {@code region} is over. */
  void ended(int region) {
    if (region == FIRST) {
      tend();
    }
  }

  private void tend() {
    Transfer onBehalf = cause;
    if (onBehalf == null) {
      return;
    }
    long missing = marks.highPages() - freePages();
    if (missing <= 0) {
      cause = null;
    } else if (missing > queue.freeingPages && isMyTurn()) {
      ask(onBehalf, missing - queue.freeingPages);
    }
  }

  private boolean isMyTurn() {
    return question == NOTHING
        && queue.isEmpty()
        && queue.asked == null
        && evictions.mayStart(FIRST);
  }

  private void ask(Transfer onBehalf, long pages) {
    question = ids.getAsLong();
    mates
        .regions()
        .get(FIRST)
        .tell(
            new Region.PickVictims(
                question,
                FIRST,
                pages,
                AllocationRequest.of(pages),
                Long.MAX_VALUE,
                onBehalf.buffer,
                onBehalf.forWhom,
                onBehalf.ticket,
                false,
                false,
                false,
                false,
                except(onBehalf),
                self));
  }

  /** Who has only just got its room is not the one to leave. */
  private List<BufferId> except(Transfer onBehalf) {
    List<BufferId> except = new ArrayList<>(tried);
    except.add(onBehalf.buffer.buffer());
    return except;
  }

  /** Whether that answers a question of this desk. */
  boolean asked(Migration.Victims answer) {
    return answer.demand() == question;
  }

  void onVictims(Migration.Victims answer) {
    question = NOTHING;
    Transfer onBehalf = cause;
    if (onBehalf == null || evictions.target(FIRST) == Topology.NONE) {
      evictions.keepAll(answer);
      return;
    }
    answer.victims().forEach(victim -> tried.add(victim.buffer()));
    evictions.startAside(answer, onBehalf);
  }
}
