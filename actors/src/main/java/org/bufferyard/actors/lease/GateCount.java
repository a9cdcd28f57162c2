package org.bufferyard.actors.lease;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * How many are inside, and whether more may enter: one word, changed by atomic operations alone,
 * without a lock. Its tests go through every interleaving of these operations, which for a single
 * word are all the behaviours there are, and of those of the list of leases beside it.
 *
 * <p>Its owner alone closes it, and so may keep to itself whom it has let in, until it closes: the
 * word then stays in the cache of those who leave. What it keeps is at most {@link #KEPT_MAX}.
 */
final class GateCount {
  /** The word. */
  interface Word {
    long get();

    boolean compareAndSet(long expected, long next);

    long decrementAndGet();

    /** Returns what was before. */
    long getAndAdd(long delta);
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

  /** Nobody inside: the word is less by those whom the owner keeps to itself. */
  static final long NOBODY = 1L << 32;

  /** What a word is at first. */
  static final long FRESH = HOLDING | NOBODY;

  private static final int KEPT_MAX = 64;

  private final Word word;
  private final Kept owner = new Kept();

  GateCount(Word word) {
    this.word = word;
  }

  static GateCount fresh() {
    return new GateCount(new Shared());
  }

  /**
   * Written by the owner for each that it lets in. It lies in cache lines of its own, and so does
   * the word: those who leave write that one, and neither waits for the other.
   */
  @SuppressWarnings("unused") // room between
  private static final class Kept {
    private long before0, before1, before2, before3, before4, before5, before6, before7;
    private long letIn;
    private long after0, after1, after2, after3, after4, after5, after6, after7;
    private boolean holding = true;
    private boolean closed;
  }

  @SuppressWarnings("unused") // room between
  private static final class Shared implements Word {
    private static final VarHandle VALUE;

    static {
      try {
        VALUE = MethodHandles.lookup().findVarHandle(Shared.class, "value", long.class);
      } catch (ReflectiveOperationException e) {
        throw new ExceptionInInitializerError(e);
      }
    }

    private long before0, before1, before2, before3, before4, before5, before6, before7;
    private volatile long value = FRESH;
    private long after0, after1, after2, after3, after4, after5, after6, after7;

    @Override
    public long get() {
      return value;
    }

    @Override
    public boolean compareAndSet(long expected, long next) {
      return VALUE.compareAndSet(this, expected, next);
    }

    @Override
    public long decrementAndGet() {
      return (long) VALUE.getAndAdd(this, -1L) - 1;
    }

    @Override
    public long getAndAdd(long delta) {
      return (long) VALUE.getAndAdd(this, delta);
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

  /** As {@link #enter}, by the owner. */
  boolean enterByOwner() {
    if (owner.closed || owner.holding) {
      return !owner.closed && enter();
    }
    if (++owner.letIn == KEPT_MAX) {
      word.getAndAdd(KEPT_MAX);
      owner.letIn = 0;
    }
    return true;
  }

  /** By the owner, which has heard of {@link Left#IDLE}: until then the word has to be exact. */
  void idleHeard() {
    owner.holding = false;
  }

  Left leave() {
    long now = word.decrementAndGet();
    if (now == FRESH && word.compareAndSet(FRESH, NOBODY)) {
      return Left.IDLE;
    }
    return (now & CLOSED) != 0 && inside(now) == 0 ? Left.QUIESCED : Left.OTHERS_INSIDE;
  }

  /** By the owner: nobody enters from now on; true: nobody is inside. */
  boolean close() {
    long now = owner.closed ? word.get() : word.getAndAdd(CLOSED + owner.letIn) + owner.letIn;
    owner.closed = true;
    owner.letIn = 0;
    return inside(now) == 0;
  }

  boolean isOpen() {
    return (word.get() & CLOSED) == 0;
  }

  /** From any thread; it is up to {@link #KEPT_MAX} more. */
  long insideAtLeast() {
    return inside(word.get());
  }

  /** By the owner. */
  boolean isEmpty() {
    return inside(word.get()) + owner.letIn == 0;
  }

  private static long inside(long seen) {
    return (seen & ~(CLOSED | HOLDING)) - NOBODY;
  }
}
