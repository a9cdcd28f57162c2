package org.bufferyard.cli.output;

import java.util.OptionalDouble;
import org.bufferyard.allocator.policy.replay.CacheReplay;

/**
 * One line of {@code hitrate}: a policy at a capacity, or a bound there.
 *
 * @param misses empty for a bound of bytes; whole for a policy
 * @param missBytes empty for a bound of objects
 */
public record HitRateRow(
    Trace trace,
    long capacity,
    String policy,
    boolean bound,
    OptionalDouble misses,
    OptionalDouble missBytes) {
  private static final String BOUND_OF_OBJECTS = "bound-objects";
  private static final String BOUND_OF_BYTES = "bound-bytes";

  /** What all lines of a command share. */
  public record Trace(String name, boolean bytes, long requests, int objects, long requestedBytes) {
    /** The unit of the capacities. */
    public String capacityUnit() {
      return bytes ? "bytes" : "objects";
    }
  }

  public static HitRateRow of(
      Trace trace, long capacity, String policy, CacheReplay.Result result) {
    return new HitRateRow(
        trace,
        capacity,
        policy,
        false,
        OptionalDouble.of((double) result.misses()),
        OptionalDouble.of((double) result.missSize()));
  }

  public static HitRateRow boundOfObjects(Trace trace, long capacity, double misses) {
    return new HitRateRow(
        trace, capacity, BOUND_OF_OBJECTS, true, OptionalDouble.of(misses), OptionalDouble.empty());
  }

  public static HitRateRow boundOfBytes(Trace trace, long capacity, double missBytes) {
    return new HitRateRow(
        trace,
        capacity,
        BOUND_OF_BYTES,
        true,
        OptionalDouble.empty(),
        OptionalDouble.of(missBytes));
  }

  public OptionalDouble missRatio() {
    return misses.isEmpty() ? misses : OptionalDouble.of(misses.getAsDouble() / trace.requests);
  }

  public OptionalDouble byteMissRatio() {
    return missBytes.isEmpty()
        ? missBytes
        : OptionalDouble.of(missBytes.getAsDouble() / trace.requestedBytes);
  }
}
