package org.bufferyard.allocator.region;

import java.util.ArrayList;
import java.util.List;
import org.bufferyard.allocator.Errno;
import org.bufferyard.allocator.Outcome;

/**
 * Ranges of an address space, placed by best fit, lowest, highest or the last hole made, at any
 * alignment, inside windows and with gaps between colours. Not thread-safe; owned by the manager of
 * the space. Model of {@code struct drm_mm}, {@code drivers/gpu/drm/drm_mm.c}.
 *
 * <p>Units are the caller's (bytes or pages); addresses are not negative. Refusals are ENOSPC and
 * change nothing, as the kernel answers for ranges outside the space too.
 */
public final class RangeAllocator {
  private static final int NIL = HoleTree.NIL;

  /*
   * A hole is named by the slot of the node before it. It is in both trees and in the stack of
   * holes, newest first, which only the EVICT mode reads.
   */
  private final long start;
  private final long end;
  private final ColourRule colours;
  private final RangeSlots slots;
  private final HoleTree byAddress = new HoleTree(false);
  private final HoleTree bySize = new HoleTree(true);
  private final HoleStack newest = new HoleStack();
  private int nodes;
  private boolean scanning;

  /** The space {@code [start, start + size)}, empty. */
  public RangeAllocator(long start, long size, ColourRule colours) {
    if (start < 0 || size < 1 || start > Long.MAX_VALUE - size) {
      throw new IllegalArgumentException("space out of range, start=" + start + ", size=" + size);
    }
    this.start = start;
    this.end = start + size;
    this.colours = colours;
    slots = new RangeSlots(start, end);
    addHole(RangeSlots.EDGE);
  }

  public RangeAllocator(long start, long size) {
    this(start, size, ColourRule.NONE);
  }

  /** Nothing is in use. */
  public boolean clean() {
    return nodes == 0;
  }

  public int nodes() {
    return nodes;
  }

  public long largestHole() {
    return byAddress.largest();
  }

  /** Takes a range as {@code request} says: EINVAL for a size or alignment below 1, ENOSPC. */
  public Outcome<RangeNode> insert(RangeRequest request) {
    requireNoScan();
    if (request.size() < 1 || request.align() < 1) {
      return Outcome.refused(Errno.EINVAL, "size and alignment must be positive: " + request);
    }
    for (int hole = firstHole(request); hole != NIL; hole = nextHole(hole, request)) {
      long place = placeBehind(hole, request);
      if (place >= 0) {
        return Outcome.done(fill(hole, place, request.size(), request.colour()));
      }
    }
    return Outcome.refused(
        Errno.ENOSPC, "no hole for " + request + ", largest hole " + largestHole());
  }

  /** Takes exactly {@code [at, at + size)}; ENOSPC if any of it, or of its gaps, is not free. */
  public Outcome<RangeNode> reserve(long at, long size, long colour) {
    requireNoScan();
    // Below the space lies no hole, and from its end on no room.
    if (size >= 1 && size <= end - at) {
      int hole = byAddress.previousFit(at, 1);
      if (hole != NIL && at + size <= freeEnd(hole, colour) && at >= freeStart(hole, colour)) {
        return Outcome.done(fill(hole, at, size, colour));
      }
    }
    return Outcome.refused(
        Errno.ENOSPC, "not free: " + size + " at " + at + " of [" + start + ", " + end + ")");
  }

  /** Gives a range back: EINVAL if the node is not of this space or was removed before. */
  public Outcome<RangeNode> remove(RangeNode node) {
    requireNoScan();
    if (!slots.holds(node)) {
      return Outcome.refused(Errno.EINVAL, "not in use here: " + node);
    }
    int before = slots.previous(node.slot);
    dropHole(node.slot);
    dropHole(before);
    slots.remove(node);
    nodes--;
    addHole(before);
    return Outcome.done(node);
  }

  /** Hands the range of {@code node} to a new node; the old one is no longer in use. */
  public Outcome<RangeNode> replace(RangeNode node) {
    requireNoScan();
    return slots.holds(node)
        ? Outcome.done(slots.replace(node))
        : Outcome.refused(Errno.EINVAL, "not in use here: " + node);
  }

  /**
   * Starts looking for nodes whose removal makes room for {@code request}. Until the scan has given
   * back every node, no other operation is legal.
   */
  public EvictScan scan(RangeRequest request) {
    requireNoScan();
    return new EvictScan(this, slots, colours, request);
  }

  void scanning(boolean active) {
    scanning = active;
  }

  private void requireNoScan() {
    if (scanning) {
      throw new IllegalStateException("an eviction scan still holds nodes");
    }
  }

  /** The nodes, lowest first. */
  public List<RangeNode> inOrder() {
    List<RangeNode> list = new ArrayList<>(nodes);
    for (int at = slots.next(RangeSlots.EDGE); at != RangeSlots.EDGE; at = slots.next(at)) {
      RangeNode node = slots.node(at);
      if (node != null) {
        list.add(node);
      }
    }
    return list;
  }

  /** The nodes and the holes between them, lowest first, as a line of text. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    for (int at = RangeSlots.EDGE; ; ) {
      long hole = slots.startOf(slots.next(at)) - slots.endOf(at);
      text.append(hole > 0 ? "(hole " + hole + ")" : "");
      at = slots.next(at);
      if (at == RangeSlots.EDGE) {
        return text.toString();
      }
      text.append(slots.node(at)).append(' ');
    }
  }

  private int firstHole(RangeRequest request) {
    return switch (request.mode()) {
      case BEST -> bySize.ceiling(request.size(), Long.MIN_VALUE);
      case LOW -> {
        int covering = byAddress.previousFit(request.lowest(), 1);
        yield covering == NIL ? byAddress.nextFit(request.lowest(), request.size()) : covering;
      }
      case HIGH -> byAddress.previousFit(request.limit() - 1, request.size());
      case EVICT -> newest.first();
    };
  }

  private int nextHole(int hole, RangeRequest request) {
    return switch (request.mode()) {
      case BEST -> bySize.ceiling(bySize.size(hole), bySize.start(hole) + 1);
      case LOW -> byAddress.nextFit(byAddress.start(hole) + 1, request.size());
      case HIGH -> byAddress.previousFit(byAddress.start(hole) - 1, request.size());
      case EVICT -> newest.next(hole);
    };
  }

  private long placeBehind(int hole, RangeRequest request) {
    return request.placeIn(freeStart(hole, request.colour()), freeEnd(hole, request.colour()));
  }

  private long freeStart(int hole, long colour) {
    RangeNode before = slots.node(hole);
    return slots.endOf(hole) + (before == null ? 0 : colours.gap(before.colour(), colour));
  }

  private long freeEnd(int hole, long colour) {
    int behind = slots.next(hole);
    RangeNode after = slots.node(behind);
    return slots.startOf(behind) - (after == null ? 0 : colours.gap(colour, after.colour()));
  }

  private RangeNode fill(int hole, long at, long size, long colour) {
    dropHole(hole);
    RangeNode node = slots.add(hole, at, size, colour);
    nodes++;
    addHole(node.slot);
    addHole(hole);
    return node;
  }

  private void addHole(int slot) {
    long from = slots.endOf(slot);
    long size = slots.startOf(slots.next(slot)) - from;
    if (size > 0) {
      byAddress.add(slot, from, size);
      bySize.add(slot, from, size);
      newest.push(slot);
    }
  }

  private void dropHole(int slot) {
    if (slots.startOf(slots.next(slot)) > slots.endOf(slot)) {
      byAddress.remove(slot);
      bySize.remove(slot);
      newest.remove(slot);
    }
  }
}
