package org.bufferyard.allocator.iommu;

import java.util.List;
import org.bufferyard.allocator.DmaConstraints;
import org.bufferyard.allocator.DmaDirection;
import org.bufferyard.allocator.Errno;
import org.bufferyard.allocator.Extents;
import org.bufferyard.allocator.Outcome;
import org.bufferyard.allocator.Pages;
import org.bufferyard.allocator.Refusal;
import org.bufferyard.allocator.sg.SgBuilder;
import org.bufferyard.allocator.sg.SgTable;

/**
 * One IOMMU domain: the address space that one device, or a group, sees. It owns the IOVA
 * allocator, the page table, the translation cache, the queue of outstanding invalidations and the
 * fault records. Model of {@code struct iommu_domain} with {@code drivers/iommu/dma-iommu.c}.
 *
 * <p>A whole list takes one contiguous IOVA range, so its segments are limited only by the device's
 * own segment size and boundary. A refused request leaves the domain as it was. Not thread-safe;
 * owned by the IOMMU actor.
 */
public final class IommuDomain {
  /**
   * What a domain is made of.
   *
   * @param addressBits width of the IOVA space, 21 to 48
   * @param reserved ranges never handed out, such as a message-signalled interrupt window
   * @param iotlbEntries entries of the translation cache, zero or a power of two
   * @param invalidation strict or lazy
   * @param queueEntries unmaps that lazy mode lets wait; one more forces a flush
   * @param faultRecords faults kept for the owner; further ones are only counted
   * @param tablesMax most page tables of 512 entries; beyond it a map is refused with ENOMEM
   * @param mappingsMax most live mappings; beyond it a map is refused with ENOSPC
   */
  public record Settings(
      int addressBits,
      List<IovaRange> reserved,
      int iotlbEntries,
      Invalidation invalidation,
      int queueEntries,
      int faultRecords,
      int tablesMax,
      int mappingsMax) {
    public Settings {
      if (addressBits < 21 || addressBits > 48) {
        throw new IllegalArgumentException("addressBits must be 21 to 48, bits=" + addressBits);
      }
      if (iotlbEntries < 0 || Integer.bitCount(iotlbEntries) > 1) {
        throw new IllegalArgumentException("iotlbEntries=" + iotlbEntries);
      }
      if (queueEntries < 1 || faultRecords < 1 || tablesMax < 1 || mappingsMax < 1) {
        throw new IllegalArgumentException(
            "limits must be positive, queueEntries="
                + queueEntries
                + ", faultRecords="
                + faultRecords
                + ", tablesMax="
                + tablesMax
                + ", mappingsMax="
                + mappingsMax);
      }
      reserved = List.copyOf(reserved);
    }

    /** Strict, 32 IOTLB entries, a queue of 256, 64 fault records, nothing reserved. */
    public static Settings ofBits(int addressBits) {
      return new Settings(
          addressBits, List.of(), 32, Invalidation.STRICT, 256, 64, 1 << 20, 1 << 24);
    }

    public Settings withInvalidation(Invalidation mode) {
      return new Settings(
          addressBits,
          reserved,
          iotlbEntries,
          mode,
          queueEntries,
          faultRecords,
          tablesMax,
          mappingsMax);
    }

    public Settings withReserved(List<IovaRange> ranges) {
      return new Settings(
          addressBits,
          ranges,
          iotlbEntries,
          invalidation,
          queueEntries,
          faultRecords,
          tablesMax,
          mappingsMax);
    }

    public Settings withIotlbEntries(int entries) {
      return new Settings(
          addressBits,
          reserved,
          entries,
          invalidation,
          queueEntries,
          faultRecords,
          tablesMax,
          mappingsMax);
    }

    public Settings withLimits(int queue, int faults, int tables, int mappings) {
      return new Settings(
          addressBits, reserved, iotlbEntries, invalidation, queue, faults, tables, mappings);
    }
  }

  /** The device of a fault whose access named none. */
  public static final int NO_DEVICE = -1;

  private final Settings settings;
  private final IovaAllocator iovas;
  private final PageTable table;
  private final Iotlb iotlb;
  private final InvalidationQueue queue;
  private final FaultLog faultLog;
  private final MappingTable mappings = new MappingTable();
  private final SgBuilder segments = new SgBuilder();
  private Refusal refusal = new Refusal(Errno.EINVAL, "nothing was refused");

  public IommuDomain(Settings settings) {
    this.settings = settings;
    iovas = new IovaAllocator(settings.addressBits() - Pages.SHIFT);
    table = new PageTable(settings.addressBits(), settings.tablesMax());
    iotlb = new Iotlb(settings.iotlbEntries());
    queue = new InvalidationQueue(settings.queueEntries());
    faultLog = new FaultLog(settings.faultRecords());
    for (IovaRange range : settings.reserved()) {
      iovas.exclude(range.firstPage(), range.pages());
    }
  }

  /**
   * Maps all of {@code extents} for {@code direction} into one contiguous IOVA range at or below
   * the DMA mask, aligned to its size rounded up to a power of two and to the device's alignment.
   *
   * <p>EINVAL: nothing to map; EOVERFLOW: a frame whose address does not fit; E2BIG: more segments
   * than the device takes; ENOSPC: no IOVA range, or too many mappings; ENOMEM: no page table.
   */
  public Outcome<SgTable> map(Extents extents, DmaDirection direction, DmaConstraints constraints) {
    long iova = mapInto(segments, extents, direction, constraints);
    return iova < 0 ? Outcome.refused(refusal) : Outcome.done(segments.table());
  }

  /**
   * As {@link #map}, the segments into {@code out}, nothing allocated. Returns the first address in
   * bytes, or a negated errno with its reason in {@link #refusal}.
   */
  public long mapInto(
      SgBuilder out, Extents extents, DmaDirection direction, DmaConstraints constraints) {
    long pages = extents.totalPages();
    int status = layOut(out, 0, pages, constraints);
    if (status < 0) {
      return status;
    }
    if (extents.highestPfn() > SgBuilder.PFN_MAX) {
      return refuse(Errno.EOVERFLOW, "frame too high, pfn=" + extents.highestPfn());
    }
    long iova = takeIova(pages, constraints);
    if (iova < 0) {
      return iova;
    }
    status = writeEntries(iova, extents, accessOf(direction));
    if (status < 0) {
      iovas.free(iova, IovaAllocator.reservedPages(pages));
      return refuse(
          Errno.ENOMEM,
          "no page table, tables=" + table.tables() + ", tablesMax=" + settings.tablesMax());
    }
    mappings.add(iova, pages, IovaAllocator.reservedPages(pages), accessOf(direction));
    out.relocate(iova << Pages.SHIFT);
    return iova << Pages.SHIFT;
  }

  /**
   * The segments of a range at {@code base}. A range the allocator chooses is aligned so that its
   * cuts depend on its size alone: it is laid out from zero before any address is taken.
   */
  private int layOut(SgBuilder out, long base, long pages, DmaConstraints constraints) {
    if (pages == 0) {
      return refuse(Errno.EINVAL, "nothing to map");
    }
    if (mappings.size() >= settings.mappingsMax()) {
      return refuse(Errno.ENOSPC, "too many mappings, mappingsMax=" + settings.mappingsMax());
    }
    if (pages >= table.spacePages()) {
      return refuse(Errno.ENOSPC, "larger than the IOVA space, pages=" + pages);
    }
    int status = out.start(constraints.maxSegmentBytes(), constraints.boundaryMask());
    if (status >= 0) {
      out.appendRange(base, pages << Pages.SHIFT);
      status = out.checkCount(Math.min(constraints.maxSegments(), SgBuilder.SEGMENTS_MAX));
    }
    if (status < 0) {
      refusal = out.refusal();
    }
    return status;
  }

  private long takeIova(long pages, DmaConstraints constraints) {
    int alignOrder = Long.numberOfTrailingZeros(constraints.alignBytes()) - Pages.SHIFT;
    long limit = Math.min(lastPage(constraints.dmaMask()), table.spacePages() - 1);
    long iova = iovas.allocate(pages, alignOrder, limit);
    if (iova < 0 && queue.size() > 0) {
      flush();
      iova = iovas.allocate(pages, alignOrder, limit);
    }
    if (iova >= 0) {
      return iova;
    }
    return refuse(
        Errno.ENOSPC,
        "no IOVA range of "
            + pages
            + " pages at or below page "
            + limit
            + ", free="
            + iovas.freePages());
  }

  /** The last page that lies wholly at or below an address mask. */
  private static long lastPage(long dmaMask) {
    return (dmaMask & Pages.OFFSET_MASK) == Pages.OFFSET_MASK ? dmaMask >>> Pages.SHIFT : -1;
  }

  private int writeEntries(long iova, Extents extents, long access) {
    long at = iova;
    for (int run = 0; run < extents.runs(); run++) {
      int status = table.map(at, extents.pfn(run), extents.pages(run), access);
      if (status < 0) {
        table.unmap(iova, at - iova);
        return status;
      }
      at += extents.pages(run);
    }
    return 0;
  }

  private static long accessOf(DmaDirection direction) {
    return (direction.deviceReads() ? PageTable.READ : 0)
        | (direction.deviceWrites() ? PageTable.WRITE : 0);
  }

  /**
   * Maps {@code extents} at the given address. EADDRINUSE: a page of the range is mapped, reserved,
   * or waits for its invalidation; the old mapping is intact. EINVAL: not page aligned, or outside
   * the space; ENOMEM, ENOSPC as {@link #map}.
   */
  public Outcome<SgTable> mapAt(
      long iovaBytes, Extents extents, DmaDirection direction, DmaConstraints constraints) {
    long pages = extents.totalPages();
    int status = layOut(segments, iovaBytes, pages, constraints);
    if (status >= 0 && extents.highestPfn() > SgBuilder.PFN_MAX) {
      status = refuse(Errno.EOVERFLOW, "frame too high, pfn=" + extents.highestPfn());
    }
    if (status >= 0) {
      status = segments.finish(constraints);
      refusal = status < 0 ? segments.refusal() : refusal;
    }
    if (status >= 0) {
      status = mapFixed(iovaBytes, extents, direction);
    }
    return status < 0 ? Outcome.refused(refusal) : Outcome.done(segments.table());
  }

  private int mapFixed(long iovaBytes, Extents extents, DmaDirection direction) {
    long iova = iovaBytes >>> Pages.SHIFT;
    long pages = extents.totalPages();
    if ((iovaBytes & Pages.OFFSET_MASK) != 0 || iova == 0 || iova > table.spacePages() - pages) {
      return refuse(Errno.EINVAL, "bad address, iova=" + iovaBytes + ", pages=" + pages);
    }
    if (!iovas.reserve(iova, pages)) {
      return refuse(Errno.EADDRINUSE, "range in use, iova=" + iovaBytes + ", pages=" + pages);
    }
    int status = writeEntries(iova, extents, accessOf(direction));
    if (status < 0) {
      iovas.release(iova, pages);
      return refuse(Errno.ENOMEM, "no page table, tablesMax=" + settings.tablesMax());
    }
    mappings.add(iova, pages, pages, accessOf(direction));
    return 0;
  }

  /**
   * Removes the mapping that starts at {@code iovaBytes}. ENOENT: nothing is mapped there; EINVAL:
   * another length than it was mapped with, or an address inside a mapping. Strict mode has
   * invalidated the range when this returns; in lazy mode see {@link Unmapped}.
   */
  public Outcome<Unmapped> unmap(long iovaBytes, long lengthBytes) {
    long pages = unmapNow(iovaBytes, lengthBytes);
    return pages < 0
        ? Outcome.refused(refusal)
        : Outcome.done(new Unmapped(pages, queue.enqueued()));
  }

  /** As {@link #unmap} without an allocation: pages removed, or a negated errno. */
  public long unmapNow(long iovaBytes, long lengthBytes) {
    long iova = iovaBytes >>> Pages.SHIFT;
    int slot = (iovaBytes & Pages.OFFSET_MASK) == 0 ? mappings.find(iova) : MappingTable.ABSENT;
    if (slot == MappingTable.ABSENT) {
      return table.translate(iova) == 0
          ? refuse(Errno.ENOENT, "nothing mapped, iova=" + iovaBytes)
          : refuse(Errno.EINVAL, "inside a mapping, iova=" + iovaBytes);
    }
    if (lengthBytes != mappings.pages(slot) << Pages.SHIFT) {
      return refuse(
          Errno.EINVAL,
          "mapped with another length, iova="
              + iovaBytes
              + ", length="
              + lengthBytes
              + ", mapped="
              + (mappings.pages(slot) << Pages.SHIFT));
    }
    return remove(iova, slot);
  }

  private long remove(long iova, int slot) {
    long pages = mappings.pages(slot);
    long reserved = mappings.reserved(slot);
    mappings.remove(slot);
    long removed = table.unmap(iova, pages);
    if (settings.invalidation() == Invalidation.STRICT) {
      iotlb.invalidate(iova, pages);
      iovas.free(iova, reserved);
      queue.addCompleted();
      return removed;
    }
    if (queue.full()) {
      flush();
    }
    queue.add(iova, reserved);
    return removed;
  }

  /** Invalidates the whole translation cache and frees every range that waited for it. */
  public void flush() {
    completeFlush(beginFlush());
  }

  /** Starts a flush; ranges unmapped after this are not released by it. */
  public long beginFlush() {
    return queue.enqueued();
  }

  /** The flush started with {@code ticket} has reached the hardware. */
  public void completeFlush(long ticket) {
    if (ticket > queue.enqueued()) {
      throw new IllegalArgumentException("no such flush, ticket=" + ticket);
    }
    iotlb.invalidateAll();
    while (queue.size() > 0 && queue.completed() < ticket) {
      iovas.free(queue.oldestIova(), queue.oldestReserved());
      queue.removeOldest();
    }
  }

  /** Every invalidation up to this number has reached the translation cache. */
  public long completedInvalidations() {
    return queue.completed();
  }

  /** Unmapped ranges that wait for a flush; zero in strict mode. */
  public int pendingInvalidations() {
    return queue.size();
  }

  /**
   * The page frame behind a device's access to {@code iovaBytes}, or the negative code of a {@link
   * FaultReason}; a fault is recorded. The answer comes from the translation cache where it has
   * one, and may then be stale in lazy mode: that is the window this mode opens.
   */
  public long translate(int device, long iovaBytes, boolean write) {
    long iova = iovaBytes >>> Pages.SHIFT;
    if (iova >= table.spacePages()) {
      return fault(device, iovaBytes, write, FaultReason.BEYOND_SPACE);
    }
    long entry = iotlb.lookup(iova);
    if (entry == 0) {
      entry = table.translate(iova);
      if (entry == 0) {
        return fault(device, iovaBytes, write, FaultReason.NOT_MAPPED);
      }
      iotlb.insert(iova, entry);
    }
    if ((entry & (write ? PageTable.WRITE : PageTable.READ)) == 0) {
      return fault(
          device, iovaBytes, write, write ? FaultReason.WRITE_DENIED : FaultReason.READ_DENIED);
    }
    return entry >>> Pages.SHIFT;
  }

  public long translate(long iovaBytes, boolean write) {
    return translate(NO_DEVICE, iovaBytes, write);
  }

  private long fault(int device, long iovaBytes, boolean write, FaultReason reason) {
    faultLog.add(device, iovaBytes, write, reason);
    return reason.code();
  }

  /** What the page table says of an address, past the translation cache; no fault is recorded. */
  public boolean isMapped(long iovaBytes) {
    return table.translate(iovaBytes >>> Pages.SHIFT) != 0;
  }

  /** Shows every page-table leaf that touches the range, whole, in order; for checkers. */
  public void walk(long iovaBytes, long lengthBytes, PageTable.LeafVisitor visitor) {
    table.walk(iovaBytes >>> Pages.SHIFT, Pages.ofBytes(lengthBytes), visitor);
  }

  /** Is shown the live mappings in no particular order. */
  public interface MappingVisitor {
    void mapping(long iovaBytes, long lengthBytes, DmaDirection direction);
  }

  /** Shows every live mapping; for checkers and for the removal of a device. */
  public void mappings(MappingVisitor visitor) {
    for (int slot = 0; slot < mappings.slots(); slot++) {
      if (mappings.iova(slot) != 0) {
        visitor.mapping(
            mappings.iova(slot) << Pages.SHIFT,
            mappings.pages(slot) << Pages.SHIFT,
            mappings.direction(slot));
      }
    }
  }

  /** Pages that translate. */
  public long mappedPages() {
    return table.mappedPages();
  }

  /** Pages of IOVA that cannot be handed out now: mapped, rounding, or waiting for a flush. */
  public long iovaPagesInUse() {
    return iovas.takenPages();
  }

  /** Live mappings. */
  public int mappings() {
    return mappings.size();
  }

  /** Faults since the domain was made. */
  public long faults() {
    return faultLog.total();
  }

  public FaultLog faultLog() {
    return faultLog;
  }

  /** Page tables in use, the root included. */
  public int tables() {
    return table.tables();
  }

  public Settings settings() {
    return settings;
  }

  /** Why the last primitive call returned a negative number. */
  public Refusal refusal() {
    return refusal;
  }

  private int refuse(Errno errno, String reason) {
    refusal = new Refusal(errno, reason);
    return -errno.number();
  }
}
