package org.bufferyard.allocator.iommu;

import java.util.List;

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
public record DomainSettings(
    int addressBits,
    List<IovaRange> reserved,
    int iotlbEntries,
    Invalidation invalidation,
    int queueEntries,
    int faultRecords,
    int tablesMax,
    int mappingsMax) {
  public DomainSettings {
    if (addressBits < 21 || addressBits > 48) {
      throw new IllegalArgumentException("addressBits must be 21 to 48, bits=" + addressBits);
    }
    if (iotlbEntries < 0 || Integer.bitCount(iotlbEntries) > 1) {
      throw new IllegalArgumentException("iotlbEntries=" + iotlbEntries);
    }
    if (queueEntries < 1 || faultRecords < 1 || tablesMax < 1 || mappingsMax < 1) {
      throw new IllegalArgumentException(
          "limits must be positive: %d, %d, %d, %d"
              .formatted(queueEntries, faultRecords, tablesMax, mappingsMax));
    }
    reserved = List.copyOf(reserved);
  }

  /** Strict, 32 IOTLB entries, a queue of 256, 64 fault records, nothing reserved. */
  public static DomainSettings ofBits(int addressBits) {
    return new DomainSettings(
        addressBits, List.of(), 32, Invalidation.STRICT, 256, 64, 1 << 20, 1 << 24);
  }

  public DomainSettings withInvalidation(Invalidation mode) {
    return with(reserved, iotlbEntries, mode);
  }

  public DomainSettings withReserved(List<IovaRange> ranges) {
    return with(ranges, iotlbEntries, invalidation);
  }

  public DomainSettings withIotlbEntries(int entries) {
    return with(reserved, entries, invalidation);
  }

  private DomainSettings with(List<IovaRange> ranges, int entries, Invalidation mode) {
    return new DomainSettings(
        addressBits, ranges, entries, mode, queueEntries, faultRecords, tablesMax, mappingsMax);
  }

  public DomainSettings withLimits(int queue, int faults, int tables, int mappings) {
    return new DomainSettings(
        addressBits, reserved, iotlbEntries, invalidation, queue, faults, tables, mappings);
  }
}
