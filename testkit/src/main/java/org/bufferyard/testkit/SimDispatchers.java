package org.bufferyard.testkit;

import akka.actor.ActorCell;
import akka.actor.Cell;
import akka.dispatch.Dispatcher;
import akka.dispatch.DispatcherPrerequisites;
import akka.dispatch.Envelope;
import akka.dispatch.Mailbox;
import akka.dispatch.MailboxType;
import akka.dispatch.MessageDispatcher;
import akka.dispatch.MessageDispatcherConfigurator;
import akka.dispatch.sysmsg.Failed;
import akka.dispatch.sysmsg.SystemMessage;
import com.typesafe.config.Config;
import scala.concurrent.duration.Duration;
import scala.concurrent.duration.FiniteDuration;

/**
 * Makes the dispatchers of a deterministic system. Made by Akka from its configuration ({@code
 * akka.actor.default-dispatcher.type} and the like).
 */
final class SimDispatchers extends MessageDispatcherConfigurator {
  private final MessageDispatcher dispatcher;

  SimDispatchers(Config config, DispatcherPrerequisites prerequisites) {
    super(config, prerequisites);
    StepLoop loop = SimRegistry.find(prerequisites.settings().config());
    this.dispatcher =
        new SimDispatcher(this, config.getString("id"), loop, config.getBoolean("inline"));
  }

  @Override
  public MessageDispatcher dispatcher() {
    return dispatcher;
  }

  /** Akka's own dispatcher with a throughput of one message, whose executor is the step loop. */
  private static final class SimDispatcher extends Dispatcher {
    private static final int MESSAGES_PER_STEP = 1;
    private static final FiniteDuration SHUTDOWN_AFTER = Duration.create(1, "second");

    private final StepLoop loop;
    private final boolean inline;

    SimDispatcher(SimDispatchers configurator, String id, StepLoop loop, boolean inline) {
      super(
          configurator,
          id,
          MESSAGES_PER_STEP,
          Duration.Zero(),
          (name, threads) -> () -> new SimExecutor(inline ? Runnable::run : loop::ready),
          SHUTDOWN_AFTER);
      this.loop = loop;
      this.inline = inline;
    }

    @Override
    public void dispatch(ActorCell receiver, Envelope envelope) {
      if (!inline) {
        carry(receiver, envelope);
      } else if (!loop.refusesThread("an event")) {
        super.dispatch(receiver, envelope);
      } // throwing would publish the exception as the next event
    }

    @SuppressWarnings("ReferenceEquality") // the very message, carried as it is
    private void carry(ActorCell receiver, Envelope envelope) {
      Object sent = Adapted.inner(envelope.message());
      Object carried = loop.sending(receiver, sent);
      if (carried == sent) {
        super.dispatch(receiver, envelope);
      } else if (carried instanceof Courier.Several(var messages)) {
        messages.forEach(each -> super.dispatch(receiver, Adapted.with(envelope, each)));
      } else if (carried != null) {
        super.dispatch(receiver, Adapted.with(envelope, carried));
      }
    }

    /** Akka's own actors may insist on a queue of some class, so theirs stay as they are. */
    @Override
    public Mailbox createMailbox(Cell actor, MailboxType type) {
      if (inline || loop.unobserved() || !Identity.isUsers(actor.self().path())) {
        return super.createMailbox(actor, type);
      }
      return super.createMailbox(
          actor, (owner, system) -> new WatchedQueue(type.create(owner, system), actor, loop));
    }

    @Override
    public void systemDispatch(ActorCell receiver, SystemMessage message) {
      loop.checkThread("a system message");
      if (message instanceof Failed failed) {
        loop.actorFailed(failed.child().path(), failed.cause());
      }
      super.systemDispatch(receiver, message);
    }
  }
}
