package org.bufferyard.deviceactors;

import static org.assertj.core.api.Assertions.assertThat;

import org.bufferyard.actors.environment.Faults;
import org.bufferyard.actors.protocol.Iommu;
import org.bufferyard.actors.protocol.Session;
import org.bufferyard.actors.protocol.YardEvent;
import org.bufferyard.allocator.DmaDirection;
import org.bufferyard.deviceactors.YardRig.Member;
import org.bufferyard.deviceactors.catalog.CatalogKind;
import org.junit.jupiter.api.Test;

/** What changes hands between the CPU and a device under a live mapping is synchronised, once. */
class CoherenceTest {
  private static final long PAGES = 16;

  private static long flushed(YardRig rig) {
    return rig.translators().stream().mapToLong(Iommu.Books::flushedPages).sum();
  }

  private static YardRig rig(CatalogKind kind) {
    return new YardRig(14, Faults.NONE, Member.of(kind, "device"));
  }

  /** Cached by the device from its first job on, so that no later job maps anew. */
  private static Session.Grant cached(YardRig rig) {
    Session.Grant buffer = rig.export(PAGES, YardRig.SYSTEM);
    assertThat(rig.job(0, buffer, DmaDirection.FROM_DEVICE, 0, PAGES))
        .isInstanceOf(Device.JobDone.class);
    return buffer;
  }

  @Test
  void noSnooping_cpuReadsWhatTheDeviceWrote_thoseBytesAreInvalidated() {
    try (YardRig rig = rig(CatalogKind.ISP)) {
      Session.Grant buffer = cached(rig);
      long mapped = flushed(rig);
      rig.cpu(buffer, DmaDirection.FROM_DEVICE);
      assertThat(flushed(rig)).isEqualTo(mapped + PAGES);
    }
  }

  @Test
  void noSnooping_cpuWritesWhatTheDeviceReads_cleanedBeforeItsJob() {
    try (YardRig rig = rig(CatalogKind.ISP)) {
      Session.Grant buffer = cached(rig);
      long mapped = flushed(rig);
      rig.cpu(buffer, DmaDirection.TO_DEVICE);
      assertThat(flushed(rig)).isEqualTo(mapped + PAGES);
      assertThat(rig.job(0, buffer, DmaDirection.TO_DEVICE, 0, PAGES))
          .isInstanceOf(Device.JobDone.class);
      assertThat(flushed(rig)).isEqualTo(mapped + PAGES);
      assertThat(rig.events).noneMatch(YardEvent.Violation.class::isInstance);
    }
  }

  @Test
  void noSnooping_notMapped_mappingItDoesWhatIsNeeded() {
    try (YardRig rig = rig(CatalogKind.ISP)) {
      Session.Grant buffer = rig.export(PAGES, YardRig.SYSTEM);
      rig.cpu(buffer, DmaDirection.TO_DEVICE);
      assertThat(flushed(rig)).isZero();
    }
  }

  @Test
  void snooping_nothingIsEverFlushed() {
    try (YardRig rig = rig(CatalogKind.NIC)) {
      Session.Grant buffer = cached(rig);
      rig.cpu(buffer, DmaDirection.FROM_DEVICE);
      rig.cpu(buffer, DmaDirection.TO_DEVICE);
      assertThat(flushed(rig)).isZero();
    }
  }
}
