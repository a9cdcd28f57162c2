package org.bufferyard.deviceactors;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import org.bufferyard.actors.protocol.Buffer;
import org.bufferyard.actors.protocol.BusPath;
import org.bufferyard.actors.protocol.ClientId;
import org.bufferyard.actors.protocol.DeviceId;
import org.bufferyard.actors.protocol.Header;
import org.bufferyard.actors.protocol.Importer;
import org.bufferyard.actors.protocol.Session;
import org.bufferyard.actors.protocol.Ticket;
import org.bufferyard.allocator.DmaDirection;
import org.bufferyard.deviceactors.catalog.CatalogKind;

/**
 * A dynamic importer that maps one buffer and then answers its invalidate badly. It keeps to the
 * messages of the protocol, and to nothing else of it.
 */
final class RudeImporter {
  /** What it does when it is told to unmap. */
  enum Manner {
    /** Unmaps after a while. */
    LATE,
    /** Never answers. */
    SILENT,
    /** Its actor dies. */
    THROWING,
    /** Maps, attaches and detaches at once, before and after it unmaps. */
    RE_ENTRANT
  }

  static final long LATE_MILLIS = 2_000;
  private static final DeviceId ID = new DeviceId(77);

  static Behavior<Importer.Event> create(
      Manner manner, Session.Grant buffer, ClientId client, java.util.List<Importer.Event> heard) {
    return Behaviors.setup(
        context -> new RudeImporter(context, manner, buffer, client).importing(heard));
  }

  private final ActorContext<Importer.Event> context;
  private final Manner manner;
  private final Session.Grant buffer;
  private final ClientId client;
  private long requests = 1L << 50;

  private RudeImporter(
      ActorContext<Importer.Event> context, Manner manner, Session.Grant buffer, ClientId client) {
    this.context = context;
    this.manner = manner;
    this.buffer = buffer;
    this.client = client;
    attach();
  }

  private Behavior<Importer.Event> importing(java.util.List<Importer.Event> heard) {
    return Behaviors.receiveMessage(
        event -> {
          heard.add(event);
          switch (event) {
            case Importer.Attached attached when heard.size() == 1 -> map(attached.attachment());
            case Importer.Mapped mapped -> buffer.ref().tell(new Buffer.LetGo(ticket()));
            case Importer.Invalidate invalidate -> onInvalidate(invalidate);
            case Importer.Revoked(var id, var attachment, var generation) ->
                onInvalidate(new Importer.Invalidate(id, attachment, generation));
            default -> {}
          }
          return Behaviors.same();
        });
  }

  private void onInvalidate(Importer.Invalidate invalidate) {
    switch (manner) {
      case SILENT -> {}
      case THROWING -> throw new IllegalStateException("rude on purpose");
      case LATE ->
          context.scheduleOnce(
              java.time.Duration.ofMillis(LATE_MILLIS), buffer.ref(), unmap(invalidate));
      case RE_ENTRANT -> {
        map(invalidate.attachment());
        attach();
        buffer.ref().tell(unmap(invalidate));
        buffer.ref().tell(unmap(invalidate));
        map(invalidate.attachment());
      }
    }
  }

  private Header header() {
    return new Header(++requests, client, 1, buffer.handle());
  }

  private ActorRef<Importer.Event> self() {
    return context.getSelf();
  }

  private static Ticket ticket() {
    return new Ticket(0, ID, 1);
  }

  private void attach() {
    buffer
        .ref()
        .tell(
            new Buffer.Attach(
                header(),
                ID,
                CatalogKind.CAMERA.named("rude"),
                true,
                new BusPath.Direct(),
                self()));
  }

  private void map(int attachment) {
    buffer
        .ref()
        .tell(new Buffer.Map(header(), attachment, DmaDirection.BIDIRECTIONAL, ticket(), self()));
  }

  private Buffer.Unmap unmap(Importer.Invalidate invalidate) {
    return new Buffer.Unmap(header(), invalidate.attachment(), invalidate.generation(), self());
  }
}
