package org.bufferyard.allocator.region;

import org.bufferyard.allocator.Errno;
import org.bufferyard.allocator.Extents;
import org.bufferyard.allocator.Outcome;

/**
 * A region kept for contiguous buffers that lends its idle pages to movable users meanwhile. Not
 * thread-safe; owned by the region. Model of CMA, {@code mm/cma.c}.
 *
 * <p>{@link #claim} picks a run without regard to lent pages and names those in the way; its owner
 * moves their contents elsewhere, reports each by {@link #returned}, and owns the run once none is
 * left, or gives up with {@link #free}. {@link #allocate} takes only runs with nothing in the way,
 * and otherwise says EBUSY.
 */
public final class ContiguousPool implements RegionAllocator {

  /** A run, and the lent pages inside it that must be returned before it is used. */
  public record Claim(Extents run, Extents inTheWay) {}

  private final long basePfn;
  private final CarveOutAllocator runs;
  private final FreeBitmap lent;
  private final FreeBitmap idle;
  private long lentPages;
  private long lentInRuns;

  /** Frames {@code [basePfn, basePfn + pages)}, none claimed or lent. */
  public ContiguousPool(long basePfn, long pages) {
    this.basePfn = basePfn;
    runs = new CarveOutAllocator(basePfn, pages);
    lent = new FreeBitmap(Math.toIntExact(pages));
    idle = new FreeBitmap(Math.toIntExact(pages));
    for (int page = 0; page < pages; page++) {
      idle.add(page);
    }
  }

  /** One movable page, from the high end; ENOSPC when every page is claimed or lent. */
  public Outcome<Extents> lend() {
    int page = idle.previous(Integer.MAX_VALUE);
    if (page < 0) {
      return Outcome.refused(Errno.ENOSPC, "no idle page to lend of " + totalPages());
    }
    idle.remove(page);
    lent.add(page);
    lentPages++;
    return Outcome.done(Extents.of(basePfn + page, 1));
  }

  /** The movable user of {@code pfn} no longer needs it, or has moved; EINVAL if it is not lent. */
  public Outcome<Extents> returned(long pfn) {
    long page = pfn - basePfn;
    if (page < 0 || page >= totalPages() || !lent.contains((int) page)) {
      return Outcome.refused(Errno.EINVAL, "frame " + pfn + " is not lent");
    }
    lent.remove((int) page);
    lentPages--;
    if (runs.covers(pfn)) {
      lentInRuns--;
    } else {
      idle.add((int) page);
    }
    return Outcome.done(Extents.NONE);
  }

  /** Takes a run, first fit, lent pages or not; refused as {@link RegionAllocator#allocate}. */
  public Outcome<Claim> claim(AllocationRequest request) {
    return switch (runs.allocate(request)) {
      case Outcome.Done<Extents>(Extents run) -> Outcome.done(new Claim(run, occupy(run)));
      case Outcome.Refused<Extents> refused -> Outcome.refused(refused.refusal());
    };
  }

  private Extents occupy(Extents run) {
    Extents.Builder inTheWay = new Extents.Builder();
    int from = (int) (run.pfn(0) - basePfn);
    for (int page = from; page < from + run.pages(0); page++) {
      if (idle.contains(page)) {
        idle.remove(page);
      } else {
        inTheWay.add(basePfn + page, 1);
        lentInRuns++;
      }
    }
    return inTheWay.build();
  }

  @Override
  public Outcome<Extents> allocate(AllocationRequest request) {
    return switch (claim(request)) {
      case Outcome.Refused<Claim> refused -> Outcome.refused(refused.refusal());
      case Outcome.Done<Claim>(Claim claim) -> {
        if (claim.inTheWay().totalPages() == 0) {
          yield Outcome.done(claim.run());
        }
        free(claim.run());
        yield Outcome.refused(
            Errno.EBUSY,
            claim.inTheWay().totalPages() + " lent pages in the way of " + claim.run());
      }
    };
  }

  /** Gives back claimed runs; pages of theirs that are still lent stay lent. */
  @Override
  public Outcome<Extents> free(Extents extents) {
    Outcome<Extents> freed = runs.free(extents);
    if (freed instanceof Outcome.Done) {
      for (int run = 0; run < extents.runs(); run++) {
        int from = (int) (extents.pfn(run) - basePfn);
        for (int page = from; page < from + extents.pages(run); page++) {
          if (lent.contains(page)) {
            lentInRuns--;
          } else {
            idle.add(page);
          }
        }
      }
    }
    return freed;
  }

  /** Pages that no run claims; lent ones count, since they can be had by moving their contents. */
  @Override
  public long freePages() {
    return runs.freePages();
  }

  public long lentPages() {
    return lentPages;
  }

  /** Lent pages that somebody's claimed run still waits for. */
  public long awaitedPages() {
    return lentInRuns;
  }

  @Override
  public long totalPages() {
    return runs.totalPages();
  }

  @Override
  public long largestFreePages() {
    return runs.largestFreePages();
  }
}
