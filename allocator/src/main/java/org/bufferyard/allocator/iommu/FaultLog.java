package org.bufferyard.allocator.iommu;

/**
 * The fault records of a domain, oldest first, in a ring of fixed size. A fault that finds the ring
 * full is counted but not recorded, as hardware does on overflow. Not thread-safe; owned by its
 * domain.
 */
public final class FaultLog {
  /** One recorded fault: which device accessed which IOVA (bytes) how, and why it failed. */
  public record Fault(int device, long iova, boolean write, FaultReason reason) {}

  private final int[] devices;
  private final long[] iovas;
  private final boolean[] writes;
  private final byte[] reasonCodes;
  private int head;
  private int recorded;
  private long total;
  private long lost;

  FaultLog(int capacity) {
    devices = new int[capacity];
    iovas = new long[capacity];
    writes = new boolean[capacity];
    reasonCodes = new byte[capacity];
  }

  void add(int device, long iova, boolean write, FaultReason reason) {
    total++;
    if (recorded == devices.length) {
      lost++;
      return;
    }
    int slot = (head + recorded) % devices.length;
    devices[slot] = device;
    iovas[slot] = iova;
    writes[slot] = write;
    reasonCodes[slot] = (byte) reason.code();
    recorded++;
  }

  /** Records waiting to be taken. */
  public int size() {
    return recorded;
  }

  /** Faults since the domain was made. */
  public long total() {
    return total;
  }

  /** Faults that found the ring full. */
  public long lost() {
    return lost;
  }

  /** Removes and returns the oldest record; there must be one. */
  public Fault take() {
    if (recorded == 0) {
      throw new IllegalStateException("no fault recorded");
    }
    Fault oldest =
        new Fault(devices[head], iovas[head], writes[head], FaultReason.ofCode(reasonCodes[head]));
    head = (head + 1) % devices.length;
    recorded--;
    return oldest;
  }
}
