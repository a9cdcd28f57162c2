package org.bufferyard.allocator.policy.cache;

import java.util.Arrays;
import org.bufferyard.allocator.policy.Demand;
import org.bufferyard.allocator.policy.EvictionPolicy;
import org.bufferyard.allocator.policy.OldestFirst;
import org.bufferyard.allocator.policy.Orders;
import org.bufferyard.allocator.policy.PolicyContext;
import org.bufferyard.allocator.policy.Removal;
import org.bufferyard.allocator.policy.Residents;

/**
 * LIRS: what was reused at a low inter-reference recency ({@code LIR}) holds nearly all the room;
 * the rest ({@code HIR}) passes through a short queue and gives the victims. The stack orders by
 * recency the LIR, the HIR and those that left since the oldest LIR was used: a use of a HIR found
 * there makes it LIR. Jiang and Zhang, SIGMETRICS 2002; parameters as in the authors' program. 17
 * bytes per id.
 */
public final class LirsPolicy implements EvictionPolicy {
  /** Part of the capacity for HIR residents, and its least size. */
  public static final double HIR_SHARE = 0.01;

  public static final long HIR_MIN = 2;

  /** Stack entries per unit of capacity. */
  public static final long STACK_LIMIT = 2500;

  private static final int ONLY = 0;
  private static final byte LIR = 1;
  private static final byte RESIDENT = 2;
  private static final byte STACKED = 4;

  private final Residents residents;
  private final Orders stack;
  private final Orders queue;
  private final OldestFirst queueWalk;
  private final OldestFirst stackWalk;
  private byte[] state;
  private long lirPages;
  private long maxLirPages;
  private long maxStacked;
  private int last = NONE;

  public LirsPolicy(PolicyContext context) {
    residents = context.residents();
    stack = new Orders(1, context.expectedIds());
    queue = new Orders(1, context.expectedIds());
    queueWalk = new OldestFirst(queue, ONLY);
    stackWalk = new OldestFirst(stack, ONLY);
    state = new byte[Math.max(16, context.expectedIds())];
    resized(context.capacityPages());
  }

  @Override
  public void resized(long capacityPages) {
    maxLirPages = capacityPages - Math.max(HIR_MIN, (long) (HIR_SHARE * capacityPages));
    maxStacked = STACK_LIMIT * capacityPages;
  }

  @Override
  public void admitted(int id, long nowNanos) {
    if (id >= state.length) {
      state = Arrays.copyOf(state, 2 * id);
    }
    state[id] |= RESIDENT;
    if (lirPages + residents.pages(id) <= maxLirPages) {
      makeLir(id);
    }
    touch(id);
  }

  /** Uses in immediate succession are one. */
  @Override
  public void used(int id, long nowNanos) {
    if (id != last) {
      if (!is(id, LIR)) {
        queueWalk.leaving(id);
        queue.remove(ONLY, id);
      }
      touch(id);
    }
  }

  /** Puts a resident that is not queued on top of the stack; found there as HIR, it turns LIR. */
  private void touch(int id) {
    last = id;
    boolean found = is(id, STACKED);
    if (found) {
      unstack(id);
    }
    stack.addNewest(ONLY, id);
    state[id] |= STACKED;
    if (!is(id, LIR)) {
      if (found) {
        makeLir(id);
        demoteExcess();
      } else {
        queue.addNewest(ONLY, id);
      }
    }
    prune();
  }

  private void makeLir(int id) {
    state[id] |= LIR;
    lirPages += residents.pages(id);
  }

  /** The LIR used longest ago turn HIR until the rest are within their share. */
  private void demoteExcess() {
    while (lirPages > maxLirPages) {
      prune();
      int oldest = stack.oldest(ONLY);
      unstack(oldest);
      state[oldest] &= ~LIR;
      lirPages -= residents.pages(oldest);
      queue.addNewest(ONLY, oldest);
    }
  }

  /** The oldest entry of the stack is always LIR, and the stack within its limit. */
  private void prune() {
    int oldest = stack.oldest(ONLY);
    while (oldest != NONE && !is(oldest, LIR)) {
      unstack(oldest);
      oldest = stack.oldest(ONLY);
    }
    if (stack.size(ONLY) > maxStacked) {
      dropOldestHir(oldest);
    }
  }

  private void dropOldestHir(int oldest) {
    for (int id = oldest; id != NONE; id = stack.newerThan(id)) {
      if (!is(id, LIR)) {
        unstack(id);
        return;
      }
    }
  }

  private void unstack(int id) {
    stackWalk.leaving(id);
    stack.remove(ONLY, id);
    state[id] &= ~STACKED;
  }

  @Override
  public void removed(int id, Removal reason, long nowNanos) {
    state[id] &= ~RESIDENT;
    if (id == last) {
      last = NONE;
    }
    if (is(id, LIR)) {
      state[id] &= ~LIR;
      lirPages -= residents.pages(id);
      unstack(id);
    } else {
      queueWalk.leaving(id);
      queue.remove(ONLY, id);
      if (reason != Removal.EVICTED) {
        forgotten(id);
      }
    }
    prune();
  }

  @Override
  public void forgotten(int id) {
    if (id < state.length && is(id, STACKED)) {
      unstack(id);
    }
  }

  @Override
  public void begin(Demand demand) {
    queueWalk.restart();
    stackWalk.restart();
  }

  /** The HIR that came first; LIR only where no HIR can be had. */
  @Override
  public int victim(Demand demand) {
    int hir = queueWalk.next(demand);
    return hir != NONE ? hir : oldestLir(demand);
  }

  private int oldestLir(Demand demand) {
    for (int id = stackWalk.peek(); id != NONE; id = stackWalk.peek()) {
      stackWalk.leaving(id);
      if (is(id, LIR) && demand.accepts(id)) {
        return id;
      }
    }
    return NONE;
  }

  private boolean is(int id, byte flag) {
    return (state[id] & flag) != 0;
  }
}
