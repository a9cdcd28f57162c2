package org.bufferyard.actors.session;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.random.RandomGenerator;
import org.bufferyard.actors.environment.Environment;
import org.bufferyard.actors.protocol.Buffer;
import org.bufferyard.actors.protocol.ClientId;
import org.bufferyard.actors.protocol.Handle;
import org.bufferyard.actors.protocol.Header;
import org.bufferyard.actors.protocol.RequestKind;
import org.bufferyard.actors.protocol.Reservation;
import org.bufferyard.actors.protocol.Rights;
import org.bufferyard.actors.protocol.Session;
import org.bufferyard.actors.protocol.Slab;
import org.bufferyard.actors.protocol.Tally;
import org.bufferyard.actors.session.OpenRequests.Open;
import org.bufferyard.allocator.Errno;
import org.bufferyard.allocator.Pages;
import org.bufferyard.allocator.Refusal;
import org.jspecify.annotations.Nullable;

/**
 * One client of the yard: owns its handles, its request tokens and their deadlines. Every request
 * is answered exactly once, also when the buffer it was sent to has died. Bounded by what the
 * client's program leaves unanswered.
 */
public final class SessionActor {
  /** In a refusal that concerns no buffer the client holds. */
  private static final long NO_COOKIE = -1;

  public static Behavior<Session.Command> create(
      Environment environment, ClientId client, long epoch, List<ActorRef<Slab.Command>> slabs) {
    return Behaviors.setup(
        context -> new SessionActor(context, environment, client, epoch, slabs).serving());
  }

  private final ActorContext<Session.Command> context;
  private final Environment environment;
  private final ClientId client;
  private final long epoch;
  private final List<ActorRef<Slab.Command>> slabs;
  private final RandomGenerator tokens;
  private final ActorRef<Buffer.SessionReply> fromBuffer;
  private final ActorRef<Buffer.CpuReply> fromCpu;
  private final Grants grants;
  private final OpenRequests open = new OpenRequests();
  private final Deadlines deadlines;
  private final CpuAccesses cpu;

  /** Of exports under way: the handle that the buffer was made with. */
  private final LinkedHashMap<Long, Handle> firstHandles = new LinkedHashMap<>();

  /** Of CPU accesses under way: the pages compared. */
  private final LinkedHashMap<Long, Long> verified = new LinkedHashMap<>();

  private final Tally tally = new Tally();

  /** The client is gone: the session stops when all has been answered. */
  private boolean ending;

  private long requestIds;
  private int nextSlab;

  private SessionActor(
      ActorContext<Session.Command> context,
      Environment environment,
      ClientId client,
      long epoch,
      List<ActorRef<Slab.Command>> slabs) {
    this.context = context;
    this.environment = environment;
    this.client = client;
    this.epoch = epoch;
    this.slabs = slabs;
    this.tokens = environment.randomness().stream("handles-" + client.value());
    this.grants = new Grants(context);
    this.deadlines = new Deadlines(context, environment, client, open);
    this.cpu = new CpuAccesses(environment);
    this.fromBuffer = context.messageAdapter(Buffer.SessionReply.class, Session.FromBuffer::new);
    this.fromCpu = context.messageAdapter(Buffer.CpuReply.class, Session.FromCpu::new);
    this.nextSlab = client.value() % slabs.size();
  }

  private Behavior<Session.Command> serving() {
    return Behaviors.receiveMessage(
        command -> {
          tally.handled();
          switch (command) {
            case Session.Export export -> onExport(export);
            case Session.Share share -> onShare(share);
            case Session.CpuAccess access -> onCpuAccess(access);
            case Session.Release release -> onRelease(release);
            case Session.Offered offered -> grants.offered(offered.grant());
            case Session.Listen listen -> grants.listen(listen.listener());
            case Session.Created created -> onCreated(created);
            case Session.FromBuffer(var reply) -> onBufferReply(reply);
            case Session.FromCpu(var reply) -> onCpuReply(reply);
            case Session.HoldOver over -> onHoldOver(over.bracket());
            case Session.Sweep sweep -> deadlines.sweep();
            case Session.BufferGone gone -> onBufferGone(gone);
            case Session.End end -> onEnd();
            case Session.CloseBooks close ->
                close
                    .replyTo()
                    .tell(new Session.Books(client, tally.counts(), grants.size(), open.size()));
          }
          return ending && open.isEmpty() ? Behaviors.stopped() : Behaviors.same();
        });
  }

  /** All its tokens, places and handles go; what it has asked for is answered as usual. */
  private void onEnd() {
    ending = true;
    for (Session.Grant grant : grants.all()) {
      grant.ref().tell(new Buffer.ToReservation(new Reservation.ClientGone(client)));
      onRelease(new Session.Release(grant.handle(), context.getSystem().ignoreRef()));
    }
  }

  private void onExport(Session.Export export) {
    tally.requested(RequestKind.EXPORT);
    Session.ExportSpec spec = export.spec();
    if (ending) {
      tally.refused(RequestKind.EXPORT, Errno.ENODEV);
      Refusal ended = new Refusal(Errno.ENODEV, client + " has ended");
      export.replyTo().tell(new Session.Refused(spec.cookie(), RequestKind.EXPORT, ended));
      return;
    }
    Refusal refusal = ExportCheck.refusal(spec, environment.topology());
    if (refusal != null) {
      tally.refused(RequestKind.EXPORT, refusal.errno());
      export.replyTo().tell(new Session.Refused(spec.cookie(), RequestKind.EXPORT, refusal));
      return;
    }
    Handle first = newHandle();
    long id = opened(RequestKind.EXPORT, null, export, export.replyTo());
    slabs
        .get(nextSlab)
        .tell(
            new Slab.Create(id, client, epoch, first, spec, regionNames(spec), context.getSelf()));
    nextSlab = (nextSlab + 1) % slabs.size();
    firstHandles.put(id, first);
  }

  private List<String> regionNames(Session.ExportSpec spec) {
    return spec.preferred().stream()
        .map(region -> environment.topology().region(region).name())
        .toList();
  }

  private void onCreated(Session.Created created) {
    Open request = open.answered(created.requestId());
    Handle handle = firstHandles.remove(created.requestId());
    if (request == null || handle == null || !(request.asked() instanceof Session.Export export)) {
      return;
    }
    tally.answered(RequestKind.EXPORT);
    Session.Grant grant =
        new Session.Grant(
            export.spec().cookie(),
            created.buffer(),
            handle,
            Rights.ALL,
            Pages.ofBytes(export.spec().sizeBytes()),
            created.ref());
    grants.enter(grant);
    request.replyTo().tell(new Session.Exported(grant));
  }

  private void onShare(Session.Share share) {
    Session.Grant grant = known(share.handle(), RequestKind.SHARE, share.replyTo());
    if (grant != null) {
      long id = opened(RequestKind.SHARE, grant, share, share.replyTo());
      grant
          .ref()
          .tell(
              new Buffer.Share(
                  header(id, grant), newHandle(), share.to(), share.rights(), fromBuffer));
    }
  }

  private void onCpuAccess(Session.CpuAccess access) {
    Session.Grant grant = known(access.handle(), RequestKind.CPU_ACCESS, access.replyTo());
    if (grant != null) {
      long id = opened(RequestKind.CPU_ACCESS, grant, access, access.replyTo());
      grant
          .ref()
          .tell(
              new Buffer.BeginCpu(
                  header(id, grant),
                  access.direction(),
                  access.firstPage(),
                  access.pages(),
                  fromCpu));
    }
  }

  private void onRelease(Session.Release release) {
    Session.Grant grant = known(release.handle(), RequestKind.RELEASE, release.replyTo());
    if (grant != null) {
      long id = opened(RequestKind.RELEASE, grant, release, release.replyTo());
      grants.remove(grant);
      grant.ref().tell(new Buffer.Release(header(id, grant), fromBuffer));
    }
  }

  private void onBufferReply(Buffer.SessionReply reply) {
    switch (reply) {
      case Buffer.Shared shared -> onShared(shared);
      case Buffer.Released released -> {
        Open request = answered(released.requestId());
        if (request != null && request.grant() != null) {
          request.replyTo().tell(new Session.Released(request.grant().handle()));
        }
      }
      case Buffer.SessionRefused refused -> refused(refused.requestId(), refused.refusal());
    }
  }

  private void onShared(Buffer.Shared shared) {
    Open request = answered(shared.requestId());
    if (request != null
        && request.grant() != null
        && request.asked() instanceof Session.Share share) {
      Session.Grant mine = request.grant();
      share
          .with()
          .tell(
              new Session.Offered(
                  new Session.Grant(
                      mine.cookie(),
                      mine.buffer(),
                      shared.given(),
                      share.rights(),
                      mine.sizePages(),
                      mine.ref())));
      request.replyTo().tell(new Session.Shared(mine.handle(), shared.to()));
    }
  }

  private void onCpuReply(Buffer.CpuReply reply) {
    switch (reply) {
      case Buffer.CpuOpened opened -> onCpuOpened(opened);
      case Buffer.CpuClosed closed -> onCpuClosed(closed);
      case Buffer.CpuRefused refused -> refused(refused.requestId(), refused.refusal());
    }
  }

  private void onCpuOpened(Buffer.CpuOpened opened) {
    Open request = open.get(opened.requestId());
    if (request != null && request.asked() instanceof Session.CpuAccess access) {
      verified.put(opened.requestId(), cpu.opened(opened, access));
      context.scheduleOnce(
          environment.clock().toScheduler(Math.max(1, access.holdNanos())),
          context.getSelf(),
          new Session.HoldOver(opened.requestId()));
    }
  }

  /** The end of a bracket has the request id of its beginning: they are one access. */
  private void onHoldOver(long bracket) {
    Open request = open.get(bracket);
    if (request != null && request.grant() != null && cpu.closing(bracket) != null) {
      request
          .grant()
          .ref()
          .tell(new Buffer.EndCpu(header(bracket, request.grant()), bracket, true, fromCpu));
    }
  }

  private void onCpuClosed(Buffer.CpuClosed closed) {
    Open request = answered(closed.requestId());
    Long pages = verified.remove(closed.requestId());
    if (request != null && request.grant() != null) {
      request
          .replyTo()
          .tell(new Session.CpuDone(request.grant().handle(), pages == null ? 0 : pages));
    }
  }

  private void refused(long requestId, Refusal refusal) {
    Open request = open.answered(requestId);
    if (request != null) {
      tally.refused(request.kind(), refusal.errno());
      long cookie = request.grant() == null ? NO_COOKIE : request.grant().cookie();
      request.replyTo().tell(new Session.Refused(cookie, request.kind(), refusal));
    }
  }

  private @Nullable Open answered(long requestId) {
    Open request = open.answered(requestId);
    if (request != null) {
      tally.answered(request.kind());
    }
    return request;
  }

  /** A handle this client holds; otherwise the request ends here. */
  private Session.@Nullable Grant known(
      Handle handle, RequestKind kind, ActorRef<Session.Reply> replyTo) {
    tally.requested(kind);
    Session.Grant grant = grants.get(handle);
    if (grant == null) {
      tally.refused(kind, Errno.EBADF);
      replyTo.tell(
          new Session.Refused(
              NO_COOKIE, kind, new Refusal(Errno.EBADF, client + " does not hold " + handle)));
    }
    return grant;
  }

  private long opened(
      RequestKind kind,
      Session.@Nullable Grant grant,
      Session.Command asked,
      ActorRef<Session.Reply> replyTo) {
    long id = ++requestIds;
    open.add(new Open(id, kind, now(), grant, asked, replyTo));
    deadlines.watch();
    return id;
  }

  /** Its requests would never be answered. */
  private void onBufferGone(Session.BufferGone gone) {
    for (Open request : open.about(gone.buffer())) {
      refused(request.requestId(), new Refusal(Errno.ENODEV, gone.buffer() + " has died"));
    }
    grants.removeAll(gone.buffer());
  }

  private Header header(long requestId, Session.Grant grant) {
    return new Header(requestId, client, epoch, grant.handle());
  }

  private Handle newHandle() {
    return new Handle(tokens.nextLong(), tokens.nextLong());
  }

  private long now() {
    return environment.clock().nowNanos();
  }
}
