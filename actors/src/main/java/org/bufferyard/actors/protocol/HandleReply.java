package org.bufferyard.actors.protocol;

import org.bufferyard.allocator.Refusal;

/** What a buffer answers a session that shares, releases, revokes, offers or reclaims it. */
public sealed interface HandleReply {
  record Shared(long requestId, BufferId buffer, Handle given, ClientId to)
      implements HandleReply {}

  record Released(long requestId, BufferId buffer) implements HandleReply {}

  record Revoked(long requestId, BufferId buffer) implements HandleReply {}

  record Offered(long requestId, BufferId buffer) implements HandleReply {}

  /**
   * The contents are safe from now on.
   *
   * @param kept false: they were discarded, and the buffer reads as zero
   */
  record Reclaimed(long requestId, BufferId buffer, boolean kept) implements HandleReply {}

  record Refused(long requestId, BufferId buffer, Refusal refusal) implements HandleReply {}
}
