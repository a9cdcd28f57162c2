package org.bufferyard.deviceactors;

import akka.actor.typed.ActorRef;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import org.bufferyard.actors.protocol.Buffer;
import org.bufferyard.actors.protocol.BufferId;
import org.bufferyard.actors.protocol.Importer;
import org.bufferyard.actors.protocol.RequestKind;
import org.bufferyard.actors.protocol.Tally;
import org.bufferyard.allocator.DmaDirection;
import org.bufferyard.allocator.Errno;
import org.bufferyard.allocator.Refusal;
import org.jspecify.annotations.Nullable;

/** A device's requests to buffers: numbered, counted, and matched with their one answer. */
final class Post {
  /**
   * A request on its way.
   *
   * @param job for a map or use: who asked
   * @param pin for a pin or unpin: what was asked
   * @param use for a use: which of the job's, and in which of its rounds
   */
  record Sent(
      RequestKind kind,
      Bond bond,
      @Nullable Job job,
      Device.@Nullable Pin pin,
      int use,
      int round,
      long sentNanos) {
    /** For what belongs to no round of a job. */
    Sent(RequestKind kind, Bond bond, @Nullable Job job, Device.@Nullable Pin pin, long sentNanos) {
      this(kind, bond, job, pin, 0, 0, sentNanos);
    }
  }

  /** Request ids of different devices for one client must differ. */
  private static final int DEVICE_SHIFT = 40;

  private final DevicePlan plan;
  private final ActorRef<Importer.Event> self;
  private final Tally tally;
  private final LinkedHashMap<Long, Sent> open = new LinkedHashMap<>();
  private long counter;

  Post(DevicePlan plan, ActorRef<Importer.Event> self, Tally tally) {
    this.plan = plan;
    this.self = self;
    this.tally = tally;
  }

  void attach(Bond bond, long now) {
    long id = next(new Sent(RequestKind.ATTACH, bond, null, null, now));
    bond.ref.tell(
        new Buffer.Attach(
            bond.header(id), plan.id(), plan.demand(), plan.dynamic(), plan.path(), self));
  }

  long map(Bond bond, DmaDirection direction, Job job, long now) {
    long id = next(new Sent(RequestKind.MAP, bond, job, null, now));
    bond.ref.tell(new Buffer.Map(bond.header(id), bond.attachment, direction, job.ticket, self));
    return id;
  }

  void unmap(Bond bond, long now) {
    long id = next(new Sent(RequestKind.UNMAP, bond, null, null, now));
    bond.ref.tell(new Buffer.Unmap(bond.header(id), bond.attachment, bond.generation, self));
  }

  void detach(Bond bond, long now) {
    long id = next(new Sent(RequestKind.DETACH, bond, null, null, now));
    bond.ref.tell(new Buffer.Detach(bond.header(id), bond.attachment, self));
  }

  void use(Bond bond, Job job, int index, long now) {
    Device.Use use = job.uses.get(index);
    long id = next(new Sent(RequestKind.USE, bond, job, null, index, job.round, now));
    bond.ref.tell(
        new Buffer.Use(
            bond.header(id),
            bond.attachment,
            bond.generation,
            use.direction().deviceWrites()
                ? org.bufferyard.actors.protocol.FenceUsage.WRITE
                : org.bufferyard.actors.protocol.FenceUsage.READ,
            job.ticket,
            use.firstPage(),
            use.pages(),
            self));
  }

  void pin(Bond bond, Device.Pin pin, long now) {
    long id = next(new Sent(RequestKind.PIN, bond, null, pin, now));
    bond.ref.tell(
        pin.pin()
            ? new Buffer.Pin(bond.header(id), bond.attachment, self)
            : new Buffer.Unpin(bond.header(id), bond.attachment, self));
  }

  private long next(Sent sent) {
    long id = ((plan.id().value() + 1L) << DEVICE_SHIFT) | ++counter;
    tally.requested(sent.kind());
    open.put(id, sent);
    return id;
  }

  /** The request answered, or null: it was answered before. */
  @Nullable Sent answered(long requestId) {
    Sent sent = open.remove(requestId);
    if (sent != null) {
      tally.answered(sent.kind());
    }
    return sent;
  }

  @Nullable Sent refused(long requestId, Refusal refusal) {
    Sent sent = open.remove(requestId);
    if (sent != null) {
      tally.refused(sent.kind(), refusal.errno());
    }
    return sent;
  }

  /** Asks for the answer now: what still waits is answered with {@code errno}. */
  void cancelFor(Job job, Errno errno) {
    open.forEach(
        (id, sent) -> {
          if (job.equals(sent.job())) {
            sent.bond().ref.tell(new Buffer.Cancel(sent.bond().key.client(), id, errno));
          }
        });
  }

  /** Takes out what the buffer was asked and has not answered. */
  List<Sent> abandon(BufferId buffer, Errno errno) {
    List<Sent> abandoned = new ArrayList<>();
    open.values().removeIf(sent -> sent.bond().key.buffer().equals(buffer) && abandoned.add(sent));
    abandoned.forEach(sent -> tally.refused(sent.kind(), errno));
    return abandoned;
  }

  int openCount() {
    return open.size();
  }
}
