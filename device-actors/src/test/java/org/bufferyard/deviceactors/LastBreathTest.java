package org.bufferyard.deviceactors;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.typed.ActorRef;
import akka.actor.typed.javadsl.Behaviors;
import java.util.ArrayList;
import java.util.List;
import org.bufferyard.actors.environment.Faults;
import org.bufferyard.actors.environment.YardSettings;
import org.bufferyard.actors.protocol.ClientId;
import org.bufferyard.actors.protocol.Rights;
import org.bufferyard.actors.protocol.Session;
import org.bufferyard.actors.protocol.Slab;
import org.bufferyard.actors.session.SessionActor;
import org.bufferyard.deviceactors.YardRig.Member;
import org.bufferyard.deviceactors.catalog.CatalogKind;
import org.bufferyard.testkit.junit.Seeded;
import org.bufferyard.testkit.junit.SeededRun;

/** A session that ends while something is on its way to it: no handle stays behind. */
class LastBreathTest {
  private static final int SEEDS = 30;

  private static YardRig rig(long seed) {
    return new YardRig(
        seed, Faults.NONE, YardSettings.defaults(), Member.of(CatalogKind.IMPORTER, "importer"));
  }

  private static ActorRef<Session.Command> session(YardRig rig, int client) {
    return rig.spawn(
        SessionActor.create(rig.yard().environment(), new ClientId(client), 1, rig.yard().slabs()));
  }

  private static Session.ExportSpec spec() {
    return new Session.ExportSpec(1, "b", 16_384, List.of(), 0, false);
  }

  private static int alive(YardRig rig) {
    List<Slab.Books> books = new ArrayList<>();
    ActorRef<Slab.Books> to =
        rig.spawn(
            Behaviors.receiveMessage(
                each -> {
                  books.add(each);
                  return Behaviors.same();
                }));
    rig.yard().slabs().forEach(slab -> slab.tell(new Slab.CloseBooks(to)));
    rig.run(10);
    assertThat(books).hasSameSizeAs(rig.yard().slabs());
    return books.stream().mapToInt(Slab.Books::alive).sum();
  }

  /** Shares the buffer as soon as it is there, and releases its own handle. */
  private static ActorRef<Session.Reply> sharer(
      YardRig rig, ActorRef<Session.Command> from, ActorRef<Session.Command> with, int client) {
    return rig.spawn(
        Behaviors.receive(
            (context, reply) -> {
              if (reply instanceof Session.Exported(Session.Grant grant)) {
                from.tell(
                    new Session.Share(
                        grant.handle(), with, new ClientId(client), Rights.MAP, context.getSelf()));
              } else if (reply instanceof Session.Shared(var handle, var to)) {
                from.tell(new Session.Release(handle, context.getSelf()));
              }
              return Behaviors.same();
            }));
  }

  @Seeded(runs = SEEDS)
  void share_withASessionThatEnds_leavesNoBuffer(SeededRun run) {
    try (YardRig rig = rig(run.seed())) {
      ActorRef<Session.Command> giver = session(rig, 7);
      ActorRef<Session.Command> taker = session(rig, 8);
      giver.tell(new Session.Export(spec(), sharer(rig, giver, taker, 8)));
      taker.tell(new Session.End());
      rig.run(1_000);
      assertThat(alive(rig)).isZero();
    }
  }

  @Seeded(runs = SEEDS)
  void end_withAnExportUnderWay_leavesNoBuffer(SeededRun run) {
    try (YardRig rig = rig(run.seed())) {
      ActorRef<Session.Command> session = session(rig, 7);
      session.tell(new Session.Export(spec(), rig.client()));
      session.tell(new Session.End());
      rig.run(1_000);
      assertThat(alive(rig)).isZero();
    }
  }

  /** Both ends go at once, with a share between them. */
  @Seeded(runs = SEEDS)
  void end_ofBothWithAShareUnderWay_leavesNoBuffer(SeededRun run) {
    try (YardRig rig = rig(run.seed())) {
      ActorRef<Session.Command> giver = session(rig, 7);
      ActorRef<Session.Command> taker = session(rig, 8);
      giver.tell(new Session.Export(spec(), sharer(rig, giver, taker, 8)));
      rig.run(1);
      giver.tell(new Session.End());
      taker.tell(new Session.End());
      rig.run(1_000);
      assertThat(alive(rig)).isZero();
    }
  }

  /** A message that no session can make sense of: it fails at it, and stops. */
  @SuppressWarnings("NullAway") // so that it crashes
  private static void crash(YardRig rig, ActorRef<Session.Command> session) {
    session.tell(new Session.Export(null, rig.client()));
  }

  /** Whoever made the buffer is not there any more to be told of it. */
  @Seeded(runs = SEEDS)
  void crash_withAnExportUnderWay_leavesNoBuffer(SeededRun run) {
    try (YardRig rig = rig(run.seed())) {
      ActorRef<Session.Command> session = session(rig, 7);
      session.tell(new Session.Export(spec(), rig.client()));
      crash(rig, session);
      rig.run(1_000);
      assertThat(alive(rig)).isZero();
    }
  }

  /** Others in the same slabs keep theirs. */
  @Seeded(runs = SEEDS)
  void crash_withAnExportUnderWay_leavesTheBuffersOfOthers(SeededRun run) {
    try (YardRig rig = rig(run.seed())) {
      ActorRef<Session.Command> other = session(rig, 8);
      for (int each = 0; each < rig.yard().slabs().size(); each++) {
        other.tell(new Session.Export(spec(), rig.client()));
      }
      ActorRef<Session.Command> session = session(rig, 7);
      session.tell(new Session.Export(spec(), rig.client()));
      crash(rig, session);
      rig.run(1_000);
      assertThat(alive(rig)).isEqualTo(rig.yard().slabs().size());
    }
  }

  /** The giver fails at any moment of a share: the taker has the buffer, or nobody has. */
  @Seeded(runs = SEEDS)
  void crash_withAShareUnderWay_leavesNoBufferThatNobodyKnowsOf(SeededRun run) {
    try (YardRig rig = rig(run.seed())) {
      ActorRef<Session.Command> giver = session(rig, 7);
      ActorRef<Session.Command> taker = session(rig, 8);
      List<Session.Reply> taken = new ArrayList<>();
      taker.tell(
          new Session.Listen(
              rig.spawn(
                  Behaviors.receiveMessage(
                      reply -> {
                        taken.add(reply);
                        return Behaviors.same();
                      }))));
      giver.tell(
          new Session.Export(
              spec(),
              rig.spawn(
                  Behaviors.receive(
                      (context, reply) -> {
                        if (reply instanceof Session.Exported(Session.Grant grant)) {
                          giver.tell(
                              new Session.Share(
                                  grant.handle(),
                                  taker,
                                  new ClientId(8),
                                  Rights.MAP,
                                  context.getSelf()));
                          crash(rig, giver);
                        }
                        return Behaviors.same();
                      }))));
      rig.run(1_000);
      assertThat(alive(rig)).isEqualTo(taken.size());
    }
  }
}
