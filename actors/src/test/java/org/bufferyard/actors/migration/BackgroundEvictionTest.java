package org.bufferyard.actors.migration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.bufferyard.actors.rig.TtmYard.MANAGER_PAGES;
import static org.bufferyard.actors.rig.TtmYard.P;
import static org.bufferyard.actors.rig.TtmYard.SYSTEM;
import static org.bufferyard.actors.rig.TtmYard.VRAM;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.bufferyard.actors.environment.Faults;
import org.bufferyard.actors.environment.Management;
import org.bufferyard.actors.environment.Upkeep;
import org.bufferyard.actors.protocol.Buffer;
import org.bufferyard.actors.rig.TtmYard;
import org.bufferyard.actors.rig.TtmYard.Bo;
import org.bufferyard.allocator.validate.Place;
import org.bufferyard.testkit.Settings;
import org.bufferyard.testkit.junit.Seeded;
import org.bufferyard.testkit.junit.SeededRun;
import org.junit.jupiter.api.Test;

/** Room that is kept free in the first region: when eviction begins, whom it spares, its end. */
class BackgroundEvictionTest {
  private static final long QUARTER = MANAGER_PAGES / 4;
  private static final Upkeep MARKS = Upkeep.NONE.withMarks(QUARTER / 2, 2 * QUARTER);

  private static TtmYard yard(Settings settings) {
    return new TtmYard(Faults.NONE, settings, Management.NONE.withUpkeep(MARKS));
  }

  private static List<Bo> quarters(TtmYard yard, int count) {
    List<Bo> bos = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      bos.add(yard.createForVram(QUARTER * P));
      yard.validated(bos.getLast(), Place.in(VRAM));
    }
    return bos;
  }

  private static long free(TtmYard yard) {
    return MANAGER_PAGES - yard.usage(VRAM) / P;
  }

  @Test
  void aboveLow_nobodyLeaves_belowItTheOldestDo_upToHigh() {
    TtmYard yard = yard(Settings.seed(1));
    List<Bo> bos = quarters(yard, 3);
    yard.runFor(Duration.ofSeconds(1));
    assertThat(free(yard)).isEqualTo(QUARTER);
    bos.add(yard.in(VRAM, QUARTER * P));
    yard.runFor(Duration.ofSeconds(1));
    assertThat(free(yard)).isEqualTo(2 * QUARTER);
    assertThat(bos.stream().map(yard::regionOf)).containsExactly(SYSTEM, SYSTEM, VRAM, VRAM);
    assertThat(yard.books().evictions()).isEqualTo(2);
    yard.checkBalanceAndClose(bos);
  }

  /** The demand that comes next finds its room free: nothing moves for it. */
  @Test
  void nextDemand_isPlacedWithoutAMove() {
    TtmYard yard = yard(Settings.seed(1));
    List<Bo> bos = quarters(yard, 4);
    yard.runFor(Duration.ofSeconds(1));
    long before = yard.nowNanos();
    bos.add(yard.in(VRAM, QUARTER * P));
    assertThat(yard.nowNanos()).isEqualTo(before);
    yard.checkBalanceAndClose(bos);
  }

  @Test
  void pinned_staysAndIsNotAskedForEver() {
    TtmYard yard = yard(Settings.seed(1));
    List<Bo> bos = quarters(yard, 3);
    List<Integer> pins = new ArrayList<>();
    bos.forEach(bo -> pins.add(yard.pin(bo)));
    bos.add(yard.in(VRAM, QUARTER * P));
    pins.add(yard.pin(bos.getLast()));
    yard.runFor(Duration.ofSeconds(1));
    long asked = yard.occupancy(VRAM).choosing().demands();
    yard.runFor(Duration.ofSeconds(10));
    assertThat(yard.occupancy(VRAM).choosing().demands()).isEqualTo(asked).isLessThan(10);
    assertThat(free(yard)).isZero();
    yard.unpin(bos.getFirst(), pins.getFirst());
    yard.runFor(Duration.ofSeconds(1));
    assertThat(yard.regionOf(bos.getFirst())).isEqualTo(SYSTEM);
    yard.heard().clear();
    for (int i = 0; i < bos.size(); i++) {
      yard.askUnpin(bos.get(i), pins.get(i));
      yard.askDetach(bos.get(i), pins.get(i));
    }
    yard.checkBalanceAndClose(bos);
  }

  /** What a region calls back into its free room does not take what is kept free. */
  @Test
  void comeBack_leavesTheLowMarkFree() {
    TtmYard yard = yard(Settings.seed(1));
    List<Bo> bos = quarters(yard, 4);
    yard.runFor(Duration.ofSeconds(1));
    for (Bo bo : bos) {
      bo.ref().tell(new Buffer.ComeBack(VRAM));
      yard.runFor(Duration.ofMillis(50));
    }
    assertThat(free(yard)).isEqualTo(QUARTER);
    yard.checkBalanceAndClose(bos);
  }

  /** Demands, uses in flight and background eviction in any order: everybody is served. */
  @Seeded(runs = 40)
  void demandsMeanwhile_anyOrder_allAreServedAndBooksBalance(SeededRun run) {
    TtmYard yard = yard(run.settings());
    var random = run.random("requests");
    List<Bo> bos = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      bos.add(yard.create((1 + random.nextInt((int) QUARTER)) * P));
      yard.ask(bos.getLast(), Place.in(VRAM));
      if (random.nextBoolean()) {
        yard.runFor(Duration.ofNanos(random.nextInt(400_000)));
      }
    }
    yard.runFor(Duration.ofSeconds(5));
    assertThat(yard.heard()).hasSize(12).allMatch(Buffer.Validated.class::isInstance);
    yard.heard().clear();
    bos.add(yard.in(VRAM, P)); // who was in use when asked to leave is asked again for the next
    yard.runFor(Duration.ofSeconds(1));
    assertThat(free(yard)).isGreaterThanOrEqualTo(MARKS.lowPages());
    yard.checkBalanceAndClose(bos);
  }

  @Test
  void marks_contradicting_areRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Upkeep.NONE.withMarks(2, 1))
        .withMessageContaining("lowPages=2, highPages=1");
  }
}
