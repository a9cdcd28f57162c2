package org.bufferyard.allocator.policy;

import java.util.Arrays;

/**
 * A priority queue over dense ids: least key first, equal keys by least stamp. Keys change in
 * place. The building block of score-based policies; 24 bytes per id, logarithmic time, no
 * allocation once grown. Not thread-safe.
 *
 * <p>A candidate that cannot be taken now is <em>parked</em>: out of the queue but still a member,
 * until {@link #unpark} puts all parked ones back.
 *
 * <p>{@code place[id]} is the index in {@code heap} (4-ary), {@code PARKED - index} in {@code
 * parked}, or {@code ABSENT}.
 */
public final class IdHeap {
  private static final int ABSENT = -1;
  private static final int PARKED = -2;

  private double[] keys;
  private long[] stamps;
  private int[] place;
  private int[] heap = new int[16];
  private int size;
  private int[] parked = new int[16];
  private int parkedSize;

  /** An empty queue with columns for ids below {@code expectedIds}. */
  public IdHeap(int expectedIds) {
    int columns = Math.max(16, expectedIds);
    keys = new double[columns];
    stamps = new long[columns];
    place = new int[columns];
    Arrays.fill(place, ABSENT);
  }

  public boolean contains(int id) {
    return id < place.length && place[id] != ABSENT;
  }

  /** The key of {@code id}, as last set. */
  public double key(int id) {
    return keys[id];
  }

  /** Members in the queue or parked. */
  public int size() {
    return size + parkedSize;
  }

  /** Adds {@code id}, or changes its key and stamp; a parked one stays parked. */
  public void set(int id, double key, long stamp) {
    ensure(id);
    keys[id] = key;
    stamps[id] = stamp;
    if (place[id] == ABSENT) {
      push(id);
    } else if (place[id] >= 0) {
      reseat(place[id]);
    }
  }

  private void ensure(int id) {
    if (id >= place.length) {
      int old = place.length;
      int columns = Math.max(2 * old, id + 1);
      keys = Arrays.copyOf(keys, columns);
      stamps = Arrays.copyOf(stamps, columns);
      place = Arrays.copyOf(place, columns);
      Arrays.fill(place, old, columns, ABSENT);
    }
  }

  /** Takes {@code id}, a member, out. */
  public void remove(int id) {
    int at = place[id];
    place[id] = ABSENT;
    if (at <= PARKED) {
      unparkAt(PARKED - at);
    } else {
      removeAt(at);
    }
  }

  /** The first id of the queue, or {@link EvictionPolicy#NONE} where all are parked. */
  public int first() {
    return size == 0 ? EvictionPolicy.NONE : heap[0];
  }

  /** Sets {@link #first} aside. */
  public void parkFirst() {
    int id = heap[0];
    removeAt(0);
    if (parkedSize == parked.length) {
      parked = Arrays.copyOf(parked, 2 * parkedSize);
    }
    place[id] = PARKED - parkedSize;
    parked[parkedSize++] = id;
  }

  /** Puts every parked id back in the queue. */
  public void unpark() {
    while (parkedSize > 0) {
      push(parked[--parkedSize]);
    }
  }

  /**
   * The first that {@code demand} accepts, still in the queue; those refused on the way are parked.
   */
  public int firstAccepted(Demand demand) {
    while (size > 0) {
      if (demand.accepts(heap[0])) {
        return heap[0];
      }
      parkFirst();
    }
    return EvictionPolicy.NONE;
  }

  private void unparkAt(int index) {
    int last = parked[--parkedSize];
    if (index < parkedSize) {
      parked[index] = last;
      place[last] = PARKED - index;
    }
  }

  private void push(int id) {
    if (size == heap.length) {
      heap = Arrays.copyOf(heap, 2 * size);
    }
    seat(size, id);
    siftUp(size++);
  }

  private void removeAt(int at) {
    int last = heap[--size];
    if (at < size) {
      seat(at, last);
      reseat(at);
    }
  }

  private void reseat(int at) {
    if (siftUp(at) == at) {
      siftDown(at);
    }
  }

  private int siftUp(int start) {
    int at = start;
    int id = heap[at];
    while (at > 0 && before(id, heap[(at - 1) >> 2])) {
      seat(at, heap[(at - 1) >> 2]);
      at = (at - 1) >> 2;
    }
    seat(at, id);
    return at;
  }

  private void siftDown(int start) {
    int at = start;
    int id = heap[at];
    for (int child = leastChild(at); child >= 0; child = leastChild(at)) {
      if (!before(heap[child], id)) {
        break;
      }
      seat(at, heap[child]);
      at = child;
    }
    seat(at, id);
  }

  /** The index of the first of up to four children of {@code at}, or -1 without any. */
  private int leastChild(int at) {
    int first = 4 * at + 1;
    if (first >= size) {
      return -1;
    }
    int least = first;
    int end = Math.min(first + 4, size);
    for (int child = first + 1; child < end; child++) {
      if (before(heap[child], heap[least])) {
        least = child;
      }
    }
    return least;
  }

  private boolean before(int one, int other) {
    return keys[one] < keys[other] || (keys[one] == keys[other] && stamps[one] < stamps[other]);
  }

  private void seat(int at, int id) {
    heap[at] = id;
    place[id] = at;
  }
}
