package org.bufferyard.deviceactors;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import java.util.List;
import org.bufferyard.actors.environment.Environment;
import org.bufferyard.actors.protocol.DmaJob;
import org.bufferyard.actors.protocol.Importer;
import org.bufferyard.actors.protocol.Region;
import org.bufferyard.actors.protocol.Reservation;
import org.bufferyard.actors.protocol.ReservationRef;
import org.bufferyard.actors.protocol.Tally;
import org.bufferyard.actors.protocol.WaitReport;
import org.bufferyard.allocator.Errno;
import org.bufferyard.allocator.Refusal;
import org.jspecify.annotations.Nullable;

/**
 * One device: owns its side of attachments, its job queue and engine, and the fences of its jobs. A
 * job is answered exactly once. Bounded: {@code queueDepth} jobs under way, {@link
 * DevicePlan#BACKLOG_MAX} behind them.
 */
public final class DeviceActor {
  public static Behavior<Device.Command> create(
      Environment environment, DevicePlan plan, List<ActorRef<Region.Command>> regions) {
    return Behaviors.setup(
        context -> new DeviceActor(context, environment, plan, regions).serving());
  }

  private final ActorContext<Device.Command> context;
  private final Environment environment;
  private final DevicePlan plan;
  private final Tally tally = new Tally();
  private final Post post;
  private final BondDesk bonds;
  private final Engine engine;
  private final JobDesk jobs;
  private final GrantDesk grants;

  private DeviceActor(
      ActorContext<Device.Command> context,
      Environment environment,
      DevicePlan plan,
      List<ActorRef<Region.Command>> regions) {
    this.context = context;
    this.environment = environment;
    this.plan = plan;
    ActorRef<Importer.Event> importer =
        context.messageAdapter(Importer.Event.class, Device.FromBuffer::new);
    ActorRef<DmaJob.Report> reports =
        context.messageAdapter(DmaJob.Report.class, Device.FromDma::new);
    this.post = new Post(plan, importer, tally);
    this.jobs = new JobDesk(context, environment, plan, post, regions);
    this.bonds = new BondDesk(plan, post, jobs, environment.clock()::nowNanos, this::watch);
    this.engine = new Engine(context, environment, plan, reports, jobs::finished);
    ActorRef<Reservation.Reply> replies =
        context.messageAdapter(Reservation.Reply.class, Device.FromReservation::new);
    this.grants =
        new GrantDesk(
            post,
            bonds,
            jobs,
            environment.clock()::nowNanos,
            answers -> new LockDesk(plan, replies, tally, this::watchShared, answers));
    jobs.workWith(bonds, grants, engine);
  }

  private Behavior<Device.Command> serving() {
    return Behaviors.receiveMessage(
        command -> {
          tally.handled();
          switch (command) {
            case Device.Submit submit -> jobs.submit(submit);
            case Device.Forget forget ->
                bonds.forget(new Bond.Key(forget.client(), forget.buffer()));
            case Device.Pin pin -> bonds.pin(pin);
            case Device.Attach attach -> bonds.attachOnly(attach);
            case Device.FromBuffer(var event) -> onEvent(event);
            case Device.BufferGone gone -> onBufferGone(gone);
            case Device.FromReservation(var reply) -> grants.onReply(reply);
            case Device.ReservationGone(var gone) -> grants.onReservationGone(gone);
            case Device.FromDma(var report) -> engine.onReport(report);
            case Device.Finished done -> engine.onFinished(done.job());
            case Device.Sweep sweep -> jobs.onSweep();
            case Device.UnmapLate late ->
                unmapNow(bonds.find(new Bond.Key(late.client(), late.buffer())));
            case Device.TellWaits tell ->
                tell.replyTo().tell(new WaitReport(plan.name(), jobs.waits()));
            case Device.CloseBooks close -> close.replyTo().tell(books());
          }
          return Behaviors.same();
        });
  }

  /** A buffer's own goes with the buffer, which answers before it goes. */
  private void watchShared(ReservationRef reservation) {
    if (reservation instanceof ReservationRef.Shared) {
      context.watchWith(reservation.actor(), new Device.ReservationGone(reservation));
    }
  }

  private void onEvent(Importer.Event event) {
    switch (event) {
      case Importer.Attached attached -> bonds.onAttached(attached);
      case Importer.Mapped mapped -> bonds.onMapped(mapped);
      case Importer.Unmapped unmapped -> bonds.onUnmapped(unmapped.requestId());
      case Importer.Detached detached -> bonds.onDetached(detached.requestId());
      case Importer.UseGranted granted -> grants.onGranted(granted);
      case Importer.UseStale stale -> grants.onStale(stale.requestId());
      case Importer.Pinned pinned -> onPinAnswered(pinned.requestId());
      case Importer.Unpinned unpinned -> onPinAnswered(unpinned.requestId());
      case Importer.Refused refused -> onRefused(refused);
      case Importer.Invalidate invalidate -> onInvalidate(invalidate);
      case Importer.Revoked revoked ->
          onInvalidate(
              new Importer.Invalidate(
                  revoked.buffer(), revoked.attachment(), revoked.generation()));
      case Importer.ForceDetached gone -> onForceDetached(gone);
    }
  }

  private void onPinAnswered(long requestId) {
    Post.Sent sent = post.answered(requestId);
    if (sent != null && sent.pin() != null) {
      jobs.pinAnswered(sent.pin(), null);
    }
  }

  private void onRefused(Importer.Refused refused) {
    Post.Sent sent = post.refused(refused.requestId(), refused.refusal());
    if (sent == null) {
      return;
    }
    switch (sent.kind()) {
      case USE -> grants.onUseRefused(sent, refused.refusal());
      case UNMAP -> bonds.advance(sent.bond());
      case EXPORT,
          ATTACH,
          MAP,
          PIN,
          RESERVE,
          CPU_ACCESS,
          SHARE,
          DETACH,
          RELEASE,
          REVOKE,
          OFFER,
          RECLAIM,
          MMAP,
          VMAP ->
          bonds.onRefused(sent, refused.refusal());
    }
  }

  /** Two clients of this device may have attached one buffer: the attachment says which. */
  private void onInvalidate(Importer.Invalidate invalidate) {
    Bond bond = bonds.find(invalidate.buffer(), invalidate.attachment());
    if (bond == null) {
      return;
    }
    bonds.invalidate(bond);
    long lateNanos = environment.faults().lateUnmapNanos(plan.id(), invalidate.buffer());
    if (lateNanos == 0) {
      unmapNow(bond);
    } else {
      context.scheduleOnce(
          environment.clock().toScheduler(lateNanos),
          context.getSelf(),
          new Device.UnmapLate(bond.key.client(), bond.key.buffer()));
    }
  }

  private void unmapNow(@Nullable Bond bond) {
    if (bond != null) {
      bonds.advance(bond);
    }
  }

  private void onForceDetached(Importer.ForceDetached gone) {
    Bond bond = bonds.find(gone.buffer(), gone.attachment());
    if (bond != null) {
      jobs.lost(bond);
      bonds.onForceDetached(bond);
    }
  }

  private void watch(Bond bond) {
    context.watchWith(bond.ref, new Device.BufferGone(bond.key.buffer(), bond.ref));
  }

  private void onBufferGone(Device.BufferGone gone) {
    Refusal refusal =
        new Refusal(Errno.ENODEV, plan.name() + ": " + gone.buffer() + " has been freed");
    for (Post.Sent sent : post.abandon(gone.buffer(), refusal.errno())) {
      if (sent.pin() != null) {
        jobs.pinAnswered(sent.pin(), refusal);
      }
    }
    grants.gone(gone.ref(), refusal);
    bonds.gone(gone.buffer(), refusal);
  }

  private Device.Books books() {
    return new Device.Books(
        plan.id(),
        plan.name(),
        tally.counts(),
        jobs.done(),
        jobs.refusedCount(),
        engine.traffic(),
        post.openCount() + grants.openCount(),
        bonds.size(),
        bonds.describe(),
        jobs.stalls().copy(),
        jobs.stallSeries().copy());
  }
}
