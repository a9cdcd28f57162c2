package org.bufferyard.allocator.iommu;

import java.util.List;
import org.bufferyard.allocator.DmaConstraints;
import org.bufferyard.allocator.DmaDirection;
import org.bufferyard.allocator.Extents;
import org.bufferyard.allocator.Outcome;
import org.bufferyard.allocator.Pages;
import org.bufferyard.allocator.Refusal;
import org.bufferyard.allocator.sg.PhysicalSgList;
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
  /** The device of a fault whose access named none. */
  public static final int NO_DEVICE = -1;

  private final DomainSpace space;
  private final RangeMapper ranges;
  private final ListMapper lists;
  private final BatchMapper batches;
  private final Translator translator;
  private final SgBuilder segments = new SgBuilder();

  public IommuDomain(DomainSettings settings) {
    space = new DomainSpace(settings);
    ranges = new RangeMapper(space);
    lists = new ListMapper(space);
    batches = new BatchMapper(space);
    translator = new Translator(space.table, space.iotlb, new FaultLog(settings.faultRecords()));
  }

  /**
   * Maps all of {@code extents} for {@code direction} into one contiguous IOVA range at or below
   * the DMA mask, aligned to its size rounded up to a power of two and to the device's alignment.
   *
   * <p>EINVAL: nothing to map; EOVERFLOW: a frame whose address does not fit; E2BIG: more segments
   * than the device takes; ENOSPC: no IOVA range, or too many mappings; ENOMEM: no page table.
   */
  public Outcome<SgTable> map(Extents extents, DmaDirection direction, DmaConstraints constraints) {
    return tableOf(mapInto(segments, extents, direction, constraints));
  }

  /**
   * As {@link #map(Extents, DmaDirection, DmaConstraints)}, the segments into {@code out}, nothing
   * allocated. Returns the first address in bytes, or a negated errno with its reason in {@link
   * #refusal}.
   */
  public long mapInto(
      SgBuilder out, Extents extents, DmaDirection direction, DmaConstraints constraints) {
    return ranges.map(out, extents, direction, constraints);
  }

  /**
   * Maps the frames {@code pfns[from]} to {@code pfns[from + count - 1]}, written to the page table
   * straight from the array. Errors as {@link #map(Extents, DmaDirection, DmaConstraints)}; EINVAL
   * also for a frame out of range.
   */
  public Outcome<SgTable> mapPfns(
      long[] pfns, int from, int count, DmaDirection direction, DmaConstraints constraints) {
    return tableOf(mapPfnsInto(segments, pfns, from, count, direction, constraints));
  }

  /** As {@link #mapPfns}, the segments into {@code out}, nothing allocated. */
  public long mapPfnsInto(
      SgBuilder out,
      long[] pfns,
      int from,
      int count,
      DmaDirection direction,
      DmaConstraints constraints) {
    return ranges.mapPfns(out, pfns, from, count, direction, constraints);
  }

  private Outcome<SgTable> tableOf(long iova) {
    return iova < 0 ? Outcome.refused(refusal()) : Outcome.done(segments.table());
  }

  /**
   * Maps a scatterlist whose elements may start and end inside pages: padded to the segment
   * boundary and merged by the rules of {@code iommu_dma_map_sg}. Errors as {@link #map(Extents,
   * DmaDirection, DmaConstraints)}.
   */
  public Outcome<MappedList> map(
      PhysicalSgList list, DmaDirection direction, DmaConstraints constraints) {
    long iova = lists.map(segments, list, direction, constraints);
    if (iova < 0) {
      return Outcome.refused(refusal());
    }
    int slot = space.mappings.find(iova >>> Pages.SHIFT);
    long bytes = space.mappings.pages(slot) << Pages.SHIFT;
    return Outcome.done(new MappedList(segments.table(), iova, bytes));
  }

  /**
   * Maps many buffers into one IOVA range under one handle, each aligned as the device asks; all or
   * none. Errors as {@link #map(Extents, DmaDirection, DmaConstraints)}.
   */
  public Outcome<MappedBatch> mapBatch(
      List<Extents> buffers, DmaDirection direction, DmaConstraints constraints) {
    long handle = batches.map(buffers, direction, constraints);
    return handle < 0
        ? Outcome.refused(refusal())
        : Outcome.done(batches.describe(handle, constraints));
  }

  /**
   * Maps {@code count} buffers of {@code pagesEach} frames each, which lie one behind the other in
   * {@code pfns}; the handle, or a negated errno. Allocates nothing in steady state.
   */
  public long mapBatchPfns(
      long[] pfns,
      int from,
      int count,
      int pagesEach,
      DmaDirection direction,
      DmaConstraints constraints) {
    return batches.mapPfns(pfns, from, count, pagesEach, direction, constraints);
  }

  /** First address of a live batch, bytes; its members follow in order. */
  public long batchIova(long handle) {
    int slot = space.batches.find(handle);
    if (slot == BatchTable.ABSENT) {
      throw new IllegalArgumentException("no such batch, handle=" + handle);
    }
    return space.batches.base(slot) << Pages.SHIFT;
  }

  /**
   * Removes one member of a batch and leaves a hole; the range is freed with the last. ENOENT: no
   * such batch, or the member has left; EINVAL: no such member.
   */
  public Outcome<Unmapped> unmapMember(long handle, int member) {
    return unmapped(batches.unmapMember(handle, member));
  }

  /** Removes every member that is still there. ENOENT: no such batch. */
  public Outcome<Unmapped> unmapBatch(long handle) {
    return unmapped(unmapBatchNow(handle));
  }

  /** As {@link #unmapBatch} without an allocation: pages removed, or a negated errno. */
  public long unmapBatchNow(long handle) {
    return batches.unmapAll(handle);
  }

  /**
   * Maps {@code extents} at the given address. EADDRINUSE: a page of the range is mapped, reserved,
   * or waits for its invalidation; the old mapping is intact. EINVAL: not page aligned, or outside
   * the space; otherwise as {@link #map(Extents, DmaDirection, DmaConstraints)}.
   */
  public Outcome<SgTable> mapAt(
      long iovaBytes, Extents extents, DmaDirection direction, DmaConstraints constraints) {
    return tableOf(ranges.mapAt(segments, iovaBytes, extents, direction, constraints));
  }

  /**
   * Removes the mapping that starts at {@code iovaBytes}. ENOENT: nothing is mapped there; EINVAL:
   * another length than it was mapped with, or an address inside a mapping or of a batch. Strict
   * mode has invalidated the range when this returns; for lazy mode see {@link Unmapped}.
   */
  public Outcome<Unmapped> unmap(long iovaBytes, long lengthBytes) {
    return unmapped(unmapNow(iovaBytes, lengthBytes));
  }

  private Outcome<Unmapped> unmapped(long pages) {
    return pages < 0
        ? Outcome.refused(refusal())
        : Outcome.done(new Unmapped(pages, space.queue.enqueued()));
  }

  /** As {@link #unmap} without an allocation: pages removed, or a negated errno. */
  public long unmapNow(long iovaBytes, long lengthBytes) {
    return ranges.unmap(iovaBytes, lengthBytes);
  }

  /** Invalidates the whole translation cache and frees every range that waited for it. */
  public void flush() {
    completeFlush(beginFlush());
  }

  /** Starts a flush; ranges unmapped after this are not released by it. */
  public long beginFlush() {
    return space.queue.enqueued();
  }

  /** The flush started with {@code ticket} has reached the hardware. */
  public void completeFlush(long ticket) {
    space.completeFlush(ticket);
  }

  /** Every invalidation up to this number has reached the translation cache. */
  public long completedInvalidations() {
    return space.queue.completed();
  }

  /** Unmapped ranges that wait for a flush; zero in strict mode. */
  public int pendingInvalidations() {
    return space.queue.size();
  }

  /**
   * The page frame behind a device's access to {@code iovaBytes}, or the negative code of a {@link
   * FaultReason}; a fault is recorded. The answer comes from the translation cache where it has
   * one, and may then be stale in lazy mode: that is the window this mode opens.
   */
  public long translate(int device, long iovaBytes, boolean write) {
    return translator.translate(device, iovaBytes, write);
  }

  public long translate(long iovaBytes, boolean write) {
    return translate(NO_DEVICE, iovaBytes, write);
  }

  /** What the page table says of an address, past the translation cache; no fault is recorded. */
  public boolean isMapped(long iovaBytes) {
    return space.table.translate(iovaBytes >>> Pages.SHIFT) != 0;
  }

  /** Shows every page-table leaf that touches the range, whole, in order; for checkers. */
  public void walk(long iovaBytes, long lengthBytes, PageTable.LeafVisitor visitor) {
    space.table.walk(iovaBytes >>> Pages.SHIFT, Pages.ofBytes(lengthBytes), visitor);
  }

  /** Is shown the live mappings in no particular order. */
  public interface MappingVisitor {
    void mapping(long iovaBytes, long lengthBytes, DmaDirection direction);
  }

  /** Shows every live mapping; for checkers and for the removal of a device. */
  public void mappings(MappingVisitor visitor) {
    space.visit(visitor);
  }

  /** Pages that translate. */
  public long mappedPages() {
    return space.table.mappedPages();
  }

  /** Pages of IOVA that cannot be handed out now: mapped, rounding, or waiting for a flush. */
  public long iovaPagesInUse() {
    return space.iovas.takenPages();
  }

  /** Live mappings, members of batches included. */
  public int mappings() {
    return space.liveMappings();
  }

  /** Faults since the domain was made. */
  public long faults() {
    return translator.faultLog().total();
  }

  public FaultLog faultLog() {
    return translator.faultLog();
  }

  /** Page tables in use, the root included. */
  public int tables() {
    return space.table.tables();
  }

  public DomainSettings settings() {
    return space.settings;
  }

  /** Why the last primitive call returned a negative number. */
  public Refusal refusal() {
    return space.refusal.get();
  }
}
