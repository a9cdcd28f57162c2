package org.bufferyard.actors.lease;

import akka.actor.typed.ActorRef;
import java.lang.foreign.Arena;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.bufferyard.allocator.DmaDirection;
import org.bufferyard.allocator.sg.SgTable;
import org.jspecify.annotations.Nullable;

/**
 * A lease of a mapped buffer: while it is open, the pages stay where they are. Close it soon; what
 * is never closed is reclaimed when its time is over or its owner has died, and whoever still uses
 * it is told where it was taken.
 *
 * <p>Thread-safe. {@link #open} gives the memory to one thread for a block; {@link #openShared} to
 * all, at the price of a handshake of all threads when it closes. Closing the lease ends its views;
 * one that another thread has open in a block ends with that block, and the pages stay until then.
 */
public final class Mapping implements AutoCloseable {
  /** A view has been opened: from now on the lock decides. */
  private static final Object VIEWED = new Object();

  private static final Object CLOSED = new Object();

  private static final VarHandle STATE;

  static {
    try {
      STATE = MethodHandles.lookup().findVarHandle(Mapping.class, "state", Object.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final MappingGate gate;
  private final SharedBuffer buffer;
  private final DmaDirection direction;
  private final Object place;
  final @Nullable ActorRef<?> owner;
  final long expiresNanos;

  /** In the gate's list of leases that the importer does not know yet; set by who takes it. */
  private @Nullable Mapping taken;

  private int position;

  /**
   * Null: open, and never looked into; {@link #VIEWED}: open; {@link #CLOSED}; else why it was
   * reclaimed. Most leases end as they began, by one exchange of null: a lock, or a first value
   * that would be written here, cost more than all else that a cached map does.
   */
  @SuppressWarnings("unused") // set by STATE
  private volatile @Nullable Object state;

  // Guarded by this.
  private @Nullable MemoryView firstView;

  /** The gate has been entered for it. */
  Mapping(
      MappingGate gate,
      SharedBuffer buffer,
      DmaDirection direction,
      Object place,
      @Nullable ActorRef<?> owner,
      long expiresNanos) {
    this.gate = gate;
    this.buffer = buffer;
    this.direction = direction;
    this.place = place;
    this.owner = owner;
    this.expiresNanos = expiresNanos;
  }

  /** Comes after {@code before} in the gate's list. */
  void follow(@Nullable Mapping before) {
    taken = before;
    position = before == null ? 1 : before.position + 1;
  }

  MappingGate gate() {
    return gate;
  }

  /** In the gate's list, from 1. */
  int position() {
    return position;
  }

  /** Takes the one before it out of the gate's list, so that no lease keeps another. */
  @Nullable Mapping unfollow() {
    Mapping before = taken;
    taken = null;
    return before;
  }

  public SharedBuffer buffer() {
    return buffer;
  }

  /** Of the placement that is mapped; another one after the buffer has moved. */
  public long generation() {
    return gate.generation;
  }

  public long sizeBytes() {
    return buffer.sizeBytes();
  }

  /** Its segments, at the yard's own addresses: for whoever asks how it lies, not for access. */
  public SgTable table() {
    return gate.table;
  }

  /** Index of the memory region that holds the pages. */
  public int region() {
    return gate.region;
  }

  /** The lease permits to write: it was taken for a direction in which the device writes. */
  public boolean writable() {
    return direction.deviceWrites();
  }

  /** Views for this thread alone: another one gets {@link WrongThreadException}. */
  // The view closes the arena.
  @SuppressWarnings("MustBeClosedChecker")
  public MemoryView open() {
    return open(Arena.ofConfined(), true);
  }

  /** Views for any thread. Closing them costs a handshake of all threads of the JVM. */
  // The view closes the arena.
  @SuppressWarnings("MustBeClosedChecker")
  public MemoryView openShared() {
    return open(Arena.ofShared(), false);
  }

  private synchronized MemoryView open(Arena arena, boolean confined) {
    if (!STATE.compareAndSet(this, null, VIEWED) && state != VIEWED) {
      arena.close();
      throw new IllegalStateException(ended());
    }
    MemoryView view = new MemoryView(this, gate, arena, confined, firstView);
    if (firstView != null) {
      firstView.before = view;
    }
    firstView = view;
    return view;
  }

  private String ended() {
    return state == CLOSED
        ? "the mapping of " + buffer.id() + " has been unmapped; it was taken at " + place()
        : "the mapping of "
            + buffer.id()
            + " was reclaimed, "
            + state
            + "; it was taken at "
            + place;
  }

  public boolean isOpen() {
    Object now = state;
    return now == null || now == VIEWED;
  }

  /** Unmaps. More than once is no error. */
  @Override
  public void close() {
    end(CLOSED);
  }

  /** Returns whether it was open until now. */
  boolean reclaim(String because) {
    return end(because);
  }

  private boolean end(Object how) {
    return STATE.compareAndSet(this, null, how) ? leave() : endViewed(how);
  }

  private boolean leave() {
    gate.leave();
    return true;
  }

  private boolean endViewed(Object how) {
    boolean left;
    synchronized (this) {
      if (state != VIEWED) {
        return false;
      }
      state = how;
      for (MemoryView view = firstView; view != null; view = view.after) {
        if (view.die()) {
          unlink(view);
        }
      }
      left = firstView == null;
    }
    if (left) {
      gate.leave();
    }
    return true;
  }

  /** The view's arena is closed. */
  void viewClosed(MemoryView view) {
    boolean left;
    synchronized (this) {
      if (!view.linked) {
        return;
      }
      unlink(view);
      left = state != VIEWED && firstView == null;
    }
    if (left) {
      gate.leave();
    }
  }

  private void unlink(MemoryView view) {
    view.linked = false;
    if (view.before == null) {
      firstView = view.after;
    } else {
      view.before.after = view.after;
    }
    if (view.after != null) {
      view.after.before = view.before;
    }
  }

  /** Where it was taken: an actor, or a line of code. */
  public String place() {
    return place instanceof ActorRef<?> actor ? actor.path().toString() : place.toString();
  }

  @Override
  public String toString() {
    return "Mapping[" + buffer.id() + ", generation " + gate.generation + ", " + direction + "]";
  }
}
