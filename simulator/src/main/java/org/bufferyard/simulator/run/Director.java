package org.bufferyard.simulator.run;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.ChildFailed;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.bufferyard.actors.environment.Environment;
import org.bufferyard.actors.environment.Faults;
import org.bufferyard.actors.environment.ModelClock;
import org.bufferyard.actors.environment.Randomness;
import org.bufferyard.actors.environment.Watching;
import org.bufferyard.actors.inspect.Inspection;
import org.bufferyard.actors.protocol.Buffer;
import org.bufferyard.actors.protocol.BufferId;
import org.bufferyard.actors.protocol.ClientId;
import org.bufferyard.actors.protocol.Iommu;
import org.bufferyard.actors.protocol.Migration;
import org.bufferyard.actors.protocol.Region;
import org.bufferyard.actors.protocol.Session;
import org.bufferyard.actors.protocol.Slab;
import org.bufferyard.actors.protocol.Waits;
import org.bufferyard.actors.protocol.YardEvent;
import org.bufferyard.actors.sanitizer.SampledTap;
import org.bufferyard.actors.sanitizer.Sampler;
import org.bufferyard.actors.sanitizer.SamplerActor;
import org.bufferyard.actors.sanitizer.Sampling;
import org.bufferyard.actors.yard.Regions;
import org.bufferyard.actors.yard.Yard;
import org.bufferyard.deviceactors.Device;
import org.bufferyard.simulator.fault.ClientFaults;
import org.bufferyard.simulator.scenario.Scenario;
import org.bufferyard.simulator.workload.ClientScript;
import org.bufferyard.simulator.workload.Workload;
import org.jspecify.annotations.Nullable;

/**
 * Directs one run: opens the yard, starts the programs, samples the regions, and when all programs
 * are done waits until everything has been given back; what has not in the time that the scale
 * gives is a violation. Always ends, at the latest {@link #OVERTIME_NANOS} after the scripts should
 * have.
 */
final class Director {
  private static final long OVERTIME_NANOS = 120_000_000_000L;

  /**
   * What a director works with.
   *
   * @param ending hears of the end, once
   * @param sampling which buffers are watched by a sanitizer among the actors
   */
  record Brief(
      Scenario scenario,
      Workload workload,
      Ground ground,
      ModelClock clock,
      Randomness randomness,
      Mishaps mishaps,
      Scale scale,
      ProgressListener progress,
      Consumer<Ending> ending,
      Watching watching,
      Sampling sampling) {}

  /** What goes wrong on purpose: in the yard, and with its clients. */
  record Mishaps(Faults yard, ClientFaults clients) {
    static final Mishaps NONE = new Mishaps(Faults.NONE, ClientFaults.NONE);
  }

  static Behavior<Direction.Command> create(Brief brief) {
    return Behaviors.setup(context -> new Director(context, brief).directing());
  }

  private final ActorContext<Direction.Command> context;
  private final Brief brief;
  private final Recorder recorder;
  private final Yard yard;
  private final Map<String, ActorRef<Device.Command>> devices;
  private final List<ActorRef<Iommu.Command>> translators;
  private final List<ActorRef<Session.Command>> sessions = new ArrayList<>();
  private final List<Program.Done> programs = new ArrayList<>();
  private final Map<Integer, Long> samples = new LinkedHashMap<>();
  private final @Nullable ActorRef<Sampler.Command> sampler;
  private @Nullable Audit audit;
  private long settlingSinceNanos;
  private long nextLookNanos;
  private boolean ended;

  private Director(ActorContext<Direction.Command> context, Brief brief) {
    this.context = context;
    this.brief = brief;
    List<String> clients = brief.workload().clients().stream().map(ClientScript::client).toList();
    this.recorder = new Recorder(brief.ground().topology, clients);
    Environment environment =
        brief
            .ground()
            .environment(
                brief.scenario(),
                clients,
                brief.scale(),
                brief.clock(),
                brief.randomness(),
                brief.mishaps().yard(),
                context.messageAdapter(YardEvent.class, Direction.Observed::new))
            .watching(brief.watching());
    Sampling sampling = brief.sampling();
    this.sampler = sampling.on() ? sampler(environment, sampling) : null;
    Environment watched =
        sampler == null
            ? environment
            : environment.watchedBy(new SampledTap(sampling, brief.clock(), sampler));
    Fleet fleet = new Fleet(brief.scenario(), brief.ground());
    Regions regions =
        new Regions(environment.topology(), brief.scenario().policy(), brief.randomness());
    this.yard = Yard.open(context, watched, regions, fleet.iommus(), brief.scale().slabs());
    this.devices = fleet.spawn(context, yard);
    this.translators = fleet.translators(yard);
    Spotlight.open(context, brief, yard.regions().getFirst());
    startPrograms(clients);
    context.getChildren().forEach(context::watch);
    if (brief.scale().samples() > 0) {
      later(sampleNanos(), new Direction.SampleNow());
    }
    later(brief.workload().durationNanos() + OVERTIME_NANOS, new Direction.TimeIsUp());
  }

  private ActorRef<Sampler.Command> sampler(Environment environment, Sampling sampling) {
    return context.spawn(
        SamplerActor.create(
            sampling, environment.settings().invalidateDeadlineNanos(), environment.observer()),
        "sampler",
        SamplerActor.mailbox());
  }

  private void startPrograms(List<String> names) {
    Map<String, ProgramActor.Client> clients = new LinkedHashMap<>();
    for (int client = 0; client < names.size(); client++) {
      ClientId id = new ClientId(client);
      sessions.add(yard.openSession(context, id, Simulation.EPOCH));
      clients.put(names.get(client), new ProgramActor.Client(id, sessions.getLast()));
    }
    ProgramActor.Stage stage =
        new ProgramActor.Stage(
            brief.clock(),
            brief.ground().topology,
            brief.mishaps().clients(),
            devices,
            clients,
            context.messageAdapter(Program.Done.class, Direction.ProgramDone::new));
    for (ClientScript script : brief.workload().clients()) {
      context.spawn(ProgramActor.create(stage, script), "program-" + script.client());
    }
  }

  private Behavior<Direction.Command> directing() {
    return Behaviors.receive(Direction.Command.class)
        .onAnyMessage(this::onMessage)
        .onSignal(ChildFailed.class, this::onChildFailed)
        .build();
  }

  private Behavior<Direction.Command> onMessage(Direction.Command command) {
    switch (command) {
      case Direction.Observed(var event) -> onObserved(event);
      case Direction.ProgramDone(var done) -> onProgramDone(done);
      case Direction.SampleNow sample -> askSamples();
      case Direction.Sampled sampled -> onSampled(sampled);
      case Direction.AuditNow now -> startAudit();
      case Direction.BufferHistory(var history) -> recorder.attachHistory(history.lines());
      case Direction.Inspect(var to) -> onInspect(to);
      case Direction.TimeIsUp up -> onTimeIsUp();
      case Direction.MigrationBooks books -> onBooks(books);
      case Direction.IommuBooks books -> onBooks(books);
      case Direction.SessionBooks books -> onBooks(books);
      case Direction.DeviceBooks books -> onBooks(books);
      case Direction.SlabBooks books -> onBooks(books);
      case Direction.SamplerBooks books -> onBooks(books);
    }
    return Behaviors.same();
  }

  private void onObserved(YardEvent event) {
    BufferId suspect = recorder.record(event);
    if (suspect != null && suspect.value() >= 0) {
      yard.slabs()
          .get((int) (suspect.value() % brief.scale().slabs()))
          .tell(
              new Slab.TellHistory(
                  suspect,
                  context.messageAdapter(Buffer.History.class, Direction.BufferHistory::new)));
    }
  }

  private void onProgramDone(Program.Done done) {
    programs.add(done);
    if (programs.size() == brief.workload().clients().size()) {
      settlingSinceNanos = now();
      nextLookNanos = brief.scale().auditNanos();
      startAudit();
    }
  }

  private void onInspect(Consumer<Inspection.Report> to) {
    List<Waits.Source> more = new ArrayList<>();
    for (ActorRef<Device.Command> device : devices.values()) {
      more.add(replyTo -> device.tell(new Device.TellWaits(replyTo)));
    }
    ActorRef<Inspection.Report> report =
        context.spawnAnonymous(
            Behaviors.receiveMessage(
                answer -> {
                  to.accept(answer);
                  return Behaviors.stopped();
                }));
    context.spawnAnonymous(Inspection.create(yard, more, report));
  }

  // --- samples --------------------------------------------------------------------------------

  private void askSamples() {
    brief.progress().at(now() / 1e9, brief.workload().durationNanos() / 1e9);
    if (ended || audit != null) {
      return;
    }
    ActorRef<Region.Occupancy> to =
        context.messageAdapter(Region.Occupancy.class, Direction.Sampled::new);
    yard.regions().forEach(region -> region.tell(new Region.Sample(to)));
    later(sampleNanos(), new Direction.SampleNow());
  }

  private void onSampled(Direction.Sampled sampled) {
    if (audit != null) {
      onBooks(sampled);
      return;
    }
    Region.Occupancy at = sampled.occupancy();
    samples.put(at.region(), at.residentPages());
    if (at.region() == brief.watching().regionIn(brief.ground().topology)) {
      recorder.freeRoom(at.capacityPages() - at.usedPages(), at.largestFreePages());
    }
    if (samples.size() == yard.regions().size()) {
      List<Long> byRegion = new ArrayList<>();
      for (int region = 0; region < yard.regions().size(); region++) {
        byRegion.add(samples.getOrDefault(region, 0L));
      }
      recorder.sample(now(), byRegion);
      samples.clear();
    }
  }

  private long sampleNanos() {
    return Math.max(1_000_000, brief.workload().durationNanos() / brief.scale().samples());
  }

  // --- the end --------------------------------------------------------------------------------

  private void startAudit() {
    if (ended) {
      return;
    }
    audit =
        new Audit(
            (sampler == null ? 1 : 2)
                + yard.regions().size()
                + translators.size()
                + sessions.size()
                + devices.size()
                + yard.slabs().size());
    askBooks();
  }

  private void askBooks() {
    ActorRef<Region.Occupancy> regionBooks =
        context.messageAdapter(Region.Occupancy.class, Direction.Sampled::new);
    yard.regions().forEach(region -> region.tell(new Region.Sample(true, regionBooks)));
    yard.migration()
        .tell(
            new Migration.CloseBooks(
                context.messageAdapter(Migration.Books.class, Direction.MigrationBooks::new)));
    ActorRef<Iommu.Books> iommuBooks =
        context.messageAdapter(Iommu.Books.class, Direction.IommuBooks::new);
    translators.forEach(iommu -> iommu.tell(new Iommu.CloseBooks(iommuBooks)));
    ActorRef<Session.Books> sessionBooks =
        context.messageAdapter(Session.Books.class, Direction.SessionBooks::new);
    sessions.forEach(session -> session.tell(new Session.CloseBooks(sessionBooks)));
    ActorRef<Device.Books> deviceBooks =
        context.messageAdapter(Device.Books.class, Direction.DeviceBooks::new);
    devices.values().forEach(device -> device.tell(new Device.CloseBooks(deviceBooks)));
    ActorRef<Slab.Books> slabBooks =
        context.messageAdapter(Slab.Books.class, Direction.SlabBooks::new);
    yard.slabs().forEach(slab -> slab.tell(new Slab.CloseBooks(slabBooks)));
    if (sampler != null) {
      sampler.tell(
          new Sampler.TellReport(
              context.messageAdapter(Sampler.Report.class, Direction.SamplerBooks::new)));
    }
  }

  private void onBooks(Direction.Command books) {
    Audit current = audit;
    if (current == null || ended || !current.enter(books)) {
      return;
    }
    List<String> imbalances = current.imbalances();
    boolean late = now() - settlingSinceNanos >= brief.scale().settleNanos();
    if (imbalances.isEmpty() || late || recorder.violationCount() > 0) {
      imbalances.forEach(text -> recorder.violate(now(), "books", "", text));
      end(current);
    } else {
      later(nextLookNanos, new Direction.AuditNow());
      nextLookNanos *= brief.scale().auditGrowth();
    }
  }

  private void onTimeIsUp() {
    if (!ended) {
      recorder.violate(
          now(), "liveness", "", "not done " + OVERTIME_NANOS / 1e9 + " s after the last step");
      settlingSinceNanos = now() - brief.scale().settleNanos();
      startAudit();
    }
  }

  private Behavior<Direction.Command> onChildFailed(ChildFailed failed) {
    recorder.violate(now(), "crash", "", failed.getRef().path().name() + ": " + failed.getCause());
    if (!ended) {
      end(new Audit(0));
    }
    return Behaviors.same();
  }

  private void end(Audit last) {
    ended = true;
    brief.ending().accept(new Ending(last, List.copyOf(programs), recorder, now()));
  }

  private void later(long nanos, Direction.Command command) {
    context.scheduleOnce(brief.clock().toScheduler(nanos), context.getSelf(), command);
  }

  private long now() {
    return brief.clock().nowNanos();
  }
}
