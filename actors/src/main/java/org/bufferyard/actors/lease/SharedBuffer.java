package org.bufferyard.actors.lease;

import akka.actor.typed.ActorRef;
import java.util.concurrent.CompletionStage;
import org.bufferyard.actors.protocol.BufferId;
import org.bufferyard.actors.protocol.ClientId;
import org.bufferyard.actors.protocol.Handle;
import org.bufferyard.actors.protocol.Header;
import org.bufferyard.actors.protocol.Rights;
import org.bufferyard.actors.protocol.Session;

/**
 * A buffer, as one client holds it: the capability that opens it. Immutable; hand it from actor to
 * actor as it is, nothing is copied. It holds memory from its first mapping until {@link #release}.
 *
 * @param client whose handle it is
 * @param sizeBytes as exported; the pages behind it may be a little more
 */
public record SharedBuffer(
    ClientId client,
    long epoch,
    Session.Grant grant,
    long sizeBytes,
    ActorRef<ClientActor.Command> holder) {

  public BufferId id() {
    return grant.buffer();
  }

  public Handle handle() {
    return grant.handle();
  }

  /** The handle was shared for writing too; the buffer itself has the last word. */
  public boolean mayWrite() {
    return (grant.rights() & Rights.WRITE) != 0;
  }

  /** The importer becomes a user of the buffer. */
  public CompletionStage<BufferAttachment> attach(HostImporter importer) {
    return importer.attach(this);
  }

  /**
   * A handle of its own for another client, with no more rights than this one's.
   *
   * @param rights of {@link Rights}
   */
  public CompletionStage<SharedBuffer> share(ClientRef with, int rights) {
    Promise<SharedBuffer> promise = new Promise<>(with.executor());
    holder.tell(new ClientActor.Share(this, with, rights, promise));
    return promise.stage();
  }

  /** The handle goes; with the last one, and the last attachment, the memory. Needs no answer. */
  public void release() {
    holder.tell(new ClientActor.Release(this));
  }

  Header header(long requestId) {
    return new Header(requestId, client, epoch, grant.handle());
  }

  @Override
  public String toString() {
    return "SharedBuffer[" + id() + ", " + sizeBytes + " bytes, " + client + "]";
  }
}
