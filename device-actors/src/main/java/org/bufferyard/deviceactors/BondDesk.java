package org.bufferyard.deviceactors;

import akka.actor.typed.ActorRef;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.bufferyard.actors.protocol.Buffer;
import org.bufferyard.actors.protocol.BufferId;
import org.bufferyard.actors.protocol.Handle;
import org.bufferyard.actors.protocol.Importer;
import org.bufferyard.allocator.DmaDirection;
import org.bufferyard.allocator.Errno;
import org.bufferyard.allocator.Pages;
import org.bufferyard.allocator.Refusal;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the device's attachments: attaches at first need, caches mappings that may stay, unmaps
 * what was invalidated as soon as no running work needs it. Owned by the device.
 */
final class BondDesk {
  /** What a change of a bond means for the jobs that need it. */
  interface Sequel {
    void mapped(Job job, Bond bond);

    void unmapped(Job job, Bond bond);

    void refused(Job job, Refusal refusal);

    void pinAnswered(Device.Pin pin, @Nullable Refusal refusal);
  }

  private static final int DESCRIBED_MAX = 4;

  private final DevicePlan plan;
  private final Post post;
  private final Sequel sequel;
  private final LongSupplier clock;

  /** Hears of every bond that is made. */
  private final Consumer<Bond> made;

  private final LinkedHashMap<Bond.Key, Bond> bonds = new LinkedHashMap<>();

  BondDesk(DevicePlan plan, Post post, Sequel sequel, LongSupplier clock, Consumer<Bond> made) {
    this.plan = plan;
    this.post = post;
    this.sequel = sequel;
    this.clock = clock;
    this.made = made;
  }

  int size() {
    return bonds.size();
  }

  /** The first few, for the report of what was left over. */
  List<String> describe() {
    return bonds.values().stream().limit(DESCRIBED_MAX).map(Bond::toString).toList();
  }

  @Nullable Bond find(Bond.Key key) {
    return bonds.get(key);
  }

  @Nullable Bond find(BufferId buffer, int attachment) {
    for (Bond bond : bonds.values()) {
      if (bond.attachment == attachment && bond.key.buffer().equals(buffer)) {
        return bond;
      }
    }
    return null;
  }

  /** The bond for a use of a client's job, made if need be. */
  Bond of(Device.Submit submit, Device.Use use) {
    return of(new Bond.Key(submit.client(), use.buffer()), submit.epoch(), use.handle(), use.ref());
  }

  private Bond of(Bond.Key key, long epoch, Handle handle, ActorRef<Buffer.Command> ref) {
    return bonds.computeIfAbsent(
        key,
        missing -> {
          Bond bond = new Bond(missing, epoch, handle, ref);
          made.accept(bond);
          return bond;
        });
  }

  /** The job needs the bond mapped; returns whether it is. */
  boolean need(Bond bond, Job job) {
    if (bond.usable()) {
      bond.users.add(job);
      return true;
    }
    bond.waiters.add(job);
    advance(bond);
    return false;
  }

  /** The job is through with the bond, or gave up. */
  void leave(Bond bond, Job job) {
    bond.users.remove(job);
    bond.waiters.remove(job);
    advance(bond);
  }

  void endUse(Bond bond) {
    bond.inUse = Math.max(0, bond.inUse - 1);
  }

  void pin(Device.Pin pin) {
    Bond.Key key = new Bond.Key(pin.client(), pin.buffer());
    Bond bond = of(key, pin.epoch(), pin.handle(), pin.ref());
    bond.pins.addLast(pin);
    advance(bond);
  }

  /** Attaches if it is not yet, and answers once it is known whether. */
  void attachOnly(Device.Attach attach) {
    Bond.Key key = new Bond.Key(attach.client(), attach.buffer());
    Bond bond = of(key, attach.epoch(), attach.handle(), attach.ref());
    bond.forgotten = false;
    bond.attachers.addLast(attach);
    advance(bond);
  }

  private static void answerAttachers(Bond bond, @Nullable Refusal refusal) {
    while (!bond.attachers.isEmpty()) {
      Device.Attach attach = bond.attachers.removeFirst();
      attach
          .replyTo()
          .tell(
              refusal == null
                  ? new Device.AttachDone(attach.token())
                  : new Device.JobRefused(attach.token(), refusal));
    }
  }

  /** A new submission uses the bond: what was forgotten is wanted again. */
  void wanted(Bond.Key key) {
    Bond bond = bonds.get(key);
    if (bond != null) {
      bond.forgotten = false;
    }
  }

  void forget(Bond.Key key) {
    Bond bond = bonds.get(key);
    if (bond != null) {
      bond.forgotten = true;
      advance(bond);
    }
  }

  /** Takes the next step that the bond's state and its users call for, if any. */
  void advance(Bond bond) {
    sendPins(bond);
    switch (bond.state) {
      case DETACHED -> attach(bond);
      case ATTACHED -> mapOrDetach(bond);
      case MAPPED -> unmapIfDue(bond);
      case ATTACHING, MAPPING, UNMAPPING, DETACHING -> {}
    }
  }

  private void attach(Bond bond) {
    if (!bond.waiters.isEmpty() || !bond.pins.isEmpty() || !bond.attachers.isEmpty()) {
      bond.state = Bond.State.ATTACHING;
      post.attach(bond, clock.getAsLong());
    } else {
      bonds.remove(bond.key, bond);
    }
  }

  /** Mapped for both ways, since jobs of either kind that come meanwhile share the mapping. */
  private void mapOrDetach(Bond bond) {
    if (!bond.waiters.isEmpty()) {
      Job oldest = bond.waiters.getFirst();
      for (Job waiter : bond.waiters) {
        oldest = oldest.ticket.youngerThan(waiter.ticket) ? waiter : oldest;
      }
      bond.state = Bond.State.MAPPING;
      bond.mappingFor = oldest;
      bond.mappingSinceNanos = clock.getAsLong();
      bond.mapRequest = post.map(bond, DmaDirection.BIDIRECTIONAL, oldest, clock.getAsLong());
    } else if (bond.forgotten && bond.idle()) {
      bond.state = Bond.State.DETACHING;
      post.detach(bond, clock.getAsLong());
    }
  }

  private void unmapIfDue(Bond bond) {
    boolean notCached = !plan.dynamic() || !bond.settled || bond.forgotten;
    boolean unneeded = notCached && bond.users.isEmpty();
    if (bond.inUse == 0 && (bond.stale || unneeded)) {
      bond.state = Bond.State.UNMAPPING;
      post.unmap(bond, clock.getAsLong());
    }
  }

  private void sendPins(Bond bond) {
    boolean attached = bond.state == Bond.State.ATTACHED || bond.state == Bond.State.MAPPED;
    if (attached) {
      answerAttachers(bond, null);
    }
    while (attached && !bond.pins.isEmpty()) {
      post.pin(bond, bond.pins.removeFirst(), clock.getAsLong());
    }
  }

  void onAttached(Importer.Attached attached) {
    Post.Sent sent = post.answered(attached.requestId());
    if (sent != null) {
      sent.bond().attachment = attached.attachment();
      sent.bond().state = Bond.State.ATTACHED;
      advance(sent.bond());
    }
  }

  void onMapped(Importer.Mapped mapped) {
    Post.Sent sent = post.answered(mapped.requestId());
    if (sent == null) {
      return;
    }
    Bond bond = sent.bond();
    if (sent.job() != null && sent.job().refused) {
      bond.ref.tell(new Buffer.LetGo(sent.job().ticket));
    }
    bond.state = Bond.State.MAPPED;
    bond.mappingFor = null;
    bond.generation = mapped.generation();
    bond.table = mapped.table();
    bond.pages = Pages.ofBytes(mapped.table().totalBytes());
    bond.region = mapped.region();
    bond.settled = mapped.settled();
    bond.stale = false;
    List<Job> served = List.copyOf(bond.waiters);
    bond.waiters.clear();
    bond.users.addAll(served);
    served.forEach(job -> sequel.mapped(job, bond));
    advance(bond);
  }

  void onUnmapped(long requestId) {
    Post.Sent sent = post.answered(requestId);
    if (sent != null) {
      sent.bond().state = Bond.State.ATTACHED;
      sent.bond().table = null;
      advance(sent.bond());
    }
  }

  void onDetached(long requestId) {
    Post.Sent sent = post.answered(requestId);
    if (sent != null) {
      sent.bond().state = Bond.State.DETACHED;
      advance(sent.bond());
    }
  }

  /** No new work with the mapping: who has not started to use it goes back to waiting. */
  void invalidate(Bond bond) {
    bond.stale = true;
    for (Job job : List.copyOf(bond.users)) {
      if (job.phase == Job.Phase.PREPARING) {
        bond.users.remove(job);
        bond.waiters.add(job);
        sequel.unmapped(job, bond);
      }
    }
  }

  /** The buffer took the mapping away by force and forgot the attachment. */
  void onForceDetached(Bond bond) {
    bond.stale = true;
    bond.state = Bond.State.DETACHED;
    bond.table = null;
    bond.inUse = 0;
    advance(bond);
  }

  /** The buffer is freed: whoever waits for it is told so. */
  void gone(BufferId buffer, Refusal refusal) {
    for (Bond bond : List.copyOf(bonds.values())) {
      if (bond.key.buffer().equals(buffer)) {
        bonds.remove(bond.key, bond);
        bond.pins.forEach(pin -> sequel.pinAnswered(pin, refusal));
        answerAttachers(bond, refusal);
        List.copyOf(bond.waiters).forEach(job -> sequel.refused(job, refusal));
        for (Job job : List.copyOf(bond.users)) {
          if (job.phase.compareTo(Job.Phase.READY) < 0) {
            sequel.refused(job, refusal);
          }
        }
      }
    }
  }

  /**
   * That there is no memory is the answer to all who have waited as long for the same mapping: each
   * by itself would wait that time again, one after the other.
   */
  private static boolean shares(Job waiter, Bond bond, Refusal refusal) {
    return refusal.errno() == Errno.ENOMEM && waiter.preparingSinceNanos <= bond.mappingSinceNanos;
  }

  /** An attach, map, pin or unmap was refused. */
  void onRefused(Post.Sent sent, Refusal refusal) {
    Bond bond = sent.bond();
    if (sent.pin() != null) {
      sequel.pinAnswered(sent.pin(), refusal);
      return;
    }
    Job culprit = bond.mappingFor;
    bond.mappingFor = null;
    boolean wasAttaching = bond.state == Bond.State.ATTACHING;
    bond.state = wasAttaching ? Bond.State.DETACHED : Bond.State.ATTACHED;
    for (Job waiter : List.copyOf(bond.waiters)) {
      if (wasAttaching || waiter.equals(culprit) || shares(waiter, bond, refusal)) {
        sequel.refused(waiter, refusal);
      }
    }
    if (wasAttaching) {
      bond.pins.forEach(pin -> sequel.pinAnswered(pin, refusal));
      bond.pins.clear();
      answerAttachers(bond, refusal);
    }
    advance(bond);
  }
}
