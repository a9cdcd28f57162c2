package org.bufferyard.simulator.history;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.typed.ActorRef;
import akka.actor.typed.javadsl.Behaviors;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.bufferyard.actors.protocol.Buffer;
import org.bufferyard.actors.protocol.BufferId;
import org.bufferyard.actors.protocol.BusPath;
import org.bufferyard.actors.protocol.ClientId;
import org.bufferyard.actors.protocol.DeviceId;
import org.bufferyard.actors.protocol.Handle;
import org.bufferyard.actors.protocol.Header;
import org.bufferyard.actors.protocol.Importer;
import org.bufferyard.actors.protocol.MappingKind;
import org.bufferyard.actors.protocol.Ticket;
import org.bufferyard.allocator.DmaConstraints;
import org.bufferyard.allocator.DmaDirection;
import org.bufferyard.allocator.Errno;
import org.bufferyard.allocator.Refusal;
import org.bufferyard.allocator.placement.DeviceDemand;
import org.bufferyard.testkit.DeterministicSystem;
import org.bufferyard.testkit.NamedRandom;
import org.bufferyard.testkit.Settings;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Histories written by hand, and large ones with an order known to be there or not. */
class LinearizationTest {
  private static final BufferId ID = new BufferId(0);
  private static final ClientId CLIENT = new ClientId(0);
  private static final Handle HANDLE = new Handle(1, 2);
  private static final int ATTACHMENT = 1;

  private final DeterministicSystem<Importer.Event> system =
      DeterministicSystem.create(Behaviors.ignore(), "histories", Settings.seed(1));
  private final ActorRef<Importer.Event> device = system.system();
  private final List<Operation> history = new ArrayList<>();
  private long requests;

  @AfterEach
  void close() {
    system.close();
  }

  private Header header() {
    return new Header(++requests, CLIENT, 1, HANDLE);
  }

  private void operation(Buffer.Request request, Importer.Event reply, long from, long to) {
    Operation operation = new Operation("device", request, from, from);
    operation.reply = reply;
    operation.sent = to;
    operation.answered = to;
    history.add(operation);
  }

  private void attached(long from, long to) {
    attached(ATTACHMENT, from, to);
  }

  private void attached(int attachment, long from, long to) {
    DeviceDemand demand = DeviceDemand.iommu("gpu", DmaConstraints.UNLIMITED);
    operation(
        new Buffer.Attach(header(), new DeviceId(0), demand, true, new BusPath.Direct(), device),
        new Importer.Attached(requests, ID, attachment, MappingKind.SCATTERLIST),
        from,
        to);
  }

  private void pinned(long from, long to) {
    operation(
        new Buffer.Pin(header(), ATTACHMENT, device), new Importer.Pinned(requests, ID), from, to);
  }

  private void unpinned(long from, long to) {
    operation(
        new Buffer.Unpin(header(), ATTACHMENT, device),
        new Importer.Unpinned(requests, ID),
        from,
        to);
  }

  private void unpinRefused(long from, long to) {
    operation(
        new Buffer.Unpin(header(), ATTACHMENT, device),
        new Importer.Refused(requests, ID, new Refusal(Errno.EINVAL, "holds no pin")),
        from,
        to);
  }

  private Linearization.Verdict verdict() {
    return verdict(Linearization.STEPS_MAX);
  }

  private Linearization.Verdict verdict(int stepsMax) {
    return new Linearization(history, stepsMax)
        .search(ReferenceBuffer.declared(false, HANDLE, CLIENT));
  }

  @Test
  void search_oneAfterTheOther_explained() {
    attached(1, 2);
    pinned(3, 4);
    unpinned(5, 6);
    unpinRefused(7, 8);
    assertThat(verdict()).isEqualTo(Linearization.Verdict.EXPLAINED);
  }

  @Test
  void search_refusedWhileHeld_impossible() {
    attached(1, 2);
    pinned(3, 4);
    unpinRefused(5, 6);
    unpinned(7, 8);
    Linearization search = new Linearization(history);
    assertThat(search.search(ReferenceBuffer.declared(false, HANDLE, CLIENT)))
        .isEqualTo(Linearization.Verdict.IMPOSSIBLE);
    assertThat(search.explanation()).contains("Unpin").contains("Refused").contains("pins=1");
  }

  /** Answered in another order than they took effect in: the order tried first does not do. */
  @Test
  void search_answersCrossed_explained() {
    attached(1, 2);
    unpinned(3, 8);
    pinned(4, 9);
    assertThat(verdict()).isEqualTo(Linearization.Verdict.EXPLAINED);
  }

  /** The same answers, but the one was seen before the other was asked for. */
  @Test
  void search_answersInRealTime_impossible() {
    attached(1, 2);
    unpinned(3, 4);
    pinned(5, 6);
    assertThat(verdict()).isEqualTo(Linearization.Verdict.IMPOSSIBLE);
  }

  @Test
  void search_withoutAnswer_mayHaveHappenedOrNot() {
    attached(1, 2);
    Operation pending = new Operation("device", new Buffer.Pin(header(), 1, device), 3, 3);
    history.add(pending);
    unpinned(4, 5);
    assertThat(verdict()).isEqualTo(Linearization.Verdict.EXPLAINED);
    history.removeLast();
    unpinRefused(4, 5);
    assertThat(verdict()).isEqualTo(Linearization.Verdict.EXPLAINED);
  }

  @Test
  void search_boundHit_saysThatItDoesNotKnow() {
    attached(1, 2);
    for (int i = 0; i < 4; i++) {
      pinned(3, 100 + i);
      unpinned(3, 200 + i);
    }
    unpinRefused(3, 90);
    unpinned(3, 300);
    assertThat(verdict(20)).isEqualTo(Linearization.Verdict.UNKNOWN);
    assertThat(verdict()).isEqualTo(Linearization.Verdict.IMPOSSIBLE);
  }

  /**
   * Twelve devices attach at once, and one thing fits no order of them: which came first makes no
   * difference to the buffer, so it is 4,096 sets of them that are tried and not their orders.
   */
  @Test
  void search_manyAtOnceAndOneLie_decidedWithoutTryingTheirOrders() {
    int devices = 12;
    for (int device = 1; device <= devices; device++) {
      attached(device, 1, 100 + device);
    }
    unpinned(2, 99);
    assertThat(verdict()).isEqualTo(Linearization.Verdict.IMPOSSIBLE);
  }

  /** Requests that nobody answered and that change nothing are not tried with and without. */
  @Test
  void search_manyWithoutAnswer_decidedWithoutThem() {
    attached(1, 2);
    for (int each = 0; each < 40; each++) {
      history.add(
          new Operation(
              "device",
              new Buffer.Map(header(), ATTACHMENT, DmaDirection.TO_DEVICE, Ticket.OLDEST, device),
              3,
              3));
    }
    unpinned(4, 5);
    assertThat(verdict(1_000)).isEqualTo(Linearization.Verdict.IMPOSSIBLE);
  }

  /** Eight clients at once; the answers come in any order within a window. */
  @Test
  void search_manyConcurrent_explained_andOneLieFound() {
    attached(1, 2);
    RandomGenerator random = NamedRandom.stream(7, "history");
    long at = 10;
    int pins = 0;
    for (int i = 0; i < 2_000; i++) {
      long from = at++ - random.nextInt(8);
      if (pins > 0 && random.nextBoolean()) {
        pins--;
        unpinned(from, at + random.nextInt(8));
      } else {
        pins++;
        pinned(from, at + random.nextInt(8));
      }
    }
    assertThat(verdict()).isEqualTo(Linearization.Verdict.EXPLAINED);
    for (int i = 0; i <= pins; i++) {
      unpinned(at + 20, at + 21 + i);
    }
    assertThat(verdict()).isNotEqualTo(Linearization.Verdict.EXPLAINED);
  }
}
