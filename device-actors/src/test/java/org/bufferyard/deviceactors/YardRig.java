package org.bufferyard.deviceactors;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.Props;
import akka.actor.typed.SpawnProtocol;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.LongSupplier;
import org.bufferyard.actors.environment.Environment;
import org.bufferyard.actors.environment.Faults;
import org.bufferyard.actors.environment.HeapKind;
import org.bufferyard.actors.environment.ModelClock;
import org.bufferyard.actors.environment.Topology;
import org.bufferyard.actors.environment.YardSettings;
import org.bufferyard.actors.memory.PhysicalMemory;
import org.bufferyard.actors.protocol.BusPath;
import org.bufferyard.actors.protocol.ClientId;
import org.bufferyard.actors.protocol.DeviceId;
import org.bufferyard.actors.protocol.ExportOptions;
import org.bufferyard.actors.protocol.Iommu;
import org.bufferyard.actors.protocol.Migration;
import org.bufferyard.actors.protocol.Region;
import org.bufferyard.actors.protocol.Session;
import org.bufferyard.actors.protocol.YardEvent;
import org.bufferyard.actors.yard.Regions;
import org.bufferyard.actors.yard.Yard;
import org.bufferyard.allocator.DmaDirection;
import org.bufferyard.allocator.Pages;
import org.bufferyard.allocator.iommu.DomainSettings;
import org.bufferyard.allocator.placement.DeviceDemand;
import org.bufferyard.allocator.placement.DmaPath;
import org.bufferyard.deviceactors.catalog.CatalogKind;
import org.bufferyard.deviceactors.path.PathSpec;
import org.bufferyard.deviceactors.path.Paths;
import org.bufferyard.testkit.DeterministicSystem;
import org.bufferyard.testkit.NamedRandom;
import org.bufferyard.testkit.Settings;

/**
 * A whole yard for devices of the catalogue: every heap, an IOMMU, the paths, one client. SYSTEM
 * lies above the masks of the legacy kinds, so that they bounce.
 */
public final class YardRig implements AutoCloseable {
  public static final int VRAM = 0;
  public static final int CMA = 1;
  public static final int TILER = 2;
  public static final int SYSTEM = 3;
  public static final int REGION_PAGES = 1024;
  private static final int SWAP = 4;
  private static final int SWAP_PAGES = 8 * REGION_PAGES;
  private static final long STAGING_PFN = 0x80000;
  private static final int STAGING_PAGES = 512;
  public static final ClientId CLIENT = new ClientId(0);
  public static final ClientId OTHER = new ClientId(1);
  public static final long EPOCH = 1;

  private static final List<Topology.RegionPlace> REGIONS =
      List.of(
          place("VRAM", 1 << 22, HeapKind.VRAM),
          place("CMA", 0x50000, HeapKind.CONTIGUOUS),
          place("TILER", 0x60000, HeapKind.TILER),
          place("SYSTEM", 0x40000, HeapKind.SYSTEM),
          new Topology.RegionPlace("SWAP", 1L << 33, SWAP_PAGES, Topology.NONE, true));

  public final List<YardEvent> events = new ArrayList<>();
  public final List<Session.Reply> sessionReplies = new ArrayList<>();
  public final List<Device.Reply> deviceReplies = new ArrayList<>();
  private final PhysicalMemory memory = new PhysicalMemory(PhysicalMemory.Kind.TAGS);
  private final DeterministicSystem<Void> system;
  private final Clock clock = new Clock();
  private final List<ActorRef<Device.Command>> devices = new ArrayList<>();
  private final List<Opened> opened = new ArrayList<>();
  private final List<Object> books = new ArrayList<>();
  private final List<ActorRef<Session.Command>> others = new ArrayList<>();
  private long tokens;

  /** What only exists once the actor system does. */
  private record Opened(
      Yard yard,
      Paths paths,
      ActorRef<Session.Command> session,
      ActorRef<Session.Reply> toSession,
      ActorRef<Device.Reply> toDevice,
      ActorRef<Object> toBooks,
      ActorRef<SpawnProtocol.Command> spawner) {}

  /** A device of the rig. */
  public record Member(DeviceDemand demand, boolean dynamic, PathSpec path) {
    /** As the catalogue has it. */
    public static Member of(CatalogKind kind, String name) {
      PathSpec spec = PathSpec.of(name, kind.path()).withHook(kind.hook());
      return new Member(kind.named(name), kind.dynamic(), spec);
    }

    public Member withPath(PathSpec spec) {
      return new Member(demand, dynamic, spec);
    }

    public Member withDemand(DeviceDemand other) {
      return new Member(other, dynamic, path);
    }
  }

  private static Topology.RegionPlace place(String name, long pfn, HeapKind heap) {
    return new Topology.RegionPlace(name, pfn, REGION_PAGES, Topology.NONE, false, heap);
  }

  public YardRig(long seed, Faults faults, Member... members) {
    this(seed, faults, YardSettings.defaults(), members);
  }

  public YardRig(long seed, Faults faults, YardSettings settings, Member... members) {
    memory.addMemory(256, 256);

    memory.addMemory(0x40000, REGION_PAGES);
    memory.addMemory(0x50000, REGION_PAGES);
    memory.addMemory(0x60000, REGION_PAGES);
    memory.addMemory(STAGING_PFN, (long) STAGING_PAGES * members.length);
    memory.addMemory(1 << 22, REGION_PAGES);
    memory.addMemory(1L << 33, SWAP_PAGES);
    system =
        DeterministicSystem.create(
            Behaviors.setup(
                context -> {
                  open(context, seed, faults, settings, List.of(members));
                  return Behaviors.<Void>empty();
                }),
            "rig",
            Settings.seed(seed));
    clock.source = system::nowNanos;
    run(1);
    session().tell(new Session.Listen(opened.getFirst().toSession()));
    run(1);
  }

  private void open(
      ActorContext<Void> context,
      long seed,
      Faults faults,
      YardSettings settings,
      List<Member> members) {
    Environment environment =
        new Environment(
            clock,
            name -> NamedRandom.stream(seed, name),
            faults,
            topology(),
            settings,
            memory,
            probe(context, "observer", events));
    Regions regions = new Regions(environment.topology(), "lru", environment.randomness());
    Yard yard = Yard.open(context, environment, regions, List.of(iommu(members)), 1);
    Paths paths = Paths.open(context, environment, new Paths.Pool(256, 256), specs(members));
    for (Member member : members) {
      int index = devices.size();
      DevicePlan plan =
          new DevicePlan(
              new DeviceId(index),
              member.demand(),
              path(yard, paths, member, index),
              member.dynamic(),
              1L << 30,
              64);
      devices.add(
          context.spawn(DeviceActor.create(environment, plan, yard.regions()), "device-" + index));
    }
    opened.add(
        new Opened(
            yard,
            paths,
            yard.openSession(context, CLIENT, EPOCH),
            probe(context, "client", sessionReplies),
            probe(context, "submitter", deviceReplies),
            probe(context, "books", books),
            context.spawn(SpawnProtocol.create(), "spawner")));
  }

  private static Topology topology() {
    List<Topology.LinkPlace> links = new ArrayList<>();
    for (int region : List.of(VRAM, CMA, TILER, SYSTEM)) {
      links.add(new Topology.LinkPlace(region, SWAP, 1L << 30, 1000));
      links.add(new Topology.LinkPlace(SWAP, region, 1L << 30, 1000));
    }
    return new Topology(REGIONS, links);
  }

  /** A domain for each device, used or not. */
  private static Yard.IommuPlan iommu(List<Member> members) {
    return new Yard.IommuPlan(
        "iommu", members.stream().map(member -> DomainSettings.ofBits(39)).toList());
  }

  private static List<PathSpec> specs(List<Member> members) {
    List<PathSpec> specs = new ArrayList<>();
    for (int i = 0; i < members.size(); i++) {
      PathSpec spec = members.get(i).path();
      if (!spec.plain()) {
        specs.add(spec.withStaging(STAGING_PFN + (long) i * STAGING_PAGES, STAGING_PAGES));
      }
    }
    return specs;
  }

  private static BusPath path(Yard yard, Paths paths, Member member, int index) {
    BusPath own = paths.byDevice().get(member.path().device());
    if (own != null) {
      return own;
    }
    return member.path().path() == DmaPath.IOMMU
        ? new BusPath.Translated(yard.iommus().getFirst(), index)
        : new BusPath.Direct();
  }

  /** Writes what it is told into {@code log}, in order of arrival. */
  private static <T> ActorRef<T> probe(ActorContext<Void> context, String name, List<T> log) {
    return context.spawn(
        Behaviors.receiveMessage(
            message -> {
              log.add(message);
              return Behaviors.same();
            }),
        name);
  }

  public void run(long millis) {
    system.runFor(Duration.ofMillis(millis));
  }

  public Yard yard() {
    return opened.getFirst().yard();
  }

  /** One more actor among them. */
  @SuppressWarnings("unchecked") // the spawner answers with a reference of the behavior's type
  public <T> ActorRef<T> spawn(Behavior<T> behavior) {
    ActorRef<ActorRef<T>> nobody = asked();
    opened
        .getFirst()
        .spawner()
        .tell(new SpawnProtocol.Spawn<>(behavior, "guest-" + ++tokens, Props.empty(), nobody));
    run(1);
    ActorRef<T> spawned = (ActorRef<T>) books.getLast();
    books.clear();
    return spawned;
  }

  public long failures() {
    return system.failures().count();
  }

  // --- what the client does -------------------------------------------------------------------

  /** A declared buffer. */
  public Session.Grant export(long pages, Integer... preferred) {
    return ((Session.Exported) export(Pages.toBytes(pages), 0, List.of(preferred))).grant();
  }

  /** What an export is answered. */
  public Session.Reply export(long sizeBytes, int priority, List<Integer> preferred) {
    session()
        .tell(
            new Session.Export(
                new Session.ExportSpec(++tokens, "b", sizeBytes, preferred, priority, false),
                opened.getFirst().toSession()));
    run(1);
    return sessionReplies.getLast();
  }

  /** What an export with options is answered. */
  public Session.Reply export(long pages, int heap, ExportOptions options) {
    Session.ExportSpec spec =
        new Session.ExportSpec(++tokens, "b", Pages.toBytes(pages), List.of(heap), 0, false);
    tellSession(new Session.Export(spec.with(options), client()));
    return sessionReplies.getLast();
  }

  /** A handle for a second client, whose session is made for it. */
  public Session.Grant shareWithOther(Session.Grant grant, int rights) {
    if (others.isEmpty()) {
      List<ActorRef<Session.Command>> made = others;
      spawn(
          Behaviors.<Object>setup(
              context -> {
                made.add(yard().openSession(context, OTHER, EPOCH));
                return Behaviors.empty();
              }));
      others.getFirst().tell(new Session.Listen(client()));
    }
    tellSession(new Session.Share(grant.handle(), others.getFirst(), OTHER, rights, client()));
    return sessionReplies.stream()
        .filter(Session.Imported.class::isInstance)
        .map(reply -> ((Session.Imported) reply).grant())
        .reduce((earlier, later) -> later)
        .orElseThrow();
  }

  /** What the second client's session is told, and its last answer. */
  public Session.Reply tellOther(Session.Command command) {
    others.getFirst().tell(command);
    run(100);
    return sessionReplies.getLast();
  }

  public Session.Reply mmap(Session.Grant grant, long firstPage, long pages) {
    tellSession(new Session.Mmap(grant.handle(), firstPage, pages, client()));
    return sessionReplies.getLast();
  }

  public Session.Reply munmap(Session.Grant grant) {
    tellSession(new Session.Munmap(grant.handle(), client()));
    return sessionReplies.getLast();
  }

  /** Takes all of SYSTEM for another buffer, so that whatever may leave it does. */
  public Session.Grant crowdOut() {
    Session.Grant whole = export(REGION_PAGES, SYSTEM);
    cpu(whole, DmaDirection.TO_DEVICE);
    return whole;
  }

  /** What sharing with itself is answered. */
  public Session.Reply share(Session.Grant grant, int rights) {
    session()
        .tell(
            new Session.Share(
                grant.handle(), session(), CLIENT, rights, opened.getFirst().toSession()));
    run(1);
    return sessionReplies.getLast();
  }

  /** Takes it away; answered when its memory has gone. */
  public void revoke(Session.Grant grant) {
    session().tell(new Session.Revoke(grant.handle(), opened.getFirst().toSession()));
    run(10);
  }

  public Session.Reply offer(Session.Grant grant) {
    session().tell(new Session.Offer(grant.handle(), opened.getFirst().toSession()));
    run(10);
    return sessionReplies.getLast();
  }

  public Session.Reply reclaim(Session.Grant grant) {
    session().tell(new Session.Reclaim(grant.handle(), opened.getFirst().toSession()));
    run(10);
    return sessionReplies.getLast();
  }

  /** Tells the client's session anything, and lets it work. */
  public void tellSession(Session.Command command) {
    session().tell(command);
    run(10);
  }

  public ActorRef<Session.Reply> client() {
    return opened.getFirst().toSession();
  }

  public Session.Books sessionBooks() {
    session().tell(new Session.CloseBooks(asked()));
    return told(Session.Books.class).getFirst();
  }

  public Device.Reply pin(int device, Session.Grant grant, boolean pin) {
    devices
        .get(device)
        .tell(
            new Device.Pin(
                CLIENT,
                EPOCH,
                ++tokens,
                grant.handle(),
                grant.buffer(),
                grant.ref(),
                pin,
                opened.getFirst().toDevice()));
    run(10);
    return deviceReplies.getLast();
  }

  public PhysicalMemory memory() {
    return memory;
  }

  public static Topology.RegionPlace region(int region) {
    return REGIONS.get(region);
  }

  private ActorRef<Session.Command> session() {
    return opened.getFirst().session();
  }

  /** The CPU writes ({@code TO_DEVICE}) or reads and compares all pages. */
  public Session.Reply cpu(Session.Grant grant, DmaDirection direction) {
    session()
        .tell(
            new Session.CpuAccess(
                grant.handle(), direction, 0, grant.sizePages(), 1, opened.getFirst().toSession()));
    run(100);
    return sessionReplies.getLast();
  }

  public Device.Reply job(
      int device, Session.Grant grant, DmaDirection direction, long first, long pages) {
    devices
        .get(device)
        .tell(
            new Device.Submit(
                CLIENT,
                EPOCH,
                ++tokens,
                List.of(
                    new Device.Use(
                        grant.handle(), grant.buffer(), grant.ref(), direction, first, pages)),
                0,
                opened.getFirst().toDevice()));
    run(200);
    return deviceReplies.getLast();
  }

  public ActorRef<Device.Command> device(int device) {
    return devices.get(device);
  }

  /** A job over several buffers. */
  public Device.Reply submit(int device, List<Device.Use> uses) {
    devices
        .get(device)
        .tell(new Device.Submit(CLIENT, EPOCH, ++tokens, uses, 0, opened.getFirst().toDevice()));
    run(200);
    return deviceReplies.getLast();
  }

  public Device.Reply attach(int device, Session.Grant grant) {
    devices
        .get(device)
        .tell(
            new Device.Attach(
                CLIENT,
                EPOCH,
                ++tokens,
                grant.handle(),
                grant.buffer(),
                grant.ref(),
                opened.getFirst().toDevice()));
    run(10);
    return deviceReplies.getLast();
  }

  public void forget(int device, Session.Grant grant) {
    devices.get(device).tell(new Device.Forget(CLIENT, EPOCH, grant.buffer()));
    run(10);
  }

  public void release(Session.Grant grant) {
    session().tell(new Session.Release(grant.handle(), opened.getFirst().toSession()));
    run(10);
  }

  // --- the books ------------------------------------------------------------------------------

  public Device.Books books(int device) {
    devices.get(device).tell(new Device.CloseBooks(asked()));
    return told(Device.Books.class).getFirst();
  }

  public List<Iommu.Books> translators() {
    yard().iommus().forEach(iommu -> iommu.tell(new Iommu.CloseBooks(asked())));
    opened.getFirst().paths().actors().forEach(path -> path.tell(new Iommu.CloseBooks(asked())));
    return told(Iommu.Books.class);
  }

  public Migration.Books migration() {
    yard().migration().tell(new Migration.CloseBooks(asked()));
    return told(Migration.Books.class).getFirst();
  }

  /** By region, whoever answers first. */
  public List<Region.Occupancy> regions() {
    yard().regions().forEach(region -> region.tell(new Region.Sample(asked())));
    return told(Region.Occupancy.class).stream()
        .sorted(Comparator.comparingInt(Region.Occupancy::region))
        .toList();
  }

  private <T> ActorRef<T> asked() {
    return opened.getFirst().toBooks().unsafeUpcast();
  }

  private <T> List<T> told(Class<T> type) {
    run(1);
    List<T> told = books.stream().map(type::cast).toList();
    books.clear();
    return told;
  }

  @Override
  public void close() {
    system.close();
    memory.close();
  }

  private static final class Clock implements ModelClock {
    private LongSupplier source = () -> 0;

    @Override
    public long nowNanos() {
      return source.getAsLong();
    }

    @Override
    public Duration toScheduler(long modelNanos) {
      return Duration.ofNanos(Math.max(1, modelNanos));
    }
  }
}
