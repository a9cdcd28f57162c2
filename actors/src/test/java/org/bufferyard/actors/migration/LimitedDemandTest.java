package org.bufferyard.actors.migration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.bufferyard.actors.rig.TtmYard.MANAGER_PAGES;
import static org.bufferyard.actors.rig.TtmYard.P;
import static org.bufferyard.actors.rig.TtmYard.SYSTEM;
import static org.bufferyard.actors.rig.TtmYard.TT;
import static org.bufferyard.actors.rig.TtmYard.VRAM;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.bufferyard.actors.environment.Claims;
import org.bufferyard.actors.environment.Faults;
import org.bufferyard.actors.environment.Management;
import org.bufferyard.actors.environment.YardSettings;
import org.bufferyard.actors.protocol.Buffer;
import org.bufferyard.actors.protocol.ClientId;
import org.bufferyard.actors.rig.TtmYard;
import org.bufferyard.actors.rig.TtmYard.Bo;
import org.bufferyard.allocator.Errno;
import org.bufferyard.allocator.validate.Place;
import org.bufferyard.testkit.Settings;
import org.bufferyard.testkit.junit.Seeded;
import org.bufferyard.testkit.junit.SeededRun;
import org.junit.jupiter.api.Test;

/**
 * A client that may have no more than a part of VRAM makes room from its own buffers, goes
 * elsewhere, waits for its own, or is refused; nobody else waits with it.
 */
class LimitedDemandTest {
  private static final ClientId LIMITED = TtmYard.CLIENT;
  private static final ClientId OTHER = new ClientId(1);
  private static final long WAIT_NANOS = YardSettings.defaults().roomWaitNanos();
  private static final Duration MOVES = Duration.ofMillis(10);
  private static final long MAX_PAGES = 4;
  private static final long MAX_BYTES = MAX_PAGES * P;

  private static TtmYard yard(Settings settings) {
    Claims claims =
        new Claims(
            List.of(new Claims.Share(LIMITED.value(), new Claims.Bounds(0, 0, MAX_PAGES))),
            Claims.Bounds.NONE,
            Claims.Bounds.NONE,
            Claims.Budgets.NONE,
            0);
    return new TtmYard(Faults.NONE, settings, Management.NONE.withClaims(claims));
  }

  private static TtmYard yard() {
    return yard(Settings.seed(1));
  }

  private static Bo of(TtmYard yard, ClientId owner, long sizeBytes) {
    Bo bo = yard.create(owner, sizeBytes, 1);
    yard.validated(bo, Place.in(VRAM));
    return bo;
  }

  private static long placed(TtmYard yard) {
    return yard.heard().stream().filter(Buffer.Validated.class::isInstance).count();
  }

  private static void end(TtmYard yard, List<Bo> bos) {
    yard.heard().clear();
    yard.checkBalanceAndClose(bos);
  }

  @Test
  void atMax_roomIsFree_itsOldestLeaves_othersStay() {
    TtmYard yard = yard();
    Bo others = of(yard, OTHER, P);
    Bo oldest = of(yard, LIMITED, MAX_BYTES / 2);
    Bo newer = of(yard, LIMITED, MAX_BYTES / 2);
    Bo newest = of(yard, LIMITED, MAX_BYTES / 2);
    assertThat(yard.regionOf(oldest)).isEqualTo(SYSTEM);
    assertThat(List.of(others, newer, newest))
        .allSatisfy(bo -> assertThat(yard.regionOf(bo)).isEqualTo(VRAM));
    yard.runFor(MOVES);
    assertThat(yard.books().evictions()).isEqualTo(1);
    end(yard, List.of(others, oldest, newer, newest));
  }

  /** What comes back is given back: the account neither leaks nor runs below nothing. */
  @Test
  void releasedAndMoved_mayHaveAsMuchAgain() {
    TtmYard yard = yard();
    for (int round = 0; round < 5; round++) {
      Bo released = of(yard, LIMITED, MAX_BYTES);
      yard.release(released);
      Bo moved = of(yard, LIMITED, MAX_BYTES);
      yard.validated(moved, Place.in(SYSTEM));
      yard.release(moved);
    }
    Bo last = of(yard, LIMITED, MAX_BYTES);
    assertThat(yard.books().evictions()).isZero();
    end(yard, List.of(last));
  }

  @Test
  void atMax_ownPinned_otherPlace_goesThereAtOnce() {
    TtmYard yard = yard();
    Bo pinned = of(yard, LIMITED, MAX_BYTES);
    int pin = yard.pin(pinned);
    Bo newcomer = yard.create(P);
    assertThat(yard.validated(newcomer, Place.in(VRAM), Place.in(TT)).region()).isEqualTo(TT);
    yard.unpin(pinned, pin);
    yard.askDetach(pinned, pin);
    yard.settle();
    end(yard, List.of(pinned, newcomer));
  }

  @Test
  void largerThanMax_refusedAtOnce_nobodyLeaves() {
    TtmYard yard = yard();
    Bo small = of(yard, LIMITED, P);
    Bo large = yard.create(MAX_BYTES + P);
    Buffer.ValidateRefused refused = yard.refused(large, Place.in(VRAM));
    assertThat(refused.refusal().errno()).isEqualTo(Errno.ENOMEM);
    assertThat(refused.refusal().reason()).contains("client-0 may have 4 pages");
    assertThat(yard.regionOf(small)).isEqualTo(VRAM);
    end(yard, List.of(small, large));
  }

  /** The others' demands are younger, and would wait behind it in a queue. */
  @Test
  void atMax_ownPinned_waits_othersAreServedMeanwhile() {
    TtmYard yard = yard();
    Bo pinned = of(yard, LIMITED, MAX_BYTES);
    int pin = yard.pin(pinned);
    Bo waiting = yard.create(P);
    yard.ask(waiting, Place.in(VRAM));
    yard.runFor(MOVES);
    assertThat(placed(yard)).isZero();
    Bo full = yard.create(OTHER, (MANAGER_PAGES - MAX_PAGES) * P, 1);
    yard.ask(full, Place.in(VRAM));
    Bo evicting = yard.create(OTHER, P, 1);
    yard.ask(evicting, Place.in(VRAM));
    yard.runFor(MOVES);
    assertThat(placed(yard)).isEqualTo(2);
    yard.heard().clear();
    yard.unpin(pinned, pin);
    yard.runFor(MOVES);
    assertThat(placed(yard)).isEqualTo(1);
    yard.askDetach(pinned, pin);
    yard.settle();
    end(yard, List.of(pinned, waiting, full, evicting));
  }

  @Test
  void atMax_ownPinnedForGood_refusedWhenTheWaitIsOver() {
    TtmYard yard = yard();
    Bo pinned = of(yard, LIMITED, MAX_BYTES);
    int pin = yard.pin(pinned);
    Bo waiting = yard.create(P);
    yard.ask(waiting, Place.in(VRAM));
    yard.runFor(Duration.ofNanos(WAIT_NANOS - 5_000_000));
    assertThat(yard.heard()).isEmpty();
    yard.runFor(MOVES);
    assertThat(yard.heard()).hasSize(1).hasOnlyElementsOfType(Buffer.ValidateRefused.class);
    yard.heard().clear();
    yard.unpin(pinned, pin);
    yard.askDetach(pinned, pin);
    yard.settle();
    end(yard, List.of(pinned, waiting));
  }

  /**
   * Demands of both clients all at once, over pins that end one by one: the limited one never has
   * more than it may, and everybody is answered before the limit.
   */
  @Seeded(runs = 60)
  void manyDemands_neverAboveMax_allPlacedBeforeTheLimit(SeededRun run) {
    RandomGenerator random = run.random("limited");
    TtmYard yard = yard(run.settings());
    List<Bo> bos = new ArrayList<>();
    List<Integer> pins = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      bos.add(of(yard, LIMITED, P));
      pins.add(yard.pin(bos.getLast()));
    }
    yard.heard().clear();
    int asked = 4 + random.nextInt(8);
    for (int i = 0; i < asked; i++) {
      ClientId owner = random.nextInt(3) == 0 ? OTHER : LIMITED;
      long pages = 1L + random.nextInt(owner.equals(OTHER) ? (int) MANAGER_PAGES / 2 : 2);
      bos.add(yard.create(owner, pages * P, 1));
      yard.ask(bos.getLast(), Place.in(VRAM));
      yard.steps(random.nextInt(40));
    }
    for (int i = 0; i < 3; i++) {
      yard.runFor(Duration.ofMillis(random.nextInt(8)));
      yard.askUnpin(bos.get(i), pins.get(i));
    }
    long mostPages = 0;
    for (int step = 0; step < 100; step++) {
      yard.runFor(Duration.ofMillis(1));
      mostPages = Math.max(mostPages, ofLimited(yard, bos));
    }
    assertThat(mostPages).isLessThanOrEqualTo(MAX_PAGES);
    assertThat(placed(yard)).as("%s", yard.heard()).isEqualTo(asked);
    for (int i = 0; i < 3; i++) {
      yard.askDetach(bos.get(i), pins.get(i));
    }
    yard.runFor(MOVES);
    end(yard, bos);
  }

  private static long ofLimited(TtmYard yard, List<Bo> bos) {
    long pages = 0;
    for (Bo bo : bos) {
      if (bo.client().equals(LIMITED)) {
        var info = yard.info(bo);
        pages += info.region() == VRAM ? info.sizeBytes() / P : 0;
      }
    }
    return pages;
  }
}
