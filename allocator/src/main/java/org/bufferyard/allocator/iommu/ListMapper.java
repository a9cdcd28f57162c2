package org.bufferyard.allocator.iommu;

import org.bufferyard.allocator.DmaConstraints;
import org.bufferyard.allocator.DmaDirection;
import org.bufferyard.allocator.Errno;
import org.bufferyard.allocator.Pages;
import org.bufferyard.allocator.sg.PhysicalSgList;
import org.bufferyard.allocator.sg.SgBuilder;

/**
 * Maps a scatterlist whose elements may start and end inside pages, by the rules of {@code
 * iommu_dma_map_sg}.
 *
 * <p>Every element takes its whole pages, one behind the other in one range. An element that would
 * cross the segment boundary is preceded by padding up to it (a hole: nothing is mapped there).
 * Then neighbours become one segment where the earlier ends with its page, the later starts with
 * one and not on a boundary, and the sum is within the segment limit. Because the range is aligned
 * to its size rounded up to a power of two, all of this follows from the lengths alone and is
 * decided before an address is taken. Not thread-safe; owned by its domain.
 */
final class ListMapper {
  private final DomainSpace space;

  /** First page of the element placed last, and of what follows it, from the start of the range. */
  private long place;

  private long end;

  ListMapper(DomainSpace space) {
    this.space = space;
  }

  /** Pages of the range, or a negated errno and nothing changed; segments relative to zero. */
  long layOut(SgBuilder out, PhysicalSgList list, DmaConstraints constraints) {
    int status = out.start(constraints.maxSegmentBytes(), constraints.boundaryMask());
    if (status < 0) {
      return space.refusal.set(out.refusal());
    }
    end = 0;
    boolean open = false;
    for (int element = 0; element < list.origNents(); element++) {
      long before = end;
      place(list, element, constraints.boundaryMask());
      boolean joins = open && place == before && list.offsetBytes(element) == 0;
      append(out, list, element, joins, constraints);
      long used = list.offsetBytes(element) + list.lengthBytes(element);
      open = (used & Pages.OFFSET_MASK) == 0;
    }
    status = out.checkCount(Math.min(constraints.maxSegments(), SgBuilder.SEGMENTS_MAX));
    return status < 0 ? space.refusal.set(out.refusal()) : end;
  }

  private void place(PhysicalSgList list, int element, long boundaryMask) {
    long bytes = list.pages(element) << Pages.SHIFT;
    long padding = -(end << Pages.SHIFT) & boundaryMask;
    boolean crosses = padding != 0 && Long.compareUnsigned(padding, bytes) < 0;
    place = end + (crosses ? padding >>> Pages.SHIFT : 0);
    end = place + list.pages(element);
  }

  private void append(
      SgBuilder out, PhysicalSgList list, int element, boolean joins, DmaConstraints constraints) {
    long address = place << Pages.SHIFT;
    long bytes = list.lengthBytes(element);
    if (joins
        && (address & constraints.boundaryMask()) != 0
        && constraints.maxSegmentBytes() - out.lengthBytes(out.nents() - 1) >= bytes) {
      out.lengthenLast(bytes);
    } else {
      out.appendSeparate(address + list.offsetBytes(element), bytes);
    }
  }

  /** The first address in bytes, or a negated errno and nothing changed. */
  long map(SgBuilder out, PhysicalSgList list, DmaDirection direction, DmaConstraints constraints) {
    long pages = layOut(out, list, constraints);
    if (pages < 0) {
      return pages;
    }
    int status = space.checkRequest(pages, 1);
    long iova = status < 0 ? status : space.take(pages, constraints);
    if (iova < 0) {
      return iova;
    }
    long access = DomainSpace.accessOf(direction);
    status = write(list, iova, access, constraints.boundaryMask());
    if (status < 0) {
      space.giveBack(iova, pages);
      return status;
    }
    space.mappings.add(iova, pages, access, false, false);
    out.relocate(iova << Pages.SHIFT);
    return iova << Pages.SHIFT;
  }

  private int write(PhysicalSgList list, long iova, long access, long boundaryMask) {
    end = 0;
    for (int element = 0; element < list.origNents(); element++) {
      place(list, element, boundaryMask);
      int status = space.table.map(iova + place, list.pfn(element), list.pages(element), access);
      if (status < 0) {
        space.table.unmap(iova, place);
        return status == -Errno.ENOMEM.number()
            ? space.refuseTable(status)
            : space.refusal.set(
                Errno.EINVAL, "element " + element + " out of range, pfn=" + list.pfn(element));
      }
    }
    return 0;
  }
}
