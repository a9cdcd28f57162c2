package org.bufferyard.simulator.run;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.stream.Materializer;
import akka.stream.typed.javadsl.ActorSink;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.bufferyard.actors.environment.ModelClock;
import org.bufferyard.actors.environment.Topology;
import org.bufferyard.actors.protocol.ClientId;
import org.bufferyard.actors.protocol.Session;
import org.bufferyard.deviceactors.Device;
import org.bufferyard.simulator.fault.ClientFaults;
import org.bufferyard.simulator.workload.ClientScript;
import org.bufferyard.simulator.workload.Step;
import org.jspecify.annotations.Nullable;

/**
 * Plays one client's script: takes a step from the stream, waits for its time, does it, asks for
 * the next. At most {@link #OUTSTANDING_MAX} jobs are unanswered; then the script waits, and with
 * it whatever it is read from. When the script is over the program verifies what it exported and
 * releases everything.
 */
final class ProgramActor {
  static final int OUTSTANDING_MAX = 64;

  /** How long steps may wait for a buffer of another client once the script is over. */
  private static final long IMPORT_WAIT_NANOS = 2_000_000_000L;

  /**
   * Where a program plays.
   *
   * @param clients by name, with their sessions
   */
  record Stage(
      ModelClock clock,
      Topology topology,
      ClientFaults faults,
      Map<String, ActorRef<Device.Command>> devices,
      Map<String, Client> clients,
      ActorRef<Program.Done> done) {}

  record Client(ClientId id, ActorRef<Session.Command> session) {}

  static Behavior<Program.Command> create(Stage stage, ClientScript script) {
    return Behaviors.setup(context -> new ProgramActor(context, stage, script).serving());
  }

  private final ActorContext<Program.Command> context;
  private final Stage stage;
  private final Client me;
  private final Errands errands;
  private @Nullable ActorRef<Program.Ack> ack;
  private @Nullable Step next;
  private final String name;
  private boolean scriptOver;
  private boolean dead;
  private final List<String> failure = new ArrayList<>();

  private ProgramActor(ActorContext<Program.Command> context, Stage stage, ClientScript script) {
    this.context = context;
    this.stage = stage;
    Client client = stage.clients().get(script.client());
    if (client == null) {
      throw new IllegalArgumentException("no such client, client=" + script.client());
    }
    this.me = client;
    this.name = script.client();
    ActorRef<Session.Reply> sessionReplies =
        context.messageAdapter(Session.Reply.class, Program.FromSession::new);
    ActorRef<Device.Reply> deviceReplies =
        context.messageAdapter(Device.Reply.class, Program.FromDevice::new);
    this.errands = new Errands(stage, me, sessionReplies, deviceReplies);
    me.session().tell(new Session.Listen(sessionReplies));
    open(script);
  }

  private void open(ClientScript script) {
    script
        .steps()
        .runWith(
            ActorSink.actorRefWithBackpressure(
                context.getSelf(),
                (ActorRef<Program.Ack> to, Step step) -> new Program.Play(to, step),
                Program.Begin::new,
                new Program.Ack(),
                new Program.ScriptOver(),
                Program.ScriptFailed::new),
            Materializer.matFromSystem(context.getSystem()));
  }

  private Behavior<Program.Command> serving() {
    return Behaviors.receiveMessage(
        command -> {
          switch (command) {
            case Program.Begin begin -> begin.ack().tell(new Program.Ack());
            case Program.Play play -> onPlay(play);
            case Program.Due due -> playIfDue();
            case Program.FromSession(var reply) -> errands.onSession(reply);
            case Program.FromDevice(var reply) -> errands.onDevice(reply);
            case Program.ScriptOver over -> onScriptOver();
            case Program.ScriptFailed failed -> {
              failure.add(String.valueOf(failed.cause().getMessage()));
              onScriptOver();
            }
            case Program.GiveUpWaiting giveUp -> errands.dropParked();
          }
          askForMore();
          return finishedOrSame();
        });
  }

  private void onPlay(Program.Play play) {
    ack = play.ack();
    next = play.step();
    playIfDue();
  }

  private void playIfDue() {
    Step step = next;
    if (step == null) {
      return;
    }
    long waitNanos = step.atNanos() - stage.clock().nowNanos();
    if (waitNanos > 0) {
      context.scheduleOnce(
          stage.clock().toScheduler(waitNanos), context.getSelf(), new Program.Due());
      return;
    }
    next = null;
    dead = dead || stage.faults().dies(name);
    if (dead) {
      errands.die();
    } else {
      errands.perform(step);
      errands.mischief(step, stage.faults().closesTwice(name));
    }
  }

  /** A slow yard slows the script down. */
  private void askForMore() {
    if (ack != null && next == null && errands.outstanding() < OUTSTANDING_MAX) {
      ack.tell(new Program.Ack());
      ack = null;
    }
  }

  private void onScriptOver() {
    scriptOver = true;
    if (errands.anyParked()) {
      context.scheduleOnce(
          stage.clock().toScheduler(IMPORT_WAIT_NANOS),
          context.getSelf(),
          new Program.GiveUpWaiting());
    }
  }

  private Behavior<Program.Command> finishedOrSame() {
    if (!scriptOver || errands.anyParked()) {
      return Behaviors.same();
    }
    if (!errands.wrapUp()) {
      return Behaviors.same();
    }
    stage.done().tell(errands.report(failure));
    return idle();
  }

  /** Imports may still come; they are given back. */
  private Behavior<Program.Command> idle() {
    return Behaviors.receiveMessage(
        command -> {
          if (command instanceof Program.FromSession(Session.Imported imported)) {
            me.session()
                .tell(
                    new Session.Release(
                        imported.grant().handle(), context.getSystem().ignoreRef()));
          }
          return Behaviors.same();
        });
  }
}
