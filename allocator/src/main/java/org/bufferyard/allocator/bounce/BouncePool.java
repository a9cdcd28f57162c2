package org.bufferyard.allocator.bounce;

import org.bufferyard.allocator.DmaDirection;
import org.bufferyard.allocator.Errno;
import org.bufferyard.allocator.Pages;
import org.bufferyard.allocator.Refusal;

/**
 * A pool of low memory in slots of 2 KiB through which a device reaches what lies above its DMA
 * mask. Model of {@code kernel/dma/swiotlb.c}: at most 128 slots (256 KiB) a mapping, found from
 * where the last search ended; page aligned from two slots on; the offset inside a slot is kept.
 *
 * <p>Mapping copies in for every direction, as the kernel does: a device that writes only a part
 * would otherwise hand back the pool's old contents for the rest. Unmapping copies out where the
 * device writes. The device sees a copy: a buffer that others use meanwhile shows them nothing of
 * it until {@link #sync}.
 *
 * <p>The methods return an address or zero, or a negated errno with its reason in {@link #refusal};
 * a refused call changes nothing. Nothing is allocated otherwise. Not thread-safe; owned by the
 * device's DMA path.
 */
public final class BouncePool {
  public static final int SLOT_BYTES = 2048;
  public static final int MAPPING_SLOTS_MAX = 128;
  public static final long MAPPING_BYTES_MAX = (long) SLOT_BYTES * MAPPING_SLOTS_MAX;

  private static final int SLOT_SHIFT = 11;
  private static final long SLOT_MASK = SLOT_BYTES - 1L;
  private static final int PAGE_SLOTS = Pages.SIZE_BYTES / SLOT_BYTES;

  private final long baseAddress;
  private final int slots;

  /** A bit a slot, set when free. */
  private final long[] free;

  /** By first slot of a mapping: what it stands for; slots zero is no mapping. */
  private final long[] origins;

  private final int[] lengths;
  private final int[] slotCounts;
  private final byte[] directions;
  private int slotsFree;
  private int cursor;
  private Refusal refusal = new Refusal(Errno.EINVAL, "nothing was refused");

  /**
   * @param basePfn first frame of the pool
   * @param pages its size, at least one page
   */
  public BouncePool(long basePfn, int pages) {
    if (basePfn < 0 || pages < 1 || pages > Integer.MAX_VALUE / PAGE_SLOTS) {
      throw new IllegalArgumentException("basePfn=" + basePfn + ", pages=" + pages);
    }
    baseAddress = basePfn << Pages.SHIFT;
    slots = pages * PAGE_SLOTS;
    slotsFree = slots;
    free = new long[Math.ceilDiv(slots, Long.SIZE)];
    for (int slot = 0; slot < slots; slot++) {
      free[slot >>> 6] |= 1L << slot;
    }
    origins = new long[slots];
    lengths = new int[slots];
    slotCounts = new int[slots];
    directions = new byte[slots];
  }

  /** Whether an address lies in the pool. */
  public boolean contains(long address) {
    return address >= baseAddress && address - baseAddress < (long) slots << SLOT_SHIFT;
  }

  /** The highest byte of the pool. */
  public long lastAddress() {
    return baseAddress + ((long) slots << SLOT_SHIFT) - 1;
  }

  public int slotsFree() {
    return slotsFree;
  }

  /** Why the last call returned a negative number. */
  public Refusal refusal() {
    return refusal;
  }

  /**
   * Gives {@code lengthBytes} bytes at {@code address} a place in the pool and copies them there.
   * EINVAL: no length; E2BIG: more than 128 slots; EIO: the pool lies above the mask; ENOSPC: no
   * run of slots that neither is taken nor crosses {@code boundaryMask}.
   */
  public long map(
      long address,
      long lengthBytes,
      DmaDirection direction,
      long dmaMask,
      long boundaryMask,
      CopyMemory memory) {
    if (lengthBytes <= 0) {
      return refuse(Errno.EINVAL, "nothing to bounce, length=" + lengthBytes);
    }
    long inSlot = address & SLOT_MASK;
    if (lengthBytes > MAPPING_BYTES_MAX - inSlot) {
      return refuse(
          Errno.E2BIG,
          "bounce of "
              + lengthBytes
              + " bytes at offset "
              + inSlot
              + " needs more than "
              + MAPPING_SLOTS_MAX
              + " slots of "
              + SLOT_BYTES);
    }
    if ((lastAddress() & ~dmaMask) != 0) {
      return refuse(
          Errno.EIO,
          "bounce pool above the DMA mask, last byte "
              + lastAddress()
              + ", dmaMask="
              + Long.toUnsignedString(dmaMask));
    }
    int count = (int) ((inSlot + lengthBytes + SLOT_MASK) >>> SLOT_SHIFT);
    int slot = findRun(count, count > 1 ? PAGE_SLOTS : 1, boundaryMask);
    if (slot < 0) {
      return refuse(
          Errno.ENOSPC, "bounce pool full, needed slots=" + count + ", free=" + slotsFree);
    }
    take(slot, count, address, (int) lengthBytes, direction);
    long bounced = addressOf(slot) + inSlot;
    memory.copy(address, bounced, lengthBytes);
    return bounced;
  }

  private long addressOf(int slot) {
    return baseAddress + ((long) slot << SLOT_SHIFT);
  }

  /** First fit from the cursor on, then from the start up to it. */
  private int findRun(int count, int align, long boundaryMask) {
    int from = findRun(cursor, slots, count, align, boundaryMask);
    return from >= 0
        ? from
        : findRun(0, Math.min(slots, cursor + count - 1), count, align, boundaryMask);
  }

  private int findRun(int first, int end, int count, int align, long boundaryMask) {
    int slot = Math.ceilDiv(first, align) * align;
    while (slot <= end - count) {
      int busy = lastBusy(slot, count);
      long last = addressOf(slot + count) - 1;
      if (busy < 0 && ((addressOf(slot) ^ last) & ~boundaryMask) == 0) {
        return slot;
      }
      int next = busy < 0 ? slot + align : busy + 1;
      slot = Math.ceilDiv(next, align) * align;
    }
    return -1;
  }

  /** The last taken slot of the run, or -1: nothing that starts at or before it can fit. */
  private int lastBusy(int from, int count) {
    for (int slot = from + count - 1; slot >= from; slot--) {
      if ((free[slot >>> 6] & 1L << slot) == 0) {
        return slot;
      }
    }
    return -1;
  }

  private void take(int slot, int count, long address, int lengthBytes, DmaDirection direction) {
    for (int at = slot; at < slot + count; at++) {
      free[at >>> 6] &= ~(1L << at);
    }
    origins[slot] = address;
    lengths[slot] = lengthBytes;
    slotCounts[slot] = count;
    directions[slot] = code(direction);
    slotsFree -= count;
    cursor = slot + count;
  }

  private static byte code(DmaDirection direction) {
    return (byte) ((direction.deviceReads() ? 1 : 0) | (direction.deviceWrites() ? 2 : 0));
  }

  /**
   * Gives the slots back, after copying out what the device may have written. ENOENT: no mapping
   * there; EINVAL: another length or direction than it was mapped with.
   */
  public long unmap(long bounced, long lengthBytes, DmaDirection direction, CopyMemory memory) {
    long status = check(bounced, lengthBytes, direction);
    if (status < 0) {
      return status;
    }
    if (direction.deviceWrites()) {
      memory.copy(bounced, origins[find(bounced)], lengthBytes);
    }
    discard(bounced);
    return 0;
  }

  /** Whether {@link #unmap} would be refused: 0 or the negated errno. */
  long check(long bounced, long lengthBytes, DmaDirection direction) {
    int slot = find(bounced);
    if (slot < 0) {
      return refuse(Errno.ENOENT, "no bounce mapping, address=" + bounced);
    }
    if (lengths[slot] != lengthBytes || directions[slot] != code(direction)) {
      return refuse(
          Errno.EINVAL,
          "bounced otherwise, address="
              + bounced
              + ", length="
              + lengthBytes
              + " "
              + direction
              + ", mapped length="
              + lengths[slot]);
    }
    return 0;
  }

  /** Gives the slots of a live mapping back and copies nothing. */
  void discard(long bounced) {
    int slot = find(bounced);
    for (int at = slot; at < slot + slotCounts[slot]; at++) {
      free[at >>> 6] |= 1L << at;
    }
    slotsFree += slotCounts[slot];
    slotCounts[slot] = 0;
  }

  /**
   * Brings the two copies together without unmapping: towards the device copies in, towards the CPU
   * copies out. ENOENT: no mapping starts there; EINVAL: the range is not inside it, or the mapping
   * is not for that direction.
   */
  public long sync(
      long bounced, long offsetBytes, long lengthBytes, boolean forDevice, CopyMemory memory) {
    int slot = find(bounced);
    if (slot < 0) {
      return refuse(Errno.ENOENT, "no bounce mapping, address=" + bounced);
    }
    if (offsetBytes < 0 || lengthBytes <= 0 || offsetBytes > lengths[slot] - lengthBytes) {
      return refuse(
          Errno.EINVAL,
          "sync outside the mapping, offset="
              + offsetBytes
              + ", length="
              + lengthBytes
              + ", mapped="
              + lengths[slot]);
    }
    if ((directions[slot] & (forDevice ? 1 : 2)) == 0) {
      return refuse(Errno.EINVAL, "the mapping is not for that direction, address=" + bounced);
    }
    long device = bounced + offsetBytes;
    long origin = origins[slot] + offsetBytes;
    memory.copy(forDevice ? origin : device, forDevice ? device : origin, lengthBytes);
    return 0;
  }

  /** The first slot of the mapping that starts exactly at this address, or -1. */
  private int find(long bounced) {
    if (!contains(bounced)) {
      return -1;
    }
    int slot = (int) ((bounced - baseAddress) >>> SLOT_SHIFT);
    boolean starts = slotCounts[slot] > 0 && (origins[slot] & SLOT_MASK) == (bounced & SLOT_MASK);
    return starts ? slot : -1;
  }

  private long refuse(Errno errno, String reason) {
    refusal = new Refusal(errno, reason);
    return -errno.number();
  }
}
