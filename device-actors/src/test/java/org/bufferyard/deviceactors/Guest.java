package org.bufferyard.deviceactors;

import akka.actor.typed.ActorRef;
import akka.actor.typed.javadsl.Behaviors;
import java.util.ArrayList;
import java.util.List;
import org.bufferyard.actors.protocol.Buffer;
import org.bufferyard.actors.protocol.BusPath;
import org.bufferyard.actors.protocol.DeviceId;
import org.bufferyard.actors.protocol.FenceUsage;
import org.bufferyard.actors.protocol.Header;
import org.bufferyard.actors.protocol.ImportTerms;
import org.bufferyard.actors.protocol.Importer;
import org.bufferyard.actors.protocol.Session;
import org.bufferyard.actors.protocol.Ticket;
import org.bufferyard.allocator.DmaDirection;
import org.bufferyard.allocator.Errno;
import org.bufferyard.allocator.placement.DeviceDemand;

/** An importer without IOMMU whose every message the test sends itself. */
public final class Guest {
  private static final int FIRST_ID = 90;

  /** All that it was told, in order. */
  public final List<Importer.Event> heard = new ArrayList<>();

  private final YardRig rig;
  private final Session.Grant buffer;
  private final DeviceDemand demand;
  private final DeviceId id;
  private final ActorRef<Importer.Event> self;
  private long requests;
  private int attachment;

  /**
   * A guest of the rig.
   *
   * @param number tells guests apart
   */
  public Guest(YardRig rig, Session.Grant buffer, DeviceDemand demand, int number) {
    this.rig = rig;
    this.buffer = buffer;
    this.demand = demand;
    this.id = new DeviceId(FIRST_ID + number);
    this.requests = (long) (FIRST_ID + number) << 48;
    this.self =
        rig.spawn(
            Behaviors.receiveMessage(
                event -> {
                  heard.add(event);
                  return Behaviors.same();
                }));
  }

  private Header header() {
    return new Header(++requests, YardRig.CLIENT, YardRig.EPOCH, buffer.handle());
  }

  private Importer.Event told(Buffer.Command command) {
    buffer.ref().tell(command);
    rig.run(100);
    return heard.getLast();
  }

  public Importer.Event attach(ImportTerms terms) {
    Importer.Event event =
        told(new Buffer.Attach(header(), id, demand, terms, new BusPath.Direct(), self));
    if (event instanceof Importer.Attached attached) {
      attachment = attached.attachment();
    }
    return event;
  }

  /** Attached, and mapped both ways. */
  public Importer.Mapped mapped(ImportTerms terms) {
    attach(terms);
    return (Importer.Mapped) map(DmaDirection.BIDIRECTIONAL);
  }

  public Importer.Event map(DmaDirection direction) {
    Importer.Event event = told(new Buffer.Map(header(), attachment, direction, ticket(0), self));
    letGo(0);
    return event;
  }

  /** The same, without letting anybody work. */
  public void sendMap(DmaDirection direction) {
    buffer.ref().tell(new Buffer.Map(header(), attachment, direction, ticket(0), self));
  }

  public Importer.Event unmap(long generation) {
    return told(new Buffer.Unmap(header(), attachment, generation, self));
  }

  public Importer.Event detach() {
    return told(new Buffer.Detach(header(), attachment, self));
  }

  public Importer.Event pin() {
    return told(new Buffer.Pin(header(), attachment, self));
  }

  public Importer.Event unpin() {
    return told(new Buffer.Unpin(header(), attachment, self));
  }

  /** Adds a fence for all pages. */
  public Importer.Event use(long generation, FenceUsage usage, long stamp) {
    return told(
        new Buffer.Use(
            header(), attachment, generation, usage, ticket(stamp), 0, buffer.sizePages(), self));
  }

  public void signal(long stamp) {
    told(new Buffer.Signal(ticket(stamp), true));
  }

  private void letGo(long stamp) {
    told(new Buffer.LetGo(ticket(stamp)));
  }

  private Ticket ticket(long stamp) {
    return new Ticket(stamp, id, stamp);
  }

  public List<Importer.Invalidate> invalidates() {
    return heard.stream()
        .filter(Importer.Invalidate.class::isInstance)
        .map(Importer.Invalidate.class::cast)
        .toList();
  }

  /** The errno of a refusal. */
  public static Errno errno(Importer.Event event) {
    return ((Importer.Refused) event).refusal().errno();
  }
}
