package org.bufferyard.actors.extension;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.ChildFailed;
import akka.actor.typed.DispatcherSelector;
import akka.actor.typed.Terminated;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import org.bufferyard.actors.environment.Environment;
import org.bufferyard.actors.environment.Faults;
import org.bufferyard.actors.environment.Watching;
import org.bufferyard.actors.lease.ClientActor;
import org.bufferyard.actors.lease.ImporterActor;
import org.bufferyard.actors.lease.ImporterPlan;
import org.bufferyard.actors.lease.LeaseTerms;
import org.bufferyard.actors.lease.MapTimes;
import org.bufferyard.actors.protocol.ClientId;
import org.bufferyard.actors.protocol.DeviceId;
import org.bufferyard.actors.protocol.Region;
import org.bufferyard.actors.protocol.Session;
import org.bufferyard.actors.protocol.YardEvent;
import org.bufferyard.actors.sanitizer.Rule;
import org.bufferyard.actors.sanitizer.SampledTap;
import org.bufferyard.actors.sanitizer.Sampler;
import org.bufferyard.actors.sanitizer.SamplerActor;
import org.bufferyard.actors.yard.Regions;
import org.bufferyard.actors.yard.Yard;
import org.bufferyard.allocator.DmaConstraints;
import org.bufferyard.allocator.Errno;
import org.bufferyard.allocator.Refusal;
import org.bufferyard.allocator.placement.DeviceDemand;
import org.bufferyard.allocator.placement.Reach;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The parent of one embedded yard's actors: owns its life. Whoever owns state and crashes takes the
 * yard along: all leases end, all requests are refused, and the memory goes when nobody can touch
 * it; the yard that is opened next under the name starts with empty books and a later epoch. So no
 * page is ever counted twice or lost.
 */
final class YardGuardian {
  sealed interface Command {}

  record JoinImporter(String name, boolean dynamic, ActorRef<ImporterActor.Command> importer)
      implements Command {}

  record JoinClient(ClientId client, ActorRef<ClientActor.Command> actor) implements Command {}

  record Snapshot(ActorRef<YardSnapshot> replyTo) implements Command {}

  /** What the shadows make of the memory. */
  record AskShadows(ActorRef<YardShadows> replyTo) implements Command {}

  /** The end: no new leases, {@code graceNanos} for the open ones, then all memory back. */
  record Close(long graceNanos, String because) implements Command {}

  private record Observed(YardEvent event) implements Command {}

  private record Quiet(ActorRef<ImporterActor.Command> importer) implements Command {}

  private record MemoryLate() implements Command {}

  /** What the embedding hears of the yard's life. */
  interface Life {
    void observed(YardEvent event);

    /**
     * No actor of the yard is left.
     *
     * @param memoryReturned false: somebody was still inside a view, so the memory stays the
     *     process's
     */
    void ended(boolean memoryReturned);
  }

  /** Beyond the grace: a view that a thread has open in a block has this long to end. */
  private static final long VIEWS_NANOS = 5_000_000_000L;

  private static final Logger LOG = LoggerFactory.getLogger(YardGuardian.class);

  static Behavior<Command> create(
      EmbedSettings settings,
      EmbeddedGround ground,
      Host host,
      long epoch,
      MapTimes times,
      Life life) {
    return Behaviors.setup(
        context -> new YardGuardian(context, settings, ground, host, epoch, times, life).serving());
  }

  private final ActorContext<Command> context;
  private final EmbedSettings settings;
  private final EmbeddedGround ground;
  private final long epoch;
  private final MapTimes times;
  private final Life life;
  private final Yard yard;
  private final LinkedHashSet<ActorRef<ImporterActor.Command>> importers = new LinkedHashSet<>();
  private final List<ActorRef<ClientActor.Command>> clients = new ArrayList<>();

  /** After the end has begun: those that may still be inside memory. */
  private final LinkedHashSet<ActorRef<ImporterActor.Command>> inside = new LinkedHashSet<>();

  private @Nullable Refusal ending;

  /** Somebody has a view open still, and may for ever. */
  private boolean abandoned;

  private int devices;

  private YardGuardian(
      ActorContext<Command> context,
      EmbedSettings settings,
      EmbeddedGround ground,
      Host host,
      long epoch,
      MapTimes times,
      Life life) {
    this.context = context;
    this.settings = settings;
    this.ground = ground;
    this.epoch = epoch;
    this.times = times;
    this.life = life;
    Environment environment =
        new Environment(
                host.clock(),
                host.randomness(),
                Faults.NONE,
                ground.topology,
                settings.limits(),
                ground.memory,
                context.messageAdapter(YardEvent.class, Observed::new))
            .watching(new Watching(0, 0, settings.shadows()));
    this.yard =
        Yard.open(
            context,
            watched(environment),
            new Regions(ground.topology, settings.limits().policy(), host.randomness()),
            List.of(),
            settings.slabs(),
            DispatcherSelector.fromConfig(settings.tierDispatcher()));
    context.getChildren().forEach(context::watch);
  }

  /** A sanitizer among the actors, where the configuration asks for one. */
  private Environment watched(Environment environment) {
    if (!settings.sanitize().on()) {
      return environment;
    }
    ActorRef<Sampler.Command> sampler =
        context.spawn(
            SamplerActor.create(
                settings.sanitize(),
                settings.limits().invalidateDeadlineNanos(),
                environment.observer()),
            "sampler",
            SamplerActor.mailbox());
    return environment.watchedBy(new SampledTap(settings.sanitize(), environment.clock(), sampler));
  }

  private Behavior<Command> serving() {
    return Behaviors.receive(Command.class)
        .onSignal(Terminated.class, this::onTerminated)
        .onAnyMessage(
            command -> {
              handle(command);
              return next();
            })
        .build();
  }

  private Behavior<Command> next() {
    return ending != null && inside.isEmpty() ? end() : Behaviors.same();
  }

  private void handle(Command command) {
    switch (command) {
      case JoinImporter join -> onImporter(join);
      case JoinClient join -> onClient(join);
      case Snapshot snapshot ->
          context.spawnAnonymous(
              SnapshotActor.create(
                  settings.name(), epoch, yard, List.copyOf(importers), snapshot.replyTo()));
      case AskShadows ask -> askShadows(ask.replyTo());
      case Close close ->
          close(close.graceNanos(), new Refusal(Errno.ENODEV, yardName() + " " + close.because()));
      case Observed(var event) -> onObserved(event);
      case Quiet(var importer) -> inside.remove(importer);
      case MemoryLate late -> {
        abandoned |= !inside.isEmpty();
        inside.clear();
      }
    }
  }

  private void askShadows(ActorRef<YardShadows> replyTo) {
    ActorRef<Region.Occupancy> once =
        context.spawnAnonymous(
            Behaviors.receiveMessage(
                memory -> {
                  Region.Usage usage = memory.usage();
                  replyTo.tell(
                      new YardShadows(
                          settings.limits().policy(),
                          usage.uses(),
                          usage.uses() - usage.usesHere(),
                          usage.shadows(),
                          usage.shadowsLeftOut()));
                  return Behaviors.stopped();
                }));
    yard.regions().getFirst().tell(new Region.Sample(once));
  }

  private void onImporter(JoinImporter join) {
    if (ending != null) {
      closeImporter(join.importer(), 0, ending);
      return;
    }
    importers.add(join.importer());
    context.watch(join.importer());
    join.importer()
        .tell(
            new ImporterActor.Open(
                new ImporterPlan(
                    join.name(),
                    new DeviceId(devices++),
                    DeviceDemand.direct(
                        join.name(), DmaConstraints.UNLIMITED, new Reach(EmbeddedGround.MEMORY, 1)),
                    join.dynamic(),
                    new LeaseTerms(settings.leaseNanos(), false),
                    settings.retryNanos(),
                    times,
                    yard)));
  }

  private void onClient(JoinClient join) {
    if (ending != null) {
      join.actor().tell(new ClientActor.Closed(ending));
      return;
    }
    clients.add(join.actor());
    ActorRef<Session.Command> session = yard.openSession(context, join.client(), epoch);
    context.watch(session);
    join.actor().tell(new ClientActor.Open(session, epoch));
  }

  private void onObserved(YardEvent event) {
    life.observed(event);
    if (event instanceof YardEvent.Laggard laggard) {
      LOG.warn(
          "importer late to let go: yard={} buffer={} importer={} forced={}",
          settings.name(),
          laggard.buffer(),
          laggard.device(),
          laggard.forced());
    } else if (event instanceof YardEvent.Violation violation
        && violation.rule().equals(Rule.D24.name())) {
      LOG.error("sanitizer: yard={} {}", settings.name(), violation.text());
    } else if (event instanceof YardEvent.Violation violation) {
      fail(violation.buffer() + ": " + violation.rule() + ": " + violation.text());
    }
  }

  /** A session may end; an importer, or whoever owns the yard's state, may not. */
  private Behavior<Command> onTerminated(Terminated gone) {
    String name = gone.getRef().path().name();
    // A dead importer cannot tell whether somebody is still in a view of its.
    abandoned |= importers.removeIf(importer -> importer.path().equals(gone.getRef().path()));
    inside.removeIf(importer -> importer.path().equals(gone.getRef().path()));
    if (gone instanceof ChildFailed failed) {
      fail(name + " failed: " + failed.cause());
    } else if (!name.startsWith("session-")) {
      fail(name + " died");
    }
    return next();
  }

  private void fail(String because) {
    if (ending == null) {
      LOG.error("yard failed: yard={} because=\"{}\"", settings.name(), because);
      close(0, new Refusal(Errno.ENODEV, yardName() + " failed: " + because));
    }
  }

  private String yardName() {
    return "yard " + settings.name();
  }

  private void close(long graceNanos, Refusal why) {
    if (ending != null) {
      return;
    }
    ending = why;
    clients.forEach(client -> client.tell(new ClientActor.Closed(why)));
    for (ActorRef<ImporterActor.Command> importer : importers) {
      inside.add(importer);
      closeImporter(importer, graceNanos, why);
    }
    context.scheduleOnce(
        yard.environment().clock().toScheduler(graceNanos + VIEWS_NANOS),
        context.getSelf(),
        new MemoryLate());
  }

  private void closeImporter(
      ActorRef<ImporterActor.Command> importer, long graceNanos, Refusal why) {
    ActorRef<ImporterActor.Quiet> quiet =
        context.spawnAnonymous(
            Behaviors.receiveMessage(
                heard -> {
                  self().tell(new Quiet(importer));
                  return Behaviors.stopped();
                }));
    importer.tell(new ImporterActor.Close(graceNanos, why, quiet));
  }

  private ActorRef<Command> self() {
    return context.getSelf();
  }

  /** Nobody is inside: stops the yard's actors, and then returns the memory. */
  private Behavior<Command> end() {
    return Behaviors.stopped(
        () -> {
          if (abandoned) {
            LOG.warn("memory kept: yard={} because=\"a view is still open\"", settings.name());
          } else {
            closeGround();
          }
          life.ended(!abandoned);
        });
  }

  private void closeGround() {
    try {
      ground.close();
    } catch (IOException e) {
      LOG.warn("swap directory not closed: yard={} because=\"{}\"", settings.name(), e.toString());
    }
  }
}
