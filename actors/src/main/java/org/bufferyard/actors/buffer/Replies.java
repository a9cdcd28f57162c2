package org.bufferyard.actors.buffer;

import org.bufferyard.actors.protocol.Buffer;
import org.bufferyard.actors.protocol.BufferId;
import org.bufferyard.actors.protocol.HandleReply;
import org.bufferyard.actors.protocol.Importer;
import org.bufferyard.allocator.Errno;
import org.bufferyard.allocator.Refusal;

/** Refusals in the form each requester understands. */
final class Replies {
  static void refuse(BufferId buffer, Buffer.Request request, Errno errno, String reason) {
    refuse(buffer, request, new Refusal(errno, reason));
  }

  static void refuse(BufferId buffer, Buffer.Request request, Refusal refusal) {
    long id = request.header().requestId();
    switch (request) {
      case Buffer.Attach attach -> attach.replyTo().tell(new Importer.Refused(id, buffer, refusal));
      case Buffer.Map map -> map.replyTo().tell(new Importer.Refused(id, buffer, refusal));
      case Buffer.Unmap unmap -> unmap.replyTo().tell(new Importer.Refused(id, buffer, refusal));
      case Buffer.Detach detach -> detach.replyTo().tell(new Importer.Refused(id, buffer, refusal));
      case Buffer.Use use -> use.replyTo().tell(new Importer.Refused(id, buffer, refusal));
      case Buffer.Pin pin -> pin.replyTo().tell(new Importer.Refused(id, buffer, refusal));
      case Buffer.Unpin unpin -> unpin.replyTo().tell(new Importer.Refused(id, buffer, refusal));
      case Buffer.BeginCpu begin ->
          begin.replyTo().tell(new Buffer.CpuRefused(id, buffer, refusal));
      case Buffer.Mmap mmap -> mmap.replyTo().tell(new Importer.Refused(id, buffer, refusal));
      case Buffer.Vmap vmap -> vmap.replyTo().tell(new Buffer.CpuRefused(id, buffer, refusal));
      case Buffer.Vunmap end -> end.replyTo().tell(new Buffer.CpuRefused(id, buffer, refusal));
      case Buffer.EndCpu end -> end.replyTo().tell(new Buffer.CpuRefused(id, buffer, refusal));
      case Buffer.Validate validate ->
          validate.replyTo().tell(new Buffer.ValidateRefused(id, buffer, refusal));
      case Buffer.Share share -> share.replyTo().tell(new HandleReply.Refused(id, buffer, refusal));
      case Buffer.Release release ->
          release.replyTo().tell(new HandleReply.Refused(id, buffer, refusal));
      case Buffer.Revoke revoke ->
          revoke.replyTo().tell(new HandleReply.Refused(id, buffer, refusal));
      case Buffer.Offer offer -> offer.replyTo().tell(new HandleReply.Refused(id, buffer, refusal));
      case Buffer.Reclaim reclaim ->
          reclaim.replyTo().tell(new HandleReply.Refused(id, buffer, refusal));
    }
  }

  private Replies() {}
}
