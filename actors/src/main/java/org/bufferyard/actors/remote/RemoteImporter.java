package org.bufferyard.actors.remote;

import akka.actor.typed.ActorRef;
import java.util.concurrent.CompletionStage;
import org.bufferyard.actors.lease.Promise;
import scala.concurrent.ExecutionContext;

/**
 * An importer of buffers in other processes.
 *
 * @param executor where stages complete
 */
public record RemoteImporter(ActorRef<RemoteImporterActor.Command> ref, ExecutionContext executor) {
  /** Makes the importer a user of the buffer, wherever it is. */
  public CompletionStage<RemoteAttachment> attach(Wire.RemoteBuffer buffer) {
    Promise<RemoteAttachment> promise = Promise.on(executor);
    ref.tell(new RemoteImporterActor.Attach(buffer, promise));
    return promise.stage();
  }
}
