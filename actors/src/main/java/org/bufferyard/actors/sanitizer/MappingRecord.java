package org.bufferyard.actors.sanitizer;

import org.bufferyard.actors.protocol.DeviceId;
import org.bufferyard.allocator.DmaDirection;
import org.bufferyard.allocator.Extents;
import org.bufferyard.allocator.sg.SgTable;

/**
 * One live mapping.
 *
 * @param where the IOMMU or path that made it; empty for a device without one
 * @param site when and why it was made, for a report
 */
record MappingRecord(
    DeviceId device,
    String deviceName,
    int attachment,
    String where,
    DmaDirection direction,
    Extents extents,
    SgTable table,
    long generation,
    String site) {}
