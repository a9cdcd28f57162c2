package org.bufferyard.allocator.iommu;

import org.bufferyard.allocator.DmaConstraints;
import org.bufferyard.allocator.DmaDirection;
import org.bufferyard.allocator.Errno;
import org.bufferyard.allocator.Extents;
import org.bufferyard.allocator.Pages;
import org.bufferyard.allocator.sg.SgBuilder;

/**
 * The parts of a domain and the order in which they change: IOVA range, then page table, then the
 * record of the mapping; and back: record, page table, invalidation, IOVA range. All in pages. Not
 * thread-safe; owned by its domain.
 */
final class DomainSpace {
  final DomainSettings settings;
  final IovaAllocator iovas;
  final PageTable table;
  final Iotlb iotlb;
  final InvalidationQueue queue;
  final MappingTable mappings = new MappingTable();
  final BatchTable batches = new BatchTable();
  final PageLimits limits;
  final LastRefusal refusal = new LastRefusal();
  private final boolean strict;
  private final int mappingsMax;

  DomainSpace(DomainSettings settings) {
    this.settings = settings;
    iovas = new IovaAllocator(settings.addressBits() - Pages.SHIFT);
    table = new PageTable(settings.addressBits(), settings.tablesMax());
    iotlb = new Iotlb(settings.iotlbEntries());
    queue = new InvalidationQueue(settings.queueEntries());
    limits = new PageLimits(table.spacePages());
    mappingsMax = settings.mappingsMax();
    strict = settings.invalidation() == Invalidation.STRICT;
    for (IovaRange range : settings.reserved()) {
      iovas.exclude(range.firstPage(), range.pages());
    }
  }

  static long accessOf(DmaDirection direction) {
    return (direction.deviceReads() ? PageTable.READ : 0)
        | (direction.deviceWrites() ? PageTable.WRITE : 0);
  }

  int liveMappings() {
    return mappings.size() + batches.liveMembers();
  }

  /** Refuses what cannot be mapped whatever the state of the tables is. */
  int checkRequest(long pages, int members) {
    if (pages <= 0) {
      return refusal.set(Errno.EINVAL, "nothing to map");
    }
    if (members > mappingsMax - liveMappings()) {
      return refusal.set(Errno.ENOSPC, "too many mappings, mappingsMax=" + mappingsMax);
    }
    if (pages >= table.spacePages()) {
      return refusal.set(Errno.ENOSPC, "larger than the IOVA space, pages=" + pages);
    }
    return 0;
  }

  /**
   * Takes a range of {@code pages} below the mask. When there is none, the ranges that wait for an
   * invalidation are flushed and the search is repeated once. Returns its first page or -ENOSPC.
   */
  long take(long pages, DmaConstraints constraints) {
    limits.use(constraints);
    long iova = iovas.allocate(pages, limits.alignOrder(), limits.lastPage());
    if (iova >= 0) {
      return iova;
    }
    if (queue.size() > 0) {
      completeFlush(queue.enqueued());
      iova = iovas.allocate(pages, limits.alignOrder(), limits.lastPage());
    }
    return iova >= 0 ? iova : refuseRange(pages);
  }

  private long refuseRange(long pages) {
    return refusal.set(
        Errno.ENOSPC,
        "no IOVA range of "
            + pages
            + " pages at or below page "
            + limits.lastPage()
            + ", free="
            + iovas.freePages(),
        "unmapping something, or a wider DMA mask");
  }

  void giveBack(long iova, long pages) {
    iovas.free(iova, IovaAllocator.reservedPages(pages));
  }

  /** Writes the leaves of all runs from {@code iova} on, or nothing. */
  int writeExtents(long iova, Extents extents, long access) {
    if (extents.highestPfn() > SgBuilder.PFN_MAX) {
      return refusal.set(Errno.EOVERFLOW, "frame too high, pfn=" + extents.highestPfn());
    }
    int status = table.mapExtents(iova, extents, access);
    return status < 0 ? refuseTable(status) : 0;
  }

  int writePfns(long iova, long[] pfns, int from, int count, long access) {
    int status = table.mapPfns(iova, pfns, from, count, access);
    return status < 0 ? refuseTable(status) : 0;
  }

  int refuseTable(int status) {
    if (status == -Errno.ENOMEM.number()) {
      return refusal.set(
          Errno.ENOMEM,
          "no page table left, tables=" + table.tables() + ", tablesMax=" + settings.tablesMax());
    }
    if (status == -Errno.EADDRINUSE.number()) {
      throw new IllegalStateException("an allocated IOVA range translates already");
    }
    return refusal.set(Errno.EINVAL, "page frame out of range");
  }

  /**
   * The entries of a range are gone from the page table: strict mode invalidates and frees it now,
   * lazy mode queues both. {@code reserved} is zero when the range stays taken.
   */
  void retire(long iova, long pages, long reservedAt, long reserved) {
    if (strict) {
      iotlb.invalidate(iova, pages);
      if (reserved > 0) {
        iovas.free(reservedAt, reserved);
      }
      queue.addCompleted();
      return;
    }
    if (queue.full()) {
      completeFlush(queue.enqueued());
    }
    queue.add(reservedAt, reserved);
  }

  void completeFlush(long ticket) {
    if (ticket > queue.enqueued()) {
      throw new IllegalArgumentException("no such flush, ticket=" + ticket);
    }
    iotlb.invalidateAll();
    while (queue.completed() < ticket) {
      if (queue.oldestReserved() > 0) {
        iovas.free(queue.oldestIova(), queue.oldestReserved());
      }
      queue.removeOldest();
    }
  }

  /** Shows every live mapping and batch member. */
  void visit(IommuDomain.MappingVisitor visitor) {
    for (int slot = 0; slot < mappings.slots(); slot++) {
      if (mappings.iova(slot) != 0) {
        show(visitor, mappings.iova(slot), mappings.pages(slot), mappings.access(slot));
      }
    }
    for (int slot = 0; slot < batches.slots(); slot++) {
      for (int member = 0; batches.live(slot) > 0 && member < batches.members(slot); member++) {
        if (batches.isLive(slot, member)) {
          long iova = batches.base(slot) + batches.start(slot, member);
          show(visitor, iova, batches.pages(slot, member), batches.access(slot));
        }
      }
    }
  }

  private static void show(IommuDomain.MappingVisitor visitor, long iova, long pages, long access) {
    visitor.mapping(iova << Pages.SHIFT, pages << Pages.SHIFT, directionOf(access));
  }

  private static DmaDirection directionOf(long access) {
    if (access == PageTable.READ) {
      return DmaDirection.TO_DEVICE;
    }
    return access == PageTable.WRITE ? DmaDirection.FROM_DEVICE : DmaDirection.BIDIRECTIONAL;
  }
}
