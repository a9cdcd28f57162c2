package org.bufferyard.actors.session;

import akka.actor.typed.ActorRef;
import java.util.LinkedHashMap;
import org.bufferyard.actors.protocol.Buffer;
import org.bufferyard.actors.protocol.Handle;
import org.bufferyard.actors.protocol.HandleReply;
import org.bufferyard.actors.protocol.RequestKind;
import org.bufferyard.actors.protocol.Session;
import org.bufferyard.actors.session.OpenRequests.Open;
import org.jspecify.annotations.Nullable;

/** What a client does with its handles: shares, offers, reclaims, revokes, releases. */
final class Ownership {
  private final SessionCore core;
  private final ActorRef<HandleReply> replies;

  /** By request: the handles that shares under way give. */
  private final LinkedHashMap<Long, Handle> giving = new LinkedHashMap<>();

  Ownership(SessionCore core) {
    this.core = core;
    this.replies = core.context.messageAdapter(HandleReply.class, Session.FromBuffer::new);
  }

  void share(Session.Share share) {
    core.forward(
        RequestKind.SHARE,
        share.handle(),
        share,
        share.replyTo(),
        header -> {
          Handle given = core.newHandle();
          giving.put(header.requestId(), given);
          return new Buffer.Share(header, given, share.to(), share.with(), share.rights(), replies);
        });
  }

  /** Of a share the answer will not come any more. */
  void forget(long requestId) {
    giving.remove(requestId);
  }

  void release(Session.Release release) {
    Session.Grant grant = core.known(release.handle(), RequestKind.RELEASE, release.replyTo());
    if (grant != null) {
      long id = core.opened(RequestKind.RELEASE, grant, release, release.replyTo());
      core.grants.remove(grant);
      grant.ref().tell(new Buffer.Release(core.header(id, grant), replies));
    }
  }

  /** Releases without waiting for the answer. */
  void abandon(Session.Grant grant) {
    grant.ref().tell(new Buffer.Release(core.unanswered(grant), core.nobody()));
  }

  /** The session stops: nobody will be told of what its shares give. */
  void abandonShares() {
    giving.forEach(
        (requestId, given) -> {
          Open share = core.open.get(requestId);
          if (share != null && share.grant() != null) {
            share.grant().ref().tell(new Buffer.TakeBack(given));
          }
        });
  }

  void revoke(Session.Revoke revoke) {
    core.forward(
        RequestKind.REVOKE,
        revoke.handle(),
        revoke,
        revoke.replyTo(),
        header -> new Buffer.Revoke(header, replies));
  }

  void offer(Session.Offer offer) {
    core.forward(
        RequestKind.OFFER,
        offer.handle(),
        offer,
        offer.replyTo(),
        header -> new Buffer.Offer(header, replies));
  }

  void reclaim(Session.Reclaim reclaim) {
    core.forward(
        RequestKind.RECLAIM,
        reclaim.handle(),
        reclaim,
        reclaim.replyTo(),
        header -> new Buffer.Reclaim(header, replies));
  }

  void answered(HandleReply reply) {
    switch (reply) {
      case HandleReply.Shared shared -> onShared(shared);
      case HandleReply.Released(var id, var buffer) -> core.answer(id, Session.Released::new);
      case HandleReply.Revoked(var id, var buffer) -> core.answer(id, Session.Revoked::new);
      case HandleReply.Offered(var id, var buffer) -> core.answer(id, Session.OfferDone::new);
      case HandleReply.Reclaimed(var id, var buffer, var kept) ->
          core.answer(id, handle -> new Session.Reclaimed(handle, kept));
      case HandleReply.Refused refused -> {
        forget(refused.requestId());
        core.refused(refused.requestId(), refused.refusal());
      }
    }
  }

  private void onShared(HandleReply.Shared shared) {
    forget(shared.requestId());
    Open request = core.answered(shared.requestId());
    if (request != null && request.asked() instanceof Session.Share share) {
      offerTo(share, shared, request.grant());
      request.replyTo().tell(new Session.Shared(share.handle(), shared.to()));
    }
  }

  private static void offerTo(
      Session.Share share, HandleReply.Shared shared, Session.@Nullable Grant mine) {
    if (mine != null) {
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
                      mine.ref(),
                      mine.reservation())));
    }
  }
}
