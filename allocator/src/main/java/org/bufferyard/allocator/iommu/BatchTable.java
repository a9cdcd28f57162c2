package org.bufferyard.allocator.iommu;

import java.util.Arrays;

/**
 * The live batches of a domain: one IOVA range each, with members that leave one by one. Slots and
 * their columns are reused; a handle carries the generation of its slot, so that a handle of a
 * batch that is gone finds nothing. Not thread-safe; owned by its domain.
 */
final class BatchTable {
  static final int ABSENT = -1;

  private static final int SLOT_BITS = 24;
  private static final long[] NO_MEMBERS = {};

  private long[] bases = new long[4];
  private long[] reserved = new long[4];
  private byte[] accesses = new byte[4];
  private int[] members = new int[4];
  private int[] live = new int[4];
  private long[] livePages = new long[4];
  private int[] generations = new int[4];
  private int[] freeNext = new int[4];

  /** First page of each member from the base, negated minus one once the member has left. */
  private long[][] starts = {NO_MEMBERS, NO_MEMBERS, NO_MEMBERS, NO_MEMBERS};

  private long[][] lengths = {NO_MEMBERS, NO_MEMBERS, NO_MEMBERS, NO_MEMBERS};
  private int slots;
  private int firstFree = ABSENT;
  private int liveMembers;

  int liveMembers() {
    return liveMembers;
  }

  /** A slot whose member columns hold {@code count}, to be filled with {@link #setMember}. */
  int prepare(int count) {
    if (firstFree == ABSENT) {
      if (slots == bases.length) {
        grow();
      }
      freeNext[slots] = ABSENT;
      firstFree = slots++;
    }
    int slot = firstFree;
    if (starts[slot].length < count) {
      starts[slot] = new long[count];
      lengths[slot] = new long[count];
    }
    return slot;
  }

  void setMember(int slot, int member, long start, long pages) {
    starts[slot][member] = start;
    lengths[slot][member] = pages;
  }

  /** Makes the prepared slot a live batch; returns its handle. */
  long commit(int slot, int count, long base, long reservedPages, long access) {
    firstFree = freeNext[slot];
    bases[slot] = base;
    reserved[slot] = reservedPages;
    accesses[slot] = (byte) access;
    members[slot] = count;
    live[slot] = count;
    livePages[slot] = 0;
    for (int member = 0; member < count; member++) {
      livePages[slot] += lengths[slot][member];
    }
    liveMembers += count;
    return ((long) generations[slot] << SLOT_BITS) | slot;
  }

  /** The slot of a handle, or {@link #ABSENT}. */
  int find(long handle) {
    int slot = (int) (handle & ((1 << SLOT_BITS) - 1));
    return handle >= 0
            && slot < slots
            && live[slot] > 0
            && generations[slot] == handle >>> SLOT_BITS
        ? slot
        : ABSENT;
  }

  int members(int slot) {
    return members[slot];
  }

  int live(int slot) {
    return live[slot];
  }

  /** Pages of the members that are still there. */
  long livePages(int slot) {
    return livePages[slot];
  }

  long base(int slot) {
    return bases[slot];
  }

  long reserved(int slot) {
    return reserved[slot];
  }

  long access(int slot) {
    return accesses[slot];
  }

  boolean isLive(int slot, int member) {
    return starts[slot][member] >= 0;
  }

  long start(int slot, int member) {
    return starts[slot][member];
  }

  long pages(int slot, int member) {
    return lengths[slot][member];
  }

  /** Takes a live member out; the slot is free again with the last one. */
  void leave(int slot, int member) {
    starts[slot][member] = -1 - starts[slot][member];
    live[slot]--;
    livePages[slot] -= lengths[slot][member];
    liveMembers--;
    if (live[slot] == 0) {
      release(slot);
    }
  }

  void leaveAll(int slot) {
    liveMembers -= live[slot];
    live[slot] = 0;
    release(slot);
  }

  private void release(int slot) {
    generations[slot] = (generations[slot] + 1) & Integer.MAX_VALUE;
    freeNext[slot] = firstFree;
    firstFree = slot;
  }

  int slots() {
    return slots;
  }

  private void grow() {
    int size = slots * 2;
    bases = Arrays.copyOf(bases, size);
    reserved = Arrays.copyOf(reserved, size);
    accesses = Arrays.copyOf(accesses, size);
    members = Arrays.copyOf(members, size);
    live = Arrays.copyOf(live, size);
    livePages = Arrays.copyOf(livePages, size);
    generations = Arrays.copyOf(generations, size);
    freeNext = Arrays.copyOf(freeNext, size);
    starts = Arrays.copyOf(starts, size);
    lengths = Arrays.copyOf(lengths, size);
    Arrays.fill(starts, slots, size, NO_MEMBERS);
    Arrays.fill(lengths, slots, size, NO_MEMBERS);
  }
}
