package org.bufferyard.actors.region;

import java.util.Optional;
import org.bufferyard.actors.environment.Environment;
import org.bufferyard.actors.memory.PageTags;
import org.bufferyard.actors.protocol.Migration;
import org.bufferyard.actors.protocol.Region;
import org.bufferyard.allocator.Errno;
import org.bufferyard.allocator.Extents;
import org.bufferyard.allocator.Outcome;
import org.bufferyard.allocator.Refusal;

/**
 * Gives room out: pages that are free, to whom its client's bounds allow them. Owned by the region
 * actor.
 */
final class ReserveDesk {
  private final Environment environment;
  private final int region;
  private final Space space;
  private final Shares shares;
  private final MoveFences fences;

  ReserveDesk(Environment environment, int region, Space space, Shares shares, MoveFences fences) {
    this.environment = environment;
    this.region = region;
    this.space = space;
    this.shares = shares;
    this.fences = fences;
  }

  /**
   * The answer to a wish.
   *
   * @param excess pages that the client would have too much
   * @param returns how often room has come back
   */
  Migration.Command reserve(Region.Reserve reserve, long excess, long returns) {
    Outcome<Extents> taken =
        excess > 0 ? Outcome.refused(overMax(reserve.incoming())) : taken(reserve);
    return switch (taken) {
      case Outcome.Done<Extents>(var extents) -> granted(reserve, extents);
      case Outcome.Refused<Extents>(var refusal) ->
          new Migration.NoRoom(
              region,
              reserve.demand(),
              excess > 0 ? shortOfMax(reserve.incoming(), excess) : shortPages(reserve),
              returns,
              refusal);
    };
  }

  private Outcome<Extents> taken(Region.Reserve reserve) {
    Optional<Refusal> fault =
        environment.faults().failReserve(environment.topology().region(region).name());
    return fault.isPresent() ? Outcome.refused(fault.get()) : space.reserve(reserve.request());
  }

  /** Pages under a move fence are zeroed once it has signalled. */
  private Migration.Reserved granted(Region.Reserve reserve, Extents extents) {
    shares.charge(reserve.incoming().owner(), reserve.request().pages());
    boolean fenced = fences.fences(reserve.demand(), extents, reserve.zero());
    if (reserve.zero() && !fenced) {
      environment.memory().fill(extents, PageTags.ZERO);
    }
    return new Migration.Reserved(region, reserve.demand(), extents, fenced);
  }

  /** At least one page: where the count would do, it is the shape that does not. */
  private long shortPages(Region.Reserve reserve) {
    return Math.max(1, reserve.request().pages() - (space.capacityPages() - space.usedPages()));
  }

  private long shortOfMax(Region.Resident incoming, long excess) {
    return isMoreThanEver(incoming) ? Migration.NoRoom.NEVER : excess;
  }

  private boolean isMoreThanEver(Region.Resident incoming) {
    return shares.neverAllowed(incoming.owner().value(), incoming.pages());
  }

  /** That the owner of {@code incoming} may not have so much, or not yet. */
  private Refusal overMax(Region.Resident incoming) {
    boolean never = isMoreThanEver(incoming);
    return new Refusal(
        never ? Errno.ENOSPC : Errno.EDQUOT,
        incoming.owner()
            + " may have "
            + shares.max(incoming.owner().value())
            + " pages there, and wants "
            + incoming.pages()
            + (never ? "" : " more than it leaves free of them"),
        "a larger max");
  }
}
