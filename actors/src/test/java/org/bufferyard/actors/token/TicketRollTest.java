package org.bufferyard.actors.token;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.TreeSet;
import org.bufferyard.actors.protocol.DeviceId;
import org.bufferyard.actors.protocol.Ticket;
import org.junit.jupiter.api.Test;

/** Whose submission is older where many begin at one instant of model time. */
class TicketRollTest {
  private static final int DEVICES = 4;
  private static final int INSTANTS = 2_000;
  private static final long FRAME_NANOS = 16_666_667;
  private static final int BURST = 60;

  @Test
  void compare_laterInstant_isYoungerWhateverTheTurn() {
    TicketRoll early = new TicketRoll(new DeviceId(3));
    Ticket last = early.next(7, 1);
    for (int sequence = 2; sequence <= BURST; sequence++) {
      last = early.next(7, sequence);
    }
    assertThat(new TicketRoll(new DeviceId(0)).next(8, 1).youngerThan(last)).isTrue();
  }

  @Test
  void compare_oneDeviceAtOneInstant_isInOrderOfItsTurns() {
    TicketRoll roll = new TicketRoll(new DeviceId(2));
    List<Ticket> made = new ArrayList<>();
    for (int sequence = 1; sequence <= BURST; sequence++) {
      made.add(roll.next(5, sequence));
    }
    assertThat(made).isSorted();
    assertThat(new TreeSet<>(made)).hasSameSizeAs(made);
  }

  /** The numbers of devices decide nothing: of two, each is the older one as often. */
  @Test
  void compare_manyInstants_ofTwoDevicesEachIsOlderAboutAsOften() {
    int[][] older = new int[DEVICES][DEVICES];
    for (int instant = 0; instant < INSTANTS; instant++) {
      List<Ticket> order = order(instant * FRAME_NANOS, 1);
      for (int one = 0; one < DEVICES; one++) {
        for (int other = one + 1; other < DEVICES; other++) {
          older[order.get(one).device().value()][order.get(other).device().value()]++;
        }
      }
    }
    for (int one = 0; one < DEVICES; one++) {
      for (int other = 0; other < DEVICES; other++) {
        if (one != other) {
          assertThat(older[one][other])
              .as("device %d before device %d", one, other)
              .isBetween(INSTANTS * 45 / 100, INSTANTS * 55 / 100);
        }
      }
    }
  }

  @Test
  void compare_burstsAtOneInstant_takeTurns() {
    List<Ticket> order = order(0, BURST);
    for (int turn = 0; turn < BURST; turn++) {
      assertThat(order.subList(turn * DEVICES, (turn + 1) * DEVICES))
          .extracting(Ticket::device)
          .doesNotHaveDuplicates();
    }
  }

  /** Programs share one device's number, and are told apart by the upper half of the sequence. */
  @Test
  void compare_programsAtManyInstants_eachIsOlderAboutAsOften() {
    int first = 0;
    for (int instant = 0; instant < INSTANTS; instant++) {
      Ticket one = new TicketRoll(DeviceId.CPU).next(instant, 9);
      Ticket other = new TicketRoll(DeviceId.CPU).next(instant, 1L << Integer.SIZE | 1);
      first += other.youngerThan(one) ? 1 : 0;
    }
    assertThat(first).isBetween(INSTANTS * 45 / 100, INSTANTS * 55 / 100);
  }

  @Test
  void youngestAt_anyInstant_isYoungerThanWhatWasSubmittedThen() {
    Ticket youngest = Ticket.youngestAt(9, 0);
    assertThat(order(9, BURST)).allMatch(youngest::youngerThan);
    assertThat(new TicketRoll(new DeviceId(0)).next(10, 1).youngerThan(youngest)).isTrue();
  }

  private static List<Ticket> order(long nanos, int each) {
    List<Ticket> all = new ArrayList<>();
    for (int device = 0; device < DEVICES; device++) {
      TicketRoll roll = new TicketRoll(new DeviceId(device));
      for (int sequence = 1; sequence <= each; sequence++) {
        all.add(roll.next(nanos, sequence));
      }
    }
    Collections.sort(all);
    return all;
  }
}
