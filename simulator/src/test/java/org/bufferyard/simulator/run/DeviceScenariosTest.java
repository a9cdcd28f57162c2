package org.bufferyard.simulator.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.bufferyard.simulator.result.RunResult;
import org.bufferyard.simulator.result.RunResult.DeviceUse;
import org.bufferyard.simulator.result.RunResult.Side;
import org.bufferyard.simulator.scenario.Scenario;
import org.bufferyard.testkit.junit.Seeded;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each scenario shows what it is about, on every seed, and stays clean. */
class DeviceScenariosTest {
  private static final int RUNS = 4;

  private static Scenario soc(String... more) {
    return scenario("soc2011", "duration=200 ms", more);
  }

  private static Scenario scenario(String name, String duration, String... more) {
    String[] settings =
        Stream.concat(Stream.of(duration, "contents=tags"), Stream.of(more)).toArray(String[]::new);
    return Rig.scenario(name, settings);
  }

  private static RunResult clean(RunResult result) {
    assertThat(result.violations()).as("%s, seed %d", result.scenario(), result.seed()).isEmpty();
    assertThat(result.replies())
        .isEqualTo(result.requests().values().stream().mapToLong(Long::longValue).sum());
    return result;
  }

  private static DeviceUse use(RunResult result, String device) {
    return result.deviceUse().stream().filter(u -> u.device().equals(device)).findFirst().get();
  }

  private static Side side(RunResult result, String name) {
    return result.sides().stream().filter(side -> side.name().equals(name)).findFirst().get();
  }

  @Seeded(runs = RUNS)
  void soc2011_anySeed_everyPathMovesDataAndNothingIsRefused(long seed) {
    RunResult result = clean(Rig.run(soc(), seed));
    assertThat(result.jobsRefused()).as("%s", result.notes()).isZero();
    assertThat(result.deviceUse().stream().map(DeviceUse::path).distinct())
        .containsExactlyInAnyOrder("direct", "iommu", "tiler", "bounce", "cpu");
    for (String device : List.of("camera", "isp", "codec", "display", "gpu", "usb-display")) {
      assertThat(use(result, device).jobs()).as(device).isPositive();
      assertThat(use(result, device).copiedBytes()).as(device).isZero();
    }
    assertThat(use(result, "usb-display").attached()).isEqualTo("usb-host");
    for (String device : List.of("audio", "webcam")) {
      assertThat(use(result, device).copiedBytes())
          .as(device)
          .isEqualTo(use(result, device).readBytes() + use(result, device).writtenBytes())
          .isPositive();
    }
    assertThat(result.notes()).anyMatch(n -> n.startsWith("audio: ") && n.contains("bounced"));
  }

  @Test
  void soc2011_leafAttached_refusedWithWhomToAttachInstead() {
    RunResult result = clean(Rig.run(soc("devices.usb-display.attach=leaf"), 3));
    assertThat(use(result, "usb-display").jobs()).isZero();
    assertThat(use(result, "usb-display").jobsRefused()).isPositive();
    assertThat(result.refused()).containsOnlyKeys("ENODEV");
    assertThat(result.notes())
        .anyMatch(
            note ->
                note.contains("usb-display does no DMA itself: usb-host reads its data")
                    && note.contains("attaching usb-host instead"));
  }

  @Test
  void soc2011_hooksOfTheModels_changeNothingForTheImporter() {
    RunResult plain = clean(Rig.run(soc(), 5));
    RunResult hooked =
        clean(Rig.run(soc("devices.codec.hook=flush", "devices.gpu.hook=retile"), 5));
    assertThat(hooked.jobs()).isEqualTo(plain.jobs());
    assertThat(hooked.jobsRefused()).isZero();
    assertThat(use(hooked, "gpu").copiedBytes())
        .isEqualTo(use(hooked, "gpu").readBytes() + use(hooked, "gpu").writtenBytes());
  }

  @Test
  void soc2011_modelThatRejects_refusedByItsLimit() {
    RunResult result = clean(Rig.run(soc("devices.gpu.mapping-limit=64 KiB"), 5));
    assertThat(result.refused()).containsKey("E2BIG");
    assertThat(result.notes()).anyMatch(note -> note.contains("gpu maps at most 65536 bytes"));
  }

  @Seeded(runs = RUNS)
  void staticVsDynamic_anySeed_dynamicMovesAndStaticDrops(long seed) {
    RunResult result =
        clean(
            Rig.run(
                scenario("static-vs-dynamic", "duration=800 ms", "workload.turn=200 ms"), seed));
    Side held = side(result, "static");
    Side moving = side(result, "dynamic");
    assertThat(held.frames()).isEqualTo(moving.frames()).isPositive();
    assertThat(movedWhileScriptsRan(result, "static-ram", 0.8)).isZero();
    assertThat(moving.movedBytes()).isPositive();
    assertThat(moving.framesDropped()).isLessThan(held.framesDropped());
    assertThat(moving.pinnedMeanBytes()).isLessThan(held.pinnedMeanBytes());
  }

  /** When the scripts are over pins go, and a job that still waits may take what was pinned. */
  private static long movedWhileScriptsRan(RunResult result, String from, double endSeconds) {
    List<String> links = result.series().links();
    return result.series().moves().stream()
        .filter(bin -> bin.atSeconds() < endSeconds)
        .mapToLong(
            bin ->
                IntStream.range(0, links.size())
                    .filter(link -> links.get(link).startsWith(from))
                    .mapToLong(link -> bin.bytes().get(link))
                    .sum())
        .sum();
  }

  @Seeded(runs = RUNS)
  void earlyVsDeferred_anySeed_onlyDeferredNeitherMovesNorDrops(long seed) {
    RunResult result =
        clean(
            Rig.run(
                scenario("early-vs-deferred", "duration=400 ms", "workload.turn=100 ms"), seed));
    Side early = side(result, "early");
    Side moved = side(result, "reallocated");
    Side deferred = side(result, "deferred");
    assertThat(early.framesDropped()).isPositive();
    assertThat(result.refused()).containsOnlyKeys("EBUSY");
    assertThat(moved.movedBytes()).isPositive();
    assertThat(moved.framesDropped()).isZero();
    assertThat(deferred.movedBytes()).isZero();
    assertThat(deferred.framesDropped()).isZero();
    assertThat(result.notes()).anyMatch(note -> note.contains("early-display cannot reach"));
  }

  private static Stream<Scenario> scenarios() {
    return Stream.of(
        soc(),
        scenario("static-vs-dynamic", "duration=200 ms", "workload.turn=50 ms"),
        scenario("early-vs-deferred", "duration=200 ms", "workload.turn=50 ms"));
  }

  @ParameterizedTest
  @MethodSource("scenarios")
  void run_sameSeed_sameHashAndFigures(Scenario scenario) {
    RunResult once = Rig.run(scenario, 11);
    RunResult again = Rig.run(scenario, 11);
    assertThat(again.eventHash()).isEqualTo(once.eventHash()).isNotNull();
    assertThat(again.deviceUse()).isEqualTo(once.deviceUse());
    assertThat(again.sides()).isEqualTo(once.sides());
  }

  /** No order is the same twice, and nothing may go wrong in any. */
  @ParameterizedTest
  @MethodSource("scenarios")
  void run_realDispatcher_clean(Scenario scenario) {
    RunResult result = clean(Rig.run(Rig.request(scenario, 3, false, 2)));
    assertThat(result.mode()).isEqualTo("real");
    assertThat(result.jobs()).isPositive();
    assertThat(result.verifiedPages()).isPositive();
  }
}
