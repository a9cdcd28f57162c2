package org.bufferyard.allocator.policy.cache;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.bufferyard.allocator.policy.Demand;
import org.bufferyard.allocator.policy.EvictionPolicy;
import org.bufferyard.allocator.policy.OldestFirst;
import org.bufferyard.allocator.policy.PolicyContext;

/**
 * An order of ids from oldest to newest as a log: to arrive is to take the next slot, to leave is
 * to unmark one, and unmarked slots are squeezed out when the log is full. A linked order stores
 * where it has just loaded from, so that no later load may start before; here the places of stores
 * are known early (docs/policies.md). Changes are constant time, amortised; an id has 4 bytes, a
 * slot 5, and there are at most four slots for each id of the fullest time, or of those that the
 * context lets one expect. Not thread-safe.
 *
 * <p>Slots {@code [0, head)} are free, whatever their marks; those of {@code [head, tail)} are
 * {@link #FREE} or hold an id and are {@link #HELD}; those from {@code tail} are {@code FREE}.
 */
final class SlotLog {
  private static final byte FREE = 0;
  private static final byte HELD = 1;
  private static final int NOWHERE = -1;
  private static final int SLOTS_MIN = 64;

  /** Marks looked at in one step. */
  private static final int STEP = Long.BYTES;

  private static final VarHandle STEPS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  /** By id: its slot, or {@link #NOWHERE}. */
  private int[] slots;

  /** By slot: the id that took it last. */
  private int[] ids;

  /** By slot, and a step more, so that one from any slot is inside. */
  private byte[] marks;

  private int head;
  private int tail;
  private int size;

  /** What the walk looks at next. */
  private int walk = EvictionPolicy.NONE;

  SlotLog(PolicyContext context) {
    int expected = Math.max(16, context.expectedIds());
    slots = new int[expected];
    Arrays.fill(slots, NOWHERE);
    long count = Math.max(SLOTS_MIN, 4 * Math.min(context.capacityPages(), expected));
    ids = new int[(int) Math.min(count, 1 << 30)];
    marks = new byte[ids.length + STEP];
  }

  /** Puts {@code id}, not held now, at the newest end. */
  void addNewest(int id) {
    ensureId(id);
    makeRoom();
    put(tail++, id);
    size++;
  }

  /** Puts {@code id}, not held now, at the oldest end. */
  void addOldest(int id) {
    ensureId(id);
    if (head == 0) {
      lead();
    }
    put(--head, id);
    size++;
  }

  private void put(int slot, int id) {
    ids[slot] = id;
    marks[slot] = HELD;
    slots[id] = slot;
  }

  private void ensureId(int id) {
    if (id >= slots.length) {
      int before = slots.length;
      slots = Arrays.copyOf(slots, Math.max(id + 1, 2 * before));
      Arrays.fill(slots, before, slots.length, NOWHERE);
    }
  }

  void remove(int id) {
    leaving(id);
    marks[slots[id]] = FREE;
    slots[id] = NOWHERE;
    size--;
  }

  private void leaving(int id) {
    if (walk == id) {
      walk = newerThan(id);
    }
  }

  /** Makes {@code id}, which is held, the newest. */
  void makeNewest(int id) {
    leaving(id);
    makeRoom();
    marks[slots[id]] = FREE;
    put(tail++, id);
  }

  /**
   * Makes each of {@code wanted[from, to)} the newest: from its place where it is held, else in the
   * stead of the oldest, which leaves; some id is held. Keeps {@code here} in step; returns how
   * many were not held.
   */
  int renew(int[] wanted, int from, int to, boolean[] here) {
    int most = 0;
    for (int at = from; at < to; at++) {
      most = Math.max(most, wanted[at]);
    }
    ensureId(most);
    int missed = 0;
    for (int at = from; at < to; ) {
      makeRoom();
      int stop = Math.min(to, at + ids.length - tail);
      missed += renewInRoom(wanted, at, stop, here);
      at = stop;
    }
    return missed;
  }

  /**
   * One way for those held and those not, because no predictor can tell which it will be. What
   * changes with each is in locals, for a field would be stored and loaded each time.
   */
  private int renewInRoom(int[] wanted, int from, int to, boolean[] here) {
    int[] slotOf = slots;
    int[] idOf = ids;
    byte[] mark = marks;
    int first = head;
    int end = tail;
    int missed = 0;
    for (int at = from; at < to; at++) {
      int id = wanted[at];
      long step;
      while ((step = (long) STEPS.get(mark, first)) == 0) {
        first += STEP;
      }
      int oldest = first + (Long.numberOfTrailingZeros(step) >>> 3);
      int slot = slotOf[id];
      int absent = slot >> 31;
      int leaving = idOf[choose(absent, oldest, slot)];
      // The oldest's mark stays, out of sight before the head; the end's is set below.
      mark[choose(absent, end, slot)] = FREE;
      first = oldest - absent;
      slotOf[leaving] = NOWHERE;
      here[leaving] = false;
      slotOf[id] = end;
      here[id] = true;
      mark[end] = HELD;
      idOf[end++] = id;
      missed -= absent;
    }
    head = first;
    tail = end;
    return missed;
  }

  /** {@code a} where {@code mask} is -1, {@code b} where it is 0, without a branch. */
  private static int choose(int mask, int a, int b) {
    return b ^ ((a ^ b) & mask);
  }

  /**
   * Starts a walk from the oldest to the newest; an id may leave meanwhile, as {@link OldestFirst}.
   */
  void startWalk() {
    walk = idAt(next(head));
  }

  /** The next id that {@code demand} accepts, or {@link EvictionPolicy#NONE} at the end. */
  int walk(Demand demand) {
    while (walk != EvictionPolicy.NONE) {
      int candidate = walk;
      walk = newerThan(candidate);
      if (demand.accepts(candidate)) {
        return candidate;
      }
    }
    return EvictionPolicy.NONE;
  }

  private int newerThan(int id) {
    return idAt(next(slots[id] + 1));
  }

  private int idAt(int slot) {
    return slot < tail ? ids[slot] : EvictionPolicy.NONE;
  }

  /** The first slot from {@code from}, at least the head, that holds an id, or the tail. */
  private int next(int from) {
    for (int slot = from; slot < tail; slot += STEP) {
      long step = (long) STEPS.get(marks, slot);
      if (step != 0) {
        return slot + (Long.numberOfTrailingZeros(step) >>> 3);
      }
    }
    return tail;
  }

  private void makeRoom() {
    if (tail == ids.length) {
      squeeze();
    }
  }

  /** Leaves at least half of the slots at the end free. No branch asks whether a slot is held. */
  private void squeeze() {
    int[] slotOf = slots;
    int[] idOf = ids;
    byte[] mark = marks;
    int to = 0;
    for (int slot = head; slot < tail; slot++) {
      int id = idOf[slot];
      byte kept = mark[slot];
      idOf[to] = id;
      mark[to] = kept;
      slotOf[id] = choose(-kept, to, slotOf[id]);
      to += kept;
    }
    Arrays.fill(marks, to, tail, FREE);
    head = 0;
    tail = to;
    if (size > ids.length / 2) {
      ids = Arrays.copyOf(ids, 2 * ids.length);
      marks = Arrays.copyOf(marks, ids.length + STEP);
    }
  }

  /** Moves the ids to the middle, so that there are free slots before the oldest. */
  private void lead() {
    squeeze();
    int by = (ids.length - size) / 2;
    System.arraycopy(ids, 0, ids, by, size);
    System.arraycopy(marks, 0, marks, by, size);
    head = by;
    tail = by + size;
    for (int slot = head; slot < tail; slot++) {
      slots[ids[slot]] = slot;
    }
  }
}
