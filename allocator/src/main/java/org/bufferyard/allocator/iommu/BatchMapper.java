package org.bufferyard.allocator.iommu;

import java.util.ArrayList;
import java.util.List;
import org.bufferyard.allocator.DmaConstraints;
import org.bufferyard.allocator.DmaDirection;
import org.bufferyard.allocator.Errno;
import org.bufferyard.allocator.Extents;
import org.bufferyard.allocator.Pages;
import org.bufferyard.allocator.sg.SgBuilder;
import org.bufferyard.allocator.sg.SgTable;

/**
 * Maps many buffers at once: one IOVA search, one pass over consecutive leaves and one handle for
 * all of them. Not thread-safe; owned by its domain.
 */
final class BatchMapper {
  private final DomainSpace space;
  private final SgBuilder segments = new SgBuilder();

  BatchMapper(DomainSpace space) {
    this.space = space;
  }

  /** The handle, or a negated errno and nothing changed. */
  long map(List<Extents> buffers, DmaDirection direction, DmaConstraints constraints) {
    int slot = space.batches.prepare(buffers.size());
    long pages = place(slot, buffers, constraints.alignBytes() >>> Pages.SHIFT);
    int status = space.checkRequest(pages, buffers.size());
    for (int member = 0; status >= 0 && member < buffers.size(); member++) {
      status = layOut(0, slot, member, constraints);
    }
    if (status < 0) {
      return status;
    }
    long iova = space.take(pages, constraints);
    if (iova < 0) {
      return iova;
    }
    status = write(slot, buffers, iova, DomainSpace.accessOf(direction));
    if (status < 0) {
      space.giveBack(iova, pages);
      return status;
    }
    return space.batches.commit(
        slot,
        buffers.size(),
        iova,
        IovaAllocator.reservedPages(pages),
        DomainSpace.accessOf(direction));
  }

  /**
   * Lays the members out one behind the other, each aligned; returns the pages of all, or zero if
   * one is empty.
   */
  private long place(int slot, List<Extents> buffers, long alignPages) {
    long end = 0;
    for (int member = 0; member < buffers.size(); member++) {
      long pages = buffers.get(member).totalPages();
      if (pages == 0) {
        return 0;
      }
      long start = (end + alignPages - 1) & -alignPages;
      space.batches.setMember(slot, member, start, pages);
      end = start + pages;
    }
    return end;
  }

  private int layOut(long base, int slot, int member, DmaConstraints constraints) {
    int status = segments.start(constraints.maxSegmentBytes(), constraints.boundaryMask());
    if (status >= 0) {
      segments.appendRange(
          (base + space.batches.start(slot, member)) << Pages.SHIFT,
          space.batches.pages(slot, member) << Pages.SHIFT);
      status = segments.checkCount(Math.min(constraints.maxSegments(), SgBuilder.SEGMENTS_MAX));
    }
    return status < 0 ? space.refusal.set(segments.refusal()) : status;
  }

  private int write(int slot, List<Extents> buffers, long iova, long access) {
    for (int member = 0; member < buffers.size(); member++) {
      long at = iova + space.batches.start(slot, member);
      int status = space.writeExtents(at, buffers.get(member), access);
      if (status < 0) {
        space.table.unmap(iova, at - iova);
        return status;
      }
    }
    return 0;
  }

  /**
   * {@code count} buffers of {@code pagesEach} frames each, one behind the other in {@code pfns}.
   * The handle, or a negated errno and nothing changed. Allocates nothing in steady state.
   */
  long mapPfns(
      long[] pfns,
      int from,
      int count,
      int pagesEach,
      DmaDirection direction,
      DmaConstraints constraints) {
    long pages = (long) count * pagesEach;
    if (count <= 0 || pagesEach <= 0 || from < 0 || from > pfns.length - pages) {
      return space.refusal.set(
          Errno.EINVAL,
          "buffers outside the array, from="
              + from
              + ", buffers="
              + count
              + ", pagesEach="
              + pagesEach
              + ", of "
              + pfns.length);
    }
    if (constraints.alignBytes() > (long) pagesEach << Pages.SHIFT) {
      return space.refusal.set(
          Errno.EINVAL, "members not aligned, alignBytes=" + constraints.alignBytes());
    }
    int slot = space.batches.prepare(count);
    for (int member = 0; member < count; member++) {
      space.batches.setMember(slot, member, (long) member * pagesEach, pagesEach);
    }
    int status = space.checkRequest(pages, count);
    status = status < 0 ? status : layOut(0, slot, 0, constraints);
    if (status < 0) {
      return status;
    }
    long iova = space.take(pages, constraints);
    if (iova < 0) {
      return iova;
    }
    long access = DomainSpace.accessOf(direction);
    status = space.writePfns(iova, pfns, from, (int) pages, access);
    if (status < 0) {
      space.giveBack(iova, pages);
      return status;
    }
    return space.batches.commit(slot, count, iova, IovaAllocator.reservedPages(pages), access);
  }

  /** The mapped list of a live member. */
  SgTable table(int slot, int member, DmaConstraints constraints) {
    layOut(space.batches.base(slot), slot, member, constraints);
    return segments.table();
  }

  MappedBatch describe(long handle, DmaConstraints constraints) {
    int slot = space.batches.find(handle);
    int count = space.batches.members(slot);
    List<SgTable> tables = new ArrayList<>(count);
    for (int member = 0; member < count; member++) {
      tables.add(table(slot, member, constraints));
    }
    long pages = space.batches.start(slot, count - 1) + space.batches.pages(slot, count - 1);
    return new MappedBatch(
        handle, space.batches.base(slot) << Pages.SHIFT, pages << Pages.SHIFT, tables);
  }

  /** Pages removed, or a negated errno: EINVAL for no such member, ENOENT for one that has left. */
  long unmapMember(long handle, int member) {
    BatchTable batches = space.batches;
    int slot = batches.find(handle);
    if (slot == BatchTable.ABSENT) {
      return space.refusal.set(Errno.ENOENT, "no such batch, handle=" + handle);
    }
    if (member < 0 || member >= batches.members(slot)) {
      return space.refusal.set(
          Errno.EINVAL, "no such member, member=" + member + ", of " + batches.members(slot));
    }
    if (!batches.isLive(slot, member)) {
      return space.refusal.set(Errno.ENOENT, "member unmapped before, member=" + member);
    }
    long iova = batches.base(slot) + batches.start(slot, member);
    long removed = space.table.unmap(iova, batches.pages(slot, member), true);
    boolean last = batches.live(slot) == 1;
    space.retire(
        iova, batches.pages(slot, member), batches.base(slot), last ? batches.reserved(slot) : 0);
    batches.leave(slot, member);
    return removed;
  }

  /** Removes every member still there; pages removed, or -ENOENT. */
  long unmapAll(long handle) {
    BatchTable batches = space.batches;
    int slot = batches.find(handle);
    if (slot == BatchTable.ABSENT) {
      return space.refusal.set(Errno.ENOENT, "no such batch, handle=" + handle);
    }
    int last = batches.members(slot) - 1;
    long start = batches.start(slot, last);
    long pages = (start < 0 ? -1 - start : start) + batches.pages(slot, last);
    long iova = batches.base(slot);
    boolean full = batches.livePages(slot) == pages;
    long removed = space.table.unmap(iova, pages, full);
    space.retire(iova, pages, iova, batches.reserved(slot));
    batches.leaveAll(slot);
    return removed;
  }
}
