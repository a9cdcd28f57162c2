package org.bufferyard.simulator.sanitizer;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.Behaviors;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
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
import org.bufferyard.allocator.sg.SgBuilder;
import org.bufferyard.allocator.sg.SgTable;
import org.bufferyard.testkit.DeterministicSystem;
import org.bufferyard.testkit.Settings;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Rules that no mutant reaches, since the yard refuses before they could break: each is shown
 * messages of a yard that does not.
 */
class RulesTest {
  private static final BufferId ID = new BufferId(0);
  private static final ClientId CLIENT = new ClientId(0);
  private static final Handle HANDLE = new Handle(1, 2);
  private static final DeviceId DEVICE = new DeviceId(0);
  private static final long PAGES = 4;
  private static final long FIRST_PFN = 512;
  private static final int ATTACHMENT = 1;

  private final Map<String, ActorRef<Object>> actors = new HashMap<>();
  private final DeterministicSystem<Object> system =
      DeterministicSystem.create(guardian(), "rules", Settings.seed(1));
  private final PhysicalMemory memory = new PhysicalMemory(PhysicalMemory.Kind.TAGS);
  private final Topology topology =
      new Topology(
          List.of(new Topology.RegionPlace("VRAM", FIRST_PFN, 64, Topology.NONE, false)),
          List.of());
  private final ActorRef<Buffer.Command> buffer = actor("buffer-0");
  private final ActorRef<Importer.Event> device = actor("device-gpu");
  private final ActorRef<Session.Command> session = actor("session-0");
  private final ActorRef<Iommu.Command> iommu = actor("iommu-x");
  private final ActorRef<Migration.Command> migration = actor("migration");
  private Sanitizer sanitizer = sanitizer(Sanitizer.RECORDS_MAX);
  private long requests;

  private Behavior<Object> guardian() {
    return Behaviors.setup(
        context -> {
          for (String name :
              List.of("buffer-0", "device-gpu", "session-0", "iommu-x", "migration")) {
            actors.put(name, context.spawn(Behaviors.ignore(), name));
          }
          return Behaviors.ignore();
        });
  }

  private <T> ActorRef<T> actor(String name) {
    system.runUntilIdle(1_000);
    return Objects.requireNonNull(actors.get(name)).unsafeUpcast();
  }

  private Sanitizer sanitizer(int recordsMax) {
    return new Sanitizer(
        topology,
        memory,
        () -> 0,
        new Sanitizer.Strictness(recordsMax, 0, EnumSet.noneOf(Rule.class)));
  }

  @AfterEach
  void close() {
    system.close();
    memory.close();
  }

  private void told(ActorRef<?> from, ActorRef<?> to, Object message) {
    sanitizer.onSend(from.path(), to.path(), message);
    sanitizer.onHandle(to.path(), message);
  }

  private Header header() {
    return new Header(++requests, CLIENT, 1, HANDLE);
  }

  /** A buffer with memory, attached by a device with these constraints. */
  private void attached(DmaConstraints constraints) {
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

  private static DeviceDemand demand(DmaConstraints constraints) {
    return DeviceDemand.iommu("gpu", constraints);
  }

  private static SgTable table(long pfn, long pages, DmaConstraints constraints) {
    return switch (new SgBuilder().direct(Extents.of(pfn, pages), 0, pages * 4096, constraints)) {
      case Outcome.Done<SgTable>(SgTable made) -> made;
      case Outcome.Refused<SgTable>(var refusal) -> throw new AssertionError(refusal.toString());
    };
  }

  private void mapped(SgTable table, Extents extents, DmaConstraints constraints) {
    told(
        buffer,
        iommu,
        new Iommu.Map(0, ATTACHMENT, extents, DmaDirection.BIDIRECTIONAL, constraints, buffer));
    told(iommu, buffer, new Buffer.IommuMapped(ATTACHMENT, new Iommu.Mapped(table)));
  }

  private void expect(Rule rule) {
    assertThat(sanitizer.counts()).as("%s", sanitizer.findings()).containsKey(rule);
    Finding finding =
        sanitizer.findings().stream().filter(f -> f.rule() == rule).findFirst().orElseThrow();
    assertThat(finding.line()).startsWith(rule + " (" + rule.text() + "): ");
    if (rule != Rule.D24) {
      assertThat(finding.buffer()).isEqualTo("buffer-0");
      assertThat(finding.history()).isNotEmpty();
    }
  }

  /** Segments that another device's limits would do for. */
  private static DmaConstraints limitOf(Rule rule) {
    DmaConstraints unlimited = DmaConstraints.UNLIMITED;
    return switch (rule) {
      case D19 -> unlimited.withMaxSegmentBytes(4096);
      case D20 -> unlimited.withBoundaryMask(4095);
      default -> unlimited.withDmaMask(DmaConstraints.maskOfBits(20));
    };
  }

  @ParameterizedTest
  @EnumSource(names = {"D19", "D20", "D26"})
  void map_segmentsBeyondTheDevice_found(Rule rule) {
    DmaConstraints limit = limitOf(rule);
    attached(limit);
    Extents extents = Extents.of(FIRST_PFN, PAGES);
    mapped(table(FIRST_PFN, PAGES, DmaConstraints.UNLIMITED), extents, limit);
    expect(rule);
    assertThat(sanitizer.findings().getFirst().device()).isEqualTo("gpu");
    assertThat(sanitizer.findings().getFirst().site()).contains("mapped for client-0 by iommu-x");
  }

  @Test
  void map_pagesOutsideTheRegions_found() {
    attached(DmaConstraints.UNLIMITED);
    Extents outside = Extents.of(9_000, PAGES);
    mapped(table(9_000, PAGES, DmaConstraints.UNLIMITED), outside, DmaConstraints.UNLIMITED);
    expect(Rule.D11);
    expect(Rule.D68);
  }

  private void wellMapped() {
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

  @Test
  void unmap_otherGenerationAnswered_found() {
    wellMapped();
    told(device, buffer, new Buffer.Unmap(header(), ATTACHMENT, 7, device));
    told(buffer, device, new Importer.Unmapped(requests, ID, 7));
    expect(Rule.D3);
  }

  private void use(long firstPage, long pages, long sequence) {
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

  @Test
  void use_beyondTheBufferGranted_found() {
    wellMapped();
    use(2, 3, 1);
    expect(Rule.D14);
  }

  @Test
  void use_twoWritersGranted_found() {
    wellMapped();
    use(0, 1, 1);
    assertThat(sanitizer.findings()).isEmpty();
    use(3, 1, 2);
    expect(Rule.D49);
  }

  @Test
  void pin_foreignAttachmentAnswered_found() {
    wellMapped();
    Header foreign = new Header(++requests, new ClientId(9), 1, HANDLE);
    told(device, buffer, new Buffer.Pin(foreign, ATTACHMENT, device));
    told(buffer, device, new Importer.Pinned(requests, ID));
    expect(Rule.D37);
  }

  @Test
  void detach_mappingLeft_found() {
    wellMapped();
    told(device, buffer, new Buffer.Detach(header(), ATTACHMENT, device));
    told(buffer, device, new Importer.Detached(requests, ID));
    expect(Rule.D23);
  }

  @Test
  void unmap_whatIsNotMapped_found() {
    wellMapped();
    Consumer<Integer> unmapped =
        times -> told(iommu, buffer, new Buffer.IommuUnmapped(ATTACHMENT, 1));
    unmapped.accept(1);
    assertThat(sanitizer.findings()).isEmpty();
    unmapped.accept(2);
    expect(Rule.D59);
  }

  @Test
  void records_noneLeft_saidAloud() {
    sanitizer = sanitizer(0);
    attached(DmaConstraints.UNLIMITED);
    mapped(
        table(FIRST_PFN, PAGES, DmaConstraints.UNLIMITED),
        Extents.of(FIRST_PFN, PAGES),
        DmaConstraints.UNLIMITED);
    expect(Rule.D24);
    assertThat(sanitizer.finish()).isFalse();
  }

  @Test
  void finish_nothingSeen_saidAloud() {
    assertThat(sanitizer.finish()).isFalse();
    expect(Rule.D24);
  }
}
