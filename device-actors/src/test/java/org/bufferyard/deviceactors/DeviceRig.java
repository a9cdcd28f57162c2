package org.bufferyard.deviceactors;

import akka.actor.typed.ActorRef;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import org.bufferyard.actors.environment.Environment;
import org.bufferyard.actors.environment.Faults;
import org.bufferyard.actors.environment.ModelClock;
import org.bufferyard.actors.environment.Topology;
import org.bufferyard.actors.environment.YardSettings;
import org.bufferyard.actors.memory.PhysicalMemory;
import org.bufferyard.actors.protocol.BusPath;
import org.bufferyard.actors.protocol.ClientId;
import org.bufferyard.actors.protocol.DeviceId;
import org.bufferyard.actors.protocol.Handle;
import org.bufferyard.actors.protocol.Header;
import org.bufferyard.actors.protocol.Reservation;
import org.bufferyard.actors.protocol.ReservationRef;
import org.bufferyard.actors.protocol.Session;
import org.bufferyard.actors.protocol.SharedReservation;
import org.bufferyard.actors.protocol.Ticket;
import org.bufferyard.actors.protocol.WaitReport;
import org.bufferyard.actors.protocol.Waits;
import org.bufferyard.actors.protocol.YardEvent;
import org.bufferyard.actors.reservation.ReservationActor;
import org.bufferyard.actors.yard.Regions;
import org.bufferyard.actors.yard.Yard;
import org.bufferyard.allocator.DmaConstraints;
import org.bufferyard.allocator.DmaDirection;
import org.bufferyard.allocator.Pages;
import org.bufferyard.allocator.placement.DeviceDemand;
import org.bufferyard.allocator.placement.Reach;
import org.bufferyard.testkit.DeterministicSystem;
import org.bufferyard.testkit.NamedRandom;
import org.bufferyard.testkit.Settings;

/**
 * A yard of VRAM and SYSTEM with a client and some devices, on virtual time: everything but the
 * test itself is real. What the client, the devices' submitter and the observer hear is written
 * down.
 */
final class DeviceRig implements AutoCloseable {
  static final ClientId CLIENT = new ClientId(0);
  static final Handle SHARED_HANDLE = new Handle(7, 7);

  private static final long VRAM_PFN = 1 << 20;
  private static final long STEPS_MAX = 20_000_000;
  static final long EPOCH = 1;

  final List<Session.Reply> toClient = new ArrayList<>();
  final List<Device.Reply> toSubmitter = new ArrayList<>();
  final List<Reservation.Reply> toReserver = new ArrayList<>();
  final List<YardEvent> observed = new ArrayList<>();
  final List<Device.Books> books = new ArrayList<>();
  final List<Waits.Snapshot> snapshots = new ArrayList<>();
  final List<ActorRef<Device.Command>> devices = new ArrayList<>();
  final DeterministicSystem<Void> system;

  private final List<Yard> yards = new ArrayList<>();
  private final List<ActorRef<Session.Command>> sessions = new ArrayList<>();
  private final List<ActorRef<Reservation.Command>> shared = new ArrayList<>();
  private final List<ActorRef<Object>> ears = new ArrayList<>();
  private final PhysicalMemory memory = new PhysicalMemory(PhysicalMemory.Kind.TAGS);
  private final Clock clock = new Clock();
  private long requests;
  private long tokens;

  /**
   * Opens the yard.
   *
   * @param reach of the devices, best first
   */
  DeviceRig(Settings settings, long vramPages, long systemPages, int deviceCount, String... reach) {
    memory.addMemory(0, systemPages);
    memory.addMemory(VRAM_PFN, vramPages);
    Topology topology =
        new Topology(
            List.of(
                new Topology.RegionPlace("VRAM", VRAM_PFN, vramPages, Topology.NONE, false),
                new Topology.RegionPlace("SYSTEM", 0, systemPages, Topology.NONE, false)),
            List.of(
                new Topology.LinkPlace(0, 1, 1 << 30, 1_000),
                new Topology.LinkPlace(1, 0, 1 << 30, 1_000)));
    system =
        DeterministicSystem.create(
            Behaviors.setup(
                context -> {
                  open(context, topology, settings.seed(), deviceCount, reach);
                  return Behaviors.<Void>empty();
                }),
            "rig",
            settings);
    clock.source = system::nowNanos;
    system.runUntilIdle(STEPS_MAX);
  }

  private void open(
      ActorContext<Void> context, Topology topology, long seed, int deviceCount, String... reach) {
    ears.add(
        context.spawn(
            Behaviors.receiveMessage(
                message -> {
                  hear(message);
                  return Behaviors.same();
                }),
            "ears"));
    Environment environment =
        new Environment(
            clock,
            name -> NamedRandom.stream(seed, name),
            Faults.NONE,
            topology,
            YardSettings.defaults(),
            memory,
            ear());
    Regions regions = new Regions(topology, "lru", environment.randomness());
    Yard yard = Yard.open(context, environment, regions, List.of(), 4);
    yards.add(yard);
    sessions.add(yard.openSession(context, CLIENT, EPOCH));
    shared.add(context.spawn(ReservationActor.create("vm", SHARED_HANDLE), "vm"));
    Reach[] reaches = new Reach[reach.length];
    for (int i = 0; i < reach.length; i++) {
      reaches[i] = new Reach(reach[i], 100 - i);
    }
    for (int device = 0; device < deviceCount; device++) {
      DevicePlan plan =
          new DevicePlan(
              new DeviceId(device),
              DeviceDemand.direct("gpu" + device, DmaConstraints.UNLIMITED, reaches),
              new BusPath.Direct(),
              true,
              1L << 30,
              4);
      devices.add(
          context.spawn(DeviceActor.create(environment, plan, yard.regions()), "gpu" + device));
    }
  }

  private void hear(Object message) {
    switch (message) {
      case Session.Reply reply -> toClient.add(reply);
      case Device.Reply reply -> toSubmitter.add(reply);
      case Reservation.Reply reply -> toReserver.add(reply);
      case YardEvent event -> observed.add(event);
      case Device.Books each -> books.add(each);
      case Waits.Snapshot snapshot -> snapshots.add(snapshot);
      default -> throw new IllegalArgumentException("unexpected: " + message);
    }
  }

  private static final class Clock implements ModelClock {
    LongSupplier source = () -> 0;

    @Override
    public long nowNanos() {
      return source.getAsLong();
    }

    @Override
    public Duration toScheduler(long modelNanos) {
      return Duration.ofNanos(modelNanos);
    }
  }

  <T> ActorRef<T> ear() {
    return ears.getFirst().unsafeUpcast();
  }

  /** Runs what is ready now; time stands still. */
  void settle() {
    system.runUntilIdle(STEPS_MAX);
    if (system.failures().count() > 0) {
      throw new AssertionError("an actor failed: " + system.failures());
    }
  }

  /** Lets model time pass. */
  void pass(long millis) {
    system.runFor(Duration.ofMillis(millis));
    settle();
  }

  // --- the client -----------------------------------------------------------------------------

  Session.Grant export(long pages) {
    sessions
        .getFirst()
        .tell(
            new Session.Export(
                new Session.ExportSpec(requests++, "b", Pages.toBytes(pages), List.of(), 0, false),
                ear()));
    settle();
    return ((Session.Exported) toClient.getLast()).grant();
  }

  List<Session.Grant> export(int count, long pages) {
    List<Session.Grant> grants = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      grants.add(export(pages));
    }
    return grants;
  }

  void tellSession(Session.Command command) {
    sessions.getFirst().tell(command);
    settle();
  }

  // --- jobs -----------------------------------------------------------------------------------

  static Device.Use use(Session.Grant grant, DmaDirection direction) {
    return new Device.Use(
        grant.handle(), grant.buffer(), grant.ref(), direction, 0, grant.sizePages());
  }

  Device.Use useShared(Session.Grant grant, DmaDirection direction) {
    return new Device.Use(
        grant.handle(),
        grant.buffer(),
        grant.ref(),
        direction,
        0,
        grant.sizePages(),
        new SharedReservation(shared.getFirst(), SHARED_HANDLE));
  }

  /** Returns the job's token, without waiting for anything. */
  long submit(int device, List<Device.Use> uses) {
    devices.get(device).tell(new Device.Submit(CLIENT, EPOCH, ++tokens, uses, 1_000, ear()));
    return tokens;
  }

  Device.Reply lastReply() {
    return toSubmitter.getLast();
  }

  Device.Books books(int device) {
    devices.get(device).tell(new Device.CloseBooks(ear()));
    settle();
    return books.getLast();
  }

  // --- reservations ---------------------------------------------------------------------------

  static Ticket ticket(long stamp) {
    return new Ticket(stamp, new DeviceId(99), stamp);
  }

  static ReservationRef own(Session.Grant grant) {
    return new ReservationRef.OfBuffer(grant.ref());
  }

  ReservationRef sharedReservation() {
    return new ReservationRef.Shared(shared.getFirst());
  }

  Header header(Handle handle) {
    return new Header(++requests, CLIENT, EPOCH, handle);
  }

  void tell(ReservationRef to, Reservation.Command command) {
    to.tell(command);
    settle();
  }

  void reserve(ReservationRef to, Handle handle, long stamp, boolean holding) {
    tell(to, new Reservation.Reserve(header(handle), ticket(stamp), holding, true, 0, ear()));
  }

  Reservation.Reply lastReservation() {
    return toReserver.getLast();
  }

  /** Asks for a snapshot, without running. */
  void askWaits() {
    List<Waits.Source> more = new ArrayList<>();
    devices.forEach(device -> more.add(replyTo -> device.tell(new Device.TellWaits(replyTo))));
    more.add(replyTo -> shared.getFirst().tell(new Reservation.TellWaits(replyTo)));
    yards.getFirst().waits().tell(new Waits.TakeSnapshot(more, ear()));
  }

  List<WaitReport.Edge> waits() {
    askWaits();
    settle();
    Waits.Snapshot snapshot = snapshots.getLast();
    if (!snapshot.complete()) {
      throw new AssertionError(snapshot.answered() + " of " + snapshot.asked() + " reported");
    }
    return snapshot.edges();
  }

  List<YardEvent.Violation> violations() {
    return observed.stream()
        .filter(YardEvent.Violation.class::isInstance)
        .map(YardEvent.Violation.class::cast)
        .toList();
  }

  @Override
  public void close() {
    system.close();
    memory.close();
  }
}
