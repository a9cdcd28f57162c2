package org.bufferyard.actors.lease;

import akka.actor.typed.ActorRef;
import java.util.concurrent.CompletionStage;
import scala.concurrent.ExecutionContext;

/**
 * An importer on the host: a name for the actor that attaches buffers and keeps their mappings. One
 * for each part of an application that is to be told apart.
 *
 * @param terms of mappings that do not say otherwise
 * @param executor where stages complete
 */
public record HostImporter(
    String name, ActorRef<ImporterActor.Command> ref, LeaseTerms terms, ExecutionContext executor) {

  /** Attaching the same buffer again gives the same attachment. */
  public CompletionStage<BufferAttachment> attach(SharedBuffer buffer) {
    Promise<BufferAttachment> promise = new Promise<>(executor);
    ref.tell(new ImporterActor.Attach(buffer, promise));
    return promise.stage();
  }

  /** Asks by message; answered by {@link LeaseReply.Attached} or {@link LeaseReply.Refused}. */
  public void attach(SharedBuffer buffer, long token, ActorRef<? super LeaseReply> replyTo) {
    ref.tell(
        new ImporterActor.Attach(buffer, LeaseReply.to(replyTo, token, LeaseReply.Attached::new)));
  }

  @Override
  public String toString() {
    return "HostImporter[" + name + "]";
  }
}
