package org.bufferyard.deviceactors;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.bufferyard.actors.environment.Faults;
import org.bufferyard.actors.protocol.Importer;
import org.bufferyard.actors.protocol.Session;
import org.bufferyard.actors.protocol.YardEvent;
import org.bufferyard.allocator.DmaDirection;
import org.bufferyard.deviceactors.RudeImporter.Manner;
import org.bufferyard.deviceactors.YardRig.Member;
import org.bufferyard.deviceactors.catalog.CatalogKind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A move completes whatever an importer does, and those that keep the rules lose nothing. */
class RudeImporterTest {
  private static final long PAGES = 16;

  private final List<Importer.Event> heard = new ArrayList<>();

  private YardRig rig() {
    return new YardRig(3, Faults.NONE, Member.of(CatalogKind.IMPORTER, "importer"));
  }

  private static List<YardEvent.Laggard> laggards(YardRig rig) {
    return rig.events.stream()
        .filter(YardEvent.Laggard.class::isInstance)
        .map(YardEvent.Laggard.class::cast)
        .toList();
  }

  /** A buffer of contents in SYSTEM that the rude one maps, and then somebody else needs room. */
  private Session.Grant evicted(YardRig rig, Manner manner, long millis) {
    Session.Grant buffer = rig.export(PAGES, YardRig.SYSTEM);
    rig.cpu(buffer, DmaDirection.TO_DEVICE);
    rig.spawn(RudeImporter.create(manner, buffer, YardRig.CLIENT, heard));
    rig.run(10);
    assertThat(heard).hasAtLeastOneElementOfType(Importer.Mapped.class);
    for (int filler = 0; filler < 4; filler++) {
      rig.cpu(rig.export(256, YardRig.SYSTEM), DmaDirection.TO_DEVICE);
    }
    rig.run(millis);
    return buffer;
  }

  @ParameterizedTest
  @EnumSource(Manner.class)
  void evicted_anyManner_theMoveCompletesAndContentsAreKept(Manner manner) {
    try (YardRig rig = rig()) {
      Session.Grant buffer = evicted(rig, manner, 7_000);
      assertThat(rig.migration().evictions()).isPositive();
      assertThat(rig.migration().movesInFlight()).isZero();
      assertThat(rig.cpu(buffer, DmaDirection.FROM_DEVICE))
          .isEqualTo(new Session.CpuDone(buffer.handle(), PAGES));
      assertThat(rig.job(0, buffer, DmaDirection.TO_DEVICE, 0, PAGES))
          .isInstanceOf(Device.JobDone.class);
      assertThat(rig.events).noneMatch(YardEvent.Violation.class::isInstance);
    }
  }

  @Test
  void late_reportedAfterASecondAndNotDetached() {
    try (YardRig rig = rig()) {
      evicted(rig, Manner.LATE, 7_000);
      assertThat(laggards(rig)).extracting(YardEvent.Laggard::forced).containsExactly(false);
      assertThat(heard).noneMatch(Importer.ForceDetached.class::isInstance);
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"SILENT", "THROWING"})
  void neverAnswering_reportedThenDetachedByForce(Manner manner) {
    try (YardRig rig = rig()) {
      evicted(rig, manner, 7_000);
      assertThat(laggards(rig)).extracting(YardEvent.Laggard::forced).containsExactly(false, true);
    }
  }

  @Test
  void silent_isToldThatItsMappingIsGone() {
    try (YardRig rig = rig()) {
      evicted(rig, Manner.SILENT, 7_000);
      assertThat(heard).hasAtLeastOneElementOfType(Importer.ForceDetached.class);
      assertThat(heard).filteredOn(Importer.Invalidate.class::isInstance).hasSize(1);
    }
  }

  @Test
  void reEntrant_oneAnswerForEachRequest() {
    try (YardRig rig = rig()) {
      Session.Grant buffer = evicted(rig, Manner.RE_ENTRANT, 7_000);
      rig.cpu(buffer, DmaDirection.FROM_DEVICE);
      assertThat(laggards(rig)).isEmpty();
      assertThat(heard).filteredOn(Importer.Unmapped.class::isInstance).hasSize(1);
      assertThat(heard).filteredOn(Importer.Refused.class::isInstance).hasSize(1);
      assertThat(heard).filteredOn(Importer.Attached.class::isInstance).hasSize(2);
    }
  }
}
