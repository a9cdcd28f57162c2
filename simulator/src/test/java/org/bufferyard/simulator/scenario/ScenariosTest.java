package org.bufferyard.simulator.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.OptionalLong;
import org.bufferyard.allocator.Outcome;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ScenariosTest {
  private static final long MIB = 1L << 20;
  private final Scenarios scenarios = new Scenarios(List.of("lru"));

  @ParameterizedTest
  @ValueSource(strings = {"desktop", "importers", "pipeline"})
  void load_bundled_isValidAndDescribed(String name) {
    Scenario scenario = done(scenarios.load(name, List.of()));
    assertThat(scenario.name()).isEqualTo(name);
    assertThat(scenario.description()).isNotEmpty();
    assertThat(Scenarios.names()).contains(name);
  }

  @Test
  void load_desktop_vramHoldsSixtyPercent() {
    Scenario desktop = done(scenarios.load("desktop", List.of()));
    assertThat(region(desktop, "VRAM").sizeBytes()).isEqualTo(192 * MIB);
    assertThat(region(desktop, "GTT").windowOf()).isEqualTo("SYSTEM");
    assertThat(region(desktop, "SWAP").swapFile()).isTrue();
    assertThat(desktop.links()).contains(new LinkSpec("GTT", "VRAM", 12L << 30, 5_000, true));
  }

  @Test
  void load_importersThousandByTenThousand_devicesAndRegionsFollow() {
    Scenario scenario =
        done(
            scenarios.load(
                "importers", List.of("workload.devices=1000", "workload.buffers = 10000")));
    assertThat(scenario.devices()).hasSize(1000);
    assertThat(scenario.devices().get(999).name()).isEqualTo("importer-999");
    assertThat(region(scenario, "VRAM").sizeBytes()).isEqualTo(10_000L * 65_536 * 60 / 100);
  }

  @Test
  void forTrace_vramGiven_isTaken() {
    Scenario full = done(scenarios.forTrace(100 * MIB, OptionalLong.empty(), List.of()));
    Scenario squeezed = done(scenarios.forTrace(100 * MIB, OptionalLong.of(MIB), List.of()));
    assertThat(region(full, "VRAM").sizeBytes()).isEqualTo(100 * MIB);
    assertThat(region(squeezed, "VRAM").sizeBytes()).isEqualTo(MIB);
    assertThat(region(squeezed, "SYSTEM").sizeBytes()).isEqualTo(125 * MIB);
  }

  static Scenario done(Outcome<Scenario> outcome) {
    return switch (outcome) {
      case Outcome.Done<Scenario>(Scenario scenario) -> scenario;
      case Outcome.Refused<Scenario>(var refusal) -> throw new AssertionError(refusal.toString());
    };
  }

  private static RegionSpec region(Scenario scenario, String name) {
    return scenario.regions().stream().filter(r -> r.name().equals(name)).findFirst().orElseThrow();
  }
}
