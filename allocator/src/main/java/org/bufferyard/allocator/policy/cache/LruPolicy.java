package org.bufferyard.allocator.policy.cache;

import org.bufferyard.allocator.policy.Demand;
import org.bufferyard.allocator.policy.EvictionPolicy;
import org.bufferyard.allocator.policy.Hint;
import org.bufferyard.allocator.policy.PolicyContext;
import org.bufferyard.allocator.policy.Removal;

/**
 * Least recently used leaves first. Pinned buffers are kept apart, as on TTM's pinned list, and
 * come back as the newest. Use, admission and removal are constant time, amortised; 4 bytes per id
 * and up to 20 per resident or expected one.
 */
public final class LruPolicy implements EvictionPolicy {
  private final SlotLog log;
  private final PinMarks pins = new PinMarks();

  public LruPolicy(PolicyContext context) {
    log = new SlotLog(context);
  }

  @Override
  public void admitted(int id, long nowNanos) {
    log.addNewest(id);
  }

  @Override
  public void used(int id, long nowNanos) {
    if (!pins.pinned(id)) {
      log.makeNewest(id);
    }
  }

  @Override
  public void removed(int id, Removal reason, long nowNanos) {
    if (!pins.clear(id)) {
      log.remove(id);
    }
  }

  @Override
  public void pinned(int id) {
    if (pins.set(id)) {
      log.remove(id);
    }
  }

  @Override
  public void unpinned(int id, long nowNanos) {
    if (pins.clear(id)) {
      log.addNewest(id);
    }
  }

  @Override
  public void hinted(int id, Hint hint, long nowNanos) {
    if (hint != Hint.WILL_NEED && !pins.pinned(id)) {
      log.remove(id);
      log.addOldest(id);
    }
  }

  @Override
  public int serve(int[] ids, int from, int to, boolean[] resident) {
    return log.renew(ids, from, to, resident);
  }

  @Override
  public void begin(Demand demand) {
    log.startWalk();
  }

  @Override
  public int victim(Demand demand) {
    return log.walk(demand);
  }
}
