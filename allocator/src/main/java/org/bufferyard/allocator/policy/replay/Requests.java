package org.bufferyard.allocator.policy.replay;

import java.util.Arrays;
import org.bufferyard.allocator.policy.Future;
import org.bufferyard.allocator.policy.Residents;

/**
 * A sequence of requests for objects of constant size: {@code int[entries]} dense ids in order and
 * {@code long[objects]} sizes, in pages or any other unit the capacity has too. An entry {@code
 * ~id} is no request: there object {@code id} is freed, and no later entry names it. Immutable; may
 * be shared by replays.
 */
public final class Requests implements Residents {
  private final int[] ids;
  private final int objects;
  private final long[] sizes;

  private Requests(int[] ids, int objects, long[] sizes) {
    this.ids = ids;
    this.objects = objects;
    this.sizes = sizes;
  }

  /** Objects of size 1. Takes ownership of {@code ids}, each in {@code [0, objects)}. */
  public static Requests ofUnits(int[] ids, int objects) {
    return new Requests(checked(ids, objects), objects, new long[0]);
  }

  /** Object {@code id} has size {@code sizes[id]}, at least 1. Takes ownership of both arrays. */
  public static Requests sized(int[] ids, long[] sizes) {
    for (int id = 0; id < sizes.length; id++) {
      if (sizes[id] < 1) {
        throw new IllegalArgumentException("size of id " + id + " must be positive: " + sizes[id]);
      }
    }
    return new Requests(checked(ids, sizes.length), sizes.length, sizes);
  }

  private static int[] checked(int[] ids, int objects) {
    for (int entry = 0; entry < ids.length; entry++) {
      int id = ids[entry] < 0 ? ~ids[entry] : ids[entry];
      if (id >= objects) {
        throw new IllegalArgumentException(
            "id of entry " + entry + " not in [0, " + objects + "): " + id);
      }
    }
    return ids;
  }

  /** The same requests for objects that all have size 1; shares the ids. */
  public Requests withUnitSizes() {
    return sizes.length == 0 ? this : new Requests(ids, objects, new long[0]);
  }

  /** Entries: requests and frees. */
  public int count() {
    return ids.length;
  }

  public int objects() {
    return objects;
  }

  /** What entry {@code entry} requests, or {@code ~id} of what it frees. */
  public int id(int entry) {
    return ids[entry];
  }

  /** Feeds all entries to {@code curve}. */
  public void addTo(LruCurve curve) {
    curve.add(ids, 0, ids.length);
  }

  int[] ids() {
    return ids;
  }

  @Override
  public boolean units() {
    return sizes.length == 0;
  }

  @Override
  public long pages(int id) {
    return sizes.length == 0 ? 1 : sizes[id];
  }

  /** Sum of the sizes of all objects requested at least once. */
  public long footprint() {
    boolean[] seen = new boolean[objects];
    long total = 0;
    for (int id : ids) {
      if (id >= 0 && !seen[id]) {
        total += pages(id);
        seen[id] = true;
      }
    }
    return total;
  }

  /** The next use of each entry's object: one pass from the end, {@code int[entries]}. */
  public Future future() {
    int[] next = new int[ids.length];
    int[] last = new int[objects];
    Arrays.fill(last, ids.length);
    for (int request = ids.length - 1; request >= 0; request--) {
      int id = ids[request];
      if (id >= 0) {
        next[request] = last[id];
        last[id] = request;
      }
    }
    return new KnownFuture(ids, next);
  }

  private static final class KnownFuture implements Future {
    private final int[] ids;
    private final int[] next;

    KnownFuture(int[] ids, int[] next) {
      this.ids = ids;
      this.next = next;
    }

    @Override
    public int requests() {
      return next.length;
    }

    @Override
    public int id(int request) {
      return ids[request];
    }

    @Override
    public int nextUse(int request) {
      return next[request];
    }
  }
}
