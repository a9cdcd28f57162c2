package org.bufferyard.allocator.iommu;

import org.bufferyard.allocator.DmaConstraints;
import org.bufferyard.allocator.DmaDirection;
import org.bufferyard.allocator.Errno;
import org.bufferyard.allocator.Extents;
import org.bufferyard.allocator.Pages;
import org.bufferyard.allocator.sg.SgBuilder;

/**
 * Maps whole pages into one range without holes, and unmaps what has one first address. Since every
 * page is whole, the segments are the range itself, cut by the device's limits; no padding is
 * needed. Not thread-safe; owned by its domain.
 */
final class RangeMapper {
  private final DomainSpace space;

  RangeMapper(DomainSpace space) {
    this.space = space;
  }

  /** The first address in bytes, or a negated errno and nothing changed; so the next two. */
  long map(SgBuilder out, Extents extents, DmaDirection direction, DmaConstraints constraints) {
    long pages = extents.totalPages();
    long iova = begin(out, pages, constraints);
    if (iova < 0) {
      return iova;
    }
    long access = DomainSpace.accessOf(direction);
    int status = space.writeExtents(iova, extents, access);
    return finish(out, iova, pages, access, status);
  }

  long mapPfns(
      SgBuilder out,
      long[] pfns,
      int from,
      int count,
      DmaDirection direction,
      DmaConstraints constraints) {
    if ((from | count) < 0 || from > pfns.length - count) {
      return space.refusal.set(
          Errno.EINVAL,
          "pages outside the array, from=" + from + ", count=" + count + ", of " + pfns.length);
    }
    long iova = begin(out, count, constraints);
    if (iova < 0) {
      return iova;
    }
    long access = DomainSpace.accessOf(direction);
    int status = space.writePfns(iova, pfns, from, count, access);
    return finish(out, iova, count, access, status);
  }

  /**
   * Takes the range, after its segments are laid out from zero unless it is sure to be one: its
   * first page, or a negated errno.
   */
  private long begin(SgBuilder out, long pages, DmaConstraints constraints) {
    space.limits.use(constraints);
    int status =
        pages <= space.limits.singlePages()
            ? space.checkRequest(pages, 1)
            : layOut(out, 0, pages, constraints);
    return status < 0 ? status : space.take(pages, constraints);
  }

  private long finish(SgBuilder out, long iova, long pages, long access, int status) {
    if (status < 0) {
      space.giveBack(iova, pages);
      return status;
    }
    space.mappings.add(iova, pages, access, true, false);
    long address = iova << Pages.SHIFT;
    if (pages <= space.limits.singlePages()) {
      out.single(address, pages << Pages.SHIFT);
    } else {
      out.relocate(address);
    }
    return address;
  }

  /**
   * The segments of a range at {@code base}. A range the allocator chooses is aligned so that its
   * cuts depend on its size alone: it is laid out from zero before any address is taken.
   */
  private int layOut(SgBuilder out, long base, long pages, DmaConstraints constraints) {
    int status = space.checkRequest(pages, 1);
    if (status < 0) {
      return status;
    }
    status = out.start(constraints.maxSegmentBytes(), constraints.boundaryMask());
    if (status >= 0) {
      out.appendRange(base, pages << Pages.SHIFT);
      status = out.checkCount(Math.min(constraints.maxSegments(), SgBuilder.SEGMENTS_MAX));
    }
    return status < 0 ? space.refusal.set(out.refusal()) : status;
  }

  long mapAt(
      SgBuilder out,
      long iovaBytes,
      Extents extents,
      DmaDirection direction,
      DmaConstraints constraints) {
    long iova = iovaBytes >>> Pages.SHIFT;
    long pages = extents.totalPages();
    int status = layOut(out, iovaBytes, pages, constraints);
    if (status >= 0) {
      status = out.finish(constraints);
      status = status < 0 ? space.refusal.set(out.refusal()) : reserve(iovaBytes, pages);
    }
    if (status < 0) {
      return status;
    }
    status = space.writeExtents(iova, extents, DomainSpace.accessOf(direction));
    if (status < 0) {
      space.iovas.release(iova, pages);
      return status;
    }
    space.mappings.add(iova, pages, DomainSpace.accessOf(direction), true, true);
    return iovaBytes;
  }

  private int reserve(long iovaBytes, long pages) {
    long iova = iovaBytes >>> Pages.SHIFT;
    if ((iovaBytes & Pages.OFFSET_MASK) != 0
        || iova == 0
        || iova > space.table.spacePages() - pages) {
      return space.refusal.set(Errno.EINVAL, "bad address, iova=" + iovaBytes + ", pages=" + pages);
    }
    return space.iovas.reserve(iova, pages)
        ? 0
        : space.refusal.set(
            Errno.EADDRINUSE, "range in use, iova=" + iovaBytes + ", pages=" + pages);
  }

  /** Pages removed, or a negated errno and nothing changed. */
  long unmap(long iovaBytes, long lengthBytes) {
    long iova = iovaBytes >>> Pages.SHIFT;
    MappingTable mappings = space.mappings;
    int slot = mappings.find(iova);
    if (slot == MappingTable.ABSENT || (iovaBytes & Pages.OFFSET_MASK) != 0) {
      return refuseAddress(iovaBytes);
    }
    long pages = mappings.pages(slot);
    if (lengthBytes != pages << Pages.SHIFT) {
      return refuseLength(iovaBytes, lengthBytes, pages << Pages.SHIFT);
    }
    long reserved = mappings.reserved(slot);
    boolean full = mappings.full(slot);
    mappings.remove(slot);
    long removed = space.table.unmap(iova, pages, full);
    space.retire(iova, pages, iova, reserved);
    return removed;
  }

  private long refuseAddress(long iovaBytes) {
    return space.table.translate(iovaBytes >>> Pages.SHIFT) == 0
        ? space.refusal.set(Errno.ENOENT, "nothing mapped, iova=" + iovaBytes)
        : space.refusal.set(Errno.EINVAL, "inside a mapping, iova=" + iovaBytes);
  }

  private long refuseLength(long iovaBytes, long lengthBytes, long mappedBytes) {
    return space.refusal.set(
        Errno.EINVAL,
        "mapped with another length, iova="
            + iovaBytes
            + ", length="
            + lengthBytes
            + ", mapped="
            + mappedBytes);
  }
}
