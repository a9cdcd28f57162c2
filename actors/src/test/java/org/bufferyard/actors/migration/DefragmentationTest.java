package org.bufferyard.actors.migration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.bufferyard.actors.rig.TtmYard.MANAGER_PAGES;
import static org.bufferyard.actors.rig.TtmYard.P;
import static org.bufferyard.actors.rig.TtmYard.SYSTEM;
import static org.bufferyard.actors.rig.TtmYard.VRAM;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.bufferyard.actors.environment.Faults;
import org.bufferyard.actors.environment.Management;
import org.bufferyard.actors.environment.Upkeep;
import org.bufferyard.actors.environment.Upkeep.Defragment;
import org.bufferyard.actors.protocol.Buffer;
import org.bufferyard.actors.protocol.BufferId;
import org.bufferyard.actors.protocol.Ticket;
import org.bufferyard.actors.rig.TtmYard;
import org.bufferyard.actors.rig.TtmYard.Bo;
import org.bufferyard.allocator.Errno;
import org.bufferyard.allocator.Refusal;
import org.bufferyard.allocator.validate.Place;
import org.bufferyard.testkit.Marks;
import org.bufferyard.testkit.Settings;
import org.bufferyard.testkit.junit.Seeded;
import org.bufferyard.testkit.junit.SeededRun;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** Residents that move to other frames of their region so that one run of frames is there. */
class DefragmentationTest {
  private static final long EIGHTH = MANAGER_PAGES / 8;
  private static final Place RUN = Place.in(VRAM).contiguously();

  private static Management on(Defragment when, long pagesMax) {
    return Management.NONE.withUpkeep(Upkeep.NONE.withHoles(false, when, pagesMax, 1_000_000));
  }

  private static TtmYard yard(Defragment when, long pagesMax) {
    return new TtmYard(Faults.NONE, Settings.seed(1), on(when, pagesMax));
  }

  /** VRAM is full of eighths, and every second is given back: half is free, in pieces. */
  private static List<Bo> pieces(TtmYard yard) {
    List<Bo> bos = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      bos.add(yard.in(VRAM, EIGHTH * P));
    }
    for (int i = 7; i >= 0; i -= 2) {
      yard.release(bos.remove(i));
    }
    assertThat(yard.occupancy(VRAM).largestFreePages()).isEqualTo(EIGHTH);
    return bos;
  }

  @Test
  void onDemand_oneRunIsWanted_otherResidentsMoveAndNobodyLeaves() {
    TtmYard yard = yard(Defragment.ON_DEMAND, MANAGER_PAGES);
    List<Bo> bos = pieces(yard);
    bos.add(yard.create(3 * EIGHTH * P));
    yard.validated(bos.getLast(), RUN);
    yard.runFor(Duration.ofSeconds(1));
    assertThat(bos.stream().map(yard::regionOf)).containsOnly(VRAM);
    assertThat(yard.books().evictions()).isZero();
    assertThat(yard.books().migrations()).isBetween(1L, 2L);
    yard.checkBalanceAndClose(bos);
  }

  @Test
  void never_theSameDemand_evicts() {
    TtmYard yard = yard(Defragment.NEVER, MANAGER_PAGES);
    List<Bo> bos = pieces(yard);
    bos.add(yard.create(3 * EIGHTH * P));
    yard.validated(bos.getLast(), RUN);
    yard.runFor(Duration.ofSeconds(1));
    assertThat(yard.books().evictions()).isPositive();
    yard.checkBalanceAndClose(bos);
  }

  @Test
  void overBudget_orPinned_evictsOrIsRefused() {
    TtmYard yard = yard(Defragment.ON_DEMAND, EIGHTH - 1);
    List<Bo> bos = pieces(yard);
    bos.add(yard.create(2 * EIGHTH * P));
    yard.validated(bos.getLast(), RUN);
    yard.runFor(Duration.ofSeconds(1));
    assertThat(yard.books().evictions()).isPositive();
    yard.checkBalanceAndClose(bos);
    TtmYard pinned = yard(Defragment.ON_DEMAND, MANAGER_PAGES);
    List<Bo> stuck = pieces(pinned);
    List<Integer> pins = stuck.stream().map(pinned::pin).toList();
    stuck.add(pinned.create(2 * EIGHTH * P));
    pinned.ask(stuck.getLast(), RUN);
    pinned.runFor(Duration.ofSeconds(5));
    assertThat(pinned.await(Buffer.ValidateRefused.class).refusal().errno())
        .isEqualTo(Errno.ENOMEM);
    assertThat(pinned.books().migrations()).isZero();
    for (int i = 0; i < pins.size(); i++) {
      pinned.askUnpin(stuck.get(i), pins.get(i));
      pinned.askDetach(stuck.get(i), pins.get(i));
    }
    pinned.checkBalanceAndClose(stuck);
  }

  /** Who wants a run elsewhere too is still served here, where nobody leaves for it. */
  @Test
  void onDemand_freeRoomOnly_isMade() {
    TtmYard yard = yard(Defragment.ON_DEMAND, MANAGER_PAGES);
    List<Bo> bos = pieces(yard);
    bos.add(yard.create(2 * EIGHTH * P));
    yard.validated(bos.getLast(), RUN.desired(), Place.in(SYSTEM));
    assertThat(yard.regionOf(bos.getLast())).isEqualTo(VRAM);
    yard.checkBalanceAndClose(bos);
  }

  @Test
  void background_roomComesBack_holesGrowUnasked_andItEnds() {
    TtmYard yard = yard(Defragment.BACKGROUND, MANAGER_PAGES);
    List<Bo> bos = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      bos.add(yard.in(VRAM, EIGHTH * P));
    }
    for (int i = 7; i >= 0; i -= 2) {
      yard.release(bos.remove(i));
      yard.runFor(Duration.ofMillis(50));
    }
    yard.release(bos.removeLast());
    yard.runFor(Duration.ofSeconds(1));
    assertThat(yard.occupancy(VRAM).largestFreePages()).isGreaterThanOrEqualTo(4 * EIGHTH);
    long moved = yard.books().migrations();
    yard.runFor(Duration.ofSeconds(20));
    assertThat(yard.books().migrations()).isEqualTo(moved);
    yard.checkBalanceAndClose(bos);
  }

  /** To be put elsewhere is no use: the order of eviction stays as it was. */
  @Test
  void moved_keepsItsPlaceInTheOrder() {
    TtmYard yard = yard(Defragment.ON_DEMAND, MANAGER_PAGES);
    List<Bo> bos = pieces(yard);
    List<BufferId> before = yard.victims(VRAM, MANAGER_PAGES);
    bos.add(yard.create(3 * EIGHTH * P));
    yard.validated(bos.getLast(), RUN);
    assertThat(yard.victims(VRAM, MANAGER_PAGES).subList(0, 4)).isEqualTo(before);
    yard.checkBalanceAndClose(bos);
  }

  private static final int RUNS = 120;
  private static final Marks SEEN = new Marks();

  /** Demands for runs and for any room, pins, offers, fences, ends, and copies that fail. */
  @Seeded(runs = RUNS)
  void whateverComesBetween_anyOrder_booksBalance(SeededRun run) {
    RandomGenerator random = run.random("requests");
    RandomGenerator faults = run.random("faults");
    Defragment when = random.nextBoolean() ? Defragment.ON_DEMAND : Defragment.BACKGROUND;
    Upkeep upkeep =
        Upkeep.NONE
            .withHoles(random.nextBoolean(), when, 16 + random.nextInt(240), 1_000_000)
            .withMarks(random.nextInt(32), 32 + random.nextInt(32));
    TtmYard yard = new TtmYard(failing(faults), run.settings(), Management.NONE.withUpkeep(upkeep));
    List<Bo> bos = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      bos.add(yard.create((1 + random.nextInt(48)) * P));
      yard.attach(bos.getLast());
    }
    List<Ticket> tickets = new ArrayList<>();
    for (int step = 0; step < 80; step++) {
      ask(yard, bos, tickets, random);
      if (random.nextInt(3) == 0) {
        yard.runFor(Duration.ofNanos(random.nextInt(300_000)));
      }
    }
    tickets.forEach(ticket -> bos.forEach(bo -> yard.signal(bo, ticket)));
    yard.runFor(Duration.ofSeconds(30));
    long outward = yard.books().evictions();
    SEEN.hit(outward > 0 ? "evicted" : "none evicted");
    yard.books().moved().stream()
        .filter(link -> link.from().equals("TT") && link.to().equals("VRAM"))
        .forEach(link -> SEEN.hit("back in"));
    yard.heard().clear();
    bos.forEach(bo -> yard.askUnpin(bo, 1));
    bos.forEach(bo -> yard.askDetach(bo, 1));
    bos.forEach(yard::askReclaim);
    yard.checkBalanceAndClose(bos);
    SEEN.hit("runs");
  }

  private static Faults failing(RandomGenerator random) {
    return new Faults() {
      @Override
      public Optional<Refusal> failCopy(BufferId buffer, String link) {
        return random.nextInt(6) == 0
            ? Optional.of(new Refusal(Errno.EIO, "copy over " + link))
            : Optional.empty();
      }
    };
  }

  private static void ask(
      TtmYard yard, List<Bo> bos, List<Ticket> tickets, RandomGenerator random) {
    Bo bo = bos.get(random.nextInt(bos.size()));
    switch (random.nextInt(14)) {
      case 0 -> yard.askPin(bo, 1);
      case 1, 2 -> yard.askUnpin(bo, 1);
      case 3 -> yard.askOffer(bo);
      case 4 -> yard.askReclaim(bo);
      case 5 -> {
        tickets.add(TtmYard.ticket(1000 + tickets.size()));
        yard.askFence(bo, tickets.getLast());
      }
      case 6, 7 -> {
        if (!tickets.isEmpty()) {
          yard.signal(bo, tickets.get(random.nextInt(tickets.size())));
        }
      }
      case 8 -> yard.ask(bo);
      case 9 -> yard.ask(bo, Place.in(SYSTEM));
      case 10, 11, 12 -> yard.ask(bo, RUN, Place.in(SYSTEM).fallback());
      default -> yard.ask(bo, Place.in(VRAM));
    }
  }

  @AfterAll
  static void allSeeds_rareBranchesReached() {
    if (SEEN.count("runs") == RUNS) {
      SEEN.assertReached("evicted", "back in");
    }
  }
}
