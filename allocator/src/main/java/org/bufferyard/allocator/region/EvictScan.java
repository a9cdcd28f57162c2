package org.bufferyard.allocator.region;

import java.util.Arrays;

/**
 * Collects victims, in the order offered, until the hole they would leave holds a request. Not
 * thread-safe; used by the owner of the range allocator. Model of {@code struct drm_mm_scan}.
 *
 * <p>Offer nodes with {@link #add} until it answers true (or there are none left), then give every
 * one back with {@link #remove}, newest first: it answers whether that node is in the way. Evict
 * exactly those, then insert with the mode EVICT. The allocator is unchanged by the scan itself.
 */
public final class EvictScan {
  private final RangeAllocator space;
  private final RangeSlots slots;
  private final ColourRule colours;
  private final RangeRequest request;
  private RangeNode[] offered = new RangeNode[16];
  private int count;
  private long hitStart = -1;

  EvictScan(RangeAllocator space, RangeSlots slots, ColourRule colours, RangeRequest request) {
    this.space = space;
    this.slots = slots;
    this.colours = colours;
    this.request = request;
  }

  /** Offers a node as victim; true once the request fits where the offered ones are. */
  public boolean add(RangeNode node) {
    if (!slots.holds(node) || isOffered(node)) {
      throw new IllegalArgumentException("not in use, or offered before: " + node);
    }
    remember(node);
    int before = slots.previous(node.slot);
    int behind = slots.next(node.slot);
    slots.unlink(node.slot);
    long place = request.placeIn(freeFrom(before), freeTo(behind));
    if (place < 0) {
      return false;
    }
    hitStart = place;
    return true;
  }

  private boolean isOffered(RangeNode node) {
    return slots.next(slots.previous(node.slot)) != node.slot;
  }

  private void remember(RangeNode node) {
    if (count == offered.length) {
      offered = Arrays.copyOf(offered, count * 2);
    }
    offered[count++] = node;
    space.scanning(true);
  }

  private long freeFrom(int before) {
    RangeNode node = slots.node(before);
    return slots.endOf(before) + (node == null ? 0 : colours.gap(node.colour(), request.colour()));
  }

  private long freeTo(int behind) {
    RangeNode node = slots.node(behind);
    return slots.startOf(behind)
        - (node == null ? 0 : colours.gap(request.colour(), node.colour()));
  }

  /** Gives back the node offered last of those still held; true if it must be evicted. */
  public boolean remove(RangeNode node) {
    if (count == 0 || offered[count - 1] != node) {
      throw new IllegalArgumentException("not the node offered last: " + node);
    }
    count--;
    slots.relink(node.slot);
    space.scanning(count > 0);
    long colour = request.colour();
    return hitStart >= 0
        && node.end() + colours.gap(node.colour(), colour) > hitStart
        && node.start() - colours.gap(colour, node.colour()) < hitStart + request.size();
  }
}
