package org.bufferyard.actors.migration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.bufferyard.actors.rig.TtmYard.MANAGER_PAGES;
import static org.bufferyard.actors.rig.TtmYard.P;
import static org.bufferyard.actors.rig.TtmYard.SYSTEM;
import static org.bufferyard.actors.rig.TtmYard.TT;
import static org.bufferyard.actors.rig.TtmYard.VRAM;
import static org.bufferyard.actors.rig.TtmYard.ticket;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.random.RandomGenerator;
import org.bufferyard.actors.environment.Faults;
import org.bufferyard.actors.environment.YardSettings;
import org.bufferyard.actors.protocol.Buffer;
import org.bufferyard.actors.protocol.FenceUsage;
import org.bufferyard.actors.protocol.Ticket;
import org.bufferyard.actors.rig.TtmYard;
import org.bufferyard.actors.rig.TtmYard.Bo;
import org.bufferyard.allocator.validate.Place;
import org.bufferyard.testkit.Exhaustive;
import org.bufferyard.testkit.Settings;
import org.bufferyard.testkit.junit.Seeded;
import org.bufferyard.testkit.junit.SeededRun;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A demand that finds nothing to evict is parked until something that may help happens. Whatever
 * comes first, demand or change, it is placed in the time that its moves take: a wake-up that is
 * lost would leave it to the limit of its wait, which is many times longer.
 */
class ParkedDemandTest {
  private static final long WAIT_NANOS = YardSettings.defaults().roomWaitNanos();

  /** Out over two links and in again, at 1 GiB/s: about 2 ms for 1 MiB. */
  private static final Duration MOVES = Duration.ofMillis(10);

  /** Six times as many messages as this are more than it takes to park a demand. */
  private static final int STEPS = 12;

  private static final Ticket HOLDER = ticket(1);

  /** Two at a time: the third, and all others, handle at once what they have. */
  private static final List<Set<String>> CHOSEN =
      List.of(
          new TreeSet<>(List.of("buffer-0", "region-VRAM")),
          new TreeSet<>(List.of("migration", "buffer-0")),
          new TreeSet<>(List.of("migration", "region-VRAM")));

  private static long placed(TtmYard yard) {
    return yard.heard().stream().filter(Buffer.Validated.class::isInstance).count();
  }

  private static void end(TtmYard yard, Bo... bos) {
    for (Bo bo : bos) {
      yard.askDetach(bo, 1);
    }
    yard.runFor(Duration.ofMillis(1));
    yard.heard().clear();
    yard.checkBalanceAndClose(List.of(bos));
  }

  @Test
  void wait_nothingChanges_regionIsNotAskedAgain() {
    TtmYard yard = new TtmYard();
    Bo busy = yard.in(VRAM, MANAGER_PAGES * P);
    yard.pin(busy);
    Bo newcomer = yard.create(P);
    yard.ask(newcomer, Place.in(VRAM));
    yard.settle();
    long asked = yard.occupancy(VRAM).choosing().demands();
    yard.runFor(Duration.ofNanos(WAIT_NANOS - 1_000_000));
    assertThat(yard.occupancy(VRAM).choosing().demands()).isEqualTo(asked);
    assertThat(placed(yard)).isZero();
    yard.runFor(Duration.ofMillis(2));
    assertThat(yard.heard()).hasOnlyElementsOfType(Buffer.ValidateRefused.class);
    end(yard, busy, newcomer);
  }

  @Test
  void wait_largerThanTheRegion_refusedAtOnce() {
    TtmYard yard = new TtmYard();
    Bo small = yard.in(VRAM, P);
    yard.pin(small);
    Bo large = yard.create((MANAGER_PAGES + 1) * P);
    yard.ask(large, Place.in(VRAM));
    yard.settle();
    assertThat(yard.heard()).hasOnlyElementsOfType(Buffer.ValidateRefused.class);
    end(yard, small, large);
  }

  /** What keeps buffer-0 where it is, and its end. */
  enum Keeper {
    PIN {
      @Override
      void begin(TtmYard yard, Bo bo) {
        yard.pin(bo, 1);
      }

      @Override
      void end(TtmYard yard, Bo bo) {
        yard.askUnpin(bo, 1);
      }
    },
    TOKEN {
      @Override
      void begin(TtmYard yard, Bo bo) {
        yard.reserve(bo, HOLDER, false, false);
      }

      @Override
      void end(TtmYard yard, Bo bo) {
        yard.tellUnreserve(bo, HOLDER);
      }
    },
    FENCE {
      @Override
      void begin(TtmYard yard, Bo bo) {
        yard.fence(bo, FenceUsage.BOOKKEEP, HOLDER);
      }

      @Override
      void end(TtmYard yard, Bo bo) {
        yard.signal(bo, HOLDER);
      }
    };

    abstract void begin(TtmYard yard, Bo bo);

    abstract void end(TtmYard yard, Bo bo);
  }

  private static void race(Keeper keeper, Set<String> chosen, Exhaustive.Choices choices) {
    boolean[] armed = {false};
    TtmYard yard =
        new TtmYard(
            Faults.NONE, Settings.seed(1).withStrategy(ChosenOrders.of(chosen, choices, armed)));
    Bo kept = yard.in(VRAM, MANAGER_PAGES * P);
    yard.attach(kept);
    keeper.begin(yard, kept);
    Bo newcomer = yard.create(P);
    yard.heard().clear();
    armed[0] = true;
    yard.ask(newcomer, ticket(50), false, Place.in(VRAM));
    yard.steps(6 * choices.below(STEPS));
    keeper.end(yard, kept);
    yard.settle();
    armed[0] = false;
    yard.runFor(MOVES);
    assertThat(placed(yard)).as("%s", yard.heard()).isEqualTo(1);
    end(yard, kept, newcomer);
  }

  @ParameterizedTest
  @EnumSource
  void keeperEnds_asTheDemandComes_everyOrder_placedInTime(Keeper keeper) {
    for (Set<String> chosen : CHOSEN) {
      long orders = Exhaustive.check(choices -> race(keeper, chosen, choices));
      assertThat(orders).as("%s", chosen).isGreaterThan(STEPS);
    }
  }

  /** Many demands of all sizes, kept off by pins, tokens and fences that end one by one. */
  @Seeded(runs = 60)
  void manyDemands_keepersEnd_allPlacedBeforeTheLimit(SeededRun run) {
    RandomGenerator random = run.random("parked");
    TtmYard yard = new TtmYard(Faults.NONE, run.settings());
    List<Bo> kept = new ArrayList<>();
    List<Keeper> keepers = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      kept.add(yard.in(VRAM, MANAGER_PAGES / 8 * P));
      yard.attach(kept.getLast());
      keepers.add(Keeper.values()[random.nextInt(Keeper.values().length)]);
      keepers.getLast().begin(yard, kept.getLast());
    }
    List<Bo> bos = new ArrayList<>();
    yard.heard().clear();
    for (int i = 0; i < 8; i++) {
      bos.add(yard.create((1 + random.nextInt((int) MANAGER_PAGES / 8)) * P));
    }
    for (int i = 0; i < 8; i++) {
      yard.ask(bos.get(i), ticket(100 + random.nextInt(50)), false, Place.in(VRAM));
      if (random.nextBoolean()) {
        yard.runFor(Duration.ofNanos(random.nextInt(2_000_000)));
      }
      keepers.get(i).end(yard, kept.get(i));
      if (random.nextInt(4) == 0) {
        yard.askPin(kept.get(i), 1);
        yard.askUnpin(kept.get(i), 1);
      }
    }
    yard.runFor(Duration.ofNanos(WAIT_NANOS / 10));
    assertThat(placed(yard)).as("%s", yard.heard()).isEqualTo(8);
    bos.addAll(kept);
    end(yard, bos.toArray(Bo[]::new));
  }

  /** Small ones that come later do not take what a large, older one waits for. */
  @Seeded(runs = 20)
  void largeDemand_andManySmall_largeIsFirst(SeededRun run) {
    TtmYard yard = new TtmYard(Faults.NONE, run.settings());
    Bo half = yard.in(VRAM, MANAGER_PAGES / 2 * P);
    int pin = yard.pin(half);
    List<Bo> bos = new ArrayList<>(List.of(yard.create(MANAGER_PAGES * P)));
    yard.heard().clear();
    yard.ask(bos.getFirst(), ticket(1), false, Place.in(VRAM));
    yard.settle();
    for (int i = 0; i < 8; i++) {
      bos.add(yard.create(16 * P));
      yard.ask(bos.getLast(), ticket(2 + i), false, Place.in(VRAM));
      yard.runFor(Duration.ofMillis(10));
    }
    assertThat(placed(yard)).isZero();
    yard.askUnpin(half, pin);
    yard.runFor(Duration.ofMillis(100));
    List<Buffer.Validated> order =
        yard.heard().stream()
            .filter(Buffer.Validated.class::isInstance)
            .map(Buffer.Validated.class::cast)
            .toList();
    assertThat(order).hasSize(9);
    assertThat(order.getFirst().buffer()).isEqualTo(bos.getFirst().id());
    bos.add(half);
    end(yard, bos.toArray(Bo[]::new));
  }

  /** Each waits for its own limit at most, also behind one that is always asked anew. */
  @Test
  void behindOneThatCannotBeServed_smallOneGetsWhatIsFree() {
    TtmYard yard = new TtmYard();
    Bo pinned = yard.in(VRAM, P);
    yard.pin(pinned);
    Bo large = yard.create(MANAGER_PAGES * P);
    Bo small = yard.create(P);
    yard.heard().clear();
    yard.ask(small, ticket(9), false, Place.in(TT));
    yard.settle();
    yard.heard().clear();
    yard.ask(large, ticket(1), false, Place.in(VRAM));
    yard.settle();
    yard.ask(small, ticket(9), false, Place.in(VRAM));
    yard.runFor(Duration.ofNanos(WAIT_NANOS).plusMillis(10));
    assertThat(placed(yard)).as("%s", yard.heard()).isEqualTo(1);
    assertThat(yard.regionOf(small)).isEqualTo(VRAM);
    end(yard, pinned, large, small);
  }

  /** A window's residents make room behind it in one move, though whoever wants them waits. */
  @Test
  void shortOfFrames_windowsResident_leavesTheFramesAtOnce() {
    TtmYard yard = new TtmYard();
    List<Bo> bos = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      bos.add(yard.in(i == 0 ? TT : SYSTEM, MANAGER_PAGES * P));
      if (i > 0) {
        yard.pin(bos.getLast());
      }
    }
    long before = yard.books().migrations();
    bos.add(yard.in(SYSTEM, P));
    yard.runFor(MOVES);
    assertThat(yard.books().migrations() - before).isEqualTo(1);
    end(yard, bos.toArray(Bo[]::new));
  }
}
