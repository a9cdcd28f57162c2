package org.bufferyard.allocator.region;

/**
 * How far apart neighbours of a {@link RangeAllocator} must be. Model of {@code
 * drm_mm.color_adjust}.
 */
@FunctionalInterface
public interface ColourRule {
  /** No colour needs a gap. */
  ColourRule NONE = (before, after) -> 0;

  /** Units needed between a node of colour {@code before} and the next, of {@code after}. */
  long gap(long before, long after);
}
