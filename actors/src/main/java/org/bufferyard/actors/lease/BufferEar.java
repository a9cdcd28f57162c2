package org.bufferyard.actors.lease;

import akka.actor.typed.ActorRef;
import java.util.List;
import org.bufferyard.actors.lease.Bond.State;
import org.bufferyard.actors.lease.Bond.Waiter;
import org.bufferyard.actors.protocol.Importer;
import org.bufferyard.allocator.Errno;
import org.bufferyard.allocator.Refusal;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What buffers say to an importer, and that they died. Owned by the importer. */
final class BufferEar {
  private static final Logger LOG = LoggerFactory.getLogger(BufferEar.class);

  private final ImporterPlan plan;
  private final BufferPost post;
  private final LeaseDesk leases;
  private final BondTable table;
  private final BondSteps steps;

  BufferEar(
      ImporterPlan plan, BufferPost post, LeaseDesk leases, BondTable table, BondSteps steps) {
    this.plan = plan;
    this.post = post;
    this.leases = leases;
    this.table = table;
    this.steps = steps;
  }

  void onEvent(Importer.Event event) {
    switch (event) {
      case Importer.Attached attached -> onAttached(attached);
      case Importer.Mapped mapped -> onMapped(mapped);
      case Importer.Unmapped unmapped -> onUnmapped(unmapped.requestId());
      case Importer.Detached detached -> onDetached(detached.requestId());
      case Importer.Pinned pinned -> onPinned(pinned.requestId());
      case Importer.Unpinned unpinned -> onPinned(unpinned.requestId());
      case Importer.Refused refused -> onRefused(refused.requestId(), refused.refusal());
      case Importer.Invalidate(var buffer, var remote, var generation) ->
          onInvalidate(table.byRemote(buffer, remote), generation);
      case Importer.ForceDetached(var buffer, var remote, var generation) ->
          onForced(table.byRemote(buffer, remote));
      case Importer.Revoked(var buffer, var remote, var generation) ->
          onRevoked(table.byRemote(buffer, remote));
      case Importer.Event other ->
          throw new IllegalStateException("an importer on the host does no such thing: " + other);
    }
  }

  private void onAttached(Importer.Attached attached) {
    BufferPost.Ask ask = post.answered(attached.requestId());
    if (ask == null) {
      return;
    }
    Bond bond = ask.bond();
    bond.remote = attached.attachment();
    table.named(bond);
    bond.state = State.ATTACHED;
    while (!bond.attachers.isEmpty()) {
      bond.attachers.removeFirst().done(bond.attachment);
    }
    steps.advance(bond);
  }

  private void onMapped(Importer.Mapped mapped) {
    BufferPost.Ask ask = post.answered(mapped.requestId());
    if (ask == null) {
      return;
    }
    Bond bond = ask.bond();
    MappingGate gate =
        new MappingGate(
            plan.yard().environment().memory(),
            mapped.table(),
            mapped.generation(),
            mapped.region(),
            bond,
            steps);
    bond.gate = gate;
    bond.state = State.MAPPED;
    recordMap(bond, mapped);
    if (bond.waiters.isEmpty()) {
      post.letGo(bond);
    }
    while (!bond.waiters.isEmpty()) {
      Waiter waiter = bond.waiters.removeFirst();
      Mapping lease = leases.grant(bond, gate, waiter.direction(), waiter.terms(), waiter.answer());
      if (lease != null) {
        waiter.answer().done(lease);
      }
    }
    steps.advance(bond);
    steps.openDoor(bond);
  }

  private void recordMap(Bond bond, Importer.Mapped mapped) {
    MapEvent event = bond.mapEvent;
    if (event.shouldCommit()) {
      event.importer = plan.name();
      event.buffer = mapped.buffer().value();
      event.generation = mapped.generation();
      event.segments = mapped.table().nents();
      event.commit();
    }
  }

  private void onUnmapped(long requestId) {
    BufferPost.Ask ask = post.answered(requestId);
    if (ask != null) {
      unmapped(ask.bond());
    }
  }

  private void unmapped(Bond bond) {
    if (!bond.forced) {
      leases.gather(bond);
      bond.attachment.door().lead(null);
      bond.gate = null;
      bond.state = State.ATTACHED;
      steps.advance(bond);
    }
  }

  private void onDetached(long requestId) {
    BufferPost.Ask ask = post.answered(requestId);
    if (ask != null) {
      table.forget(ask.bond());
    }
  }

  private void onPinned(long requestId) {
    BufferPost.Ask ask = post.answered(requestId);
    if (ask != null && ask.pin() != null) {
      done(ask.pin().answer());
    }
  }

  // The one value of Void.
  @SuppressWarnings("NullAway")
  private static void done(Answer<Void> answer) {
    answer.done(null);
  }

  private void onInvalidate(@Nullable Bond bond, long generation) {
    if (bond != null
        && bond.state == State.MAPPED
        && bond.gate != null
        && bond.gate.generation == generation) {
      steps.notice(new ImporterNotice.Invalidated(bond.attachment, generation));
      steps.leave(bond);
    }
  }

  /** Taken away for good: the mapping goes as if invalidated, and whoever maps again is refused. */
  private void onRevoked(@Nullable Bond bond) {
    if (bond != null) {
      steps.notice(
          new ImporterNotice.Lost(
              bond.attachment,
              new Refusal(Errno.ENODEV, bond.attachment.buffer().id() + " was revoked")));
      if (bond.state == State.MAPPED) {
        steps.leave(bond);
      }
    }
  }

  /** The buffer has forgotten the attachment, and waits for the path to say that nobody is in. */
  private void onForced(@Nullable Bond bond) {
    if (bond == null) {
      return;
    }
    bond.forced = true;
    table.hide(bond);
    steps.refuseWaiters(bond, new Refusal(Errno.ENODEV, "forced out of a buffer that had to move"));
    leases.reclaimAll(List.of(bond), "its buffer had to move");
    steps.notice(new ImporterNotice.ForcedOut(bond.attachment));
  }

  private void onRefused(long requestId, Refusal refusal) {
    BufferPost.Ask ask = post.answered(requestId);
    if (ask == null) {
      return;
    }
    Bond bond = ask.bond();
    switch (ask.kind()) {
      case ATTACH -> {
        bond.attachers.forEach(answer -> answer.refused(refusal));
        table.forget(bond);
      }
      case MAP -> onMapRefused(bond, refusal);
      case UNMAP -> unmapped(bond);
      case PIN -> {
        if (ask.pin() != null) {
          ask.pin().answer().refused(refusal);
        }
      }
      case DETACH -> throw new IllegalStateException("a detach never fails: " + refusal);
    }
  }

  /** Patient requests stay where trying again may help. */
  private void onMapRefused(Bond bond, Refusal refusal) {
    LOG.debug(
        "map refused: buffer={} importer={} errno={} reason=\"{}\"",
        bond.attachment.buffer().id(),
        plan.name(),
        refusal.errno(),
        refusal.reason());
    bond.state = State.ATTACHED;
    bond.ticket = null;
    boolean temporary = refusal.errno().temporary();
    for (Waiter waiter : List.copyOf(bond.waiters)) {
      if (!temporary || !waiter.terms().patient()) {
        bond.waiters.remove(waiter);
        waiter.answer().refused(refusal);
      }
    }
    if (bond.waiters.isEmpty() || bond.leaving) {
      steps.advance(bond);
    } else {
      steps.retryLater(bond);
    }
  }

  /** All of its requests are refused, and its leases end as they may. */
  void bufferGone(ActorRef<?> buffer) {
    for (Bond bond : table.all()) {
      if (bond.attachment.buffer().grant().ref().equals(buffer)) {
        Refusal died = new Refusal(Errno.ENODEV, bond.attachment.buffer().id() + " has died");
        post.abandon(bond)
            .forEach(
                ask -> {
                  if (ask.pin() != null) {
                    ask.pin().answer().refused(died);
                  }
                });
        bond.attachers.forEach(answer -> answer.refused(died));
        steps.refuseWaiters(bond, died);
        if (bond.gate != null) {
          bond.gate.close();
        }
        leases.reclaimAll(List.of(bond), "its buffer died");
        steps.notice(new ImporterNotice.Lost(bond.attachment, died));
        table.forget(bond);
      }
    }
  }
}
