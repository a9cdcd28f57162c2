package org.bufferyard.actors.session;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.bufferyard.actors.environment.Environment;
import org.bufferyard.actors.environment.Faults;
import org.bufferyard.actors.environment.ModelClock;
import org.bufferyard.actors.environment.Topology;
import org.bufferyard.actors.environment.YardSettings;
import org.bufferyard.actors.memory.PhysicalMemory;
import org.bufferyard.actors.protocol.Buffer;
import org.bufferyard.actors.protocol.BufferId;
import org.bufferyard.actors.protocol.ClientId;
import org.bufferyard.actors.protocol.Handle;
import org.bufferyard.actors.protocol.Rights;
import org.bufferyard.actors.protocol.Session;
import org.bufferyard.testkit.DeterministicSystem;
import org.bufferyard.testkit.NamedRandom;
import org.bufferyard.testkit.Settings;
import org.junit.jupiter.api.Test;

/** What a client hears of buffers that others share with it, whenever it begins to listen. */
class SessionListenTest {
  private static final ClientId CLIENT = new ClientId(4);

  private final List<Session.Reply> heard = new ArrayList<>();

  private static Environment environment(ActorContext<?> context) {
    return new Environment(
        ModelClock.scaled(() -> 0, 1),
        name -> NamedRandom.stream(1, name),
        Faults.NONE,
        new Topology(
            List.of(new Topology.RegionPlace("VRAM", 0, 16, Topology.NONE, false)), List.of()),
        YardSettings.defaults(),
        new PhysicalMemory(PhysicalMemory.Kind.TAGS),
        context.getSystem().ignoreRef());
  }

  private static Session.Grant grant(long number, ActorRef<Buffer.Command> buffer) {
    return new Session.Grant(
        number, new BufferId(number), new Handle(number, number), Rights.MAP, 1, buffer);
  }

  /** Of buffers 1 to 3. */
  private static List<Session.Grant> grants(ActorContext<?> context) {
    return LongStream.rangeClosed(1, 3)
        .mapToObj(
            id -> grant(id, context.spawn(Behaviors.<Buffer.Command>ignore(), "buffer-" + id)))
        .toList();
  }

  private Behavior<Session.Reply> ear() {
    return Behaviors.receiveMessage(
        reply -> {
          heard.add(reply);
          return Behaviors.same();
        });
  }

  private List<Long> cookies() {
    return heard.stream().map(reply -> ((Session.Imported) reply).grant().cookie()).toList();
  }

  private void play(Script script) {
    Behavior<Void> guardian =
        Behaviors.setup(
            context -> {
              ActorRef<Session.Command> session =
                  context.spawn(
                      SessionActor.create(
                          environment(context),
                          CLIENT,
                          1,
                          List.of(context.getSystem().ignoreRef())),
                      "session");
              script.play(session, context.spawn(ear(), "ear"), grants(context));
              return Behaviors.empty();
            });
    try (var system = DeterministicSystem.create(guardian, "rig", Settings.seed(1))) {
      system.runFor(Duration.ofMillis(1));
    }
  }

  private interface Script {
    void play(
        ActorRef<Session.Command> session,
        ActorRef<Session.Reply> ear,
        List<Session.Grant> buffers);
  }

  @Test
  void offer_whileListening_isHeardOnce() {
    play(
        (session, ear, buffers) -> {
          session.tell(new Session.Listen(ear));
          session.tell(new Session.Offered(buffers.get(0)));
        });
    assertThat(cookies()).containsExactly(1L);
  }

  @Test
  void listen_afterOffers_hearsOfThemInTheirOrderOnce() {
    play(
        (session, ear, buffers) -> {
          session.tell(new Session.Offered(buffers.get(1)));
          session.tell(new Session.Offered(buffers.get(0)));
          session.tell(new Session.Listen(ear));
          session.tell(new Session.Offered(buffers.get(2)));
          session.tell(new Session.Listen(ear));
        });
    assertThat(cookies()).containsExactly(2L, 1L, 3L);
  }

  @Test
  void listen_afterAnOfferedBufferHasDied_doesNotHearOfIt() {
    play(
        (session, ear, buffers) -> {
          session.tell(new Session.Offered(buffers.get(0)));
          session.tell(new Session.Offered(buffers.get(1)));
          session.tell(new Session.BufferGone(new BufferId(1)));
          session.tell(new Session.Listen(ear));
        });
    assertThat(cookies()).containsExactly(2L);
  }
}
