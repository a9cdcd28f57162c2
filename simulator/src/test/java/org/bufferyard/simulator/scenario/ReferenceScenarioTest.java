package org.bufferyard.simulator.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import java.util.TreeSet;
import org.bufferyard.allocator.Outcome;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code reference.conf} is the manual: it names every key and tells the defaults truly. */
class ReferenceScenarioTest {
  /** What has no default, and what the reference sets to something else. */
  private static final String WITHOUT_DEFAULTS =
      """
      workload { kind = desktop }
      regions {
        VRAM { size = 60 % }
        SYSTEM { size = 192 MiB }
        GTT { size = 160 MiB, window-of = SYSTEM }
        SWAP { size = 256 MiB, swap-file = true }
      }
      links {
        pcie { between = [VRAM, GTT], rate = 12 GiB/s, latency = 5 us }
        bind { between = [GTT, SYSTEM], rate = 64 GiB/s, latency = 2 us, copies = false }
        paging { between = [SYSTEM, SWAP], rate = 2 GiB/s, latency = 80 us }
      }
      iommus { gpu-vm { }, host { address-bits = 39 } }
      devices {
        gpu { kind = gpu, iommu = gpu-vm, reaches = [VRAM, GTT], rate = 200 GiB/s }
        display {
          kind = display, reaches = [VRAM], importer = static, max-segments = 1, rate = 2 GiB/s
        }
        camera {
          kind = camera, iommu = host, reaches = [GTT, SYSTEM], dma-mask-bits = 32
          max-segment = 64 KiB, rate = 200 MiB/s
        }
        encoder {
          kind = encoder, iommu = host, reaches = [GTT, SYSTEM], dma-mask-bits = 36
          max-segment = 1 MiB
        }
      }
      """;

  private static final List<String> SECTIONS =
      List.of("", "regions.VRAM.", "links.pcie.", "limits.", "manage.", "workload.");

  private final Scenarios scenarios = new Scenarios(List.of("lru"));

  @TempDir private Path folder;

  @Test
  void reference_keysWithADefault_haveIt() throws IOException {
    Scenario reference = read("reference.conf", text());
    Scenario defaults = read("reference.conf", WITHOUT_DEFAULTS);
    assertThat(reference.description()).isNotEmpty();
    assertThat(withoutDescription(reference)).isEqualTo(withoutDescription(defaults));
  }

  @Test
  void reference_everyLegalKey_isNamed() throws IOException {
    TreeSet<String> keys = new TreeSet<>();
    for (String scenario : Scenarios.names()) {
      for (String section : SECTIONS) {
        boolean ofAll = List.of("", "limits.", "workload.").contains(section);
        if (ofAll || List.of("desktop", "importers").contains(scenario)) {
          keys.addAll(legalKeys(scenario, section.replace("VRAM", "SYSTEM")));
        }
      }
    }
    keys.addAll(legalKeys("desktop", "devices.gpu."));
    keys.addAll(legalKeys("desktop", "iommus.host."));
    keys.addAll(legalKeys("soc2011", "devices.audio."));
    assertThat(keys).hasSizeGreaterThan(40);
    String text = text();
    for (String key : keys) {
      assertThat(text).as("names %s", key).containsPattern("(?m)^\\s*(# )?" + key + " (=|\\{)");
    }
  }

  /** A key that does not exist makes the refusal list those that do. */
  private List<String> legalKeys(String scenario, String section) {
    return switch (scenarios.load(scenario, List.of(section + "no-such-key=1"))) {
      case Outcome.Done<Scenario> done -> throw new AssertionError(section + " took any key");
      case Outcome.Refused<Scenario>(var refusal) -> {
        assertThat(refusal.reason()).contains("no-such-key: unknown key; legal here: ");
        yield List.of(refusal.reason().replaceFirst(".*legal here: ", "").split(", "));
      }
    };
  }

  @Test
  void forTrace_percentages_followThePeak() {
    Scenario scenario =
        ScenariosTest.done(
            scenarios.forTrace(1, OptionalLong.empty(), List.of("regions.SWAP.size=1 %")));
    assertThat(scenario.regions()).allMatch(region -> region.sizeBytes() % 4096 == 0);
    assertThat(scenario.regions()).allMatch(region -> region.sizeBytes() >= 4096);
  }

  private Scenario read(String name, String text) throws IOException {
    Path file = Files.writeString(folder.resolve(name), text);
    return ScenariosTest.done(scenarios.parseFile(file, List.of()));
  }

  private static Scenario withoutDescription(Scenario s) {
    return new Scenario(
        s.name(),
        "",
        s.regions(),
        s.links(),
        s.iommus(),
        s.devices(),
        s.policy(),
        s.durationNanos(),
        s.contents(),
        s.limits(),
        s.bringBack(),
        s.workload());
  }

  private static String text() throws IOException {
    try (InputStream in = Scenarios.class.getResourceAsStream("/scenarios/reference.conf")) {
      assertThat(in).isNotNull();
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
