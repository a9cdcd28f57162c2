package org.bufferyard.actors.lease;

import akka.actor.typed.ActorRef;
import java.util.concurrent.CompletionStage;
import org.bufferyard.actors.protocol.ClientId;
import scala.concurrent.ExecutionContext;

/**
 * A client of a yard: whose the handles are. Parts of an application that shall not open each
 * other's buffers are clients of their own.
 *
 * @param executor where stages complete
 */
public record ClientRef(ClientId id, ActorRef<ClientActor.Command> ref, ExecutionContext executor) {

  /** A buffer; it has no memory before its first mapping. */
  public CompletionStage<SharedBuffer> export(BufferSpec spec) {
    Promise<SharedBuffer> promise = new Promise<>(executor);
    ref.tell(new ClientActor.Export(spec, promise));
    return promise.stage();
  }

  /**
   * Takes a buffer of this client away from everybody, for good; completes when nobody is in it any
   * more. Its importers are told, and who maps it is refused ENODEV. Needs the right to revoke.
   */
  public CompletionStage<SharedBuffer> revoke(SharedBuffer buffer) {
    Promise<SharedBuffer> promise = new Promise<>(executor);
    ref.tell(new ClientActor.Revoke(buffer, promise));
    return promise.stage();
  }
}
