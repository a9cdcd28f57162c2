package org.bufferyard.benchmarks.workload;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.SplittableRandom;
import org.bufferyard.allocator.Extents;

/**
 * Buffers of one size and pattern, enough for 65,536 pages together, so that going round them
 * teaches the branch predictor nothing. The same frames lie in a Java array, in extents and in
 * native memory, each side reading its own copy.
 */
public final class BufferSet {
  /** With fewer, run ends are learnt and both sides look up to three times faster than they are. */
  public static final int ROTATION_PAGES = 1 << 16;

  private static final long SEED = 20_261_122;

  public final PagePattern pattern;
  public final int pages;
  public final int buffers;
  public final long[] frames;
  public final Extents[] extents;
  public final MemorySegment nativeFrames;

  /** {@code arena} owns the native copy. */
  public BufferSet(PagePattern pattern, int pages, Arena arena) {
    this(pattern, pages, drawn(pattern, pages), arena);
  }

  private BufferSet(PagePattern pattern, int pages, long[] frames, Arena arena) {
    this.pattern = pattern;
    this.pages = pages;
    this.frames = frames;
    buffers = frames.length / pages;
    extents = new Extents[buffers];
    Extents.Builder runs = new Extents.Builder();
    for (int buffer = 0; buffer < buffers; buffer++) {
      for (int page = 0; page < pages; page++) {
        runs.add(frames[buffer * pages + page], 1);
      }
      extents[buffer] = runs.build();
    }
    nativeFrames = arena.allocate(frames.length * 8L, 4096);
    MemorySegment.copy(frames, 0, nativeFrames, ValueLayout.JAVA_LONG, 0, frames.length);
  }

  private static long[] drawn(PagePattern pattern, int pages) {
    int buffers = Math.max(1, ROTATION_PAGES / pages);
    long[] frames = new long[buffers * pages];
    SplittableRandom random = new SplittableRandom(SEED);
    for (int buffer = 0; buffer < buffers; buffer++) {
      pattern.fill(frames, buffer * pages, pages, random);
    }
    return frames;
  }

  /** The same buffers, every frame so much higher. */
  public BufferSet shiftedBy(long frameCount, Arena arena) {
    long[] shifted = frames.clone();
    for (int page = 0; page < shifted.length; page++) {
      shifted[page] += frameCount;
    }
    return new BufferSet(pattern, pages, shifted, arena);
  }

  /** Pages in the mean run. */
  public double meanRunPages() {
    long runs = 0;
    for (Extents of : extents) {
      runs += of.runs();
    }
    return (double) frames.length / runs;
  }

  public String label() {
    return pattern.name().toLowerCase(java.util.Locale.ROOT) + " " + pages + " pages";
  }
}
