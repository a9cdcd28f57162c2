package org.bufferyard.deviceactors.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.bufferyard.actors.environment.Faults;
import org.bufferyard.actors.protocol.Importer;
import org.bufferyard.actors.protocol.Session;
import org.bufferyard.actors.protocol.YardEvent;
import org.bufferyard.allocator.DmaDirection;
import org.bufferyard.deviceactors.Device;
import org.bufferyard.deviceactors.PlainImporter;
import org.bufferyard.deviceactors.YardRig;
import org.bufferyard.deviceactors.YardRig.Member;
import org.bufferyard.deviceactors.catalog.CatalogKind;
import org.junit.jupiter.api.Test;

/** The attachment cases of the mapping types' KUnit tests. */
class MapConformanceTest {
  private static final long PAGES = 16;

  /** What a device without a path to its peer cannot reach moves to where it can. */
  @Test
  void MAP6_withoutPeerToPeer_movesOutOfDeviceMemoryAndMaps() {
    try (YardRig rig =
        new YardRig(
            4,
            Faults.NONE,
            Member.of(CatalogKind.GPU, "gpu"),
            Member.of(CatalogKind.IMPORTER, "importer"))) {
      Session.Grant buffer = rig.export(PAGES);
      assertThat(rig.job(0, buffer, DmaDirection.FROM_DEVICE, 0, PAGES))
          .isInstanceOf(Device.JobDone.class);
      assertThat(rig.regions().get(YardRig.VRAM).residents()).isEqualTo(1);
      assertThat(rig.job(1, buffer, DmaDirection.TO_DEVICE, 0, PAGES))
          .isInstanceOf(Device.JobDone.class);
      assertThat(rig.regions().get(YardRig.VRAM).residents()).isZero();
      assertThat(rig.events).noneMatch(YardEvent.Violation.class::isInstance);
    }
  }

  @Test
  void MAP7_dynamicAttachment_mapsIsInvalidatedAndMapsAgain() {
    try (YardRig rig = new YardRig(5, Faults.NONE)) {
      List<Importer.Event> heard = new ArrayList<>();
      Session.Grant buffer = rig.export(PAGES, YardRig.SYSTEM);
      rig.spawn(PlainImporter.create(CatalogKind.CAMERA.named("camera"), buffer, heard));
      rig.run(10);
      for (int filler = 0; filler < 4; filler++) {
        rig.cpu(rig.export(256, YardRig.SYSTEM), DmaDirection.TO_DEVICE);
      }
      rig.run(1_000);
      assertThat(heard.stream().map(event -> event.getClass().getSimpleName()))
          .startsWith("Attached", "Mapped", "Invalidate", "Unmapped", "Mapped");
      assertThat(
              heard.stream()
                  .filter(Importer.Mapped.class::isInstance)
                  .map(event -> ((Importer.Mapped) event).generation())
                  .distinct())
          .hasSizeGreaterThan(1);
    }
  }
}
