package org.bufferyard.allocator.iommu;

import java.util.OptionalLong;
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
 * The question "which segments would this device get for these pages", as {@code ./bufferyard
 * sgtable} asks it: the black-box door to the builder and to a fresh IOMMU domain of 48 bits.
 *
 * <p>Through the IOMMU the pages become a scatterlist first, as a driver builds it, and the list is
 * then mapped: padded to the boundary and merged. Its elements are cut to the boundary's window
 * too: padding cannot keep a longer one from crossing, and each that ends inside a window would
 * leave a hole before the next.
 *
 * @param pages the buffer's page frames in order, see {@link
 *     org.bufferyard.allocator.sg.PageList#parse}
 * @param maxSegmentBytes longest segment; rounded down to pages
 * @param boundaryMask no segment crosses a multiple of this plus one; -1 is none
 * @param offsetBytes where in the buffer the list starts
 * @param lengthBytes how much of the buffer it covers; empty is all the rest
 * @param dmaMaskBits address bits of the device, 1 to 64
 * @param iommu map through an IOMMU instead of directly
 */
public record SgTableQuery(
    Extents pages,
    long maxSegmentBytes,
    long boundaryMask,
    long offsetBytes,
    OptionalLong lengthBytes,
    int dmaMaskBits,
    boolean iommu) {
  private static final int DOMAIN_BITS = 48;
  private static final int TABLES_MAX = 1 << 15;

  /** All of {@code pages}, directly, with no limit but {@code UINT_MAX}. */
  public static SgTableQuery of(Extents pages) {
    return new SgTableQuery(
        pages,
        DmaConstraints.UINT_MAX,
        DmaConstraints.NO_BOUNDARY,
        0,
        OptionalLong.empty(),
        Long.SIZE,
        false);
  }

  /**
   * The segments.
   *
   * @param direct addresses are physical, so each segment has a page frame
   * @param iovaBytes IOVA taken, padding included; empty without an IOMMU
   */
  public record Answer(SgTable table, boolean direct, OptionalLong iovaBytes) {
    /** The first frame of a segment, where addresses are physical. */
    public OptionalLong pfn(int segment) {
      return direct
          ? OptionalLong.of(table.address(segment) >>> Pages.SHIFT)
          : OptionalLong.empty();
    }
  }

  /** Builds the list, and maps it when asked to; refuses as the builder and the domain do. */
  public Outcome<Answer> run() {
    if (dmaMaskBits < 1 || dmaMaskBits > Long.SIZE) {
      return Outcome.refused(Errno.EINVAL, "DMA mask must be 1 to 64 bits, bits=" + dmaMaskBits);
    }
    SgBuilder builder = new SgBuilder();
    int status = builder.start(maxSegmentBytes, boundaryMask);
    if (status >= 0) {
      long elementBytes = iommu ? cutToWindow() : maxSegmentBytes;
      builder.start(elementBytes, iommu ? DmaConstraints.NO_BOUNDARY : boundaryMask);
      status = builder.append(pages, offsetBytes, lengthBytes.orElse(rest()));
    }
    if (status < 0) {
      return Outcome.refused(builder.refusal());
    }
    return iommu ? mapped(builder) : direct(builder);
  }

  private long rest() {
    long sizeBytes = Math.min(pages.totalPages(), Long.MAX_VALUE >>> Pages.SHIFT) << Pages.SHIFT;
    return sizeBytes - offsetBytes;
  }

  private long cutToWindow() {
    return Long.compareUnsigned(boundaryMask, maxSegmentBytes) < 0
        ? boundaryMask + 1
        : maxSegmentBytes;
  }

  private Outcome<Answer> direct(SgBuilder builder) {
    int status = builder.finish(constraints());
    return status < 0
        ? Outcome.refused(builder.refusal())
        : Outcome.done(new Answer(builder.table(), true, OptionalLong.empty()));
  }

  private Outcome<Answer> mapped(SgBuilder builder) {
    IommuDomain domain =
        new IommuDomain(DomainSettings.ofBits(DOMAIN_BITS).withLimits(1, 1, TABLES_MAX, 1));
    return switch (domain.map(builder.physicalList(), DmaDirection.BIDIRECTIONAL, constraints())) {
      case Outcome.Done<MappedList>(MappedList list) ->
          Outcome.done(new Answer(list.table(), false, OptionalLong.of(list.iovaBytes())));
      case Outcome.Refused<MappedList>(Refusal refusal) -> Outcome.refused(refusal);
    };
  }

  private DmaConstraints constraints() {
    return DmaConstraints.UNLIMITED
        .withDmaMask(dmaMaskBits == Long.SIZE ? -1L : (1L << dmaMaskBits) - 1)
        .withMaxSegmentBytes(Math.min(maxSegmentBytes, DmaConstraints.UINT_MAX))
        .withBoundaryMask(boundaryMask)
        .withMaxSegments(SgBuilder.SEGMENTS_MAX);
  }
}
