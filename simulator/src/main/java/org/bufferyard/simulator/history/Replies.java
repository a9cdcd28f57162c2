package org.bufferyard.simulator.history;

import org.bufferyard.actors.protocol.Buffer;
import org.bufferyard.actors.protocol.HandleReply;
import org.bufferyard.actors.protocol.Importer;

/** Which request an answer of a buffer is to. */
final class Replies {
  static final long NONE = -1;

  /** The request's number; {@link #NONE} for what answers no request. */
  static long requestId(Object message) {
    return switch (message) {
      case Importer.Attached e -> e.requestId();
      case Importer.Mapped e -> e.requestId();
      case Importer.Unmapped e -> e.requestId();
      case Importer.Detached e -> e.requestId();
      case Importer.UseGranted e -> e.requestId();
      case Importer.UseStale e -> e.requestId();
      case Importer.Pinned e -> e.requestId();
      case Importer.Unpinned e -> e.requestId();
      case Importer.Refused e -> e.requestId();
      case Buffer.CpuOpened e -> e.requestId();
      case Buffer.CpuClosed e -> e.requestId();
      case Buffer.CpuRefused e -> e.requestId();
      case Buffer.Vmapped e -> e.requestId();
      case Buffer.Vunmapped e -> e.requestId();
      case HandleReply.Shared e -> e.requestId();
      case HandleReply.Released e -> e.requestId();
      case HandleReply.Revoked e -> e.requestId();
      case HandleReply.Offered e -> e.requestId();
      case HandleReply.Reclaimed e -> e.requestId();
      case HandleReply.Refused e -> e.requestId();
      case Buffer.Validated e -> e.requestId();
      case Buffer.ValidateRefused e -> e.requestId();
      default -> NONE;
    };
  }

  private Replies() {}
}
