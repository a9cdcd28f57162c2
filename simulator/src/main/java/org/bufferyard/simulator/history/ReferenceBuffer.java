package org.bufferyard.simulator.history;

import java.util.List;
import org.bufferyard.actors.protocol.Buffer;
import org.bufferyard.actors.protocol.ClientId;
import org.bufferyard.actors.protocol.Handle;
import org.bufferyard.actors.protocol.HandleReply;
import org.bufferyard.actors.protocol.Header;
import org.bufferyard.actors.protocol.Importer;
import org.bufferyard.actors.protocol.Migration;
import org.bufferyard.actors.protocol.Reservation;
import org.bufferyard.actors.protocol.Rights;
import org.bufferyard.allocator.Refusal;
import org.bufferyard.simulator.history.ModelState.Bracket;
import org.bufferyard.simulator.history.ModelState.Opener;
import org.jspecify.annotations.Nullable;

/**
 * One buffer that does one thing at a time: the table of the protocol, without time, memory or
 * anybody to wait for. Says for an operation and its answer whether this buffer could have given
 * it, and what it is like then. Immutable.
 *
 * <p>Answers that depend on what is outside, as room or deadlines, are always possible. An
 * explanation must be true: "pinned" needs a pin.
 */
final class ReferenceBuffer {
  private final ModelState state;

  private ReferenceBuffer(ModelState state) {
    this.state = state;
  }

  /** A declared buffer with one handle, which has all rights. */
  static ReferenceBuffer declared(boolean keepsMappings, Handle first, ClientId owner) {
    return new ReferenceBuffer(
        ModelState.declared(keepsMappings, new Opener(first, owner, Rights.ALL)));
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof ReferenceBuffer buffer && state.equals(buffer.state);
  }

  @Override
  public int hashCode() {
    return state.hashCode();
  }

  @Override
  public String toString() {
    return state.toString();
  }

  /** The buffer after the operation; null where it could not have answered so. */
  @Nullable ReferenceBuffer step(Operation operation) {
    ModelState after =
        operation.asked instanceof Buffer.Request request
            ? answers(operation, request, operation.reply)
            : does(operation.asked);
    return after == null ? null : new ReferenceBuffer(after);
  }

  // --- what it does by itself -----------------------------------------------------------------

  private @Nullable ModelState does(Object what) {
    return switch (what) {
      case Migration.Prepared prepared ->
          possibleIf(state.untouched() && !state.moving(), () -> leaving(prepared.move()));
      case Migration.Purged purged ->
          possibleIf(
              state.untouched(),
              () ->
                  state
                      .placed(state.generation(), ModelState.STILL)
                      .told(state.offered(), state.offered(), state.revoked()));
      case Buffer.Placed placed -> state.placed(state.generation() + 1, ModelState.STILL);
      case Buffer.Landed landed -> state.placed(state.generation() + 1, ModelState.STILL);
      case Buffer.MoveFailed failed ->
          failed.move() == state.move() ? leaving(ModelState.STILL) : state;
      case Importer.ForceDetached gone -> forced(gone.attachment());
      case Buffer.ToReservation(Reservation.ClientGone(var client)) ->
          state.withVmaps(state.vmaps().stream().filter(each -> !each.equals(client)).toList());
      default -> state;
    };
  }

  private ModelState leaving(long move) {
    return state.placed(state.generation(), move);
  }

  private ModelState forced(int id) {
    ModelAttachment attachment = state.attachment(id);
    return attachment == null ? state : state.with(attachment.detachedByForce());
  }

  private interface Then {
    ModelState state();
  }

  private static @Nullable ModelState possibleIf(boolean possible, Then then) {
    return possible ? then.state() : null;
  }

  // --- what it answers ------------------------------------------------------------------------

  private @Nullable ModelState answers(
      Operation operation, Buffer.Request request, @Nullable Object reply) {
    Refusal refusal = refusal(reply);
    if (refusal != null) {
      return Explanations.possible(state, request, refusal) ? state : null;
    }
    return switch (request) {
      case Buffer.Attach attach -> attached(attach.header(), attach.terms().dynamic(), reply);
      case Buffer.Mmap mmap -> attached(mmap.header(), true, reply);
      case Buffer.Map map -> mapped(map, reply);
      case Buffer.Unmap unmap -> unmapped(unmap);
      case Buffer.Detach detach -> detached(detach);
      case Buffer.Use use -> used(use, reply);
      case Buffer.Pin pin -> pinned(pin);
      case Buffer.Unpin unpin -> unpinned(unpin);
      case Buffer.BeginCpu begin -> opened(begin, operation.invoked, reply);
      case Buffer.EndCpu end -> closed(new Bracket(end.header().client(), end.bracket()));
      case Buffer.Vmap vmap -> vmapped(vmap.header());
      case Buffer.Vunmap vunmap -> vunmapped(vunmap.header().client());
      case Buffer.Share share -> shared(share);
      case Buffer.Release release -> released(release.header(), operation.answered);
      case Buffer.Revoke revoke -> revoked(revoke.header());
      case Buffer.Offer offer ->
          possibleIf(usable(offer.header()), () -> state.told(true, state.purged(), false));
      case Buffer.Reclaim reclaim -> reclaimed(reclaim, reply);
      case Buffer.Validate validate -> state;
    };
  }

  private static @Nullable Refusal refusal(@Nullable Object reply) {
    return switch (reply) {
      case Importer.Refused refused -> refused.refusal();
      case Buffer.CpuRefused refused -> refused.refusal();
      case HandleReply.Refused refused -> refused.refusal();
      case Buffer.ValidateRefused refused -> refused.refusal();
      case null, default -> null;
    };
  }

  private boolean opens(Header header) {
    Opener opener = state.opener(header.handle());
    return opener != null && opener.client().equals(header.client());
  }

  /** Its handle opens, and the buffer is there for it. */
  private boolean usable(Header header) {
    return opens(header) && !state.revoked();
  }

  /** In one place, with contents. */
  private boolean settled(Header header) {
    return usable(header) && !state.moving() && !state.purged();
  }

  private @Nullable ModelAttachment own(Header header, int id) {
    ModelAttachment attachment = state.attachment(id);
    return attachment != null && attachment.client().equals(header.client()) ? attachment : null;
  }

  private @Nullable ModelState attached(Header header, boolean dynamic, @Nullable Object reply) {
    return reply instanceof Importer.Attached attached
        ? possibleIf(
            usable(header) && state.attachment(attached.attachment()) == null,
            () ->
                state.with(
                    new ModelAttachment(
                        attached.attachment(), header.client(), dynamic, 0, 0, 0, false)))
        : state; // without its answer nobody can name the attachment
  }

  private @Nullable ModelState mapped(Buffer.Map map, @Nullable Object reply) {
    ModelAttachment attachment = own(map.header(), map.attachment());
    if (!(reply instanceof Importer.Mapped mapped)) {
      return state;
    }
    if (attachment == null
        || attachment.forced()
        || !settled(map.header())
        || mapped.generation() != state.generation()) {
      return null;
    }
    int same = attachment.directions(map.direction(), true);
    int made = attachment.maps() == 0 ? ModelAttachment.bit(map.direction()) : 0;
    int mayBe = same | made;
    return mayBe == 0 ? null : state.with(attachment.mapped(1, mayBe));
  }

  private @Nullable ModelState unmapped(Buffer.Unmap unmap) {
    ModelAttachment attachment = own(unmap.header(), unmap.attachment());
    if (attachment == null) {
      return null;
    }
    if (attachment.maps() == 0) {
      return attachment.forced() || state.purged() || state.revoked() ? state : null;
    }
    boolean kept = attachment.maps() > 1 || state.keeps();
    return state.with(attachment.mapped(-1, kept ? attachment.directions() : 0));
  }

  private ModelState detached(Buffer.Detach detach) {
    ModelAttachment attachment = own(detach.header(), detach.attachment());
    return attachment == null ? state : state.without(attachment);
  }

  private @Nullable ModelState used(Buffer.Use use, @Nullable Object reply) {
    return reply instanceof Importer.UseGranted granted
        ? possibleIf(
            !state.moving()
                && own(use.header(), use.attachment()) != null
                && granted.generation() == state.generation(),
            () -> state)
        : state;
  }

  private @Nullable ModelState pinned(Buffer.Pin pin) {
    ModelAttachment attachment = own(pin.header(), pin.attachment());
    return attachment == null || !settled(pin.header()) ? null : state.with(attachment.pinned(1));
  }

  private @Nullable ModelState unpinned(Buffer.Unpin unpin) {
    ModelAttachment attachment = own(unpin.header(), unpin.attachment());
    if (attachment == null || (attachment.pins() == 0 && !attachment.forced())) {
      return null;
    }
    return attachment.pins() == 0 ? state : state.with(attachment.pinned(-1));
  }

  /** Who waits for fences has shown its handle before: it may close it while it waits. */
  private @Nullable ModelState opened(Buffer.BeginCpu begin, long invoked, @Nullable Object reply) {
    return reply instanceof Buffer.CpuOpened
        ? possibleIf(
            settled(begin.header()) || closedSince(begin.header(), invoked),
            () ->
                state.withBracket(new Bracket(begin.header().client(), begin.header().requestId())))
        : state;
  }

  private boolean closedSince(Header header, long invoked) {
    return !state.moving()
        && !state.purged()
        && !state.revoked()
        && state.closed().stream()
            .anyMatch(
                each ->
                    each.handle().equals(header.handle())
                        && each.client().equals(header.client())
                        && each.seen() > invoked);
  }

  /** A bracket may have been closed for its client, where the buffer was revoked. */
  private @Nullable ModelState closed(Bracket bracket) {
    return state.brackets().contains(bracket)
        ? state.withBrackets(ModelState.minus(state.brackets(), bracket))
        : null;
  }

  private @Nullable ModelState vmapped(Header header) {
    return possibleIf(settled(header), () -> state.withVmap(header.client()));
  }

  private @Nullable ModelState vunmapped(ClientId client) {
    return state.vmaps().contains(client)
        ? state.withVmaps(ModelState.minus(state.vmaps(), client))
        : null;
  }

  private @Nullable ModelState shared(Buffer.Share share) {
    Opener giver = state.opener(share.header().handle());
    boolean may =
        giver != null
            && usable(share.header())
            && (giver.rights() & Rights.EXPORT) != 0
            && (share.rights() & ~giver.rights()) == 0;
    return possibleIf(
        may, () -> state.withHandle(new Opener(share.given(), share.to(), share.rights())));
  }

  private @Nullable ModelState released(Header header, long seen) {
    Opener opener = state.opener(header.handle());
    return opener != null && opens(header) ? state.withoutHandle(opener, seen) : null;
  }

  /** Mappings, pins and brackets go with it, some of them later. */
  private @Nullable ModelState revoked(Header header) {
    return possibleIf(
        opens(header), () -> state.told(state.offered(), false, true).withBrackets(List.of()));
  }

  private @Nullable ModelState reclaimed(Buffer.Reclaim reclaim, @Nullable Object reply) {
    return reply instanceof HandleReply.Reclaimed reclaimed
        ? possibleIf(
            usable(reclaim.header()) && reclaimed.kept() != state.purged(),
            () -> state.told(false, false, false))
        : state;
  }
}
