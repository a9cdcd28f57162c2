package org.bufferyard.allocator.iommu;

/**
 * Unmapped ranges whose invalidation is outstanding, oldest first, in a ring of fixed size. Entries
 * are numbered from 1 in order of arrival, so that a flush releases exactly those queued before it
 * began. Model of the kernel's flush queue ({@code struct iova_fq}). Not thread-safe; owned by its
 * domain.
 */
final class InvalidationQueue {
  private final long[] iovas;
  private final long[] reserved;
  private long enqueued;
  private long completed;

  InvalidationQueue(int capacity) {
    iovas = new long[capacity];
    reserved = new long[capacity];
  }

  int size() {
    return (int) (enqueued - completed);
  }

  boolean full() {
    return size() == iovas.length;
  }

  /** Number of the entry queued last. */
  long enqueued() {
    return enqueued;
  }

  /** Every entry up to this number has been invalidated. */
  long completed() {
    return completed;
  }

  void add(long iova, long reservedPages) {
    int slot = (int) (enqueued % iovas.length);
    iovas[slot] = iova;
    reserved[slot] = reservedPages;
    enqueued++;
  }

  /** Counts one invalidation that never had to wait. */
  void addCompleted() {
    assert size() == 0 : "strict invalidation behind " + size() + " queued";
    long number = enqueued + 1;
    enqueued = number;
    completed = number;
  }

  long oldestIova() {
    return iovas[(int) (completed % iovas.length)];
  }

  long oldestReserved() {
    return reserved[(int) (completed % iovas.length)];
  }

  void removeOldest() {
    completed++;
  }
}
