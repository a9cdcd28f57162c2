package org.bufferyard.actors.fence;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.bufferyard.allocator.Errno;
import org.bufferyard.allocator.Outcome;

/**
 * A counter and the fences that signal when it reaches their value. Not thread-safe; owned by one
 * actor. Model of {@code sw_sync}, {@code drivers/dma-buf/sw_sync.c}.
 */
public final class Timeline {
  /** Unsignalled points of one timeline; one more is refused EAGAIN. */
  public static final int POINTS_MAX = 65_536;

  private final long context;
  private final TreeMap<Long, List<Fence>> pending = new TreeMap<>();
  private int points;
  private long value;
  private boolean closed;

  public Timeline(long context) {
    this.context = context;
  }

  public long value() {
    return value;
  }

  /** A fence that signals at {@code seqno}: at once if that has passed. ENODEV once closed. */
  public Outcome<Fence> point(long seqno) {
    if (closed) {
      return Outcome.refused(Errno.ENODEV, "timeline " + context + " is closed");
    }
    if (points >= POINTS_MAX) {
      return Outcome.refused(
          Errno.EAGAIN, "timeline " + context + " has " + POINTS_MAX + " unsignalled points");
    }
    Fence fence = new Fence(context, seqno);
    if (seqno <= value) {
      fence.signal();
    } else {
      pending.computeIfAbsent(seqno, at -> new ArrayList<>(1)).add(fence);
      points++;
    }
    return Outcome.done(fence);
  }

  /** Moves the counter on; what it reaches signals in order. */
  public void advance(long by) {
    if (by < 0) {
      throw new IllegalArgumentException("a timeline never goes back, by=" + by);
    }
    value = Math.addExact(value, by);
    while (!pending.isEmpty() && pending.firstKey() <= value) {
      List<Fence> due = pending.pollFirstEntry().getValue();
      points -= due.size();
      due.forEach(Fence::signal);
    }
  }

  /** Nobody will move it on: what is left signals with ENOENT. */
  public void close() {
    closed = true;
    while (!pending.isEmpty()) {
      for (Fence fence : pending.pollFirstEntry().getValue()) {
        fence.setError(Errno.ENOENT);
        fence.signal();
      }
    }
    points = 0;
  }
}
