package org.bufferyard.allocator.placement;

import java.util.List;
import org.bufferyard.allocator.Pages;
import org.bufferyard.allocator.region.AllocationRequest;

/**
 * One region the buffer may live in, and what to ask its allocator for.
 *
 * @param regionIndex the region's place in the list given to the solver
 * @param contiguous some device needs one run of frames
 * @param alignBytes alignment of the first frame of each run, at least a page
 * @param minPfn lowest frame allowed
 * @param maxPfn highest frame allowed, itself included
 * @param rank whether to evict for it
 * @param paths one per device, in the order given to the solver
 */
public record PlacementChoice(
    int regionIndex,
    String region,
    boolean contiguous,
    long alignBytes,
    long minPfn,
    long maxPfn,
    Rank rank,
    List<DevicePath> paths) {

  /** Model of {@code TTM_PL_FLAG_DESIRED} and {@code TTM_PL_FLAG_FALLBACK}. */
  public enum Rank {
    /** Where the buffer belongs. */
    DESIRED,
    /** Correct, but slower or not where the exporter wants it. */
    FALLBACK
  }

  /** How {@code device} reaches the memory. */
  public record DevicePath(String device, DmaPath path) {}

  public PlacementChoice {
    paths = List.copyOf(paths);
  }

  /** What to ask the region's allocator for. */
  public AllocationRequest request(long pages) {
    return new AllocationRequest(
        pages, contiguous, Pages.ofBytes(alignBytes), minPfn, maxPfn, false);
  }
}
