package org.bufferyard.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.bufferyard.deviceactors.catalog.CatalogKind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class ExplainCommandTest {
  private static CommandLineDoor explain(String line) {
    return CommandLineDoor.type(("explain " + line).strip().split(" +"));
  }

  private static String explained(String line) {
    CommandLineDoor door = explain(line);
    assertThat(door.code()).as(door.err()).isZero();
    assertThat(door.err()).isEmpty();
    return door.out();
  }

  @Test
  void explain_displayWithoutIommu_makesThePlacementContiguous() {
    assertThat(explained("--size 8MiB --device display --device camera"))
        .isEqualTo(
            """
            Placed in CMA: 2048 pages, contiguous, in 1 run
              CMA: the best path weights, 8 in sum
              contiguous: display takes 1 segment and has no IOMMU

            device   path    segments
            display  direct  1         no IOMMU: emits memory addresses, up to 0xffffffff
            camera   direct  2048      no IOMMU: emits memory addresses, up to 0x7fffffffff

            not in     because of
            VRAM       several     display
            GTT        several     display
            SYSTEM     contiguous  display
            PROTECTED  protected
            """);
  }

  @Test
  void explain_placement_jsonHasTheAgreedShape() {
    assertThat(explained("--json --size 8MiB --device display --device encoder"))
        .isEqualTo(
            """
            {
              "placement": {
                "region": "CMA",
                "contiguous": true,
                "alignBytes": 4096,
                "sizeBytes": 8388608,
                "runs": 1,
                "why": ["CMA: the best path weights, 10 in sum","contiguous: display takes 1 segment and has no IOMMU"],
                "rejected": [{"region":"VRAM","field":"several","devices":["display"]},{"region":"GTT","field":"several","devices":["display"]},{"region":"SYSTEM","field":"contiguous","devices":["display"]},{"region":"TILER","field":"reachable","devices":["encoder"]},{"region":"PROTECTED","field":"protected","devices":[]}]
              },
              "refusal": null,
              "devices": [
                {"device":"display","path":"direct","segments":1},
                {"device":"encoder","path":"iommu","segments":1}
              ]
            }
            """);
  }

  @Test
  void explain_onlyTheDisplayWithoutIommu_needsContiguousMemory() {
    assertThat(explained("--json --size 8MiB --device display-iommu,camera,encoder"))
        .contains("\"region\": \"SYSTEM\"", "\"contiguous\": false");
  }

  @Test
  void explain_usbLeaf_namesTheHostControllerToAttach() {
    assertThat(explained("--json --size 8MiB --device gpu --device usb-display"))
        .isEqualTo(
            """
            {
              "placement": null,
              "refusal": {
                "errno": "ENODEV",
                "devices": ["usb-display"],
                "field": "reachable",
                "reason": "usb-display does no DMA itself: usb-host reads its data, so attach usb-host",
                "wouldHelp": "attaching usb-host instead"
              },
              "devices": [
                {"device":"gpu","path":"iommu","segments":0},
                {"device":"usb-display","path":"direct","segments":0}
              ]
            }
            """);
    assertThat(explained("--size 8MiB --device gpu,usb-host")).startsWith("Placed in SYSTEM");
  }

  @Test
  void explain_conflict_namesBothPartiesTheFieldAndARemedy() {
    assertThat(explained("--size 8MiB --device scanout --device camera --device cpu"))
        .isEqualTo(
            """
            Refused, ENODEV: scanout and camera, about reachable
              scanout reaches VRAM; camera reaches SYSTEM, CMA, TILER; no region serves both
              would help: a path from scanout to SYSTEM

            device   path  segments
            scanout  -     -         in the conflict: reachable
            camera   -     -         in the conflict: reachable
            cpu      -     -         not in the conflict
            """);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      value = {
        "--size 8MiB --device gpu | Placed in VRAM",
        "--size 8MiB --device gpu --prefer GTT | Placed in GTT",
        "--size 8MiB --device gpu,nic | Placed in VRAM",
        "--size 8MiB --device tiler-client,display | Placed in TILER",
        "--size 2MiB --device secure-decoder,secure-display --protected | Placed in PROTECTED",
        "--size 2MiB --device secure-decoder | Refused, ENODEV: secure-decoder, about protected",
        "--size 64MiB --device camera | Refused, E2BIG: camera, about maxSegments",
        "--size 8MiB --device display --region SYSTEM | would help: an IOMMU in front of display",
        "--size 100GiB --device gpu | Refused, ENOMEM, about size",
        "--size 256KiB --device legacy,gpu --region SYSTEM | copied through a bounce pool",
        "--size 260KiB --device legacy,gpu --region SYSTEM | Refused, ENODEV: legacy",
        "--size 8MiB --device display,display | display-2",
        "--size 1B --device gpu | 1 page,",
        "--size 8MiB --device cpu | the CPU copies"
      })
  void explain_devices_decision(String line, String told) {
    assertThat(explained(line)).contains(told);
  }

  @ParameterizedTest
  @EnumSource(CatalogKind.class)
  void explain_everyKindAlone_isPlacedOrToldWhyNot(CatalogKind kind) {
    assertThat(explained("--size 1MiB --device " + kind.label())).contains(kind.label());
  }

  @Test
  void explain_sameSeed_sameAnswer() {
    String line = "--size 3GiB --device importer --seed ";
    assertThat(explained(line + 7))
        .isEqualTo(explained(line + 7))
        .isNotEqualTo(explained(line + 8));
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      value = {
        "--size 8MiB | --device",
        "--device gpu | --size",
        "--size 8MiB --device gpux | unknown 'gpux'; legal: gpu, igpu",
        "--size 8MiB --device '' | unknown ''",
        "--size 0B --device gpu | '0B'",
        "--size -8MiB --device gpu | '-8MiB'",
        "--size 8 --device gpu | '8'",
        "--size 8MB --device gpu | '8MB'",
        "--size 99999999999GiB --device gpu | '99999999999GiB'",
        "--size 8MiB --device gpu --region MARS | unknown 'MARS'; legal: VRAM",
        "--size 8MiB --device gpu --prefer MARS | unknown 'MARS'",
        "--size 8MiB --device gpu --region SYSTEM --prefer VRAM | unknown 'VRAM'; legal: SYSTEM",
        "--size 8MiB --device gpu --seed x | 'x'",
        "--size 8MiB --device gpu camera | camera"
      })
  void explain_badInput_oneLineAndExitCode2(String line, String told) {
    CommandLineDoor door = explain(line);
    assertThat(door.code()).isEqualTo(2);
    assertThat(door.out()).isEmpty();
    assertThat(door.err()).hasLineCount(1).contains(told);
  }

  @Test
  void explain_tooManyDevices_refused() {
    CommandLineDoor door = explain("--size 1MiB --device " + "gpu,".repeat(64) + "gpu");
    assertThat(door.code()).isEqualTo(2);
    assertThat(door.err()).contains("1 to 64 times, not 65");
  }
}
