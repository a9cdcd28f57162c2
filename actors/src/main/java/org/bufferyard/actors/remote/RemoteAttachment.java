package org.bufferyard.actors.remote;

import akka.actor.typed.ActorRef;
import java.util.concurrent.CompletionStage;
import org.bufferyard.actors.lease.Promise;
import org.bufferyard.allocator.DmaDirection;
import scala.concurrent.ExecutionContext;

/**
 * An importer's use of a buffer in another process.
 *
 * @param number as the buffer's gateway names it
 * @param executor where stages complete
 */
public record RemoteAttachment(
    Wire.RemoteBuffer buffer,
    int number,
    ActorRef<RemoteImporterActor.Command> importer,
    ExecutionContext executor) {

  /** A lease of the buffer, its bytes fetched into this process. */
  public CompletionStage<RemoteMapping> map(DmaDirection direction) {
    Promise<RemoteMapping> promise = Promise.on(executor);
    importer.tell(new RemoteImporterActor.Map(this, direction, promise));
    return promise.stage();
  }

  /** Never fails. */
  public void detach() {
    importer.tell(new RemoteImporterActor.Detach(this));
  }
}
