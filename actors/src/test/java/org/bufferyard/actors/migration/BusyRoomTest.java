package org.bufferyard.actors.migration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.bufferyard.actors.rig.TtmYard.MANAGER_PAGES;
import static org.bufferyard.actors.rig.TtmYard.P;
import static org.bufferyard.actors.rig.TtmYard.VRAM;
import static org.bufferyard.actors.rig.TtmYard.ticket;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.bufferyard.actors.environment.Faults;
import org.bufferyard.actors.environment.YardSettings;
import org.bufferyard.actors.protocol.Buffer;
import org.bufferyard.actors.protocol.BufferId;
import org.bufferyard.actors.rig.TtmYard;
import org.bufferyard.actors.rig.TtmYard.Bo;
import org.bufferyard.allocator.Errno;
import org.bufferyard.allocator.validate.Place;
import org.bufferyard.testkit.junit.Seeded;
import org.bufferyard.testkit.junit.SeededRun;

/** Demands for room in a region whose residents are all busy: they wait, by ticket, for a while. */
class BusyRoomTest {
  private static final long WAIT_NANOS = YardSettings.defaults().roomWaitNanos();

  private static List<Bo> newcomers(TtmYard yard, long... stamps) {
    List<Bo> bos = new ArrayList<>();
    for (long stamp : stamps) {
      bos.add(yard.create(MANAGER_PAGES * P));
      yard.ask(bos.getLast(), ticket(stamp), false, Place.in(VRAM));
    }
    yard.settle();
    return bos;
  }

  private static List<BufferId> placed(TtmYard yard) {
    return yard.heard().stream()
        .filter(Buffer.Validated.class::isInstance)
        .map(each -> ((Buffer.Validated) each).buffer())
        .toList();
  }

  /** Each wants the whole region, so that one is placed after the other. */
  @Seeded(runs = 20)
  void allBusy_oneIsFreeInTime_oldestTicketFirst(SeededRun run) {
    TtmYard yard = new TtmYard(Faults.NONE, run.settings());
    Bo busy = yard.in(VRAM, MANAGER_PAGES * P);
    int pin = yard.pin(busy);
    List<Bo> bos = newcomers(yard, 30, 10, 20);
    yard.runFor(Duration.ofNanos(WAIT_NANOS / 2));
    assertThat(yard.heard()).isEmpty();
    yard.unpin(busy, pin);
    yard.runFor(Duration.ofNanos(WAIT_NANOS / 4));
    assertThat(placed(yard))
        .as("%s", yard.heard())
        .containsExactly(bos.get(1).id(), bos.get(2).id(), bos.get(0).id());
    yard.heard().clear();
    yard.askDetach(busy, pin);
    bos.add(busy);
    yard.checkBalanceAndClose(bos);
  }

  @Seeded(runs = 20)
  void allBusy_forGood_refusedWhenTheWaitIsOver(SeededRun run) {
    TtmYard yard = new TtmYard(Faults.NONE, run.settings());
    Bo busy = yard.in(VRAM, MANAGER_PAGES * P);
    int pin = yard.pin(busy);
    List<Bo> bos = newcomers(yard, 30, 10, 20);
    yard.runFor(Duration.ofNanos(WAIT_NANOS - 5_000_000));
    assertThat(yard.heard()).isEmpty();
    yard.runFor(Duration.ofMillis(50));
    assertThat(yard.heard())
        .hasSize(3)
        .allSatisfy(
            each ->
                assertThat(((Buffer.ValidateRefused) each).refusal().errno())
                    .isEqualTo(Errno.ENOMEM));
    yard.heard().clear();
    yard.unpin(busy, pin);
    yard.askDetach(busy, pin);
    bos.add(busy);
    yard.checkBalanceAndClose(bos);
  }

  /** Two that would evict each other for ever do not: whoever is placed stays until it is used. */
  @Seeded(runs = 20)
  void twoOfTheWholeRegion_inTurn_bothAreServed(SeededRun run) {
    TtmYard yard = new TtmYard(Faults.NONE, run.settings());
    List<Bo> bos = new ArrayList<>();
    for (long stamp = 1; stamp <= 4; stamp++) {
      bos.add(yard.create(MANAGER_PAGES * P));
      yard.ask(bos.getLast(), ticket(stamp), false, Place.in(VRAM));
    }
    yard.runFor(Duration.ofSeconds(1));
    assertThat(placed(yard)).as("%s", yard.heard()).hasSize(4);
    assertThat(yard.books().evictions()).isEqualTo(3);
    yard.heard().clear();
    yard.checkBalanceAndClose(bos);
  }
}
