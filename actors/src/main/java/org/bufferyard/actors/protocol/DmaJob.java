package org.bufferyard.actors.protocol;

import java.util.List;
import org.bufferyard.allocator.sg.SgTable;

/**
 * Accesses of one device to the buffers of one of its jobs, in the device's address space.
 *
 * @param token the device's name for this batch; comes back in the report
 */
public record DmaJob(DeviceId device, long token, List<Access> accesses) {
  /**
   * Pages {@code [firstPage, firstPage + pages)} of a mapped buffer.
   *
   * @param write tag the pages with {@code stamp}; otherwise read and compare with {@code expected}
   */
  public record Access(
      BufferId buffer,
      SgTable table,
      long firstPage,
      long pages,
      boolean write,
      Contents expected,
      long stamp) {}

  /**
   * What became of a job's accesses.
   *
   * @param copiedBytes what the device's path copied for it, in and out; 0 where it reaches memory
   * @param findings what was wrong, in words; the first few are kept
   */
  public record Report(
      long token,
      long pagesRead,
      long pagesWritten,
      long faults,
      long copiedBytes,
      List<Finding> findings) {
    /** As it is, with what the path has copied. */
    public Report withCopiedBytes(long bytes) {
      return new Report(token, pagesRead, pagesWritten, faults, bytes, findings);
    }
  }

  /** A page that could not be reached, or held what nobody wrote there. */
  public record Finding(BufferId buffer, long page, String text) {}
}
