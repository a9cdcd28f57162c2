package org.bufferyard.deviceactors;

import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import java.util.List;
import org.bufferyard.actors.protocol.Buffer;
import org.bufferyard.actors.protocol.BusPath;
import org.bufferyard.actors.protocol.DeviceId;
import org.bufferyard.actors.protocol.Header;
import org.bufferyard.actors.protocol.Importer;
import org.bufferyard.actors.protocol.Session;
import org.bufferyard.actors.protocol.Ticket;
import org.bufferyard.allocator.DmaDirection;
import org.bufferyard.allocator.placement.DeviceDemand;

/** A dynamic importer as the protocol has it: maps, unmaps when told to, and maps again. */
public final class PlainImporter {
  private static final DeviceId ID = new DeviceId(78);

  /**
   * Attaches {@code buffer} for a device without IOMMU.
   *
   * @param heard what it was told, in order
   */
  public static Behavior<Importer.Event> create(
      DeviceDemand demand, Session.Grant buffer, List<Importer.Event> heard) {
    return Behaviors.setup(context -> new PlainImporter(context, buffer).attach(demand, heard));
  }

  private final ActorContext<Importer.Event> context;
  private final Session.Grant buffer;
  private long requests = 1L << 51;

  private PlainImporter(ActorContext<Importer.Event> context, Session.Grant buffer) {
    this.context = context;
    this.buffer = buffer;
  }

  private Behavior<Importer.Event> attach(DeviceDemand demand, List<Importer.Event> heard) {
    buffer
        .ref()
        .tell(
            new Buffer.Attach(header(), ID, demand, true, new BusPath.Direct(), context.getSelf()));
    return Behaviors.receiveMessage(
        event -> {
          heard.add(event);
          switch (event) {
            case Importer.Attached attached -> map(attached.attachment());
            case Importer.Mapped mapped -> buffer.ref().tell(new Buffer.LetGo(ticket()));
            case Importer.Invalidate invalidate -> {
              buffer
                  .ref()
                  .tell(
                      new Buffer.Unmap(
                          header(),
                          invalidate.attachment(),
                          invalidate.generation(),
                          context.getSelf()));
              map(invalidate.attachment());
            }
            default -> {}
          }
          return Behaviors.same();
        });
  }

  private Header header() {
    return new Header(++requests, YardRig.CLIENT, 1, buffer.handle());
  }

  private static Ticket ticket() {
    return new Ticket(0, ID, 1);
  }

  private void map(int attachment) {
    buffer
        .ref()
        .tell(
            new Buffer.Map(
                header(), attachment, DmaDirection.BIDIRECTIONAL, ticket(), context.getSelf()));
  }
}
