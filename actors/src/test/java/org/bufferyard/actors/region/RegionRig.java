package org.bufferyard.actors.region;

import akka.actor.typed.ActorRef;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.bufferyard.actors.environment.Claims;
import org.bufferyard.actors.environment.Environment;
import org.bufferyard.actors.environment.Management;
import org.bufferyard.actors.environment.Topology;
import org.bufferyard.actors.environment.YardSettings;
import org.bufferyard.actors.memory.PhysicalMemory;
import org.bufferyard.actors.protocol.Buffer;
import org.bufferyard.actors.protocol.BufferId;
import org.bufferyard.actors.protocol.ClientId;
import org.bufferyard.actors.protocol.Migration;
import org.bufferyard.actors.protocol.Region;
import org.bufferyard.actors.protocol.Ticket;
import org.bufferyard.actors.rig.Rigs;
import org.bufferyard.allocator.Extents;
import org.bufferyard.allocator.Outcome;
import org.bufferyard.allocator.policy.EvictionPolicy;
import org.bufferyard.allocator.policy.PolicyContext;
import org.bufferyard.allocator.policy.catalog.Policies;
import org.bufferyard.allocator.region.AllocationRequest;
import org.bufferyard.allocator.region.BuddyAllocator;
import org.bufferyard.testkit.DeterministicSystem;
import org.bufferyard.testkit.NamedRandom;
import org.bufferyard.testkit.Settings;

/** One region actor, VRAM of 64 pages, and what it answers to a migration that is a probe. */
final class RegionRig implements AutoCloseable {
  static final long PAGES = 64;
  static final long BUFFER_PAGES = 4;

  /** 4 pages at 1 GiB/s after 1 us. */
  static final long MOVE_NANOS = 1_000 + 15_258;

  final List<Object> answers = new ArrayList<>();
  final List<Object> toBuffers = new ArrayList<>();

  private final DeterministicSystem<Void> system;
  private final List<ActorRef<Region.Command>> regions = new ArrayList<>();
  private final List<ActorRef<Migration.Command>> migrations = new ArrayList<>();
  private final List<ActorRef<Region.Occupancy>> occupancies = new ArrayList<>();
  private final List<ActorRef<Buffer.Command>> ignored = new ArrayList<>();
  private final TreeMap<Long, Extents> frames = new TreeMap<>();
  private long demands;

  RegionRig(RegionActor.PolicyMaker maker) {
    this(maker, YardSettings.defaults());
  }

  private RegionRig(RegionActor.PolicyMaker maker, YardSettings settings) {
    system =
        DeterministicSystem.create(
            Behaviors.setup(
                context -> {
                  open(context, settings, maker);
                  return Behaviors.<Void>empty();
                }),
            "rig",
            Settings.seed(1));
    run();
  }

  static RegionRig under(String policy) {
    return new RegionRig(policy(policy));
  }

  private static RegionActor.PolicyMaker policy(String name) {
    return (residents, capacity) -> {
      var random = NamedRandom.stream(1, name);
      var context = new PolicyContext(capacity, 8, residents, random);
      return switch (Policies.byName(name, context)) {
        case Outcome.Done<EvictionPolicy>(var made) -> made;
        case Outcome.Refused<EvictionPolicy>(var refusal) ->
            throw new IllegalArgumentException(refusal.toString());
      };
    };
  }

  /** Under {@code lru}, with these claims on VRAM. */
  static RegionRig claimed(Claims claims, boolean spill) {
    Management none = Management.NONE;
    Management management =
        new Management(none.limit(), none.submissionBytes(), spill, 0, claims, none.upkeep());
    return new RegionRig(policy("lru"), YardSettings.defaults().withManagement(management));
  }

  private void open(
      ActorContext<Void> context, YardSettings settings, RegionActor.PolicyMaker maker) {
    Topology topology =
        new Topology(
            List.of(
                new Topology.RegionPlace("VRAM", 0, PAGES, Topology.NONE, false),
                new Topology.RegionPlace("SYSTEM", PAGES, PAGES, Topology.NONE, false)),
            List.of(new Topology.LinkPlace(0, 1, 1 << 30, 1_000)));
    Environment environment =
        Rigs.environment(context, topology, settings, new PhysicalMemory(PhysicalMemory.Kind.TAGS));
    ignored.add(Rigs.probe(context, "buffers", toBuffers));
    Space space = new Space.Frames(new BuddyAllocator(0, PAGES));
    regions.add(context.spawn(RegionActor.create(environment, 0, space, maker), "region"));
    migrations.add(Rigs.probe(context, "migration", answers));
    occupancies.add(Rigs.probe(context, "samples", answers));
  }

  private void run() {
    system.runFor(Duration.ofMillis(1));
  }

  void tell(Region.Command command) {
    regions.getFirst().tell(command);
    run();
  }

  Region.Resident resident(long buffer, int owner) {
    return new Region.Resident(
        new BufferId(buffer), ignored.getFirst(), new ClientId(owner), BUFFER_PAGES, 2);
  }

  void arrive(int owner, long... buffers) {
    for (long buffer : buffers) {
      Extents frames = Extents.of(buffer * BUFFER_PAGES, BUFFER_PAGES);
      tell(new Region.Arrived(resident(buffer, owner), frames));
    }
  }

  void use(long... buffers) {
    tell(new Region.Used(buffers));
  }

  /** The buffers named for room among {@code pages} frames from {@code firstPfn}, none evicted. */
  List<Long> victimsWithin(long firstPfn, long pages, boolean mayWait) {
    tell(
        new Region.PickVictims(
            ++demands,
            0,
            pages,
            AllocationRequest.of(pages).within(firstPfn, firstPfn + pages - 1),
            Long.MAX_VALUE,
            resident(99, 9),
            new ClientId(9),
            Ticket.OLDEST,
            mayWait,
            true,
            false,
            false,
            List.of(),
            migrations.getFirst()));
    Migration.Victims answer = (Migration.Victims) answers.getLast();
    answer.victims().forEach(victim -> tell(new Region.Stayed(victim.buffer(), false, 0, null)));
    return answer.victims().stream().map(victim -> victim.buffer().value()).toList();
  }

  /** The answer to a wish for {@code pages} on behalf of {@code client}; nobody is evicted. */
  Object pick(long pages, long incoming, int client, boolean declinable) {
    return pick(pages, incoming, client, declinable, true);
  }

  /** The same, where the client may have another place. */
  Object pick(long pages, long incoming, int client, boolean declinable, boolean lastResort) {
    tell(
        new Region.PickVictims(
            ++demands,
            0,
            pages,
            AllocationRequest.of(pages),
            Long.MAX_VALUE,
            resident(incoming, client),
            new ClientId(client),
            Ticket.OLDEST,
            false,
            lastResort,
            false,
            declinable,
            List.of(),
            migrations.getFirst()));
    Object answer = answers.getLast();
    if (answer instanceof Migration.Victims named) {
      named.victims().forEach(victim -> tell(new Region.Stayed(victim.buffer(), false, 0, null)));
    }
    return answer;
  }

  /** Names the first victim of {@code pages}, which is on its way out from now on. */
  void pickAndEvict(long pages) {
    tell(
        new Region.PickVictims(
            ++demands,
            0,
            pages,
            AllocationRequest.of(pages),
            Long.MAX_VALUE,
            resident(99, 9),
            new ClientId(9),
            Ticket.OLDEST,
            false,
            true,
            false,
            false,
            List.of(),
            migrations.getFirst()));
    List<Region.Resident> named = ((Migration.Victims) answers.getLast()).victims();
    named.stream()
        .skip(1)
        .forEach(other -> tell(new Region.Stayed(other.buffer(), false, 0, null)));
  }

  /** Room comes and goes. */
  void takeAndFree(long pages) {
    tell(
        new Region.Reserve(
            ++demands, AllocationRequest.of(pages), false, resident(99, 0), migrations.getFirst()));
    tell(new Region.Free(((Migration.Reserved) answers.getLast()).extents(), pages, false));
  }

  /** Asks for room for a buffer of {@code owner}; what was granted is a resident then. */
  Object reserve(long buffer, int owner) {
    Region.Resident incoming = resident(buffer, owner);
    tell(
        new Region.Reserve(
            ++demands, AllocationRequest.of(BUFFER_PAGES), false, incoming, migrations.getFirst()));
    Object answer = answers.getLast();
    if (answer instanceof Migration.Reserved reserved) {
      frames.put(buffer, reserved.extents());
      tell(new Region.Arrived(incoming, reserved.extents()));
    }
    return answer;
  }

  /** A resident is evicted, and its pages come back. */
  void evict(long buffer, int owner) {
    tell(new Region.Left(new BufferId(buffer), Region.Departure.EVICTED));
    tell(
        new Region.Free(
            frames.getOrDefault(buffer, Extents.NONE), BUFFER_PAGES, false, new ClientId(owner)));
  }

  /** The answer to a wish for one more buffer, whose owner's bounds were in the way. */
  Migration.Victims pickOwn(long incoming, int client) {
    tell(
        new Region.PickVictims(
            ++demands,
            0,
            BUFFER_PAGES,
            AllocationRequest.of(BUFFER_PAGES),
            Long.MAX_VALUE,
            resident(incoming, client),
            new ClientId(client),
            Ticket.OLDEST,
            false,
            true,
            true,
            false,
            List.of(),
            migrations.getFirst()));
    return (Migration.Victims) answers.getLast();
  }

  ActorRef<Migration.Command> migration() {
    return migrations.getFirst();
  }

  /** Names a victim for one more buffer of {@code client}, which is on its way out from now on. */
  long pickOne(int client) {
    tell(
        new Region.PickVictims(
            ++demands,
            0,
            BUFFER_PAGES,
            AllocationRequest.of(BUFFER_PAGES),
            Long.MAX_VALUE,
            resident(99, client),
            new ClientId(client),
            Ticket.OLDEST,
            false,
            true,
            false,
            false,
            List.of(),
            migrations.getFirst()));
    return ((Migration.Victims) answers.getLast()).victims().getFirst().buffer().value();
  }

  /** Pages of residents. */
  long held() {
    return sample().residentPages();
  }

  long protectionBroken() {
    return sample().usage().protectionBroken();
  }

  private Region.Occupancy sample() {
    tell(new Region.Sample(occupancies.getFirst()));
    return (Region.Occupancy) answers.getLast();
  }

  /** The buffers it names for {@code client}, in order. */
  List<Long> victims(long pages, int client) {
    Migration.Victims answer = (Migration.Victims) pick(pages, 99, client, false);
    return answer.victims().stream().map(victim -> victim.buffer().value()).toList();
  }

  @Override
  public void close() {
    system.close();
  }
}
