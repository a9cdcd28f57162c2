package org.bufferyard.actors.lease;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import org.bufferyard.actors.protocol.ClientId;
import org.bufferyard.actors.protocol.RequestKind;
import org.bufferyard.actors.protocol.Session;
import org.bufferyard.allocator.Errno;
import org.bufferyard.allocator.Refusal;

/**
 * Joins what an application asks of a session with the session's answers. Bounded by the session's
 * own open requests, each of which has a deadline.
 */
public final class ClientActor {
  public sealed interface Command {}

  public record Export(BufferSpec spec, Answer<SharedBuffer> answer) implements Command {}

  public record Share(SharedBuffer buffer, ClientRef with, int rights, Answer<SharedBuffer> answer)
      implements Command {}

  /** Answered when nobody is in the buffer any more. */
  public record Revoke(SharedBuffer buffer, Answer<SharedBuffer> answer) implements Command {}

  public record Release(SharedBuffer buffer) implements Command {}

  /** From the session. */
  public record FromSession(Session.Reply reply) implements Command {}

  /**
   * From another client's actor: this client is to have a handle of its own.
   *
   * @param giver the session of the handle shared
   */
  record Expect(
      SharedBuffer buffer, int rights, ActorRef<Session.Command> giver, Answer<SharedBuffer> answer)
      implements Command {}

  /** It does not come. */
  record ExpectNoMore(Expect expected, Refusal why) implements Command {}

  /** The yard is open: this is the client's session. */
  public record Open(ActorRef<Session.Command> session, long epoch) implements Command {}

  /** There is no yard any more: all is refused from now on. */
  public record Closed(Refusal why) implements Command {}

  /** The client has ended: its handles go. */
  public record End() implements Command {}

  /** Most requests that wait for the yard to open. */
  private static final int WAITING_MAX = 4096;

  /** A client's actor, to be told {@link Open}. */
  public static Behavior<Command> create(ClientId client) {
    return Behaviors.withStash(
        WAITING_MAX,
        waiting ->
            Behaviors.receive(
                (context, command) -> {
                  if (command instanceof Open open) {
                    return waiting.unstashAll(new ClientActor(context, client, open).serving());
                  }
                  if (command instanceof Closed(var why)) {
                    return waiting.unstashAll(refusing(why));
                  }
                  waiting.stash(command);
                  return Behaviors.same();
                }));
  }

  private static Behavior<Command> refusing(Refusal why) {
    return Behaviors.receiveMessage(
        command -> {
          switch (command) {
            case Export export -> export.answer().refused(why);
            case Share share -> share.answer().refused(why);
            case Expect expect -> expect.answer().refused(why);
            case Revoke revoke -> revoke.answer().refused(why);
            case Release release -> {}
            case FromSession reply -> {}
            case ExpectNoMore no -> {}
            case Open open -> {}
            case Closed closed -> {}
            case End end -> {}
          }
          return Behaviors.same();
        });
  }

  private final ActorContext<Command> context;
  private final ClientId client;
  private final long epoch;
  private final ActorRef<Session.Command> session;
  private final ActorRef<Session.Reply> fromSession;
  private final LinkedHashMap<Long, Export> exports = new LinkedHashMap<>();
  private final List<Expect> expected = new ArrayList<>();
  private long cookies;

  private ClientActor(ActorContext<Command> context, ClientId client, Open open) {
    this.context = context;
    this.client = client;
    this.epoch = open.epoch();
    this.session = open.session();
    this.fromSession = context.messageAdapter(Session.Reply.class, FromSession::new);
    context.watchWith(session, new Closed(new Refusal(Errno.ENODEV, client + " has ended")));
    session.tell(new Session.Listen(fromSession));
  }

  private Behavior<Command> serving() {
    return Behaviors.receiveMessage(
        command -> {
          if (command instanceof Closed(var why)) {
            exports.values().forEach(export -> export.answer().refused(why));
            expected.forEach(expect -> expect.answer().refused(why));
            return refusing(why);
          }
          handle(command);
          return Behaviors.same();
        });
  }

  private void handle(Command command) {
    switch (command) {
      case Export export -> onExport(export);
      case Share share -> onShare(share);
      case Revoke revoke -> onRevoke(revoke);
      case Release release ->
          session.tell(
              new Session.Release(release.buffer().handle(), context.getSystem().ignoreRef()));
      case FromSession(Session.Exported exported) -> onExported(exported.grant());
      case FromSession(Session.Imported imported) -> onImported(imported.grant());
      case FromSession(Session.Refused refused) -> onRefused(refused);
      case FromSession(var other) -> {}
      case Expect expect -> onExpect(expect);
      case ExpectNoMore no -> {
        expected.remove(no.expected());
        no.expected().answer().refused(no.why());
      }
      case Open open -> throw new IllegalStateException(client + " is open already");
      case Closed closed -> throw new IllegalStateException("closed elsewhere");
      case End end -> session.tell(new Session.End());
    }
  }

  private void onExport(Export export) {
    BufferSpec spec = export.spec();
    long cookie = ++cookies;
    exports.put(cookie, export);
    session.tell(
        new Session.Export(
            new Session.ExportSpec(
                cookie,
                spec.name(),
                spec.sizeBytes(),
                List.of(),
                spec.priority(),
                spec.contiguous()),
            fromSession));
  }

  private void onExported(Session.Grant grant) {
    Export export = exports.remove(grant.cookie());
    if (export != null) {
      export.answer().done(held(grant, export.spec().sizeBytes()));
    }
  }

  private void onRefused(Session.Refused refused) {
    Export export = refused.kind() == RequestKind.EXPORT ? exports.remove(refused.cookie()) : null;
    if (export != null) {
      export.answer().refused(refused.refusal());
    }
  }

  private SharedBuffer held(Session.Grant grant, long sizeBytes) {
    return new SharedBuffer(client, epoch, grant, sizeBytes, context.getSelf());
  }

  /** The receiver asks for it itself, so that it knows before the handle can arrive. */
  private void onShare(Share share) {
    share.with().ref().tell(new Expect(share.buffer(), share.rights(), session, share.answer()));
  }

  private void onExpect(Expect expect) {
    expected.add(expect);
    ActorRef<Command> self = context.getSelf();
    ActorRef<Session.Reply> verdict =
        context.spawnAnonymous(
            Behaviors.receiveMessage(
                reply -> {
                  if (reply instanceof Session.Refused refused) {
                    self.tell(new ExpectNoMore(expect, refused.refusal()));
                  }
                  return Behaviors.stopped();
                }));
    expect
        .giver()
        .tell(
            new Session.Share(expect.buffer().handle(), session, client, expect.rights(), verdict));
  }

  private void onRevoke(Revoke revoke) {
    ActorRef<Session.Reply> verdict =
        context.spawnAnonymous(
            Behaviors.receiveMessage(
                reply -> {
                  if (reply instanceof Session.Refused refused) {
                    revoke.answer().refused(refused.refusal());
                  } else {
                    revoke.answer().done(revoke.buffer());
                  }
                  return Behaviors.stopped();
                }));
    session.tell(new Session.Revoke(revoke.buffer().handle(), verdict));
  }

  private void onImported(Session.Grant grant) {
    for (Expect expect : expected) {
      if (expect.buffer().id().equals(grant.buffer())) {
        expected.remove(expect);
        expect.answer().done(held(grant, expect.buffer().sizeBytes()));
        return;
      }
    }
  }
}
