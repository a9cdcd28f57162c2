package org.bufferyard.actors.protocol;

/**
 * How a buffer was used since it came to where it is: by devices and by the CPU.
 *
 * @param firstNanos model time of the first use; {@link #NEVER} where there was none
 */
public record UsesSince(long uses, long firstNanos) {
  public static final long NEVER = Long.MAX_VALUE;

  public static final UsesSince NONE = new UsesSince(0, NEVER);

  /** With one more use. */
  public UsesSince and(long atNanos) {
    return new UsesSince(uses + 1, Math.min(firstNanos, atNanos));
  }
}
