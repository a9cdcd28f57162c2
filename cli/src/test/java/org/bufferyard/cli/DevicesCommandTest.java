package org.bufferyard.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.bufferyard.actors.environment.HeapKind;
import org.bufferyard.deviceactors.catalog.CatalogKind;
import org.junit.jupiter.api.Test;

class DevicesCommandTest {
  private static String listed(String line) {
    CommandLineDoor door = CommandLineDoor.type(line.split(" "));
    assertThat(door.code()).isZero();
    assertThat(door.err()).isEmpty();
    return door.out();
  }

  @Test
  void devices_everyKindAndHeap_hasALine() {
    String text = listed("devices");
    for (CatalogKind kind : CatalogKind.values()) {
      assertThat(text).containsPattern("(?m)^" + kind.label() + " .*" + kind.summary());
    }
    for (HeapKind heap : HeapKind.values()) {
      assertThat(text).containsPattern("(?m)^" + heap.label() + " ");
    }
  }

  @Test
  void devices_limits_areThoseOfTheKind() {
    assertThat(listed("devices"))
        .containsPattern("(?m)^isa +bounce +static +none +24 +- +64.0 KiB +64.0 KiB +-")
        .containsPattern("(?m)^decoder +iommu +dynamic +none +32 +- +- +256.0 MiB +16.0 KiB")
        .containsPattern("(?m)^usb-display +of usb-host ")
        .containsPattern("(?m)^tiler-display +tiler +static +flush ");
  }

  @Test
  void devices_json_namesPathLimitsAndHeaps() {
    assertThat(listed("devices --json"))
        .containsPattern("\"kind\":\"isa\",.*\"path\":\"bounce\",.*\"dmaMaskBits\":24,")
        .contains("\"path\":null,\"attachInstead\":\"usb-host\"")
        .contains("{\"name\":\"carve-out\",\"regions\":[\"PROTECTED\"],\"contiguous\":true");
  }

  @Test
  void devices_surplusArgument_exitCode2() {
    CommandLineDoor door = CommandLineDoor.type("devices", "gpu");
    assertThat(door.code()).isEqualTo(2);
    assertThat(door.err()).hasLineCount(1).contains("gpu");
  }
}
