package org.bufferyard.actors.region;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bufferyard.actors.protocol.Migration;
import org.bufferyard.actors.protocol.Region;
import org.bufferyard.allocator.Extents;
import org.bufferyard.allocator.Outcome;
import org.bufferyard.allocator.policy.Standing;
import org.bufferyard.allocator.region.AllocationRequest;
import org.bufferyard.allocator.region.Compaction;
import org.jspecify.annotations.Nullable;

/**
 * Picks residents to be put elsewhere in the region, so that the holes around them become one, and
 * takes room for them: all of a plan's, or none. Owned by the region actor.
 */
final class CompactDesk {
  /** Plans that are tried: room enough in the sum may be none in one run. */
  private static final int PLANS_MAX = 8;

  private final int region;
  private final @Nullable MappedSpace space;
  private final ResidentTable table;
  private final MoveFences fences;

  /**
   * @param space null where nobody wrote down the frames: then nothing is ever moved
   */
  CompactDesk(int region, @Nullable MappedSpace space, ResidentTable table, MoveFences fences) {
    this.region = region;
    this.space = space;
    this.table = table;
    this.fences = fences;
  }

  Migration.Compacting pick(Region.Compact compact, long nowNanos) {
    List<Migration.Relocation> moves = List.of();
    if (space != null) {
      table.searchAt(nowNanos, true);
      moves = firstPossible(space, compact);
    }
    moves.forEach(move -> table.setLeaving(table.idOf(move.resident().buffer()), true));
    return new Migration.Compacting(region, compact.demand(), moves);
  }

  private List<Migration.Relocation> firstPossible(MappedSpace here, Region.Compact compact) {
    Compaction plan =
        new Compaction(here.map(), movable(compact), table::pages, compact.pagesMax());
    AllocationRequest wanted = compact.wanted();
    List<Compaction.Window> windows =
        wanted == null ? plan.larger(PLANS_MAX) : plan.forRequest(wanted, PLANS_MAX);
    for (Compaction.Window window : windows) {
      List<Migration.Relocation> moves = room(here, window, compact);
      if (!moves.isEmpty()) {
        return moves;
      }
    }
    return List.of();
  }

  /** By the first frames of their runs: those that lie still and have contents to be kept. */
  private Map<Long, Integer> movable(Region.Compact compact) {
    Map<Long, Integer> movable = new LinkedHashMap<>();
    for (int id = 0; id < table.bound(); id++) {
      Extents frames = table.extents(id);
      if (frames == null || !mayMove(id, compact)) {
        continue;
      }
      for (int run = 0; run < frames.runs(); run++) {
        movable.put(frames.pfn(run), id);
      }
    }
    return movable;
  }

  private boolean mayMove(int id, Region.Compact compact) {
    Standing standing = table.standing(id);
    return (standing == Standing.EVICTABLE || standing == Standing.PROTECTED)
        && !table.discardable(id)
        && !compact.except().contains(table.resident(id).buffer());
  }

  /** New frames outside the window for everybody in it. */
  private List<Migration.Relocation> room(
      MappedSpace here, Compaction.Window window, Region.Compact compact) {
    List<Migration.Relocation> moves = new ArrayList<>();
    for (int id : window.movers()) {
      Extents to = moves.size() < compact.movesMax() ? outside(here, window, id) : null;
      if (to == null) {
        moves.forEach(move -> here.free(move.to(), move.resident().pages()));
        return List.of();
      }
      moves.add(
          new Migration.Relocation(
              compact.firstMove() + moves.size(), table.resident(id), to, false));
    }
    return moves.stream().map(this::underFence).toList();
  }

  /** The frames may be those that a move is still leaving. */
  private Migration.Relocation underFence(Migration.Relocation move) {
    boolean fenced = fences.fences(move.move(), move.to(), false);
    return new Migration.Relocation(move.move(), move.resident(), move.to(), fenced);
  }

  private @Nullable Extents outside(MappedSpace here, Compaction.Window window, int id) {
    Extents frames = table.extents(id);
    if (frames == null) {
      throw new IllegalStateException("a plan moves who is not here, id=" + id);
    }
    AllocationRequest shape = here.map().shapeOf(frames);
    Extents below = within(here, shape, shape.minPfn(), window.firstPfn() - 1);
    return below != null ? below : within(here, shape, window.endPfn(), shape.maxPfn());
  }

  private static @Nullable Extents within(
      MappedSpace here, AllocationRequest shape, long lowest, long highest) {
    long from = Math.max(lowest, shape.minPfn());
    long to = Math.min(highest, shape.maxPfn());
    return from <= to
            && here.reserve(shape.within(from, to)) instanceof Outcome.Done<Extents>(Extents got)
        ? got
        : null;
  }
}
