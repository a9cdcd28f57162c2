package org.bufferyard.deviceactors.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.bufferyard.actors.buffer.KindChoice;
import org.bufferyard.actors.buffer.KindChoice.Offer;
import org.bufferyard.actors.environment.Faults;
import org.bufferyard.actors.protocol.ExportOptions;
import org.bufferyard.actors.protocol.ImportTerms;
import org.bufferyard.actors.protocol.Importer;
import org.bufferyard.actors.protocol.MappingKind;
import org.bufferyard.actors.protocol.Session;
import org.bufferyard.actors.protocol.YardEvent;
import org.bufferyard.allocator.DmaDirection;
import org.bufferyard.allocator.Errno;
import org.bufferyard.allocator.Outcome;
import org.bufferyard.allocator.Refusal;
import org.bufferyard.deviceactors.Device;
import org.bufferyard.deviceactors.Guest;
import org.bufferyard.deviceactors.PlainImporter;
import org.bufferyard.deviceactors.YardRig;
import org.bufferyard.deviceactors.YardRig.Member;
import org.bufferyard.deviceactors.catalog.CatalogKind;
import org.junit.jupiter.api.Test;

/** The attachment cases of the mapping types' KUnit tests. */
class MapConformanceTest {
  private static final long PAGES = 16;

  private static final Offer LIST = Offer.of(MappingKind.SCATTERLIST);
  private static final Offer RANGES = Offer.of(MappingKind.ADDRESSES);

  private static Offer matching(MappingKind kind, Errno errno) {
    return new Offer(kind, () -> new Refusal(errno, "not for this pair"));
  }

  private static MappingKind chosen(List<Offer> exporter, List<Offer> importer) {
    return ((Outcome.Done<MappingKind>) KindChoice.of(exporter, importer)).value();
  }

  private static Errno refused(List<Offer> exporter, List<Offer> importer) {
    return ((Outcome.Refused<MappingKind>) KindChoice.of(exporter, importer)).refusal().errno();
  }

  @Test
  void MAP1_nothingInCommon_einval() {
    assertThat(refused(List.of(), List.of(LIST))).isEqualTo(Errno.EINVAL);
    assertThat(refused(List.of(LIST), List.of())).isEqualTo(Errno.EINVAL);
    assertThat(refused(List.of(LIST), List.of(RANGES))).isEqualTo(Errno.EINVAL);
  }

  @Test
  void MAP2_withoutAMatch_matches() {
    assertThat(chosen(List.of(LIST), List.of(LIST))).isEqualTo(MappingKind.SCATTERLIST);
  }

  @Test
  void MAP3_eopnotsupp_theNextAndInTheEndEinval() {
    Offer unfit = matching(MappingKind.ADDRESSES, Errno.EOPNOTSUPP);
    assertThat(chosen(List.of(unfit, LIST), List.of(RANGES, LIST)))
        .isEqualTo(MappingKind.SCATTERLIST);
    assertThat(chosen(List.of(RANGES, LIST), List.of(unfit, LIST)))
        .isEqualTo(MappingKind.SCATTERLIST);
    assertThat(refused(List.of(unfit), List.of(RANGES))).isEqualTo(Errno.EINVAL);
  }

  @Test
  void MAP4_anotherError_endsTheSearch() {
    Offer broken = matching(MappingKind.ADDRESSES, Errno.ENOMEM);
    assertThat(refused(List.of(broken, LIST), List.of(RANGES, LIST))).isEqualTo(Errno.ENOMEM);
  }

  @Test
  void MAP5_twoInCommon_theExportersOrder() {
    List<Offer> exporter = List.of(RANGES, LIST);
    assertThat(chosen(exporter, List.of(RANGES, LIST))).isEqualTo(MappingKind.ADDRESSES);
    assertThat(chosen(exporter, List.of(LIST, RANGES))).isEqualTo(MappingKind.ADDRESSES);
  }

  /** The same by messages: ranges for who sees physical addresses, a list for who does not. */
  @Test
  void MAP5_byMessages_rangesAreForWhoSeesPhysicalAddresses() {
    try (YardRig rig = new YardRig(5, Faults.NONE)) {
      ExportOptions both =
          ExportOptions.USUAL.withKinds(MappingKind.ADDRESSES, MappingKind.SCATTERLIST);
      Session.Grant buffer = ((Session.Exported) rig.export(PAGES, YardRig.SYSTEM, both)).grant();
      ImportTerms terms =
          ImportTerms.of(true).withKinds(MappingKind.SCATTERLIST, MappingKind.ADDRESSES);
      Guest direct = new Guest(rig, buffer, CatalogKind.CAMERA.named("camera"), 1);
      assertThat(((Importer.Attached) direct.attach(terms)).kind())
          .isEqualTo(MappingKind.ADDRESSES);
      Guest remapped = new Guest(rig, buffer, CatalogKind.NIC.named("nic"), 2);
      assertThat(((Importer.Attached) remapped.attach(terms)).kind())
          .isEqualTo(MappingKind.SCATTERLIST);
      Importer.Mapped mapped = (Importer.Mapped) direct.map(DmaDirection.TO_DEVICE);
      assertThat(mapped.table().totalBytes()).isEqualTo(PAGES << 12);
    }
  }

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
