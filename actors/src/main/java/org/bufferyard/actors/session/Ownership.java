package org.bufferyard.actors.session;

import akka.actor.typed.ActorRef;
import java.util.function.Function;
import org.bufferyard.actors.protocol.Buffer;
import org.bufferyard.actors.protocol.Handle;
import org.bufferyard.actors.protocol.RequestKind;
import org.bufferyard.actors.protocol.Session;
import org.bufferyard.actors.session.OpenRequests.Open;
import org.jspecify.annotations.Nullable;

/** What a client does with its handles: shares, offers, reclaims, revokes, releases. */
final class Ownership {
  private final SessionCore core;
  private final ActorRef<Buffer.SessionReply> replies;

  Ownership(SessionCore core) {
    this.core = core;
    this.replies = core.context.messageAdapter(Buffer.SessionReply.class, Session.FromBuffer::new);
  }

  void share(Session.Share share) {
    Session.Grant grant = core.known(share.handle(), RequestKind.SHARE, share.replyTo());
    if (grant != null) {
      long id = core.opened(RequestKind.SHARE, grant, share, share.replyTo());
      grant
          .ref()
          .tell(
              new Buffer.Share(
                  core.header(id, grant),
                  core.newHandle(),
                  share.to(),
                  share.with(),
                  share.rights(),
                  replies));
    }
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

  void revoke(Session.Revoke revoke) {
    Session.Grant grant = core.known(revoke.handle(), RequestKind.REVOKE, revoke.replyTo());
    if (grant != null) {
      long id = core.opened(RequestKind.REVOKE, grant, revoke, revoke.replyTo());
      grant.ref().tell(new Buffer.Revoke(core.header(id, grant), replies));
    }
  }

  void offer(Session.Offer offer) {
    Session.Grant grant = core.known(offer.handle(), RequestKind.OFFER, offer.replyTo());
    if (grant != null) {
      long id = core.opened(RequestKind.OFFER, grant, offer, offer.replyTo());
      grant.ref().tell(new Buffer.Offer(core.header(id, grant), replies));
    }
  }

  void reclaim(Session.Reclaim reclaim) {
    Session.Grant grant = core.known(reclaim.handle(), RequestKind.RECLAIM, reclaim.replyTo());
    if (grant != null) {
      long id = core.opened(RequestKind.RECLAIM, grant, reclaim, reclaim.replyTo());
      grant.ref().tell(new Buffer.Reclaim(core.header(id, grant), replies));
    }
  }

  void answered(Buffer.SessionReply reply) {
    switch (reply) {
      case Buffer.Shared shared -> onShared(shared);
      case Buffer.Released(var id, var buffer) -> answer(id, Session.Released::new);
      case Buffer.Revoked(var id, var buffer) -> answer(id, Session.Revoked::new);
      case Buffer.Offered(var id, var buffer) -> answer(id, Session.OfferDone::new);
      case Buffer.Reclaimed(var id, var buffer, var kept) ->
          answer(id, handle -> new Session.Reclaimed(handle, kept));
      case Buffer.SessionRefused refused -> core.refused(refused.requestId(), refused.refusal());
    }
  }

  private void answer(long requestId, Function<Handle, Session.Reply> reply) {
    Open request = core.answered(requestId);
    if (request != null && request.grant() != null) {
      request.replyTo().tell(reply.apply(request.grant().handle()));
    }
  }

  private void onShared(Buffer.Shared shared) {
    Open request = core.answered(shared.requestId());
    if (request != null && request.asked() instanceof Session.Share share) {
      offerTo(share, shared, request.grant());
      request.replyTo().tell(new Session.Shared(share.handle(), shared.to()));
    }
  }

  private static void offerTo(
      Session.Share share, Buffer.Shared shared, Session.@Nullable Grant mine) {
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
