package org.bufferyard.actors.buffer;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.Props;
import akka.actor.typed.SpawnProtocol;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.bufferyard.actors.environment.Environment;
import org.bufferyard.actors.environment.PinQuota;
import org.bufferyard.actors.environment.Topology;
import org.bufferyard.actors.environment.YardSettings;
import org.bufferyard.actors.memory.PhysicalMemory;
import org.bufferyard.actors.protocol.Buffer;
import org.bufferyard.actors.protocol.BufferId;
import org.bufferyard.actors.protocol.BusPath;
import org.bufferyard.actors.protocol.ClientId;
import org.bufferyard.actors.protocol.DeviceId;
import org.bufferyard.actors.protocol.FenceUsage;
import org.bufferyard.actors.protocol.Handle;
import org.bufferyard.actors.protocol.Header;
import org.bufferyard.actors.protocol.Importer;
import org.bufferyard.actors.protocol.Iommu;
import org.bufferyard.actors.protocol.Migration;
import org.bufferyard.actors.protocol.Region;
import org.bufferyard.actors.protocol.Reservation;
import org.bufferyard.actors.protocol.ReservationRef;
import org.bufferyard.actors.protocol.Session;
import org.bufferyard.actors.protocol.Slab;
import org.bufferyard.actors.protocol.Ticket;
import org.bufferyard.actors.protocol.WaitReport;
import org.bufferyard.actors.rig.Rigs;
import org.bufferyard.allocator.DmaConstraints;
import org.bufferyard.allocator.DmaDirection;
import org.bufferyard.allocator.Errno;
import org.bufferyard.allocator.Extents;
import org.bufferyard.allocator.Outcome;
import org.bufferyard.allocator.Pages;
import org.bufferyard.allocator.Refusal;
import org.bufferyard.allocator.placement.DeviceDemand;
import org.bufferyard.allocator.placement.Reach;
import org.bufferyard.allocator.sg.SgBuilder;
import org.bufferyard.allocator.sg.SgTable;
import org.bufferyard.testkit.DeterministicSystem;
import org.bufferyard.testkit.Settings;

/**
 * One buffer actor among probes: what it says to regions, migration, the IOMMU and its importers is
 * written down in the order of arrival, and the test answers in their place.
 */
final class BufferRig implements AutoCloseable {
  static final ClientId OWNER = new ClientId(1);
  static final ClientId STRANGER = new ClientId(2);
  static final Handle HANDLE = new Handle(1, 1);
  static final long EPOCH = 3;
  static final long PAGES = 4;
  static final int VRAM = 0;
  static final int SYSTEM = 1;

  final List<Object> toImporters = new ArrayList<>();
  final List<Object> toMigration = new ArrayList<>();
  final List<Object> toRegions = new ArrayList<>();
  final List<Object> toIommu = new ArrayList<>();
  final List<Object> toClients = new ArrayList<>();
  final List<Object> toSlab = new ArrayList<>();
  final List<Object> toStranger = new ArrayList<>();
  final List<Object> toReservers = new ArrayList<>();
  final List<Object> toObservers = new ArrayList<>();
  final List<Object> toSession = new ArrayList<>();

  private final DeterministicSystem<Void> system;
  private final List<ActorRef<Importer.Event>> importers = new ArrayList<>();
  private final List<ActorRef<Buffer.Command>> buffers = new ArrayList<>();
  private final List<BufferCore.World> worlds = new ArrayList<>();
  private final List<ActorRef<SpawnProtocol.Command>> spawners = new ArrayList<>();
  private final List<ActorRef<Iommu.Command>> iommus = new ArrayList<>();
  private final List<ActorRef<Object>> clients = new ArrayList<>();
  private final List<ActorRef<Buffer.Command>> strangers = new ArrayList<>();
  private final List<ActorRef<Reservation.Reply>> reservers = new ArrayList<>();
  private final List<ActorRef<WaitReport>> observers = new ArrayList<>();
  private final PhysicalMemory memory = new PhysicalMemory(PhysicalMemory.Kind.TAGS);
  private long requests;

  BufferRig() {
    this(PinQuota.NONE);
  }

  BufferRig(PinQuota pins) {
    memory.addMemory(0, 1024);
    system =
        DeterministicSystem.create(
            Behaviors.setup(
                context -> {
                  open(context, pins);
                  return Behaviors.<Void>empty();
                }),
            "rig",
            Settings.seed(1));
    run();
  }

  private void open(ActorContext<Void> context, PinQuota pins) {
    Topology topology = Rigs.vramAndSystem(512);
    Environment environment =
        Rigs.environment(context, topology, YardSettings.defaults().withPins(pins), memory);
    ActorRef<Region.Command> region = Rigs.probe(context, "region", toRegions);
    ActorRef<Migration.Command> migration = Rigs.probe(context, "migration", toMigration);
    ActorRef<Slab.Command> slab = Rigs.probe(context, "slab", toSlab);
    iommus.add(Rigs.probe(context, "iommu", toIommu));
    importers.add(Rigs.probe(context, "importer", toImporters));
    clients.add(Rigs.probe(context, "client", toClients));
    strangers.add(
        context.spawn(
            Behaviors.receiveMessage(
                message -> {
                  toStranger.add(message);
                  return message instanceof Buffer.DemandRefused
                      ? Behaviors.stopped()
                      : Behaviors.same();
                }),
            "stranger"));
    reservers.add(Rigs.probe(context, "reserver", toReservers));
    spawners.add(context.spawn(SpawnProtocol.create(), "spawner"));
    observers.add(Rigs.probe(context, "observer", toObservers));
    worlds.add(
        new BufferCore.World(
            environment, new Placer(topology), List.of(region, region), migration, slab));
    buffers.add(
        context.spawn(
            BufferActor.create(
                worlds.getFirst(),
                new BufferId(0),
                OWNER,
                EPOCH,
                HANDLE,
                Rigs.probe(context, "session", toSession),
                new Session.ExportSpec(1, "b", Pages.toBytes(PAGES), List.of(), 0, false),
                List.of()),
            "buffer"));
  }

  void run() {
    system.runFor(Duration.ofMillis(1));
    if (system.failures().count() > 0) {
      throw new AssertionError("the buffer failed: " + system.failures());
    }
  }

  ActorRef<Importer.Event> importer() {
    return importers.getFirst();
  }

  <T> ActorRef<T> client() {
    return clients.getFirst().unsafeUpcast();
  }

  BufferCore.World world() {
    return worlds.getFirst();
  }

  /** One more actor among them. */
  <T> void spawn(Behavior<T> behavior) {
    spawners
        .getFirst()
        .tell(
            new SpawnProtocol.Spawn<>(
                behavior, "guest", Props.empty(), system.system().ignoreRef()));
    run();
  }

  void tell(Buffer.Command command) {
    buffers.getFirst().tell(command);
    run();
  }

  Header header() {
    return header(OWNER, EPOCH, HANDLE);
  }

  Header header(ClientId client, long epoch, Handle handle) {
    return new Header(++requests, client, epoch, handle);
  }

  /** The next request has the number after this. */
  void numberFrom(long last) {
    requests = last;
  }

  /** All that was said to anybody, by listener, in order of arrival. */
  List<Object> everything() {
    List<Object> all = new ArrayList<>();
    List.of(toImporters, toMigration, toRegions, toIommu, toClients, toSlab, toReservers, toSession)
        .forEach(all::addAll);
    return all;
  }

  long lastRequest() {
    return requests;
  }

  static Ticket ticket(long stamp) {
    return new Ticket(stamp, new DeviceId(0), stamp);
  }

  // --- what importers ask ---------------------------------------------------------------------

  Buffer.Attach attachRequest(Header header, boolean dynamic, boolean translated, String... reach) {
    Reach[] reaches = new Reach[reach.length];
    for (int i = 0; i < reach.length; i++) {
      reaches[i] = new Reach(reach[i], 100 - i);
    }
    DeviceDemand demand =
        translated
            ? DeviceDemand.iommu("gpu", DmaConstraints.UNLIMITED, reaches)
            : DeviceDemand.direct("gpu", DmaConstraints.UNLIMITED, reaches);
    BusPath path = translated ? new BusPath.Translated(iommus.getFirst(), 0) : new BusPath.Direct();
    return new Buffer.Attach(header, new DeviceId(0), demand, dynamic, path, importer());
  }

  /** Attaches a device without an IOMMU and returns the attachment. */
  int attach(boolean dynamic, String... reach) {
    tell(attachRequest(header(), dynamic, false, reach));
    return ((Importer.Attached) toImporters.getLast()).attachment();
  }

  void map(int attachment, long stamp) {
    map(header(), attachment, DmaDirection.BIDIRECTIONAL, stamp);
  }

  void map(Header header, int attachment, DmaDirection direction, long stamp) {
    tell(new Buffer.Map(header, attachment, direction, ticket(stamp), importer()));
  }

  void unmap(int attachment, long generation) {
    tell(new Buffer.Unmap(header(), attachment, generation, importer()));
  }

  void use(int attachment, long generation, FenceUsage usage, long stamp) {
    tell(
        new Buffer.Use(
            header(), attachment, generation, usage, ticket(stamp), 0, PAGES, importer()));
  }

  void beginCpu(DmaDirection direction) {
    tell(new Buffer.BeginCpu(header(), direction, 0, PAGES, client()));
  }

  void release() {
    tell(new Buffer.Release(header(), client()));
  }

  Buffer.Share share(Header header, Handle given, int rights) {
    return new Buffer.Share(header, given, STRANGER, client(), rights, client());
  }

  Buffer.EndCpu endCpu(long bracket) {
    return new Buffer.EndCpu(header(), bracket, true, client());
  }

  // --- what transactions ask ------------------------------------------------------------------

  ActorRef<Reservation.Reply> reserver() {
    return reservers.getFirst();
  }

  void tell(Reservation.Command command) {
    tell(new Buffer.ToReservation(command));
  }

  void reserve(long stamp, boolean holding) {
    tell(new Reservation.Reserve(header(), ticket(stamp), holding, true, 0, reserver()));
  }

  /** What the last request to the reservation was answered. */
  <T extends Reservation.Reply> T reserved(Class<T> type) {
    return last(toReservers, type);
  }

  List<WaitReport.Edge> waits() {
    tell(new Buffer.TellWaits(observers.getFirst()));
    return last(toObservers, WaitReport.class).edges();
  }

  ReservationRef self() {
    return new ReservationRef.OfBuffer(buffers.getFirst());
  }

  /** Another reservation, which answers nothing: what it is asked is written down. */
  ReservationRef stranger() {
    return new ReservationRef.OfBuffer(strangers.getFirst());
  }

  void killStranger() {
    strangers.getFirst().tell(new Buffer.DemandRefused(new Refusal(Errno.EIO, "the end")));
    run();
  }

  // --- what migration says --------------------------------------------------------------------

  static Extents frames(int region) {
    return Extents.of(region == VRAM ? 512 : 0, PAGES);
  }

  /** What an IOMMU may have made of the frames in VRAM. */
  SgTable table() {
    return ((Outcome.Done<SgTable>)
            new SgBuilder().direct(frames(VRAM), 0, Pages.toBytes(PAGES), DmaConstraints.UNLIMITED))
        .value();
  }

  void placed(int region) {
    tell(new Buffer.Placed(region, frames(region), true));
  }

  void prepare(long move, long stamp) {
    tell(new Buffer.PrepareMove(move, ticket(stamp), true));
  }

  void landed(long move, int region) {
    tell(new Buffer.Landed(move, region, frames(region), true, false));
  }

  /** Attached, mapped by a device that answers invalidates, resident in VRAM, generation 1. */
  int mapped() {
    int attachment = attach(true, "VRAM", "SYSTEM");
    map(attachment, 1);
    placed(VRAM);
    tell(new Buffer.LetGo(ticket(1)));
    return attachment;
  }

  <T> T last(List<Object> log, Class<T> type) {
    return type.cast(log.getLast());
  }

  <T> List<T> all(List<Object> log, Class<T> type) {
    return log.stream().filter(type::isInstance).map(type::cast).toList();
  }

  @Override
  public void close() {
    system.close();
    memory.close();
  }
}
