package org.bufferyard.deviceactors;

import akka.actor.typed.ActorRef;
import akka.actor.typed.javadsl.ActorContext;
import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.List;
import org.HdrHistogram.Histogram;
import org.bufferyard.actors.environment.Environment;
import org.bufferyard.actors.protocol.Buffer;
import org.bufferyard.actors.protocol.Importer;
import org.bufferyard.actors.protocol.Region;
import org.bufferyard.actors.protocol.Ticket;
import org.bufferyard.allocator.Errno;
import org.bufferyard.allocator.Refusal;
import org.jspecify.annotations.Nullable;

/**
 * Takes jobs from submission to their fence. A job whose mapping was invalidated before it could
 * use it drops its fences, keeps its ticket and its holds, and maps again: since the oldest job is
 * never made to wait for a younger one's room, it always ends. Owned by the device.
 */
final class JobDesk implements BondDesk.Sequel {
  /** Stalls are recorded up to an hour of model time, to three digits. */
  private static final long STALL_MAX_NANOS = 3_600_000_000_000L;

  private static final int STALL_DIGITS = 3;

  private final ActorContext<Device.Command> context;
  private final Environment environment;
  private final DevicePlan plan;
  private final Post post;
  private final List<ActorRef<Region.Command>> regions;
  private final LinkedHashMap<Long, Job> jobs = new LinkedHashMap<>();
  private final ArrayDeque<Device.Submit> backlog = new ArrayDeque<>();
  private final Histogram stalls = new Histogram(STALL_MAX_NANOS, STALL_DIGITS);
  private @Nullable BondDesk bonds;
  private @Nullable Engine engine;
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
    this.regions = regions;
  }

  void workWith(BondDesk bondDesk, Engine jobEngine) {
    bonds = bondDesk;
    engine = jobEngine;
  }

  private BondDesk bonds() {
    return java.util.Objects.requireNonNull(bonds, "bonds");
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

  void submit(Device.Submit submit) {
    for (Device.Use use : submit.uses()) {
      bonds().wanted(new Bond.Key(submit.client(), use.buffer()));
    }
    if (submit.uses().isEmpty()) {
      answerRefused(submit, new Refusal(Errno.EINVAL, plan.name() + ": a job uses a buffer"));
    } else if (jobs.size() < plan.queueDepth()) {
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

  private void start(Device.Submit submit) {
    long id = ++ids;
    Job job = new Job(id, submit, new Ticket(now(), plan.id(), id), now());
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
      job.phase = Job.Phase.USING;
      job.stallNanos += now() - job.preparingSinceNanos;
      askNextUse(job);
    }
  }

  private void askNextUse(Job job) {
    Device.Use use = job.nextUse();
    post.use(bonds().of(job.submit, use), job, use, now());
  }

  void onGranted(Importer.UseGranted granted) {
    Post.Sent sent = post.answered(granted.requestId());
    if (sent == null || sent.job() == null) {
      return;
    }
    Job job = sent.job();
    if (job.refused) {
      sent.bond().ref.tell(new Buffer.LetGo(job.ticket));
      return;
    }
    sent.bond().inUse++;
    job.granted.add(
        new Job.Granted(
            sent.bond(), sent.bond().liveTable(), granted.expected(), granted.stamp()));
    if (!job.allGranted()) {
      askNextUse(job);
    } else if (engine != null) {
      job.phase = Job.Phase.READY;
      engine.add(job);
    }
  }

  /** Back off: drop the fences, keep the ticket, map again. */
  void onStale(long requestId) {
    Post.Sent sent = post.answered(requestId);
    if (sent == null || sent.job() == null || sent.job().refused) {
      return;
    }
    Job job = sent.job();
    sent.bond().stale = true;
    dropFences(job);
    for (Device.Use use : job.uses) {
      bonds().leave(bonds().of(job.submit, use), job);
    }
    prepare(job);
  }

  private void dropFences(Job job) {
    for (Job.Granted granted : job.granted) {
      granted.bond().ref.tell(new Buffer.BackOff(job.ticket));
      bonds().endUse(granted.bond());
    }
    job.granted.clear();
  }

  void onUseRefused(Post.Sent sent, Refusal refusal) {
    if (sent.job() != null) {
      refused(sent.job(), refusal);
    }
  }

  /** The engine is done: the fence signals, and the regions hear what was used. */
  void finished(Job job) {
    jobs.remove(job.id);
    done++;
    stalls.recordValue(Math.min(job.stallNanos, STALL_MAX_NANOS));
    for (Job.Granted granted : job.granted) {
      granted.bond().ref.tell(new Buffer.Signal(job.ticket, true));
      bonds().endUse(granted.bond());
    }
    reportUses(job);
    for (Job.Granted granted : job.granted) {
      bonds().leave(granted.bond(), job);
    }
    job.submit
        .replyTo()
        .tell(new Device.JobDone(job.submit.token(), job.pagesRead, job.pagesWritten));
    startFromBacklog();
  }

  /** One array for each region that the job's buffers are in. */
  private void reportUses(Job job) {
    for (int region = 0; region < regions.size(); region++) {
      int here = region;
      long[] buffers =
          job.granted.stream()
              .filter(granted -> granted.bond().region == here)
              .mapToLong(granted -> granted.bond().key.buffer().value())
              .toArray();
      if (buffers.length > 0) {
        regions.get(region).tell(new Region.Used(buffers));
      }
    }
  }

  @Override
  public void refused(Job job, Refusal refusal) {
    if (job.refused || jobs.remove(job.id) == null) {
      return;
    }
    job.refused = true;
    refusedCount++;
    post.cancelFor(job, Errno.ECANCELED);
    for (Job.Granted granted : job.granted) {
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

  /** The yard took a mapping away by force: its jobs that have not run cannot. */
  void lost(Bond bond) {
    Refusal refusal =
        new Refusal(Errno.EIO, plan.name() + " lost its mapping of " + bond.key.buffer());
    for (Job job : List.copyOf(bond.users)) {
      if (job.phase != Job.Phase.RUNNING && job.phase != Job.Phase.READY) {
        refused(job, refusal);
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
      boolean waiting = job.phase == Job.Phase.PREPARING || job.phase == Job.Phase.USING;
      if (waiting && job.ticket.stampNanos() <= overdue) {
        post.cancelFor(job, Errno.ETIMEDOUT);
        refused(job, new Refusal(Errno.ETIMEDOUT, plan.name() + ": " + waitsFor(job)));
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

  private static String waitsFor(Job job) {
    return job.phase == Job.Phase.PREPARING
        ? "waited for mappings of " + job.missing.keySet().stream().map(b -> b.key.buffer()).toList()
        : "waited to use " + job.nextUse().buffer();
  }

  private long now() {
    return environment.clock().nowNanos();
  }
}
