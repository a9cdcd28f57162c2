package org.bufferyard.actors.fence;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import org.bufferyard.actors.protocol.FenceUsage;
import org.bufferyard.allocator.Errno;
import org.bufferyard.allocator.Refusal;
import org.jspecify.annotations.Nullable;

/**
 * The fences of one reservation, each with what it protects. A query for a usage sees that usage
 * and all stronger ones. Room is reserved before a fence is added, so that adding cannot fail. Not
 * thread-safe; owned by the reservation's actor. Model of {@code struct dma_resv}, {@code
 * drivers/dma-buf/dma-resv.c}.
 */
public final class ReservedFences {
  /** Unsignalled fences of one reservation; more are refused EAGAIN. */
  public static final int FENCES_MAX = 4096;

  private static final int CAPACITY_MIN = 4;
  private static final Fence[] NO_FENCES = {};
  private static final FenceUsage[] NO_USAGES = {};

  private Fence[] fences = NO_FENCES;
  private FenceUsage[] usages = NO_USAGES;
  private int count;

  /** Fences may be added up to here. */
  private int room;

  /** Grows with each change that an iteration under way has to begin again for. */
  private long version;

  /**
   * Room for {@code slots} fences beyond those there, until {@link #unlock}.
   *
   * @return null, EINVAL for less than one, EAGAIN beyond {@link #FENCES_MAX}; the room is as it
   *     was
   */
  public @Nullable Refusal reserve(int slots) {
    if (slots < 1) {
      return new Refusal(Errno.EINVAL, "slots must be positive, were " + slots);
    }
    if (slots > FENCES_MAX - count) {
      dropSignalled();
    }
    if (slots > FENCES_MAX - count) {
      return new Refusal(
          Errno.EAGAIN,
          "a reservation holds " + FENCES_MAX + " fences, has " + count + ", more by " + slots,
          "waiting until some have signalled");
    }
    int needed = count + slots;
    if (needed > fences.length) {
      int capacity = Math.max(Math.max(needed, 2 * fences.length), CAPACITY_MIN);
      fences = Arrays.copyOf(fences, capacity);
      usages = Arrays.copyOf(usages, capacity);
      version++;
    }
    room = Math.max(room, needed);
    return null;
  }

  /** Room that was not used is lost. */
  public void unlock() {
    room = count;
  }

  public int capacity() {
    return fences.length;
  }

  /**
   * Adds a fence. It takes the place of a signalled one, or of an earlier one of its context that
   * protects no more than it does; otherwise it needs reserved room.
   */
  public void add(Fence fence, FenceUsage usage) {
    int at = 0;
    while (at < count && !replaces(fence, usage, at)) {
      at++;
    }
    if (at >= Math.max(count, room)) {
      throw new IllegalStateException("no room was reserved for " + fence);
    }
    fences[at] = fence;
    usages[at] = usage;
    count = Math.max(count, at + 1);
    version++;
  }

  /** Room reserved and not used. */
  public int promised() {
    return Math.max(0, room - count);
  }

  /** How many fences could be added beside what room others have reserved. */
  public int spare() {
    if (Math.max(count, room) >= FENCES_MAX) {
      dropSignalled();
    }
    return FENCES_MAX - Math.max(count, room);
  }

  /**
   * Adds a fence without room of its own; what others have reserved stays. Needs {@link #spare}.
   */
  public void addBeside(Fence fence, FenceUsage usage) {
    int promised = promised();
    Refusal refusal = reserve(promised + 1);
    if (refusal != null) {
      throw new IllegalStateException("no room for " + fence + ": " + refusal);
    }
    add(fence, usage);
    room = count + promised;
  }

  private boolean replaces(Fence fence, FenceUsage usage, int at) {
    Fence old = fences[at];
    return old.signalled()
        || (old.context() == fence.context()
            && usages[at].compareTo(usage) >= 0
            && !old.isLater(fence));
  }

  /** Puts {@code fence} in the place of every fence of {@code context}. */
  public void replace(long context, Fence fence, FenceUsage usage) {
    for (int i = 0; i < count; i++) {
      if (fences[i].context() == context) {
        fences[i] = fence;
        usages[i] = usage;
        version++;
      }
    }
  }

  /** Takes over the unsignalled fences of another reservation, in place of its own. */
  public void copyFrom(ReservedFences other) {
    fences = other.fences.clone();
    usages = other.usages.clone();
    count = other.count;
    version++;
    dropSignalled();
    room = count;
  }

  /** Forgets what has signalled; the others keep their order, and the reserved room its size. */
  public void dropSignalled() {
    int kept = 0;
    for (int i = 0; i < count; i++) {
      if (!fences[i].signalled()) {
        fences[kept] = fences[i];
        usages[kept++] = usages[i];
      }
    }
    if (kept < count) {
      Arrays.fill(fences, kept, count, null);
      room -= count - kept;
      count = kept;
      version++;
    }
  }

  /** All that a query for {@code usage} sees has signalled. */
  public boolean signalled(FenceUsage usage) {
    return first(usage, fence -> true) == null;
  }

  /** The first unsignalled fence that a query for {@code usage} sees and that matches. */
  public @Nullable Fence first(FenceUsage usage, Predicate<Fence> matches) {
    for (int i = 0; i < count; i++) {
      if (!fences[i].signalled() && usages[i].seenBy(usage) && matches.test(fences[i])) {
        return fences[i];
      }
    }
    return null;
  }

  /** The unsignalled fences that a query for {@code usage} sees, in order of addition. */
  public List<Fence> fences(FenceUsage usage) {
    List<Fence> seen = new ArrayList<>();
    Cursor cursor = new Cursor(usage);
    for (Fence fence = cursor.next(); fence != null; fence = cursor.next()) {
      seen.add(fence);
    }
    return seen;
  }

  /** One fence for all that a query sees; null if there is nothing to wait for. */
  public @Nullable Fence singleton(FenceContexts contexts, FenceUsage usage) {
    List<Fence> seen = fences(usage);
    return switch (seen.size()) {
      case 0 -> null;
      case 1 -> seen.getFirst();
      default -> new FenceArray(contexts.take(1), 1, seen, false);
    };
  }

  /** How a wait for what a query sees stands. */
  public WaitResult await(FenceUsage usage, long nowNanos, long untilNanos) {
    return WaitResult.of(signalled(usage), nowNanos, untilNanos);
  }

  /** Somebody wants what a query sees by {@code nanos}. */
  public void setDeadline(FenceUsage usage, long nanos) {
    fences(usage).forEach(fence -> fence.setDeadline(nanos));
  }

  public Cursor cursor(FenceUsage usage) {
    return new Cursor(usage);
  }

  /**
   * An iteration that others may interrupt: when the reservation has changed meanwhile it begins
   * again, says so, and yields fences a second time. Model of {@code dma_resv_iter_next_unlocked}.
   */
  public final class Cursor {
    private final FenceUsage query;
    private long seen = version;
    private int next;
    private boolean restarted = true;

    private Cursor(FenceUsage query) {
      this.query = query;
    }

    /** The next unsignalled fence; null at the end. */
    public @Nullable Fence next() {
      restarted = next == 0 || seen != version;
      if (seen != version) {
        seen = version;
        next = 0;
      }
      while (next < count) {
        int at = next++;
        if (!fences[at].signalled() && usages[at].seenBy(query)) {
          return fences[at];
        }
      }
      return null;
    }

    /** The last {@link #next} began from the start: forget what was yielded before. */
    public boolean restarted() {
      return restarted;
    }

    /** With which the fence last yielded was added. */
    public FenceUsage usage() {
      return usages[next - 1];
    }
  }
}
