package org.bufferyard.actors.remote;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Props;
import akka.actor.typed.javadsl.Behaviors;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.bufferyard.actors.extension.EmbedRig;
import org.bufferyard.actors.protocol.Handle;
import org.bufferyard.allocator.DmaDirection;
import org.bufferyard.allocator.Errno;
import org.bufferyard.allocator.Refusal;
import org.bufferyard.allocator.sg.SgTable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** An importer with two gateways whose numbers are the same: each is heard for itself alone. */
class RemoteImporterTest {
  private static final int NUMBER = 1;
  private static final long BYTES = 4096;

  private final EmbedRig rig = new EmbedRig();
  private final List<RemoteImporterActor.Invalidated> heard = new ArrayList<>();
  private final RemoteImporter importer =
      rig.system.inside(() -> rig.yard.remoteImporter("far", listener()));
  private final Far first = new Far(1);
  private final Far second = new Far(2);

  @AfterEach
  void close() {
    rig.close();
  }

  private ActorRef<RemoteImporterActor.Invalidated> listener() {
    return rig.system
        .system()
        .systemActorOf(
            Behaviors.receiveMessage(
                said -> {
                  heard.add(said);
                  return Behaviors.same();
                }),
            "listener",
            Props.empty());
  }

  /** A gateway that the test answers for. */
  private final class Far {
    final List<Wire.Command> asked = new ArrayList<>();
    final ActorRef<Wire.Command> ref;
    final Wire.RemoteBuffer buffer;

    Far(int id) {
      ref =
          rig.system.inside(
              () ->
                  rig.system
                      .system()
                      .systemActorOf(
                          Behaviors.receiveMessage(
                              command -> {
                                asked.add(command);
                                return command instanceof Wire.Detach
                                    ? Behaviors.stopped()
                                    : Behaviors.same();
                              }),
                          "far-" + id,
                          Props.empty()));
      buffer = new Wire.RemoteBuffer(ref, new Handle(id, id), id, BYTES);
    }

    CompletionStage<RemoteAttachment> attach() {
      CompletionStage<RemoteAttachment> attaching = importer.attach(buffer);
      rig.idle();
      return attaching;
    }

    RemoteAttachment attached() {
      CompletionStage<RemoteAttachment> attaching = attach();
      Wire.Attach asked = attachAsked();
      say(asked.importer(), new Wire.Attached(asked.token(), NUMBER, BYTES));
      return rig.get(attaching);
    }

    Wire.Attach attachAsked() {
      return (Wire.Attach) asked.getLast();
    }

    /** Where this gateway may answer. */
    ActorRef<Wire.Event> ear() {
      return ((Wire.Attach) asked.getFirst()).importer();
    }
  }

  private void say(ActorRef<Wire.Event> ear, Wire.Event event) {
    ear.tell(event);
    rig.idle();
  }

  @Test
  void invalidate_ofOneGateway_isNotTakenForTheOthers() {
    assertThat(first.attached().number()).isEqualTo(second.attached().number());
    say(second.ear(), new Wire.Invalidate(NUMBER, 5));
    assertThat(heard).containsExactly(new RemoteImporterActor.Invalidated(second.buffer, 5));
    say(first.ear(), new Wire.Invalidate(NUMBER, 6));
    say(first.ear(), new Wire.Invalidate(NUMBER + 1, 7));
    assertThat(heard).last().isEqualTo(new RemoteImporterActor.Invalidated(first.buffer, 6));
  }

  @Test
  void answer_byAGatewayThatWasNotAsked_isNotTaken() {
    second.attached();
    CompletionStage<RemoteAttachment> attaching = first.attach();
    long token = first.attachAsked().token();
    say(second.ear(), new Wire.Attached(token, 9, BYTES));
    say(second.ear(), new Wire.Refused(token, new Refusal(Errno.EBADF, "no")));
    assertThat(attaching.toCompletableFuture()).isNotDone();
    say(first.ear(), new Wire.Attached(token, NUMBER, BYTES));
    assertThat(rig.get(attaching).number()).isEqualTo(NUMBER);
  }

  @Test
  void mapping_whoseAnswersAnotherGatewayForges_takesNoneOfThem() {
    RemoteAttachment attachment = first.attached();
    second.attached();
    CompletionStage<RemoteMapping> mapping = attachment.map(DmaDirection.TO_DEVICE);
    rig.idle();
    Wire.Map map = (Wire.Map) first.asked.getLast();
    SgTable table = SgTable.ofColumns(new long[] {0}, new int[] {(int) BYTES});
    say(second.ear(), new Wire.Mapped(map.token(), 3, 8, table));
    say(second.ear(), new Wire.Refused(map.token(), new Refusal(Errno.EIO, "forged")));
    assertThat(first.asked.getLast()).isSameAs(map);
    say(map.importer(), new Wire.Mapped(map.token(), 3, 8, table));
    assertThat(first.asked.getLast()).isInstanceOf(Wire.Fetch.class);
    assertThat(mapping.toCompletableFuture()).isNotDone();
  }

  /** Its process died: what it was asked is refused, the other's goes on. */
  @Test
  void gateway_thatIsGone_takesItsOwnAlong() {
    RemoteAttachment attachment = first.attached();
    RemoteAttachment other = second.attached();
    CompletionStage<RemoteMapping> mine = attachment.map(DmaDirection.TO_DEVICE);
    CompletionStage<RemoteMapping> others = other.map(DmaDirection.TO_DEVICE);
    first.attached().detach();
    rig.idle();
    assertThat(rig.refusal(mine).errno()).isEqualTo(Errno.ENODEV);
    assertThat(rig.refusal(attachment.map(DmaDirection.TO_DEVICE)).errno()).isEqualTo(Errno.ENOENT);
    assertThat(others.toCompletableFuture()).isNotDone();
  }
}
