package org.bufferyard.actors.sanitizer;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.Behaviors;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.bufferyard.actors.environment.Topology;
import org.bufferyard.actors.memory.PhysicalMemory;
import org.bufferyard.actors.protocol.Buffer;
import org.bufferyard.actors.protocol.BufferId;
import org.bufferyard.actors.protocol.BusPath;
import org.bufferyard.actors.protocol.ClientId;
import org.bufferyard.actors.protocol.Contents;
import org.bufferyard.actors.protocol.DeviceId;
import org.bufferyard.actors.protocol.FenceUsage;
import org.bufferyard.actors.protocol.Handle;
import org.bufferyard.actors.protocol.Header;
import org.bufferyard.actors.protocol.Importer;
import org.bufferyard.actors.protocol.Iommu;
import org.bufferyard.actors.protocol.MappingKind;
import org.bufferyard.actors.protocol.Migration;
import org.bufferyard.actors.protocol.Session;
import org.bufferyard.actors.protocol.Slab;
import org.bufferyard.actors.protocol.Ticket;
import org.bufferyard.allocator.DmaConstraints;
import org.bufferyard.allocator.DmaDirection;
import org.bufferyard.allocator.Extents;
import org.bufferyard.allocator.Outcome;
import org.bufferyard.allocator.placement.DeviceDemand;
import org.bufferyard.allocator.placement.Reach;
import org.bufferyard.allocator.sg.SgBuilder;
import org.bufferyard.allocator.sg.SgTable;
import org.bufferyard.testkit.DeterministicSystem;
import org.bufferyard.testkit.Settings;
import org.junit.jupiter.api.AfterEach;

/** A sanitizer that is shown messages of a yard which does not keep to its rules. */
abstract class SanitizerRig {
  static final BufferId ID = new BufferId(0);
  static final ClientId CLIENT = new ClientId(0);
  static final Handle HANDLE = new Handle(1, 2);
  static final DeviceId DEVICE = new DeviceId(0);
  static final long PAGES = 4;
  static final long FIRST_PFN = 512;
  static final long FILE_PFN = 4_096;
  static final long FAR_PFN = 6_000;
  static final int ATTACHMENT = 1;
  static final long DEADLINE = 1_000;
  static final long AGE_MAX = 10_000;

  /** What lies in a page: nobody's business but its owner's. */
  static final long SECRET = 0x5ec2e7c0de5ec2e7L;

  private final Map<String, ActorRef<Object>> actors = new HashMap<>();
  final DeterministicSystem<Object> system =
      DeterministicSystem.create(guardian(), "rules", Settings.seed(1));
  final PhysicalMemory memory = new PhysicalMemory(PhysicalMemory.Kind.TAGS);
  final Topology topology =
      new Topology(
          List.of(
              new Topology.RegionPlace("VRAM", FIRST_PFN, 64, Topology.NONE, false),
              new Topology.RegionPlace("SWAP", FILE_PFN, 64, Topology.NONE, true),
              new Topology.RegionPlace("FAR", FAR_PFN, 64, Topology.NONE, false)),
          List.of());
  final ActorRef<Buffer.Command> buffer = actor("buffer-0");
  final ActorRef<Importer.Event> device = actor("device-gpu");
  final ActorRef<Session.Command> session = actor("session-0");
  final ActorRef<Iommu.Command> iommu = actor("iommu-x");
  final ActorRef<Migration.Command> migration = actor("migration");
  Sanitizer sanitizer = sanitizer(Sanitizer.RECORDS_MAX);
  long requests;
  long now;

  Behavior<Object> guardian() {
    return Behaviors.setup(
        context -> {
          for (String name :
              List.of("buffer-0", "device-gpu", "session-0", "iommu-x", "migration")) {
            actors.put(name, context.spawn(Behaviors.ignore(), name));
          }
          return Behaviors.ignore();
        });
  }

  <T> ActorRef<T> actor(String name) {
    system.runUntilIdle(1_000);
    return Objects.requireNonNull(actors.get(name)).unsafeUpcast();
  }

  Sanitizer sanitizer(int recordsMax) {
    return new Sanitizer(
        topology,
        memory,
        () -> now,
        new Sanitizer.Strictness(recordsMax, DEADLINE, AGE_MAX, EnumSet.noneOf(Rule.class)));
  }

  @AfterEach
  void close() {
    system.close();
    memory.close();
  }

  void told(ActorRef<?> from, ActorRef<?> to, Object message) {
    sanitizer.onSend(from.path(), to.path(), message);
    sanitizer.onHandle(to.path(), message);
  }

  Header header() {
    return new Header(++requests, CLIENT, 1, HANDLE);
  }

  /** A buffer with memory, attached by a device with these constraints. */
  void attached(DmaConstraints constraints) {
    memory.addMemory(FIRST_PFN, 64);
    Session.ExportSpec spec = new Session.ExportSpec(0, "b", PAGES * 4096, List.of(), 0, false);
    told(session, session, new Slab.Create(1, CLIENT, 1, HANDLE, spec, List.of(), session));
    told(buffer, session, new Session.Created(1, ID, buffer));
    Extents extents = Extents.of(FIRST_PFN, PAGES);
    told(migration, migration, new Migration.Reserved(0, 1, extents, false));
    told(migration, buffer, new Buffer.Placed(0, extents, true));
    DeviceDemand demand = demand(constraints);
    BusPath path = new BusPath.Translated(iommu, 0);
    Buffer.Attach attach = new Buffer.Attach(header(), DEVICE, demand, true, path, device);
    told(device, buffer, attach);
    told(buffer, device, new Importer.Attached(requests, ID, ATTACHMENT, MappingKind.SCATTERLIST));
  }

  /** The buffer is moved to where its device has no path to. */
  void movedAway() {
    memory.addMemory(FAR_PFN, 64);
    Extents extents = Extents.of(FAR_PFN, PAGES);
    told(migration, migration, new Migration.Reserved(2, 1, extents, false));
    told(migration, buffer, new Buffer.Placed(2, extents, true));
  }

  static DeviceDemand demand(DmaConstraints constraints) {
    return DeviceDemand.iommu("gpu", constraints, new Reach("VRAM", 1));
  }

  static SgTable table(long pfn, long pages, DmaConstraints constraints) {
    return switch (new SgBuilder().direct(Extents.of(pfn, pages), 0, pages * 4096, constraints)) {
      case Outcome.Done<SgTable>(SgTable made) -> made;
      case Outcome.Refused<SgTable>(var refusal) -> throw new AssertionError(refusal.toString());
    };
  }

  void mapped(SgTable table, Extents extents, DmaConstraints constraints) {
    told(
        buffer,
        iommu,
        new Iommu.Map(0, ATTACHMENT, extents, DmaDirection.BIDIRECTIONAL, constraints, buffer));
    told(iommu, buffer, new Buffer.IommuMapped(ATTACHMENT, new Iommu.Mapped(table)));
  }

  void expect(Rule rule) {
    assertThat(sanitizer.counts()).as("%s", sanitizer.findings()).containsKey(rule);
    Finding finding =
        sanitizer.findings().stream().filter(f -> f.rule() == rule).findFirst().orElseThrow();
    assertThat(finding.line()).startsWith(rule + " (" + rule.text() + "): ");
    if (rule != Rule.D24) {
      assertThat(finding.buffer()).isEqualTo("buffer-0");
      assertThat(finding.history()).isNotEmpty();
    }
  }

  void wellMapped() {
    attached(DmaConstraints.UNLIMITED);
    SgTable table = table(FIRST_PFN, PAGES, DmaConstraints.UNLIMITED);
    mapped(table, Extents.of(FIRST_PFN, PAGES), DmaConstraints.UNLIMITED);
    told(
        device,
        buffer,
        new Buffer.Map(header(), ATTACHMENT, DmaDirection.BIDIRECTIONAL, Ticket.OLDEST, device));
    told(buffer, device, new Importer.Mapped(requests, ID, ATTACHMENT, 1, table, 0, true));
    assertThat(sanitizer.findings()).isEmpty();
  }

  void use(long firstPage, long pages, long sequence) {
    Ticket ticket = new Ticket(0, DEVICE, sequence);
    told(
        device,
        buffer,
        new Buffer.Use(
            header(), ATTACHMENT, 1, FenceUsage.WRITE, ticket, firstPage, pages, device));
    told(
        buffer,
        device,
        new Importer.UseGranted(requests, ID, 1, Contents.neverWritten(PAGES), 1, 0));
  }
}
