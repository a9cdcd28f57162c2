package org.bufferyard.allocator.region;

import org.bufferyard.allocator.Errno;
import org.bufferyard.allocator.Extents;
import org.bufferyard.allocator.Outcome;
import org.bufferyard.allocator.Refusal;

/** The checks and refusals that every {@link RegionAllocator} shares. */
final class Requests {

  static boolean malformed(AllocationRequest request) {
    return request.pages() < 1
        || request.alignPages() < 1
        || Long.bitCount(request.alignPages()) != 1
        || request.minPfn() < 0
        || request.minPfn() > request.maxPfn();
  }

  static Outcome<Extents> refuse(AllocationRequest request) {
    return Outcome.refused(
        Errno.EINVAL,
        "pages must be positive, alignPages a power of two and minPfn at most maxPfn: " + request);
  }

  /** The same frames as a first-fit, or top-down, range. */
  static RangeRequest asRange(AllocationRequest request) {
    long limit = request.maxPfn() == Long.MAX_VALUE ? Long.MAX_VALUE : request.maxPfn() + 1;
    return new RangeRequest(
        request.pages(),
        request.alignPages(),
        0,
        request.minPfn(),
        limit,
        request.topDown() ? RangeRequest.Mode.HIGH : RangeRequest.Mode.LOW);
  }

  /** ENOSPC with what was asked and what there is. */
  static Outcome<Extents> full(AllocationRequest request, RegionAllocator region) {
    long free = region.freePages();
    String reason =
        "asked "
            + request.pages()
            + (request.contiguous() ? " contiguous" : "")
            + " pages, free "
            + free
            + " of "
            + region.totalPages()
            + ", largest hole "
            + region.largestFreePages()
            + limits(request);
    return Outcome.refused(new Refusal(Errno.ENOSPC, reason, help(request, region, free)));
  }

  private static String limits(AllocationRequest request) {
    String align = request.alignPages() == 1 ? "" : ", aligned to " + request.alignPages();
    boolean bounded = request.minPfn() > 0 || request.maxPfn() != Long.MAX_VALUE;
    String window = ", frames " + request.minPfn() + " to " + request.maxPfn();
    return align + (bounded ? window : "");
  }

  private static String help(AllocationRequest request, RegionAllocator region, long free) {
    if (request.pages() > region.totalPages()) {
      return "a region of at least " + request.pages() + " pages";
    }
    if (request.pages() > free) {
      return "freeing " + (request.pages() - free) + " pages";
    }
    return "freeing pages next to a hole, or a wider window, or no contiguity";
  }

  private Requests() {}
}
