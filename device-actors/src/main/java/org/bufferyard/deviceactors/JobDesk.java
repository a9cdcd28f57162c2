package org.bufferyard.deviceactors;

import akka.actor.typed.ActorRef;
import akka.actor.typed.javadsl.ActorContext;
import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import org.HdrHistogram.Histogram;
import org.bufferyard.actors.environment.Environment;
import org.bufferyard.actors.protocol.Buffer;
import org.bufferyard.actors.protocol.BufferId;
import org.bufferyard.actors.protocol.Region;
import org.bufferyard.actors.protocol.WaitReport;
import org.bufferyard.actors.token.TicketRoll;
import org.bufferyard.allocator.Errno;
import org.bufferyard.allocator.Refusal;
import org.jspecify.annotations.Nullable;

/**
 * Takes jobs from submission to their fence. A job whose mapping was invalidated before it could
 * use it drops its fences, keeps its ticket and its holds, and maps again: since the oldest job is
 * never made to wait for a younger one's room, it always ends. Owned by the device.
 */
final class JobDesk implements BondDesk.Sequel, GrantDesk.Sequel {
  /** Stalls are recorded up to an hour of model time, to three digits. */
  private static final long STALL_MAX_NANOS = 3_600_000_000_000L;

  private static final int STALL_DIGITS = 3;

  private final ActorContext<Device.Command> context;
  private final Environment environment;
  private final DevicePlan plan;
  private final Post post;
  private final UseReports uses;
  private final LinkedHashMap<Long, Job> jobs = new LinkedHashMap<>();
  private final ArrayDeque<Device.Submit> backlog = new ArrayDeque<>();
  private final Histogram stalls = new Histogram(STALL_MAX_NANOS, STALL_DIGITS);
  private final StallSeries stallSeries = new StallSeries();
  private final TicketRoll roll;
  private @Nullable BondDesk bonds;
  private @Nullable Engine engine;
  private @Nullable GrantDesk grants;
  private boolean sweeping;
  private long ids;
  private long done;
  private long refusedCount;

  JobDesk(
      ActorContext<Device.Command> context,
      Environment environment,
      DevicePlan plan,
      Post post,
      List<ActorRef<Region.Command>> regions) {
    this.context = context;
    this.environment = environment;
    this.plan = plan;
    this.post = post;
    this.uses = new UseReports(regions);
    this.roll = new TicketRoll(plan.id());
  }

  void workWith(BondDesk bondDesk, GrantDesk grantDesk, Engine jobEngine) {
    bonds = bondDesk;
    grants = grantDesk;
    engine = jobEngine;
  }

  private BondDesk bonds() {
    return Objects.requireNonNull(bonds, "bonds");
  }

  private GrantDesk grants() {
    return Objects.requireNonNull(grants, "grants");
  }

  long done() {
    return done;
  }

  long refusedCount() {
    return refusedCount;
  }

  Histogram stalls() {
    return stalls;
  }

  StallSeries stallSeries() {
    return stallSeries;
  }

  void submit(Device.Submit submit) {
    Refusal malformed = malformed(submit.uses());
    if (malformed != null) {
      answerRefused(submit, malformed);
      return;
    }
    for (Device.Use use : submit.uses()) {
      bonds().wanted(new Bond.Key(submit.client(), use.buffer()));
    }
    if (jobs.size() < plan.queueDepth()) {
      start(submit);
    } else if (backlog.size() < DevicePlan.BACKLOG_MAX) {
      backlog.addLast(submit);
    } else {
      answerRefused(
          submit,
          new Refusal(
              Errno.EAGAIN, plan.name() + " has " + DevicePlan.BACKLOG_MAX + " jobs waiting"));
    }
  }

  private @Nullable Refusal malformed(List<Device.Use> uses) {
    if (uses.isEmpty()) {
      return new Refusal(Errno.EINVAL, plan.name() + ": a job uses a buffer");
    }
    if (uses.size() > Device.USES_MAX) {
      return new Refusal(
          Errno.E2BIG, plan.name() + ": " + uses.size() + " buffers, at most " + Device.USES_MAX);
    }
    LinkedHashSet<BufferId> seen = new LinkedHashSet<>();
    for (Device.Use use : uses) {
      if (!seen.add(use.buffer())) {
        return new Refusal(Errno.EALREADY, plan.name() + ": " + use.buffer() + " appears twice");
      }
    }
    return null;
  }

  private void start(Device.Submit submit) {
    long id = ++ids;
    Job job = new Job(id, submit, roll.next(now(), id), now());
    jobs.put(id, job);
    prepare(job);
    sweepLater();
  }

  private void prepare(Job job) {
    job.phase = Job.Phase.PREPARING;
    job.preparingSinceNanos = now();
    for (Device.Use use : job.uses) {
      job.missing.put(bonds().of(job.submit, use), use);
    }
    for (Bond bond : List.copyOf(job.missing.keySet())) {
      if (!job.refused && bonds().need(bond, job)) {
        job.missing.remove(bond);
      }
    }
    useIfMapped(job);
  }

  @Override
  public void mapped(Job job, Bond bond) {
    job.missing.remove(bond);
    useIfMapped(job);
  }

  @Override
  public void unmapped(Job job, Bond bond) {
    job.missing.put(bond, useOf(job, bond));
  }

  private static Device.Use useOf(Job job, Bond bond) {
    for (Device.Use use : job.uses) {
      if (use.buffer().equals(bond.key.buffer())) {
        return use;
      }
    }
    throw new IllegalStateException("the job does not use " + bond.key);
  }

  private void useIfMapped(Job job) {
    if (job.phase == Job.Phase.PREPARING && job.missing.isEmpty() && !job.refused) {
      job.stallNanos += now() - job.preparingSinceNanos;
      grants().begin(job);
    }
  }

  @Override
  public void ready(Job job) {
    job.phase = Job.Phase.READY;
    job.stallNanos += Math.max(0, job.inPlaceNanos - job.usesAskedNanos);
    Objects.requireNonNull(engine, "engine").add(job);
  }

  @Override
  public void prepareAgain(Job job) {
    prepare(job);
  }

  /** The engine is done: the fence signals, and the regions hear what was used. */
  void finished(Job job) {
    boolean landed = job.landed();
    jobs.remove(job.id);
    done += landed ? 1 : 0;
    refusedCount += landed ? 0 : 1;
    stalls.recordValue(Math.min(job.stallNanos, STALL_MAX_NANOS));
    stallSeries.add(now(), job.stallNanos);
    for (Job.Granted granted : job.granted()) {
      granted.bond().ref.tell(new Buffer.Signal(job.ticket, landed));
      if (!job.lost.contains(granted.bond())) {
        bonds().endUse(granted.bond());
      }
    }
    grants().signalled(job, landed ? null : Errno.EIO);
    uses.report(job);
    for (Job.Granted granted : job.granted()) {
      bonds().leave(granted.bond(), job);
    }
    if (landed) {
      job.submit
          .replyTo()
          .tell(new Device.JobDone(job.submit.token(), job.pagesRead, job.pagesWritten));
    } else {
      answerRefused(job.submit, notLanded(job));
    }
    startFromBacklog();
  }

  private Refusal notLanded(Job job) {
    return job.failed
        ? new Refusal(Errno.EIO, plan.name() + ": its DMA failed half way")
        : lostRefusal(job.lost.getFirst());
  }

  private Refusal lostRefusal(Bond bond) {
    return new Refusal(Errno.EIO, plan.name() + " lost its mapping of " + bond.key.buffer());
  }

  @Override
  public void refused(Job job, Refusal refusal) {
    if (job.refused || jobs.remove(job.id) == null) {
      return;
    }
    job.refused = true;
    refusedCount++;
    post.cancelFor(job, Errno.ECANCELED);
    grants().signal(job, refusal.errno());
    for (Job.Granted granted : job.granted()) {
      bonds().endUse(granted.bond());
    }
    for (Device.Use use : job.uses) {
      Bond bond = bonds().of(job.submit, use);
      bond.ref.tell(new Buffer.LetGo(job.ticket));
      bonds().leave(bond, job);
    }
    answerRefused(job.submit, refusal);
    startFromBacklog();
  }

  private void startFromBacklog() {
    while (!backlog.isEmpty() && jobs.size() < plan.queueDepth()) {
      start(backlog.removeFirst());
    }
  }

  private static void answerRefused(Device.Submit submit, Refusal refusal) {
    submit.replyTo().tell(new Device.JobRefused(submit.token(), refusal));
  }

  @Override
  public void pinAnswered(Device.Pin pin, @Nullable Refusal refusal) {
    pin.replyTo()
        .tell(
            refusal == null
                ? new Device.PinDone(pin.token())
                : new Device.JobRefused(pin.token(), refusal));
  }

  /** The yard took a mapping away by force: its jobs cannot go on, and end with EIO. */
  void lost(Bond bond) {
    for (Job job : List.copyOf(bond.users)) {
      if (job.phase != Job.Phase.RUNNING && job.phase != Job.Phase.READY) {
        refused(job, lostRefusal(bond));
      } else {
        job.lost.add(bond);
      }
    }
  }

  private void sweepLater() {
    if (!sweeping && !jobs.isEmpty()) {
      sweeping = true;
      long dueNanos =
          jobs.firstEntry().getValue().ticket.stampNanos()
              + environment.settings().requestDeadlineNanos();
      context.scheduleOnce(
          environment.clock().toScheduler(Math.max(1, dueNanos - now())),
          context.getSelf(),
          new Device.Sweep());
    }
  }

  void onSweep() {
    sweeping = false;
    long overdue = now() - environment.settings().requestDeadlineNanos();
    for (Job job : List.copyOf(jobs.values())) {
      boolean waiting = job.phase.compareTo(Job.Phase.READY) < 0;
      if (waiting && job.ticket.stampNanos() <= overdue) {
        post.cancelFor(job, Errno.ETIMEDOUT);
        refused(
            job, new Refusal(Errno.ETIMEDOUT, plan.name() + ": " + JobWaits.text(job, grants())));
      }
    }
    if (!jobs.isEmpty()) {
      sweeping = true;
      context.scheduleOnce(
          environment.clock().toScheduler(environment.settings().requestDeadlineNanos()),
          context.getSelf(),
          new Device.Sweep());
    }
  }

  /** Which buffers' answers each job waits for; whom those wait for, the buffers know. */
  List<WaitReport.Edge> waits() {
    return jobs.values().stream()
        .flatMap(job -> JobWaits.edges(plan.name(), job, grants()))
        .toList();
  }

  private long now() {
    return environment.clock().nowNanos();
  }
}
