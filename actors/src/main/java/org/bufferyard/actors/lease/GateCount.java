package org.bufferyard.actors.lease;

import java.util.concurrent.atomic.AtomicLong;

/**
 * How many are inside, and whether more may enter: one word, changed by atomic operations alone,
 * without a lock or an owner. Its tests go through every interleaving of these operations, which
 * for a single word are all the behaviours there are, and of those of the list of leases beside it.
 */
final class GateCount {
  /** The word. */
  interface Word {
    long get();

    boolean compareAndSet(long expected, long next);

    long decrementAndGet();

    /** Sets bits; returns what was before. */
    long getAndOr(long bits);
  }

  /** What {@link #leave} was. */
  enum Left {
    OTHERS_INSIDE,
    /** Nobody is inside for the first time. */
    IDLE,
    /** Closed, and this was the last. */
    QUIESCED
  }

  private static final long CLOSED = 1L << 62;
  private static final long HOLDING = 1L << 61;

  /** What a word is at first. */
  static final long FRESH = HOLDING;

  private final Word word;

  GateCount(Word word) {
    this.word = word;
  }

  static GateCount fresh() {
    return new GateCount(new Shared());
  }

  private static final class Shared implements Word {
    private final AtomicLong value = new AtomicLong(FRESH);

    @Override
    public long get() {
      return value.get();
    }

    @Override
    public boolean compareAndSet(long expected, long next) {
      return value.compareAndSet(expected, next);
    }

    @Override
    public long decrementAndGet() {
      return value.decrementAndGet();
    }

    @Override
    public long getAndOr(long bits) {
      return value.getAndUpdate(seen -> seen | bits);
    }
  }

  /** One more inside; false: closed. */
  boolean enter() {
    for (long seen = word.get(); (seen & CLOSED) == 0; seen = word.get()) {
      if (word.compareAndSet(seen, seen + 1)) {
        return true;
      }
    }
    return false;
  }

  Left leave() {
    long now = word.decrementAndGet();
    if (now == HOLDING && word.compareAndSet(HOLDING, 0)) {
      return Left.IDLE;
    }
    return (now & CLOSED) != 0 && inside(now) == 0 ? Left.QUIESCED : Left.OTHERS_INSIDE;
  }

  /** Nobody enters from now on; true: nobody is inside. */
  boolean close() {
    return inside(word.getAndOr(CLOSED)) == 0;
  }

  boolean isOpen() {
    return (word.get() & CLOSED) == 0;
  }

  long inside() {
    return inside(word.get());
  }

  private static long inside(long seen) {
    return seen & ~(CLOSED | HOLDING);
  }
}
