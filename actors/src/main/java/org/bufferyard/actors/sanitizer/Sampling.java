package org.bufferyard.actors.sanitizer;

import java.util.Optional;
import org.bufferyard.actors.protocol.BufferId;

/**
 * Which buffers are watched: one in {@code oneIn}, chosen by a hash of the buffer's number; 0 for
 * none, 1 for all.
 */
public record Sampling(int oneIn) {
  public static final Sampling OFF = new Sampling(0);
  public static final Sampling ALL = new Sampling(1);

  /** Fewer than one in so many is none. */
  public static final int ONE_IN_MAX = 1_000_000;

  /** As {@code 1/N} is told from others. */
  private static final String ONE_IN = "1/";

  private static final long GOLDEN = 0x9e3779b97f4a7c15L;

  public Sampling {
    if (oneIn < 0 || oneIn > ONE_IN_MAX) {
      throw new IllegalArgumentException("oneIn must be 0 to " + ONE_IN_MAX + ", oneIn=" + oneIn);
    }
  }

  /** Of {@code off}, {@code all} or {@code 1/N}; empty for other words. */
  public static Optional<Sampling> of(String word) {
    if (word.equals("off")) {
      return Optional.of(OFF);
    }
    if (word.equals("all")) {
      return Optional.of(ALL);
    }
    String number = word.startsWith(ONE_IN) ? word.substring(ONE_IN.length()) : "";
    boolean whole = number.matches("[0-9]{1,7}");
    int oneIn = whole ? Integer.parseInt(number) : 0;
    return oneIn >= 1 && oneIn <= ONE_IN_MAX ? Optional.of(new Sampling(oneIn)) : Optional.empty();
  }

  public boolean on() {
    return oneIn > 0;
  }

  boolean picks(BufferId buffer) {
    return oneIn > 0 && Long.remainderUnsigned(mixed(buffer.value()), oneIn) == 0;
  }

  private static long mixed(long value) {
    long mixed = (value + 1) * GOLDEN;
    return mixed ^ mixed >>> 32;
  }

  @Override
  public String toString() {
    return oneIn == 0 ? "off" : oneIn == 1 ? "all" : ONE_IN + oneIn;
  }
}
