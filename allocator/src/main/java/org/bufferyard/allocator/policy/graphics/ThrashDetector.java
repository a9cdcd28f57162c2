package org.bufferyard.allocator.policy.graphics;

import java.util.Arrays;
import org.bufferyard.allocator.policy.Admission;

/**
 * Finds buffers that migrate back and forth: migrations in quick succession throttle its users, and
 * after several throttles the buffer is pinned where it is and mapped remotely for a while. Not
 * thread-safe; 20 bytes per id. Model of {@code uvm_perf_thrashing.c}; a buffer stands for a block.
 */
public final class ThrashDetector {
  /** UVM's lapse: two migrations within it belong together; also how long a user is throttled. */
  public static final long UVM_LAPSE_NANOS = 500_000L;

  /** Migrations in succession that are thrashing. */
  public static final int THRASHING_EVENTS = 3;

  /** Throttles before a buffer is pinned. */
  public static final int PIN_AFTER_THROTTLES = 10;

  /** How long it then is. */
  public static final int PINNED_LAPSES = 300;

  /** After so many without thrashing everything is forgotten. */
  public static final int EPOCH_LAPSES = 2000;

  /** Times that a pin may expire; after them a buffer is left alone. */
  public static final int RESETS_MAX = 4;

  private final long lapseNanos;
  private final boolean pins;
  private long[] lastEvent;
  private long[] pinnedUntil;
  private byte[] events;
  private byte[] throttles;
  private byte[] resets;

  /**
   * Nothing has migrated.
   *
   * @param pins false: however often it is throttled, nothing is pinned
   */
  public ThrashDetector(long lapseNanos, boolean pins, int expectedIds) {
    this.lapseNanos = lapseNanos;
    this.pins = pins;
    lastEvent = new long[expectedIds];
    pinnedUntil = new long[expectedIds];
    events = new byte[expectedIds];
    throttles = new byte[expectedIds];
    resets = new byte[expectedIds];
  }

  /** Buffer {@code id} came here, or was sent away. */
  public void migrated(int id, long nowNanos) {
    ensure(id);
    boolean soon = nowNanos - lastEvent[id] <= lapseNanos;
    events[id] = (byte) (soon ? Math.min(events[id] + 1, THRASHING_EVENTS) : 1);
    lastEvent[id] = nowNanos;
  }

  /**
   * Whether buffer {@code id} should migrate here: {@link Admission#WAIT} throttles its user,
   * {@link Admission#SPILL} pins it where it is.
   */
  public Admission admission(int id, long nowNanos) {
    ensure(id);
    if (nowNanos < pinnedUntil[id]) {
      return Admission.SPILL;
    }
    calm(id, nowNanos);
    if (events[id] < THRASHING_EVENTS || resets[id] >= RESETS_MAX) {
      return Admission.ADMIT;
    }
    return throttle(id, nowNanos);
  }

  /** Forgets what is too long ago. */
  private void calm(int id, long now) {
    if (pinnedUntil[id] != 0) {
      pinnedUntil[id] = 0;
      resets[id]++;
      events[id] = 0;
    }
    long since = now - lastEvent[id];
    if (since > lapseNanos) {
      events[id] = 0;
    }
    if (since > EPOCH_LAPSES * lapseNanos) {
      throttles[id] = 0;
      resets[id] = 0;
    }
  }

  private Admission throttle(int id, long now) {
    if (!pins) {
      return Admission.WAIT;
    }
    if (throttles[id] < PIN_AFTER_THROTTLES) {
      throttles[id]++;
      return Admission.WAIT;
    }
    throttles[id] = 0;
    pinnedUntil[id] = now + PINNED_LAPSES * lapseNanos;
    return Admission.SPILL;
  }

  /** The id is another buffer's from now on, or the buffer starts anew. */
  public void forget(int id) {
    ensure(id);
    events[id] = 0;
    throttles[id] = 0;
    resets[id] = 0;
    pinnedUntil[id] = 0;
  }

  private void ensure(int id) {
    if (id >= lastEvent.length) {
      int columns = Math.max(2 * lastEvent.length, id + 1);
      lastEvent = Arrays.copyOf(lastEvent, columns);
      pinnedUntil = Arrays.copyOf(pinnedUntil, columns);
      events = Arrays.copyOf(events, columns);
      throttles = Arrays.copyOf(throttles, columns);
      resets = Arrays.copyOf(resets, columns);
    }
  }
}
