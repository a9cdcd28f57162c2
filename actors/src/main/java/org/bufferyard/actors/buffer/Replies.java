package org.bufferyard.actors.buffer;

import org.bufferyard.actors.protocol.Buffer;
import org.bufferyard.actors.protocol.BufferId;
import org.bufferyard.actors.protocol.HandleReply;
import org.bufferyard.actors.protocol.Importer;
import org.bufferyard.allocator.Errno;
import org.bufferyard.allocator.Refusal;

/** Refusals in the form each requester understands. */
final class Replies {
  static void refuse(BufferCore core, Buffer.Request request, Errno errno, String reason) {
    refuse(core, request, new Refusal(errno, reason));
  }

  static void refuse(BufferCore core, Buffer.Request request, Refusal refusal) {
    BufferId buffer = core.id;
    long id = request.header().requestId();
    switch (request) {
      case Buffer.Attach attach ->
          core.tell(attach.replyTo(), new Importer.Refused(id, buffer, refusal));
      case Buffer.Map map -> core.tell(map.replyTo(), new Importer.Refused(id, buffer, refusal));
      case Buffer.Unmap unmap ->
          core.tell(unmap.replyTo(), new Importer.Refused(id, buffer, refusal));
      case Buffer.Detach detach ->
          core.tell(detach.replyTo(), new Importer.Refused(id, buffer, refusal));
      case Buffer.Use use -> core.tell(use.replyTo(), new Importer.Refused(id, buffer, refusal));
      case Buffer.Pin pin -> core.tell(pin.replyTo(), new Importer.Refused(id, buffer, refusal));
      case Buffer.Unpin unpin ->
          core.tell(unpin.replyTo(), new Importer.Refused(id, buffer, refusal));
      case Buffer.BeginCpu begin ->
          core.tell(begin.replyTo(), new Buffer.CpuRefused(id, buffer, refusal));
      case Buffer.Mmap mmap -> core.tell(mmap.replyTo(), new Importer.Refused(id, buffer, refusal));
      case Buffer.Vmap vmap ->
          core.tell(vmap.replyTo(), new Buffer.CpuRefused(id, buffer, refusal));
      case Buffer.Vunmap end ->
          core.tell(end.replyTo(), new Buffer.CpuRefused(id, buffer, refusal));
      case Buffer.EndCpu end ->
          core.tell(end.replyTo(), new Buffer.CpuRefused(id, buffer, refusal));
      case Buffer.Validate validate ->
          core.tell(validate.replyTo(), new Buffer.ValidateRefused(id, buffer, refusal));
      case Buffer.Share share ->
          core.tell(share.replyTo(), new HandleReply.Refused(id, buffer, refusal));
      case Buffer.Release release ->
          core.tell(release.replyTo(), new HandleReply.Refused(id, buffer, refusal));
      case Buffer.Revoke revoke ->
          core.tell(revoke.replyTo(), new HandleReply.Refused(id, buffer, refusal));
      case Buffer.Offer offer ->
          core.tell(offer.replyTo(), new HandleReply.Refused(id, buffer, refusal));
      case Buffer.Reclaim reclaim ->
          core.tell(reclaim.replyTo(), new HandleReply.Refused(id, buffer, refusal));
    }
  }

  private Replies() {}
}
