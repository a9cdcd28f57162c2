package org.bufferyard.actors.remote;

import akka.actor.typed.ActorRef;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import java.util.LinkedHashMap;
import org.bufferyard.allocator.Refusal;
import org.jspecify.annotations.Nullable;

/**
 * A gateway in another process, as an importer knows it. The numbers that a gateway gives are its
 * own, and its ear is heard by nobody else: whatever is told there, this gateway said. Owned by the
 * importer.
 */
final class FarGateway {
  final ActorRef<Wire.Command> ref;

  /** Who is answered; when it stops, the gateway lets go of all that was asked through it. */
  final ActorRef<Wire.Event> ear;

  private final LinkedHashMap<Long, RemoteImporterActor.Attach> attaching = new LinkedHashMap<>();
  private final LinkedHashMap<Integer, RemoteAttachment> attachments = new LinkedHashMap<>();

  /** Begins to listen, with a child of the importer's: a gateway can watch it. */
  FarGateway(ActorRef<Wire.Command> ref, ActorContext<RemoteImporterActor.Command> importer) {
    this.ref = ref;
    ActorRef<RemoteImporterActor.Command> self = importer.getSelf();
    this.ear =
        importer.spawnAnonymous(
            Behaviors.receiveMessage(
                event -> {
                  self.tell(new RemoteImporterActor.FromWire(this, event));
                  return Behaviors.same();
                }));
  }

  void attach(long token, RemoteImporterActor.Attach attach) {
    attaching.put(token, attach);
    ref.tell(new Wire.Attach(token, attach.buffer().handle(), ear));
  }

  /** What was asked with the token, which is answered now; null if this gateway was not asked. */
  RemoteImporterActor.@Nullable Attach answered(long token) {
    return attaching.remove(token);
  }

  void attached(RemoteAttachment attachment) {
    attachments.put(attachment.number(), attachment);
  }

  boolean has(RemoteAttachment attachment) {
    return attachment.equals(attachments.get(attachment.number()));
  }

  @Nullable RemoteAttachment attachment(int number) {
    return attachments.get(number);
  }

  void detach(long token, RemoteAttachment attachment) {
    if (has(attachment)) {
      attachments.remove(attachment.number());
      ref.tell(new Wire.Detach(token, attachment.number(), ear));
    }
  }

  /** Whoever waits to attach is refused. */
  void gone(Refusal refusal) {
    attaching.values().forEach(attach -> attach.answer().refused(refusal));
    attaching.clear();
    attachments.clear();
  }
}
