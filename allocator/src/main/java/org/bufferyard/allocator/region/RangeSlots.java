package org.bufferyard.allocator.region;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The nodes of a {@link RangeAllocator} in address order. Not thread-safe; owned by it. Slot 0 is
 * the end of the list in both directions and stands for the space's two edges.
 */
final class RangeSlots {
  static final int EDGE = 0;

  private final long start;
  private final long end;
  private @Nullable RangeNode[] nodes = new RangeNode[64];
  private int[] next = new int[64];
  private int[] previous = new int[64];
  private int[] unused = new int[64];
  private int unusedCount;
  private int used = 1;

  RangeSlots(long start, long end) {
    this.start = start;
    this.end = end;
  }

  /** Whether this very node is in the list, or taken out for a scan. */
  boolean holds(RangeNode node) {
    return node.slot < nodes.length && nodes[node.slot] == node;
  }

  @Nullable RangeNode node(int slot) {
    return nodes[slot];
  }

  int next(int slot) {
    return next[slot];
  }

  int previous(int slot) {
    return previous[slot];
  }

  /** Where the space behind {@code slot} begins. */
  long endOf(int slot) {
    RangeNode node = nodes[slot];
    return node == null ? start : node.end();
  }

  /** Where the space before {@code slot} ends. */
  long startOf(int slot) {
    RangeNode node = nodes[slot];
    return node == null ? end : node.start();
  }

  /** A node behind {@code after}, in the list. */
  RangeNode add(int after, long at, long size, long colour) {
    int slot = unusedCount > 0 ? unused[--unusedCount] : used++;
    if (slot >= nodes.length) {
      int length = nodes.length * 2;
      nodes = Arrays.copyOf(nodes, length);
      next = Arrays.copyOf(next, length);
      previous = Arrays.copyOf(previous, length);
      unused = Arrays.copyOf(unused, length);
    }
    RangeNode node = new RangeNode(slot, at, size, colour);
    nodes[slot] = node;
    previous[slot] = after;
    next[slot] = next[after];
    relink(slot);
    return node;
  }

  void remove(RangeNode node) {
    unlink(node.slot);
    nodes[node.slot] = null;
    unused[unusedCount++] = node.slot;
  }

  /** Puts an equal node, with a new identity, in the place of {@code node}. */
  RangeNode replace(RangeNode node) {
    RangeNode fresh = new RangeNode(node.slot, node.start(), node.size(), node.colour());
    nodes[node.slot] = fresh;
    return fresh;
  }

  /** Takes a slot out of the list; it keeps its neighbours, so that {@link #relink} undoes it. */
  void unlink(int slot) {
    next[previous[slot]] = next[slot];
    previous[next[slot]] = previous[slot];
  }

  void relink(int slot) {
    next[previous[slot]] = slot;
    previous[next[slot]] = slot;
  }
}
