package org.bufferyard.actors.sanitizer;

import org.bufferyard.allocator.DmaConstraints;
import org.bufferyard.allocator.Pages;
import org.bufferyard.allocator.sg.SgTable;

/** What every scatterlist that a device is handed keeps. */
final class TableChecks {
  private final Findings findings;

  TableChecks(Findings findings) {
    this.findings = findings;
  }

  /** {@code paged}: its segments are runs of whole pages, as all but a tiler's are. */
  void check(ShadowBuffer buffer, MappingRecord record, DmaConstraints constraints, boolean paged) {
    SgTable table = record.table();
    if (table.nents() == 0) {
      findings.add(Rule.D86, buffer, record, -1, "a mapping without segments");
      return;
    }
    for (int segment = 0; segment < table.nents(); segment++) {
      checkSegment(buffer, record, constraints, segment, paged);
    }
    if (paged && Pages.ofBytes(table.totalBytes()) != buffer.pages) {
      findings.add(
          Rule.D25,
          buffer,
          record,
          -1,
          "segments of " + table.totalBytes() + " bytes for " + buffer.pages + " pages");
    }
    checkOverlap(buffer, record, table);
  }

  private void checkSegment(
      ShadowBuffer buffer,
      MappingRecord record,
      DmaConstraints constraints,
      int segment,
      boolean paged) {
    long first = record.table().address(segment);
    long length = record.table().lengthBytes(segment);
    long last = first + length - 1;
    if (Long.compareUnsigned(length, constraints.maxSegmentBytes()) > 0) {
      findings.add(
          Rule.D19, buffer, record, -1, "segment " + segment + " has " + length + " bytes");
    }
    if (constraints.boundaryMask() != DmaConstraints.NO_BOUNDARY
        && ((first ^ last) & ~constraints.boundaryMask()) != 0) {
      findings.add(Rule.D20, buffer, record, -1, "segment " + segment + " crosses the boundary");
    }
    if (Long.compareUnsigned(last, constraints.dmaMask()) > 0
        || Long.compareUnsigned(last, first) < 0) {
      findings.add(
          Rule.D26,
          buffer,
          record,
          -1,
          "segment " + segment + " ends at " + Long.toHexString(last));
    }
    if (paged && ((first | length) & Pages.OFFSET_MASK) != 0) {
      findings.add(Rule.D25, buffer, record, -1, "segment " + segment + " is not page aligned");
    }
  }

  /**
   * Segments come in order of buffer pages, not of address; lists of a few are compared in pairs.
   */
  private void checkOverlap(ShadowBuffer buffer, MappingRecord record, SgTable table) {
    int compared = Math.min(table.nents(), Yardbook.SEGMENTS_COMPARED_MAX);
    for (int one = 0; one < compared; one++) {
      for (int other = one + 1; other < compared; other++) {
        boolean apart =
            table.address(one) + table.lengthBytes(one) <= table.address(other)
                || table.address(other) + table.lengthBytes(other) <= table.address(one);
        if (!apart) {
          findings.add(
              Rule.D86, buffer, record, -1, "segments " + one + " and " + other + " overlap");
        }
      }
    }
  }
}
