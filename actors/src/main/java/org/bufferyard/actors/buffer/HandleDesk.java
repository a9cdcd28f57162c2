package org.bufferyard.actors.buffer;

import akka.actor.typed.ActorRef;
import java.util.List;
import org.bufferyard.actors.environment.YardSettings;
import org.bufferyard.actors.protocol.Buffer;
import org.bufferyard.actors.protocol.ClientId;
import org.bufferyard.actors.protocol.Handle;
import org.bufferyard.actors.protocol.HandleReply;
import org.bufferyard.actors.protocol.Rights;
import org.bufferyard.actors.protocol.Session;
import org.bufferyard.allocator.Errno;
import org.bufferyard.allocator.Refusal;

/** Handles to the buffer: given on with no more rights than the giver's, and released. */
final class HandleDesk {
  private final BufferCore core;

  HandleDesk(BufferCore core) {
    this.core = core;
  }

  void share(Buffer.Share share) {
    int held = core.rights.rightsOf(share.header().handle());
    if ((share.rights() & ~held) != 0) {
      Replies.refuse(
          core,
          share,
          Errno.EPERM,
          "gives rights " + Rights.names(share.rights()) + ", holds " + Rights.names(held));
      return;
    }
    if (core.rights.size() >= YardSettings.USERS_MAX) {
      Refusal refusal =
          new Refusal(
              Errno.EDQUOT,
              core.id + " is opened by " + YardSettings.USERS_MAX + " handles",
              "releasing one of them");
      Replies.refuse(core, share, refusal);
      return;
    }
    if (!core.rights.isKnown(share.toSession())) {
      core.context.watchWith(share.toSession(), new Buffer.SessionGone(share.toSession()));
    }
    core.rights.grant(share.given(), share.to(), 0, share.rights(), share.toSession());
    core.tell(
        share.replyTo(),
        new HandleReply.Shared(share.header().requestId(), core.id, share.given(), share.to()));
  }

  void release(Buffer.Release release) {
    close(release.header().handle());
    core.tell(release.replyTo(), new HandleReply.Released(release.header().requestId(), core.id));
  }

  void close(Handle handle) {
    ActorRef<Session.Command> session = core.rights.remove(handle);
    if (session != null && !core.rights.isKnown(session)) {
      core.context.unwatch(session);
    }
    closed();
  }

  /** Returns the clients that have no handle any more. */
  List<ClientId> sessionGone(ActorRef<Session.Command> session) {
    List<ClientId> gone = core.rights.removeAll(session);
    closed();
    return gone;
  }

  private void closed() {
    core.zombie = core.rights.isEmpty();
    if (core.zombie && core.desk != null) {
      core.desk.close(new Refusal(Errno.EBADF, "the last handle of " + core.id + " is gone"));
    }
  }
}
