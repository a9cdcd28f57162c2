package org.bufferyard.allocator.bounce;

import org.bufferyard.allocator.DmaConstraints;
import org.bufferyard.allocator.DmaDirection;
import org.bufferyard.allocator.Errno;
import org.bufferyard.allocator.Extents;
import org.bufferyard.allocator.Outcome;
import org.bufferyard.allocator.Pages;
import org.bufferyard.allocator.sg.SgBuilder;
import org.bufferyard.allocator.sg.SgTable;

/**
 * The direct mapping of a device that may bounce: segments below the DMA mask keep their physical
 * address, what lies above goes through the pool in pieces of at most 256 KiB. Model of {@code
 * dma_direct_map_sg} with {@code swiotlb}. Not thread-safe; owned by the device's DMA path.
 */
public final class BounceMapper {
  private final BouncePool pool;
  private final SgBuilder elements = new SgBuilder();
  private final SgBuilder segments = new SgBuilder();

  public BounceMapper(BouncePool pool) {
    this.pool = pool;
  }

  /**
   * Maps a part of a buffer. Errors as {@link SgBuilder#direct} and {@link BouncePool#map}; a
   * refused request leaves the pool as it was.
   */
  public Outcome<SgTable> map(
      Extents extents,
      long offsetBytes,
      long lengthBytes,
      DmaDirection direction,
      DmaConstraints constraints,
      CopyMemory memory) {
    if (constraints.alignBytes() > Pages.SIZE_BYTES) {
      return Outcome.refused(
          Errno.EINVAL, "the pool aligns to a page only, alignBytes=" + constraints.alignBytes());
    }
    long elementBytes = Math.min(constraints.maxSegmentBytes(), BouncePool.MAPPING_BYTES_MAX);
    int status = elements.start(elementBytes, constraints.boundaryMask() & constraints.dmaMask());
    if (status >= 0) {
      status = elements.append(extents, offsetBytes, lengthBytes);
    }
    if (status < 0) {
      return Outcome.refused(elements.refusal());
    }
    segments.start(constraints.maxSegmentBytes(), constraints.boundaryMask());
    for (int element = 0; element < elements.nents(); element++) {
      if (place(element, direction, constraints, memory) < 0) {
        discardBounced();
        return Outcome.refused(pool.refusal());
      }
    }
    if (segments.checkCount(constraints.maxSegments()) < 0) {
      discardBounced();
      return Outcome.refused(segments.refusal());
    }
    return Outcome.done(segments.table());
  }

  private long place(
      int element, DmaDirection direction, DmaConstraints constraints, CopyMemory memory) {
    long address = elements.address(element);
    long bytes = elements.lengthBytes(element);
    if (((address + bytes - 1) & ~constraints.dmaMask()) == 0) {
      placeDirect(address, bytes);
      return 0;
    }
    long bounced =
        pool.map(
            address, bytes, direction, constraints.dmaMask(), constraints.boundaryMask(), memory);
    if (bounced >= 0) {
      segments.appendSeparate(bounced, bytes);
    }
    return bounced;
  }

  /** A direct piece joins the one before it, but never a bounced one. */
  private void placeDirect(long address, long bytes) {
    int nents = segments.nents();
    if (nents > 0 && pool.contains(segments.address(nents - 1))) {
      segments.appendSeparate(address, bytes);
    } else {
      segments.appendRange(address, bytes);
    }
  }

  private void discardBounced() {
    for (int segment = 0; segment < segments.nents(); segment++) {
      if (pool.contains(segments.address(segment))) {
        pool.discard(segments.address(segment));
      }
    }
  }

  /**
   * Gives the pool's part of a mapping back, copying out what the device may have written. Returns
   * how many segments had bounced. ENOENT, EINVAL as {@link BouncePool#unmap}, and nothing changed.
   */
  public Outcome<Integer> unmap(SgTable table, DmaDirection direction, CopyMemory memory) {
    int bounced = 0;
    for (int segment = 0; segment < table.nents(); segment++) {
      if (pool.contains(table.address(segment))) {
        bounced++;
        if (pool.check(table.address(segment), table.lengthBytes(segment), direction) < 0) {
          return Outcome.refused(pool.refusal());
        }
      }
    }
    for (int segment = 0; segment < table.nents(); segment++) {
      if (pool.contains(table.address(segment))) {
        pool.unmap(table.address(segment), table.lengthBytes(segment), direction, memory);
      }
    }
    return Outcome.done(bounced);
  }
}
