package org.bufferyard.actors.reservation;

import java.util.ArrayList;
import java.util.List;
import org.bufferyard.actors.fence.ReservedFences;
import org.bufferyard.actors.protocol.ClientId;
import org.bufferyard.actors.protocol.Reservation;
import org.bufferyard.actors.protocol.Ticket;
import org.bufferyard.actors.protocol.WaitReport;
import org.bufferyard.actors.token.Token;
import org.bufferyard.actors.token.Token.Verdict;
import org.bufferyard.allocator.Errno;
import org.bufferyard.allocator.Refusal;

/**
 * Serves one reservation: whose turn it is, and what has to be waited for. Requests come here once
 * their handle was checked. Bounded: {@link Token#WAITERS_MAX} waiters, {@link FenceDesk#POLLS_MAX}
 * polls. Not thread-safe; owned by the actor that owns the reservation.
 */
public final class ReservationDesk {
  private final String name;
  private final ReservedFences fences;
  private final Token<Reservation.Reserve> token = new Token<>();
  private final FenceDesk explicit;

  /**
   * A desk for {@code fences}.
   *
   * @param name of the buffer or reservation, for refusals
   */
  public ReservationDesk(String name, ReservedFences fences, FenceDesk.Home home) {
    this.name = name;
    this.fences = fences;
    this.explicit = new FenceDesk(name, fences, home);
  }

  public Token<Reservation.Reserve> token() {
    return token;
  }

  /** Takes any command; of a request the handle must have been checked. */
  public void handle(Reservation.Command command) {
    switch (command) {
      case Reservation.Request request -> serve(request);
      case Reservation.Unreserve(var ticket) -> unreserve(ticket);
      case Reservation.SignalFence(var ticket, var error) -> explicit.signal(ticket, error);
      case Reservation.Watch watch -> explicit.watch(watch);
      case Reservation.PointSignalled signalled -> explicit.pointSignalled(signalled);
      case Reservation.HomeGone(var home) -> explicit.homeGone(home);
      case Reservation.Cancel(var client, var requestId, var errno) ->
          cancel(client, requestId, errno);
      case Reservation.ClientGone(var client) -> clientGone(client);
      case Reservation.TellWaits tell -> tell.replyTo().tell(new WaitReport(name, waits()));
      case Reservation.Close notHere -> {}
    }
  }

  private void serve(Reservation.Request request) {
    switch (request) {
      case Reservation.Reserve reserve ->
          answer(token.claim(reserve.ticket(), reserve.holding(), reserve.mayWait(), reserve));
      case Reservation.AddFence add -> addFence(add);
      case Reservation.ExportFence export -> explicit.export(export);
      case Reservation.ImportFence imported -> explicit.importFence(imported);
      case Reservation.Poll poll -> explicit.poll(poll);
    }
  }

  /** Who waits for the token, and for whom: its holder, and whoever is ahead. */
  public List<WaitReport.Edge> waits() {
    List<WaitReport.Edge> edges = new ArrayList<>();
    Ticket ahead = token.holder();
    for (Token.Waiter<Reservation.Reserve> waiter : token.waiters()) {
      edges.add(
          new WaitReport.Edge(
              waiter.ticket().toString(), String.valueOf(ahead), WaitReport.Kind.TOKEN, name));
      ahead = waiter.ticket();
    }
    return edges;
  }

  private void addFence(Reservation.AddFence add) {
    if (token.heldBy(add.ticket())) {
      explicit.add(add);
    } else {
      refuse(add, new Refusal(Errno.EPERM, add.ticket() + " does not hold the token of " + name));
    }
  }

  /** The token goes, or the place among those who wait for it. */
  public void unreserve(Ticket ticket) {
    if (!token.idle()) {
      boolean held = token.heldBy(ticket);
      answer(token.release(ticket), held);
    }
  }

  /** A move's deadline has passed: fences from elsewhere have failed. */
  public void expire() {
    explicit.expire();
  }

  /** Fences may have signalled: who polls for that hears of it. */
  public void afterSignals() {
    explicit.answerPolls();
  }

  /** A request that waits here is answered and dropped; whether there was one. */
  public boolean cancel(ClientId client, long requestId, Errno errno) {
    List<Verdict<Reservation.Reserve>> verdicts =
        token.cancel(request -> isOf(request, client, requestId), errno);
    answer(verdicts, false);
    return !verdicts.isEmpty() || explicit.cancel(client, requestId, errno);
  }

  private static boolean isOf(Reservation.Request request, ClientId client, long requestId) {
    return request.header().requestId() == requestId && request.header().client().equals(client);
  }

  /** All of the client's tokens and places go. */
  private void clientGone(ClientId client) {
    Reservation.Reserve granted = token.granted();
    boolean held = granted != null && granted.header().client().equals(client);
    answer(token.forget(request -> request.header().client().equals(client)), held);
    explicit.clientGone(client);
  }

  /** The reservation ends: nobody waits here any more. */
  public void close(Refusal refusal) {
    answer(token.close(refusal), true);
    explicit.close(refusal);
  }

  private void answer(List<Verdict<Reservation.Reserve>> verdicts, boolean released) {
    if (released) {
      fences.unlock();
    }
    answer(verdicts);
  }

  private void answer(List<Verdict<Reservation.Reserve>> verdicts) {
    for (Verdict<Reservation.Reserve> verdict : verdicts) {
      switch (verdict) {
        case Verdict.Granted<Reservation.Reserve>(var reserve) -> granted(reserve);
        case Verdict.Refused<Reservation.Reserve>(var reserve, var refusal) ->
            refuse(reserve, refusal);
      }
    }
  }

  /** Room for its fences comes with the token; without it, neither does. */
  private void granted(Reservation.Reserve reserve) {
    Refusal refusal = reserve.slots() == 0 ? null : fences.reserve(reserve.slots());
    if (refusal == null) {
      reserve.replyTo().tell(new Reservation.Reserved(reserve.header().requestId()));
    } else {
      refuse(reserve, refusal);
      answer(token.release(reserve.ticket()));
    }
  }

  private static void refuse(Reservation.Request request, Refusal refusal) {
    request.replyTo().tell(new Reservation.Refused(request.header().requestId(), refusal));
  }
}
