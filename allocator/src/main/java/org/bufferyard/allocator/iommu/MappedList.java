package org.bufferyard.allocator.iommu;

import org.bufferyard.allocator.sg.SgTable;

/**
 * A scatterlist mapped into one IOVA range.
 *
 * @param table the segments the device sees
 * @param iova first address of the range, a multiple of the page size; unmap takes it
 * @param iovaBytes bytes of the range with padding and the rounding of part pages; unmap takes it
 */
public record MappedList(SgTable table, long iova, long iovaBytes) {}
