package org.bufferyard.actors.buffer;

import akka.actor.typed.ActorRef;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.bufferyard.actors.buffer.BufferCore.State;
import org.bufferyard.actors.environment.PinQuota;
import org.bufferyard.actors.protocol.Buffer;
import org.bufferyard.actors.protocol.ClientId;
import org.bufferyard.actors.protocol.Importer;
import org.bufferyard.actors.protocol.Session;
import org.bufferyard.actors.protocol.Ticket;
import org.bufferyard.allocator.Errno;
import org.bufferyard.allocator.Refusal;
import org.jspecify.annotations.Nullable;

/**
 * Pins: the buffer stays where it is for as long as an attachment holds one. Counted by client; the
 * first of a client is charged to its session, which keeps count over all buffers, and the last one
 * is given back.
 */
final class PinDesk {
  /** What a client's session was asked to carry, where it was. */
  private static final class Account {
    /** Whom to give it back to, also when the client's handles are gone. */
    final @Nullable ActorRef<Session.Command> session;

    boolean charged;

    /** Pins that wait for the session's answer, in order. */
    final ArrayDeque<Buffer.Pin> waiting = new ArrayDeque<>(1);

    Account(@Nullable ActorRef<Session.Command> session) {
      this.session = session;
    }
  }

  private final BufferCore core;
  private final PlacementDesk placement;
  private final LinkedHashMap<ClientId, Account> accounts = new LinkedHashMap<>(0);

  /** Takes up a request that waited. */
  private final Consumer<Buffer.Request> again;

  PinDesk(BufferCore core, PlacementDesk placement, Consumer<Buffer.Request> again) {
    this.core = core;
    this.placement = placement;
    this.again = again;
  }

  void pin(Buffer.Pin pin) {
    Attachment attachment = MapDesk.own(core, pin, pin.attachment());
    if (attachment == null) {
      return;
    }
    if (core.holding()) {
      placement.hold(pin);
    } else if (core.state == State.DECLARED) {
      placement.allocateFor(pin, Ticket.OLDEST);
    } else if (!core.world.placer().serves(attachment.demand, core.region, core.extents)) {
      placement.moveFor(pin, Ticket.OLDEST);
    } else {
      pinHere(pin, attachment);
    }
  }

  private void pinHere(Buffer.Pin pin, Attachment attachment) {
    PinQuota quota = core.environment().settings().pins();
    if (pinsOf(attachment.client) >= quota.perBuffer()) {
      Replies.refuse(core, pin, tooMany(attachment.client, quota));
    } else if (mayPin(pin, attachment.client, quota)) {
      attachment.pins++;
      core.updateEligible();
      core.tell(pin.replyTo(), new Importer.Pinned(pin.header().requestId(), core.id));
    }
  }

  private Refusal tooMany(ClientId client, PinQuota quota) {
    return new Refusal(
        Errno.EDQUOT,
        client + " holds " + quota.perBuffer() + " pins on " + core.id + " already",
        "unpinning it, or a quota of more pins for each buffer");
  }

  private int pinsOf(ClientId client) {
    int pins = 0;
    for (Attachment attachment : core.attachments) {
      pins += attachment.client.equals(client) ? attachment.pins : 0;
    }
    return pins;
  }

  /** Whether the client's session carries it; where it has to be asked, the pin waits. */
  private boolean mayPin(Buffer.Pin pin, ClientId client, PinQuota quota) {
    if (!quota.limitsClients()) {
      return true;
    }
    Account account =
        accounts.computeIfAbsent(client, who -> new Account(core.rights.sessionOf(who)));
    if (!account.charged) {
      account.waiting.addLast(pin);
      if (account.waiting.size() == 1) {
        askSession(client, account);
      }
    }
    return account.charged;
  }

  private void askSession(ClientId client, Account account) {
    if (account.session == null) {
      onCharged(new Buffer.PinCharged(client, gone(client)));
    } else {
      core.tell(account.session, new Session.ChargePin(core.id, core.pages, core.self));
    }
  }

  private static Refusal gone(ClientId client) {
    return new Refusal(Errno.ECANCELED, client + " is gone");
  }

  void onCharged(Buffer.PinCharged answer) {
    Account account = accounts.get(answer.client());
    if (account == null) {
      return;
    }
    account.charged = answer.refusal() == null;
    List<Buffer.Pin> waiting = List.copyOf(account.waiting);
    account.waiting.clear();
    for (Buffer.Pin pin : waiting) {
      if (answer.refusal() == null) {
        again.accept(pin);
      } else {
        Replies.refuse(core, pin, answer.refusal());
      }
    }
  }

  void unpin(Buffer.Unpin unpin) {
    Attachment attachment = MapDesk.own(core, unpin, unpin.attachment());
    if (attachment == null) {
      return;
    }
    if (attachment.pins == 0) {
      Replies.refuse(core, unpin, Errno.EINVAL, attachment.device + " holds no pin");
      return;
    }
    attachment.pins--;
    core.updateEligible();
    core.tell(unpin.replyTo(), new Importer.Unpinned(unpin.header().requestId(), core.id));
  }

  /** Its pins wait for no session any more; those that it holds go with its attachments. */
  void clientGone(ClientId client) {
    if (accounts.containsKey(client)) {
      onCharged(new Buffer.PinCharged(client, gone(client)));
    }
  }

  /** After each message: sessions get back what carries no pin, and none is about to. */
  void settle() {
    for (Iterator<Map.Entry<ClientId, Account>> each = accounts.entrySet().iterator();
        each.hasNext(); ) {
      Map.Entry<ClientId, Account> entry = each.next();
      ClientId client = entry.getKey();
      Account account = entry.getValue();
      if (account.waiting.isEmpty() && pinsOf(client) == 0 && !pinHeld(client)) {
        each.remove();
        if (account.charged && account.session != null) {
          core.tell(account.session, new Session.UnchargePin(core.id));
        }
      }
    }
  }

  private boolean pinHeld(ClientId client) {
    return core.held.stream()
        .anyMatch(
            request -> request instanceof Buffer.Pin pin && pin.header().client().equals(client));
  }
}
