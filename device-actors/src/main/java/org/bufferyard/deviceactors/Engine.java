package org.bufferyard.deviceactors;

import akka.actor.typed.ActorRef;
import akka.actor.typed.javadsl.ActorContext;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.bufferyard.actors.environment.Environment;
import org.bufferyard.actors.memory.Dma;
import org.bufferyard.actors.protocol.BusPath;
import org.bufferyard.actors.protocol.DmaJob;
import org.bufferyard.actors.protocol.Iommu;
import org.bufferyard.actors.protocol.YardEvent;
import org.bufferyard.allocator.Pages;
import org.jspecify.annotations.Nullable;

/**
 * The device's engine: runs ready jobs one at a time, oldest first. A job reads when it starts and
 * writes when its time is over, both through the device's translation alone. Owned by the device.
 */
final class Engine {
  private static final double NANOS_PER_SECOND = 1e9;

  private final ActorContext<Device.Command> context;
  private final Environment environment;
  private final DevicePlan plan;
  private final ActorRef<DmaJob.Report> reports;
  private final Dma direct;
  private final Consumer<Job> finished;
  private final TreeSet<Job> ready = new TreeSet<>(Comparator.comparing((Job job) -> job.ticket));
  private @Nullable Job running;
  private boolean writing;

  /** When the engine was or will be free: keeps the rate true where timers are late. */
  private long freeAtNanos;

  private long pagesRead;
  private long pagesWritten;
  private long copiedBytes;

  Engine(
      ActorContext<Device.Command> context,
      Environment environment,
      DevicePlan plan,
      ActorRef<DmaJob.Report> reports,
      Consumer<Job> finished) {
    this.context = context;
    this.environment = environment;
    this.plan = plan;
    this.reports = reports;
    this.finished = finished;
    this.direct = new Dma(environment.memory());
  }

  Device.Traffic traffic() {
    return new Device.Traffic(pagesRead, pagesWritten, copiedBytes);
  }

  void add(Job job) {
    ready.add(job);
    startNext();
  }

  /** A job that lost a mapping while it waited ends here. */
  private void startNext() {
    while (running == null && !ready.isEmpty()) {
      Job next = ready.removeFirst();
      if (next.landed()) {
        running = next;
        next.phase = Job.Phase.RUNNING;
        writing = false;
        transfer(next, false);
      } else {
        finished.accept(next);
      }
    }
  }

  private void end(Job job) {
    running = null;
    finished.accept(job);
    startNext();
  }

  /** All reads, or all writes, of a job as one batch. */
  private void transfer(Job job, boolean write) {
    List<DmaJob.Access> accesses = new ArrayList<>();
    for (int i = 0; i < job.uses.size(); i++) {
      Device.Use use = job.uses.get(i);
      Job.Granted granted = job.granted(i);
      long pages = job.failed ? use.pages() / 2 : use.pages();
      boolean wanted = write ? use.direction().deviceWrites() : use.direction().deviceReads();
      if (wanted && pages > 0) {
        accesses.add(
            new DmaJob.Access(
                use.buffer(),
                granted.table(),
                use.firstPage(),
                pages,
                write,
                granted.expected(),
                granted.stamp()));
      }
    }
    DmaJob dma = new DmaJob(plan.id(), job.id, accesses);
    switch (plan.path()) {
      case BusPath.Translated(var iommu, var domain, var coherent) ->
          iommu.tell(new Iommu.Dma(domain, dma, reports));
      case BusPath.Direct() ->
          reports.tell(direct.run(dma, (address, writes) -> address >>> Pages.SHIFT));
    }
  }

  void onReport(DmaJob.Report report) {
    Job job = running;
    if (job == null || job.id != report.token()) {
      return;
    }
    if (job.lost.isEmpty()) {
      report.findings().forEach(this::tell);
    } // else its addresses fault, as they should
    pagesRead += report.pagesRead();
    pagesWritten += report.pagesWritten();
    copiedBytes += report.copiedBytes();
    job.pagesRead += report.pagesRead();
    job.pagesWritten += report.pagesWritten();
    if (writing || !job.landed()) {
      end(job);
    } else {
      long now = environment.clock().nowNanos();
      freeAtNanos = Math.max(freeAtNanos, now) + durationNanos(job);
      context.scheduleOnce(
          environment.clock().toScheduler(Math.max(1, freeAtNanos - now)),
          context.getSelf(),
          new Device.Finished(job.id));
    }
  }

  void onFinished(long id) {
    Job job = running;
    if (job == null || job.id != id || writing) {
      return;
    }
    writing = true;
    job.failed = job.writes() && environment.faults().failDma(plan.id());
    if (job.lost.isEmpty()) {
      transfer(job, true);
    } else {
      end(job);
    }
  }

  private long durationNanos(Job job) {
    double moving = Pages.toBytes(job.pages()) * NANOS_PER_SECOND / plan.bytesPerSecond();
    if (plan.remoteBytesPerSecond() != plan.bytesPerSecond()) {
      moving = 0;
      for (int i = 0; i < job.uses.size(); i++) {
        moving += movingNanos(job.uses.get(i), job.granted(i).bond().region);
      }
    }
    return environment.faults().dmaNanos(plan.id(), (long) moving + job.submit.busyNanos());
  }

  private double movingNanos(Device.Use use, int region) {
    boolean near = environment.topology().isDeviceMemory(region);
    long rate = near ? plan.bytesPerSecond() : plan.remoteBytesPerSecond();
    return Pages.toBytes(use.pages()) * NANOS_PER_SECOND / rate;
  }

  private void tell(DmaJob.Finding finding) {
    environment
        .observer()
        .tell(
            new YardEvent.Violation(
                environment.clock().nowNanos(),
                finding.buffer(),
                "contents",
                plan.name() + ", page " + finding.page() + ": " + finding.text()));
  }
}
