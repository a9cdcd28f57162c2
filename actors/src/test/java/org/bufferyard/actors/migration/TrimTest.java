package org.bufferyard.actors.migration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.bufferyard.actors.rig.TtmYard.P;
import static org.bufferyard.actors.rig.TtmYard.SYSTEM;
import static org.bufferyard.actors.rig.TtmYard.VRAM;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.bufferyard.actors.environment.Claims;
import org.bufferyard.actors.environment.Faults;
import org.bufferyard.actors.environment.Management;
import org.bufferyard.actors.environment.YardSettings;
import org.bufferyard.actors.rig.TtmYard;
import org.bufferyard.actors.rig.TtmYard.Bo;
import org.bufferyard.allocator.validate.Place;
import org.bufferyard.testkit.Settings;
import org.bufferyard.testkit.junit.Seeded;
import org.bufferyard.testkit.junit.SeededRun;
import org.junit.jupiter.api.Test;

/** What was not used between two fences leaves, whoever wants room or not; 20 ms apart. */
class TrimTest {
  private static final Duration HALF = Duration.ofMillis(10);
  private static final long PERIOD_NANOS = 2 * HALF.toNanos();

  private static TtmYard yard(Settings settings, Claims.Bounds own) {
    Claims claims =
        new Claims(
            List.of(new Claims.Share(TtmYard.CLIENT.value(), own)),
            Claims.Bounds.NONE,
            Claims.Bounds.NONE,
            Claims.Budgets.NONE,
            PERIOD_NANOS);
    return new TtmYard(Faults.NONE, settings, Management.NONE.withClaims(claims));
  }

  private static TtmYard yard() {
    return yard(Settings.seed(1), Claims.Bounds.NONE);
  }

  private static List<Bo> some(TtmYard yard, int count) {
    List<Bo> bos = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Bo bo = yard.create(P);
      yard.ask(bo, Place.in(VRAM));
      bos.add(bo);
    }
    yard.runFor(Duration.ofMillis(1));
    yard.heard().clear();
    return bos;
  }

  private static void end(TtmYard yard, List<Bo> bos) {
    yard.runFor(HALF);
    yard.heard().clear();
    yard.checkBalanceAndClose(bos);
  }

  /** More than may move at once: all have left a moment after the second fence, and none before. */
  @Test
  void unused_leaves_usedStays() {
    TtmYard yard = yard();
    int many = 3 * YardSettings.defaults().maxMovesInFlight();
    List<Bo> bos = some(yard, many);
    Bo used = bos.get(5);
    for (int half = 0; half < 3; half++) {
      assertThat(bos).allSatisfy(bo -> assertThat(yard.regionOf(bo)).isEqualTo(VRAM));
      yard.use(VRAM, used);
      yard.runFor(HALF);
    }
    yard.use(VRAM, used);
    yard.runFor(Duration.ofMillis(12));
    for (Bo bo : bos) {
      assertThat(yard.regionOf(bo)).isEqualTo(bo.equals(used) ? VRAM : SYSTEM);
    }
    assertThat(yard.books().evictions()).isEqualTo(many - 1);
    end(yard, bos);
  }

  @Test
  void pinned_staysAndLeavesOnceUnpinned() {
    TtmYard yard = yard();
    List<Bo> bos = some(yard, 1);
    Bo bo = bos.getFirst();
    int attachment = yard.attach(bo);
    yard.askPin(bo, attachment);
    yard.runFor(Duration.ofMillis(70));
    assertThat(yard.regionOf(bo)).isEqualTo(VRAM);
    yard.askUnpin(bo, attachment);
    yard.runFor(Duration.ofMillis(30));
    assertThat(yard.regionOf(bo)).isEqualTo(SYSTEM);
    yard.askDetach(bo, attachment);
    end(yard, bos);
  }

  /** Idle or not: its client may count on it. */
  @Test
  void promised_stays() {
    TtmYard yard = yard(Settings.seed(1), new Claims.Bounds(0, 2, Long.MAX_VALUE));
    List<Bo> bos = some(yard, 3);
    yard.runFor(Duration.ofMillis(100));
    assertThat(bos.stream().filter(bo -> yard.regionOf(bo) == VRAM)).hasSize(2);
    end(yard, bos);
  }

  /** Without residents there is nothing to look at, and no clock that runs. */
  @Test
  void noResidents_clockStops_andStartsAgain() {
    TtmYard yard = yard();
    List<Bo> bos = some(yard, 1);
    yard.runFor(Duration.ofMillis(100));
    assertThat(yard.regionOf(bos.getFirst())).isEqualTo(SYSTEM);
    long handled = yard.occupancy(VRAM).handled();
    yard.runFor(Duration.ofSeconds(10));
    assertThat(yard.occupancy(VRAM).handled()).isEqualTo(handled + 1);
    bos.addAll(some(yard, 1));
    yard.runFor(Duration.ofMillis(100));
    assertThat(yard.regionOf(bos.getLast())).isEqualTo(SYSTEM);
    end(yard, bos);
  }

  /** Trims among demands, pins, uses and releases: every buffer ends, every page comes back. */
  @Seeded(runs = 60)
  void amongDemandsAndReleases_allIsGivenBack(SeededRun run) {
    RandomGenerator random = run.random("trim");
    TtmYard yard = yard(run.settings(), new Claims.Bounds(0, 1, 24));
    List<Bo> bos = some(yard, 12);
    for (int step = 0; step < 60; step++) {
      Bo bo = bos.get(random.nextInt(bos.size()));
      switch (random.nextInt(4)) {
        case 0 -> yard.ask(bo, Place.in(random.nextBoolean() ? VRAM : SYSTEM));
        case 1 -> yard.use(VRAM, bo);
        case 2 -> {
          bos.remove(bo);
          yard.askRelease(bo);
          bos.addAll(some(yard, 1));
        }
        default -> yard.steps(random.nextInt(60));
      }
      yard.runFor(Duration.ofNanos(random.nextInt(4_000_000)));
    }
    yard.runFor(Duration.ofMillis(200));
    assertThat(bos.stream().filter(bo -> yard.regionOf(bo) == VRAM))
        .as("none was used for long")
        .hasSizeLessThanOrEqualTo(1);
    end(yard, bos);
  }
}
