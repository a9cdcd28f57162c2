package org.bufferyard.allocator.region;

import java.util.BitSet;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.bufferyard.allocator.Errno;
import org.bufferyard.allocator.Extents;
import org.bufferyard.allocator.Outcome;

/** What the tests of region allocators share. */
public final class Regions {

  public static RandomGenerator random(long seed) {
    return RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
  }

  public static Extents take(RegionAllocator region, AllocationRequest request) {
    return done(region.allocate(request));
  }

  public static <T> T done(Outcome<T> outcome) {
    return switch (outcome) {
      case Outcome.Done<T>(T value) -> value;
      case Outcome.Refused<T> refused -> throw new AssertionError(refused.refusal().toString());
    };
  }

  public static Errno refused(Outcome<?> outcome) {
    return switch (outcome) {
      case Outcome.Done<?> done -> throw new AssertionError("not refused: " + done.value());
      case Outcome.Refused<?> refused -> refused.refusal().errno();
    };
  }

  public static String reason(Outcome<?> outcome) {
    return switch (outcome) {
      case Outcome.Done<?> done -> throw new AssertionError("not refused: " + done.value());
      case Outcome.Refused<?> refused -> refused.refusal().reason();
    };
  }

  /** Sets or clears the frames of {@code extents}; fails if any already was. */
  public static void flip(BitSet frames, Extents extents, long base, boolean used) {
    for (int run = 0; run < extents.runs(); run++) {
      int from = (int) (extents.pfn(run) - base);
      for (int page = from; page < from + extents.pages(run); page++) {
        if (frames.get(page) == used) {
          throw new AssertionError(
              "frame " + (base + page) + (used ? " taken twice" : " not held"));
        }
        frames.set(page, used);
      }
    }
  }

  private Regions() {}
}
