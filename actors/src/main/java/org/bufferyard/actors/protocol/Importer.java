package org.bufferyard.actors.protocol;

import org.bufferyard.allocator.Refusal;
import org.bufferyard.allocator.sg.SgTable;

/** What a buffer says to the device that attached it. */
public final class Importer {
  /**
   * Replies carry the request's id; only {@link Invalidate}, {@link Revoked} and {@link
   * ForceDetached} are not asked for.
   */
  public sealed interface Event {
    BufferId buffer();
  }

  /**
   * The device is a user of the buffer.
   *
   * @param attachment the buffer's name for this attachment, in later requests
   * @param kind what its mappings will be
   */
  public record Attached(long requestId, BufferId buffer, int attachment, MappingKind kind)
      implements Event {}

  /**
   * A mapping of generation {@code generation}.
   *
   * @param table valid until unmapped; immutable
   * @param region index of the region the pages are in
   * @param settled the buffer is where it is wanted most: a cached mapping needs no second look
   */
  public record Mapped(
      long requestId,
      BufferId buffer,
      int attachment,
      long generation,
      SgTable table,
      int region,
      boolean settled)
      implements Event {}

  public record Unmapped(long requestId, BufferId buffer, long generation) implements Event {}

  public record Detached(long requestId, BufferId buffer) implements Event {}

  /**
   * The job may touch the buffer: all that conflicts has signalled and its fence is in the
   * reservation.
   *
   * @param expected what was last written, page by page
   * @param stamp what the job's own writes are tagged with; 0 for a reader
   * @param inPlaceSinceNanos when the last copy into these pages, or of others' contents out of
   *     them, was done; 0 if none was waited for since the buffer came here
   */
  public record UseGranted(
      long requestId,
      BufferId buffer,
      long generation,
      Contents expected,
      long stamp,
      long inPlaceSinceNanos)
      implements Event {}

  /** The mapping is of an older generation; unmap it, map again, and ask again. */
  public record UseStale(long requestId, BufferId buffer) implements Event {}

  public record Pinned(long requestId, BufferId buffer) implements Event {}

  public record Unpinned(long requestId, BufferId buffer) implements Event {}

  public record Refused(long requestId, BufferId buffer, Refusal refusal) implements Event {}

  /**
   * Mappings of {@code generation} must go: no new work with them, unmap when the work under way
   * has finished. Sent once per generation. Model of {@code move_notify}.
   */
  public record Invalidate(BufferId buffer, int attachment, long generation) implements Event {}

  /**
   * The buffer was taken away for good. A mapping that there is must go as if invalidated, a pinned
   * or static one too; there will not be another.
   */
  public record Revoked(BufferId buffer, int attachment, long generation) implements Event {}

  /** The deadline passed: the mapping was torn down and the attachment is gone. */
  public record ForceDetached(BufferId buffer, int attachment, long generation) implements Event {}

  private Importer() {}
}
