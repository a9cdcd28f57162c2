package org.bufferyard.actors.rig;

import akka.actor.typed.ActorRef;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.bufferyard.actors.environment.Environment;
import org.bufferyard.actors.environment.Faults;
import org.bufferyard.actors.environment.Management;
import org.bufferyard.actors.environment.ModelClock;
import org.bufferyard.actors.environment.Topology;
import org.bufferyard.actors.environment.YardSettings;
import org.bufferyard.actors.memory.PhysicalMemory;
import org.bufferyard.actors.protocol.Buffer;
import org.bufferyard.actors.protocol.BufferId;
import org.bufferyard.actors.protocol.BufferInfo;
import org.bufferyard.actors.protocol.BusPath;
import org.bufferyard.actors.protocol.ClientId;
import org.bufferyard.actors.protocol.DeviceId;
import org.bufferyard.actors.protocol.FenceUsage;
import org.bufferyard.actors.protocol.Handle;
import org.bufferyard.actors.protocol.HandleReply;
import org.bufferyard.actors.protocol.Header;
import org.bufferyard.actors.protocol.Importer;
import org.bufferyard.actors.protocol.Migration;
import org.bufferyard.actors.protocol.Region;
import org.bufferyard.actors.protocol.Reservation;
import org.bufferyard.actors.protocol.Session;
import org.bufferyard.actors.protocol.Slab;
import org.bufferyard.actors.protocol.Ticket;
import org.bufferyard.actors.yard.Regions;
import org.bufferyard.actors.yard.Yard;
import org.bufferyard.allocator.DmaConstraints;
import org.bufferyard.allocator.Errno;
import org.bufferyard.allocator.Pages;
import org.bufferyard.allocator.placement.DeviceDemand;
import org.bufferyard.allocator.placement.Reach;
import org.bufferyard.allocator.validate.Place;
import org.bufferyard.testkit.DeterministicSystem;
import org.bufferyard.testkit.NamedRandom;
import org.bufferyard.testkit.Settings;
import org.jspecify.annotations.Nullable;

/**
 * A whole yard with the regions and rules of TTM's mock driver, {@code ttm_mock_manager} and {@code
 * ttm_kunit_helpers}: managers of 1 MiB; VRAM's victims go to SYSTEM, by way of TT; TT's to MOCK2;
 * MOCK2's to SYSTEM; MOCK1's are purged; SYSTEM's go to SWAP. TT is a window onto SYSTEM.
 */
public final class TtmYard implements AutoCloseable {
  public static final int VRAM = 0;
  public static final int TT = 1;
  public static final int MOCK2 = 2;
  public static final int MOCK1 = 3;
  public static final int SYSTEM = 4;
  public static final int SWAP = 5;

  /** 1 MiB. */
  public static final long MANAGER_PAGES = 256;

  public static final long P = 4096;
  public static final ClientId CLIENT = new ClientId(0);

  /** On whose behalf victims are asked for: nobody's buffers are its own. */
  private static final ClientId STRANGER = new ClientId(9);

  private static final long SYSTEM_PAGES = 1024;
  private static final long EPOCH = 1;

  /** A buffer object of the rig, and the right to it. */
  public record Bo(BufferId id, ActorRef<Buffer.Command> ref, Handle handle, ClientId client) {}

  private record Opened(Yard yard, Environment environment, ActorRef<Object> probe) {}

  private final PhysicalMemory memory = new PhysicalMemory(PhysicalMemory.Kind.TAGS);
  private final DeterministicSystem<Void> system;
  private final List<Opened> opened = new ArrayList<>();
  private final List<Object> heard = new ArrayList<>();
  private final Faults faults;
  private LongSupplier clock = () -> 0;
  private long requests;

  public TtmYard() {
    this(Faults.NONE);
  }

  public TtmYard(Faults faults) {
    this(faults, Settings.seed(1));
  }

  public TtmYard(Faults faults, Settings settings) {
    this(faults, settings, Management.NONE);
  }

  public TtmYard(Faults faults, Settings settings, Management management) {
    this.faults = faults;
    memory.addMemory(SYSTEM_PAGES, SYSTEM_PAGES);
    memory.addMemory(4 * SYSTEM_PAGES, MANAGER_PAGES);
    memory.addMemory(5 * SYSTEM_PAGES, MANAGER_PAGES);
    memory.addMemory(6 * SYSTEM_PAGES, MANAGER_PAGES);
    memory.addMemory(7 * SYSTEM_PAGES, SYSTEM_PAGES);
    system =
        DeterministicSystem.create(
            Behaviors.setup(
                context -> {
                  open(context, YardSettings.defaults().withManagement(management));
                  return Behaviors.<Void>empty();
                }),
            "ttm",
            settings);
    clock = system::nowNanos;
    system.runUntilIdle(100_000);
  }

  /** The mock driver's regions, links and victims' ways. */
  public static Topology topology() {
    List<Topology.RegionPlace> regions =
        List.of(
            place("VRAM", 4 * SYSTEM_PAGES, MANAGER_PAGES),
            new Topology.RegionPlace("TT", 0, MANAGER_PAGES, SYSTEM, false),
            place("MOCK2", 5 * SYSTEM_PAGES, MANAGER_PAGES),
            place("MOCK1", 6 * SYSTEM_PAGES, MANAGER_PAGES),
            place("SYSTEM", SYSTEM_PAGES, SYSTEM_PAGES),
            new Topology.RegionPlace("SWAP", 7 * SYSTEM_PAGES, SYSTEM_PAGES, Topology.NONE, true));
    List<Topology.LinkPlace> links = new ArrayList<>();
    for (int[] pair :
        new int[][] {
          {VRAM, TT}, {TT, SYSTEM}, {TT, MOCK2}, {MOCK2, SYSTEM}, {MOCK1, SYSTEM}, {SYSTEM, SWAP}
        }) {
      links.add(new Topology.LinkPlace(pair[0], pair[1], 1 << 30, 1_000));
      links.add(new Topology.LinkPlace(pair[1], pair[0], 1 << 30, 1_000));
    }
    return new Topology(regions, links)
        .withVictims(VRAM, SYSTEM)
        .withVictims(TT, MOCK2)
        .withVictims(MOCK2, SYSTEM)
        .withVictims(MOCK1, Topology.PURGE);
  }

  private static Topology.RegionPlace place(String name, long pfn, long pages) {
    return new Topology.RegionPlace(name, pfn, pages, Topology.NONE, false);
  }

  private void open(ActorContext<Void> context, YardSettings settings) {
    Topology topology = topology();
    Environment environment =
        new Environment(
            new Virtual(),
            name -> NamedRandom.stream(1, name),
            faults,
            topology,
            settings,
            memory,
            context.getSystem().ignoreRef());
    Regions regions = new Regions(topology, "ttm", environment.randomness());
    opened.add(
        new Opened(
            Yard.open(context, environment, regions, List.of(), 1),
            environment,
            Rigs.probe(context, "probe", heard)));
  }

  private final class Virtual implements ModelClock {
    @Override
    public long nowNanos() {
      return clock.getAsLong();
    }

    @Override
    public Duration toScheduler(long modelNanos) {
      return Duration.ofNanos(modelNanos);
    }
  }

  // --- buffers --------------------------------------------------------------------------------

  public Bo create(long sizeBytes) {
    return create(CLIENT, sizeBytes, 1);
  }

  public Bo create(ClientId owner, long sizeBytes, int priority) {
    return create(owner, sizeBytes, priority, List.of());
  }

  /** One that would rather live in VRAM than anywhere else. */
  public Bo createForVram(long sizeBytes) {
    return create(CLIENT, sizeBytes, 1, List.of("VRAM"));
  }

  private Bo create(ClientId owner, long sizeBytes, int priority, List<String> preferred) {
    long request = ++requests;
    Handle handle = new Handle(request, request);
    var spec =
        new Session.ExportSpec(request, "bo-" + request, sizeBytes, List.of(), priority, false);
    yard()
        .slabs()
        .getFirst()
        .tell(new Slab.Create(request, owner, EPOCH, handle, spec, preferred, probe()));
    Session.Created created = await(Session.Created.class);
    return new Bo(created.buffer(), created.ref(), handle, owner);
  }

  /** A buffer in {@code place}. */
  public Bo in(int region, long sizeBytes) {
    Bo bo = create(sizeBytes);
    validated(bo, Place.in(region));
    return bo;
  }

  public Buffer.PlacementReply validate(Bo bo, Place... places) {
    ask(bo, places);
    Buffer.PlacementReply reply = await(Buffer.PlacementReply.class);
    settle();
    return reply;
  }

  /** Asks, and does not wait for the answer. */
  public void ask(Bo bo, Place... places) {
    ask(bo, new Ticket(0, new DeviceId(0), requests), false, places);
  }

  public void ask(Bo bo, Ticket ticket, boolean keepNoSpace, Place... places) {
    bo.ref().tell(new Buffer.Validate(header(bo), List.of(places), ticket, keepNoSpace, probe()));
  }

  public Buffer.Validated validated(Bo bo, Place... places) {
    return (Buffer.Validated) validate(bo, places);
  }

  public Buffer.ValidateRefused refused(Bo bo, Place... places) {
    return (Buffer.ValidateRefused) validate(bo, places);
  }

  public Header header(Bo bo) {
    return new Header(++requests, bo.client(), EPOCH, bo.handle());
  }

  /** Attaches a device that reaches every region but SWAP and pins the buffer where it is. */
  public int pin(Bo bo) {
    int attachment = attach(bo);
    pin(bo, attachment);
    return attachment;
  }

  public void pin(Bo bo, int attachment) {
    bo.ref().tell(new Buffer.Pin(header(bo), attachment, probe()));
    await(Importer.Pinned.class);
    settle();
  }

  public int attach(Bo bo) {
    List<Reach> reaches = new ArrayList<>();
    for (int region = VRAM; region <= SYSTEM; region++) {
      reaches.add(new Reach(topology().region(region).name(), 1));
    }
    DeviceDemand demand =
        DeviceDemand.direct("gpu", DmaConstraints.UNLIMITED, reaches.toArray(Reach[]::new));
    bo.ref()
        .tell(
            new Buffer.Attach(
                header(bo), new DeviceId(0), demand, true, new BusPath.Direct(), probe()));
    return await(Importer.Attached.class).attachment();
  }

  /** The same, and does not wait for the answer. */
  public void askPin(Bo bo, int attachment) {
    bo.ref().tell(new Buffer.Pin(header(bo), attachment, probe()));
  }

  public void askUnpin(Bo bo, int attachment) {
    bo.ref().tell(new Buffer.Unpin(header(bo), attachment, probe()));
  }

  public void askDetach(Bo bo, int attachment) {
    bo.ref().tell(new Buffer.Detach(header(bo), attachment, probe()));
  }

  public void askRelease(Bo bo) {
    bo.ref().tell(new Buffer.Release(header(bo), probe()));
  }

  public void askOffer(Bo bo) {
    bo.ref().tell(new Buffer.Offer(header(bo), probe()));
  }

  public void askReclaim(Bo bo) {
    bo.ref().tell(new Buffer.Reclaim(header(bo), probe()));
  }

  /** Asks for a fence in the buffer's reservation, and does not wait for it. */
  public void askFence(Bo bo, Ticket ticket) {
    tell(bo, new Reservation.Reserve(header(bo), ticket, false, false, 1, probe()));
    tell(bo, new Reservation.AddFence(header(bo), ticket, FenceUsage.BOOKKEEP, probe()));
    tell(bo, new Reservation.Unreserve(ticket));
  }

  public void unpin(Bo bo, int attachment) {
    bo.ref().tell(new Buffer.Unpin(header(bo), attachment, probe()));
    await(Importer.Unpinned.class);
    settle();
  }

  /** Asks for the buffer's token and gives what it was answered; null if it has to wait. */
  public Reservation.@Nullable Reply reserve(
      Bo bo, Ticket ticket, boolean holding, boolean mayWait) {
    tell(bo, new Reservation.Reserve(header(bo), ticket, holding, mayWait, 0, probe()));
    settle();
    return heard.isEmpty() ? null : (Reservation.Reply) heard.removeLast();
  }

  /** Gives up the last request, which still waits. */
  public Reservation.Reply cancel(Bo bo) {
    tell(bo, new Reservation.Cancel(CLIENT, requests, Errno.ECANCELED));
    return await(Reservation.Reply.class);
  }

  public void unreserve(Bo bo, Ticket ticket) {
    tellUnreserve(bo, ticket);
    settle();
  }

  /** The same, and does not wait for what follows. */
  public void tellUnreserve(Bo bo, Ticket ticket) {
    tell(bo, new Reservation.Unreserve(ticket));
  }

  public static Ticket ticket(long stamp) {
    return new Ticket(stamp, new DeviceId(0), stamp);
  }

  /** An unsignalled fence in the buffer's reservation. */
  public Ticket fence(Bo bo, FenceUsage usage) {
    Ticket ticket = new Ticket(clock.getAsLong(), new DeviceId(9), ++requests);
    fence(bo, usage, ticket);
    return ticket;
  }

  public void fence(Bo bo, FenceUsage usage, Ticket ticket) {
    tell(bo, new Reservation.Reserve(header(bo), ticket, false, true, 1, probe()));
    await(Reservation.Reserved.class);
    tell(bo, new Reservation.AddFence(header(bo), ticket, usage, probe()));
    await(Reservation.FenceAdded.class);
    tell(bo, new Reservation.Unreserve(ticket));
    settle();
  }

  public Reservation.Explicit exportFence(Bo bo) {
    tell(bo, new Reservation.ExportFence(header(bo), true, true, probe()));
    return await(Reservation.FenceExported.class).fence();
  }

  public void importFence(Bo bo, Reservation.Explicit fence) {
    tell(bo, new Reservation.ImportFence(header(bo), fence, true, true, probe()));
    await(Reservation.FenceImported.class);
    settle();
  }

  public void signal(Bo bo, Ticket ticket) {
    tell(bo, new Reservation.SignalFence(ticket, null));
  }

  private static void tell(Bo bo, Reservation.Command command) {
    bo.ref().tell(new Buffer.ToReservation(command));
  }

  public void release(Bo bo) {
    bo.ref().tell(new Buffer.Release(header(bo), probe()));
    await(HandleReply.Released.class);
    settle();
  }

  // --- what can be seen -----------------------------------------------------------------------

  public BufferInfo info(Bo bo) {
    bo.ref().tell(new Buffer.TellInfo(probe()));
    return await(BufferInfo.class);
  }

  public int regionOf(Bo bo) {
    return info(bo).region();
  }

  public Region.Occupancy occupancy(int region) {
    yard().regions().get(region).tell(new Region.Sample(probe()));
    return await(Region.Occupancy.class);
  }

  /** Bytes in use, by the region's own allocator or window. */
  public long usage(int region) {
    return occupancy(region).usedPages() * P;
  }

  public Migration.Books books() {
    yard().migration().tell(new Migration.CloseBooks(probe()));
    return await(Migration.Books.class);
  }

  /** Whom {@code region} would evict for {@code pages}, in order; nobody is evicted. */
  public List<BufferId> victims(int region, long pages) {
    ActorRef<Migration.Command> asker = probe();
    yard()
        .regions()
        .get(region)
        .tell(
            new Region.PickVictims(
                ++requests,
                region,
                pages,
                org.bufferyard.allocator.region.AllocationRequest.of(pages),
                Long.MAX_VALUE,
                new Region.Resident(new BufferId(-1), probe(), STRANGER, pages, 1),
                STRANGER,
                Ticket.OLDEST,
                false,
                true,
                false,
                false,
                List.of(),
                asker));
    List<Region.Resident> victims = await(Migration.Victims.class).victims();
    victims.forEach(
        victim ->
            yard().regions().get(region).tell(new Region.Stayed(victim.buffer(), false, 0, null)));
    settle();
    return victims.stream().map(Region.Resident::buffer).toList();
  }

  public void use(int region, Bo... bos) {
    long[] ids = new long[bos.length];
    for (int i = 0; i < bos.length; i++) {
      ids[i] = bos[i].id().value();
    }
    yard().regions().get(region).tell(new Region.Used(ids));
    settle();
  }

  public Yard yard() {
    return opened.getFirst().yard();
  }

  public PhysicalMemory memory() {
    return memory;
  }

  public <T> ActorRef<T> probe() {
    return opened.getFirst().probe().unsafeUpcast();
  }

  public List<Object> heard() {
    return heard;
  }

  /** Whether the buffer is still there. */
  public boolean alive(Bo bo) {
    return infos().stream().anyMatch(info -> info.buffer().equals(bo.id()));
  }

  /** Of all buffers, by id. */
  public List<BufferInfo> infos() {
    yard().slabs().getFirst().tell(new Slab.TellInfos(probe(), probe()));
    settle();
    List<BufferInfo> infos = new ArrayList<>();
    int asked = await(Slab.WaitsAsked.class).buffers();
    for (int i = 0; i < asked; i++) {
      infos.add(await(BufferInfo.class));
    }
    return infos;
  }

  /**
   * Nothing is under way, and the books of regions, migration and buffers agree; then everything is
   * released and all memory comes back.
   */
  public void checkBalanceAndClose(List<Bo> bos) {
    runFor(Duration.ofSeconds(20));
    Migration.Books books = books();
    check(books.demands() == 0 && books.movesInFlight() == 0, "under way: " + books);
    List<BufferInfo> infos = infos();
    for (int region = VRAM; region <= SWAP; region++) {
      int here = region;
      long pages = pages(infos, region);
      long frames = region == SYSTEM ? pages + pages(infos, TT) : pages;
      Region.Occupancy told = occupancy(here);
      check(told.residentPages() == pages, told + " has " + pages + " of " + infos);
      check(told.usedPages() == frames, told + " has frames " + frames + " of " + infos);
    }
    for (BufferInfo info : infos) {
      boolean quiet = info.fences().isEmpty() && info.held() + info.queued() == 0;
      check(quiet && info.life() != BufferInfo.Life.MOVING, "not quiet: " + info);
    }
    bos.forEach(this::askRelease);
    runFor(Duration.ofSeconds(20));
    check(infos().isEmpty(), "left: " + infos());
    for (int region = VRAM; region <= SWAP; region++) {
      check(usage(region) == 0, occupancy(region).toString());
    }
    check(system.failures().count() == 0, system.failures().toString());
    close();
  }

  private static long pages(List<BufferInfo> infos, int region) {
    return infos.stream()
        .filter(info -> info.region() == region)
        .mapToLong(info -> Pages.ofBytes(info.sizeBytes()))
        .sum();
  }

  private static void check(boolean holds, String otherwise) {
    if (!holds) {
      throw new AssertionError(otherwise);
    }
  }

  /** Runs until a message of {@code type} is there, and takes it. */
  public <T> T await(Class<T> type) {
    Function<List<Object>, Integer> find =
        all -> {
          for (int i = 0; i < all.size(); i++) {
            if (type.isInstance(all.get(i))) {
              return i;
            }
          }
          return -1;
        };
    if (!system.run(() -> find.apply(heard) >= 0, 1_000_000)) {
      throw new AssertionError("no " + type.getSimpleName() + " among " + heard);
    }
    if (system.failures().count() > 0) {
      throw new AssertionError("an actor failed: " + system.failures());
    }
    return type.cast(heard.remove((int) find.apply(heard)));
  }

  /** All that happens at this instant. */
  public void settle() {
    system.runUntilIdle(1_000_000);
  }

  /** Only so many messages are handled, or fewer if no more are due at this instant. */
  public void steps(int count) {
    system.runUntilIdle(count);
  }

  public void runFor(Duration virtual) {
    system.runFor(virtual);
  }

  public long nowNanos() {
    return system.nowNanos();
  }

  /** All its actors have stopped. */
  public boolean ended() {
    return system.system().whenTerminated().isCompleted();
  }

  @Override
  public void close() {
    system.close();
    memory.close();
  }
}
