package org.bufferyard.allocator.iommu;

import org.bufferyard.allocator.DmaConstraints;
import org.bufferyard.allocator.Pages;
import org.jspecify.annotations.Nullable;

/**
 * What a device's constraints come to in one domain, in pages; kept from call to call, since an
 * attachment always brings the same ones. Not thread-safe; owned by its domain.
 */
final class PageLimits {
  private final long spacePages;
  private @Nullable DmaConstraints source;
  private long singlePages;
  private long lastPage;
  private int alignOrder;

  PageLimits(long spacePages) {
    this.spacePages = spacePages;
  }

  /** Makes the accessors answer for {@code constraints}. */
  @SuppressWarnings("ReferenceEquality") // Another, equal object only costs another derivation.
  void use(DmaConstraints constraints) {
    if (constraints != source) {
      derive(constraints);
    }
  }

  private void derive(DmaConstraints constraints) {
    source = constraints;
    alignOrder = Long.numberOfTrailingZeros(constraints.alignBytes()) - Pages.SHIFT;
    long mask = constraints.dmaMask();
    boolean wholePage = (mask & Pages.OFFSET_MASK) == Pages.OFFSET_MASK;
    lastPage = wholePage ? Math.min(mask >>> Pages.SHIFT, spacePages - 1) : -1;
    long windowPages = (constraints.boundaryMask() >>> Pages.SHIFT) + 1;
    singlePages = Math.min(constraints.maxSegmentBytes() >>> Pages.SHIFT, windowPages);
  }

  /**
   * A range of so many pages that the allocator chose is one segment: it is aligned to its size
   * rounded up, so that it crosses no boundary as far as it does not exceed one.
   */
  long singlePages() {
    return singlePages;
  }

  /** The last page that lies wholly at or below the DMA mask, -1 for none. */
  long lastPage() {
    return lastPage;
  }

  int alignOrder() {
    return alignOrder;
  }
}
