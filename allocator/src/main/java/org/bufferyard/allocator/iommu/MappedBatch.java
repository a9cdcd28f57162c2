package org.bufferyard.allocator.iommu;

import java.util.List;
import org.bufferyard.allocator.sg.SgTable;

/**
 * Many buffers in one IOVA range under one handle. A member that is unmapped leaves a hole; the
 * range is freed with the last member.
 *
 * @param handle names the batch in its domain, never negative
 * @param iova first address of the range, bytes
 * @param iovaBytes from the first member to the end of the last
 * @param members the mapped list of each buffer, in the order given
 */
public record MappedBatch(long handle, long iova, long iovaBytes, List<SgTable> members) {
  public MappedBatch {
    members = List.copyOf(members);
  }
}
