package org.bufferyard.actors.iommu;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.typed.ActorRef;
import akka.actor.typed.javadsl.Behaviors;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.bufferyard.actors.memory.PhysicalMemory;
import org.bufferyard.actors.protocol.Buffer;
import org.bufferyard.actors.protocol.BufferId;
import org.bufferyard.actors.protocol.Contents;
import org.bufferyard.actors.protocol.DeviceId;
import org.bufferyard.actors.protocol.DmaJob;
import org.bufferyard.actors.protocol.Iommu;
import org.bufferyard.actors.rig.Rigs;
import org.bufferyard.allocator.DmaConstraints;
import org.bufferyard.allocator.DmaDirection;
import org.bufferyard.allocator.Extents;
import org.bufferyard.allocator.iommu.DomainSettings;
import org.bufferyard.allocator.sg.SgTable;
import org.bufferyard.testkit.DeterministicSystem;
import org.bufferyard.testkit.Settings;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a hostile device may try through an IOMMU: it faults, and no page changes. */
class IommuActorTest {
  private static final int PAGES = 3;
  private static final Extents FRAMES = Extents.of(8, PAGES);
  private static final int MINE = 0;
  private static final int ANOTHERS = 1;

  private final PhysicalMemory memory = new PhysicalMemory(PhysicalMemory.Kind.TAGS);
  private final List<Object> toBuffer = new ArrayList<>();
  private final List<DmaJob.Report> reports = new ArrayList<>();
  private final List<ActorRef<Iommu.Command>> iommu = new ArrayList<>();
  private final List<ActorRef<Buffer.Command>> buffer = new ArrayList<>();
  private final List<ActorRef<DmaJob.Report>> device = new ArrayList<>();
  private final DeterministicSystem<Void> system =
      DeterministicSystem.create(
          Behaviors.setup(
              context -> {
                memory.addMemory(0, 64);
                List<DomainSettings> domains =
                    List.of(DomainSettings.ofBits(32), DomainSettings.ofBits(32));
                iommu.add(context.spawn(IommuActor.create("smmu", memory, domains), "iommu"));
                buffer.add(Rigs.probe(context, "buffer", toBuffer));
                device.add(Rigs.probe(context, "device", reports));
                return Behaviors.<Void>empty();
              }),
          "rig",
          Settings.seed(1));

  @AfterEach
  void close() {
    system.close();
    memory.close();
  }

  @BeforeEach
  void open() {
    system.runFor(Duration.ofMillis(1));
  }

  private void tell(Iommu.Command command) {
    iommu.getFirst().tell(command);
    system.runFor(Duration.ofMillis(1));
  }

  private SgTable mapped(DmaDirection direction) {
    tell(new Iommu.Map(MINE, 1, FRAMES, direction, DmaConstraints.UNLIMITED, buffer.getFirst()));
    Buffer.IommuMapped answer = (Buffer.IommuMapped) toBuffer.getLast();
    return ((Iommu.Mapped) answer.result()).table();
  }

  private DmaJob.Report write(int domain, SgTable table) {
    DmaJob.Access access =
        new DmaJob.Access(new BufferId(0), table, 0, PAGES, true, Contents.neverWritten(PAGES), 5);
    tell(
        new Iommu.Dma(
            domain, new DmaJob(new DeviceId(domain), 1, List.of(access)), device.getFirst()));
    return reports.getLast();
  }

  private List<Long> contents() {
    List<Long> tags = new ArrayList<>();
    for (int page = 0; page < PAGES; page++) {
      tags.add(memory.read(FRAMES.pfn(0) + page));
    }
    return tags;
  }

  private void expectNothingWritten(DmaJob.Report report, List<Long> before) {
    assertThat(report.faults()).isEqualTo(PAGES);
    assertThat(report.pagesWritten()).isZero();
    assertThat(report.findings())
        .extracting(DmaJob.Finding::text)
        .allMatch(t -> t.contains("no translation"));
    assertThat(contents()).isEqualTo(before);
  }

  @Test
  void dma_throughItsOwnMapping_writes() {
    List<Long> before = contents();
    assertThat(write(MINE, mapped(DmaDirection.BIDIRECTIONAL)).pagesWritten()).isEqualTo(PAGES);
    assertThat(contents()).doesNotContainAnyElementsOf(before);
  }

  @Test
  void dma_toAnAddressOfAnothersDomain_faultsAndChangesNothing() {
    SgTable table = mapped(DmaDirection.BIDIRECTIONAL);
    List<Long> before = contents();
    expectNothingWritten(write(ANOTHERS, table), before);
  }

  @Test
  void dma_afterTheUnmapWasAnswered_faultsAndChangesNothing() {
    SgTable table = mapped(DmaDirection.BIDIRECTIONAL);
    tell(new Iommu.Unmap(MINE, 1, 1, table, buffer.getFirst()));
    assertThat(toBuffer.getLast()).isInstanceOf(Buffer.IommuUnmapped.class);
    List<Long> before = contents();
    expectNothingWritten(write(MINE, table), before);
  }

  @Test
  void dma_writeThroughAMappingForReading_faultsAndChangesNothing() {
    SgTable table = mapped(DmaDirection.TO_DEVICE);
    List<Long> before = contents();
    expectNothingWritten(write(MINE, table), before);
  }
}
