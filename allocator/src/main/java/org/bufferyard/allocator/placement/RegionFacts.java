package org.bufferyard.allocator.placement;

/**
 * What the solver knows of a region.
 *
 * @param name the region, as devices' {@link Reach} and refusals name it
 * @param basePfn its first frame
 * @param pages its size
 * @param freePages free at the moment; ranks regions, never excludes one, since eviction makes room
 * @param contiguous it can give long runs of frames
 * @param coherent it is coherent for every device
 * @param secure it is protected memory
 * @param reachable devices can reach it at all; false for a swap region
 */
public record RegionFacts(
    String name,
    long basePfn,
    long pages,
    long freePages,
    boolean contiguous,
    boolean coherent,
    boolean secure,
    boolean reachable) {

  public RegionFacts {
    if (basePfn < 0 || pages < 1 || basePfn > Long.MAX_VALUE - pages) {
      throw new IllegalArgumentException(
          "region out of range, basePfn=" + basePfn + ", pages=" + pages);
    }
  }

  /** Plain memory that can give long runs, coherent and not protected, all free. */
  public static RegionFacts of(String name, long basePfn, long pages) {
    return new RegionFacts(name, basePfn, pages, pages, true, true, false, true);
  }

  public RegionFacts withFreePages(long free) {
    return new RegionFacts(name, basePfn, pages, free, contiguous, coherent, secure, reachable);
  }

  public RegionFacts withContiguous(boolean runs) {
    return new RegionFacts(name, basePfn, pages, freePages, runs, coherent, secure, reachable);
  }

  public RegionFacts withCoherent(boolean snooped) {
    return new RegionFacts(name, basePfn, pages, freePages, contiguous, snooped, secure, reachable);
  }

  public RegionFacts withSecure(boolean protectedMemory) {
    return new RegionFacts(
        name, basePfn, pages, freePages, contiguous, coherent, protectedMemory, reachable);
  }

  public RegionFacts withReachable(boolean byDevices) {
    return new RegionFacts(
        name, basePfn, pages, freePages, contiguous, coherent, secure, byDevices);
  }
}
