package org.bufferyard.actors.token;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.bufferyard.actors.protocol.Ticket;
import org.bufferyard.allocator.Errno;
import org.bufferyard.allocator.Refusal;
import org.jspecify.annotations.Nullable;

/**
 * The right to change one reservation, held by one ticket at a time. Wait-die: an older ticket
 * waits, in order of stamp; a younger one waits only if it holds nothing, and is told to back off
 * otherwise. So nobody who holds something waits for an older one, no waits form a circle, and the
 * oldest is never told to back off. Not thread-safe; owned by the reservation's actor. Model of
 * {@code struct ww_mutex} of a wait-die class, {@code kernel/locking/ww_mutex.h}.
 *
 * @param <R> the request, which comes back in the verdict
 */
public final class Token<R> {
  /** Who waits beyond this many is refused EAGAIN. */
  public static final int WAITERS_MAX = 1024;

  /** What a request is answered. */
  public sealed interface Verdict<R> {
    R request();

    record Granted<R>(R request) implements Verdict<R> {}

    record Refused<R>(R request, Refusal refusal) implements Verdict<R> {}
  }

  /** Who waits, and whether it holds other tokens meanwhile. */
  public record Waiter<R>(Ticket ticket, boolean holding, R request) {}

  private final List<Waiter<R>> waiters = new ArrayList<>(0);
  private @Nullable Ticket holder;
  private @Nullable R granted;

  public @Nullable Ticket holder() {
    return holder;
  }

  /** The request that was granted; null if the token is free, or taken without one. */
  public @Nullable R granted() {
    return granted;
  }

  public boolean heldBy(Ticket ticket) {
    return ticket.equals(holder);
  }

  /** Who waits, oldest first. */
  public List<Waiter<R>> waiters() {
    return List.copyOf(waiters);
  }

  public boolean idle() {
    return holder == null;
  }

  /**
   * Asks for the token.
   *
   * @param holding the ticket holds other tokens, or may by the time it gets this one
   * @param mayWait false: now or never
   * @return what this request and others are answered now; nothing about this one if it waits
   */
  public List<Verdict<R>> claim(Ticket ticket, boolean holding, boolean mayWait, R request) {
    if (holder == null) {
      holder = ticket;
      granted = request;
      return List.of(new Verdict.Granted<>(request));
    }
    Refusal refusal = refuses(ticket, holding, mayWait);
    if (refusal != null) {
      return List.of(new Verdict.Refused<>(request, refusal));
    }
    int at = 0;
    while (at < waiters.size() && ticket.youngerThan(waiters.get(at).ticket())) {
      at++;
    }
    waiters.add(at, new Waiter<>(ticket, holding, request));
    return killBehind(at);
  }

  private @Nullable Refusal refuses(Ticket ticket, boolean holding, boolean mayWait) {
    if ((granted != null && ticket.equals(holder)) || waits(ticket)) {
      return new Refusal(Errno.EALREADY, ticket + " has it, or waits for it");
    }
    if (!mayWait) {
      return new Refusal(Errno.EBUSY, "held by " + holder);
    }
    Ticket older = olderThan(ticket);
    if (holding && older != null) {
      return new Refusal(
          Errno.EDEADLK,
          ticket + " holds others and is younger than " + older,
          "letting go of all, waiting for this one, and trying again with the same stamp");
    }
    return waiters.size() < WAITERS_MAX
        ? null
        : new Refusal(Errno.EAGAIN, WAITERS_MAX + " wait for it already");
  }

  private boolean waits(Ticket ticket) {
    return waiters.stream().anyMatch(waiter -> waiter.ticket().equals(ticket));
  }

  /** The holder or the oldest waiter, if it is older. */
  private @Nullable Ticket olderThan(Ticket ticket) {
    if (holder != null && ticket.youngerThan(holder)) {
      return holder;
    }
    return !waiters.isEmpty() && ticket.youngerThan(waiters.getFirst().ticket())
        ? waiters.getFirst().ticket()
        : null;
  }

  /** Who holds something and now waits behind an older one backs off. */
  private List<Verdict<R>> killBehind(int at) {
    Ticket older = waiters.get(at).ticket();
    List<Verdict<R>> verdicts = new ArrayList<>(0);
    for (int i = waiters.size() - 1; i > at; i--) {
      Waiter<R> behind = waiters.get(i);
      if (behind.holding()) {
        waiters.remove(i);
        Refusal refusal =
            new Refusal(
                Errno.EDEADLK,
                behind.ticket() + " holds others and now waits behind " + older,
                "letting go of all, waiting for this one, and trying again with the same stamp");
        verdicts.add(new Verdict.Refused<>(behind.request(), refusal));
      }
    }
    return verdicts;
  }

  /**
   * Takes the token, if it is free, without a request: for whoever asks nobody and waits for no
   * token, such as a move. A request of the same ticket waits for its end.
   */
  public boolean take(Ticket ticket) {
    if (holder != null) {
      return false;
    }
    holder = ticket;
    return true;
  }

  /** {@code ticket} gives the token up, or its place among the waiters, which is ECANCELED. */
  public List<Verdict<R>> release(Ticket ticket) {
    List<Verdict<R>> verdicts =
        withdraw(waiter -> waiter.ticket().equals(ticket), Errno.ECANCELED, "given up");
    if (ticket.equals(holder)) {
      passOn(verdicts);
    }
    return verdicts;
  }

  /** Requests that match wait no longer. A token granted stays. */
  public List<Verdict<R>> cancel(Predicate<R> matches, Errno errno) {
    return withdraw(waiter -> matches.test(waiter.request()), errno, "given up while it waited");
  }

  /** Whoever made the requests that match is gone: they wait no longer, and hold nothing. */
  public List<Verdict<R>> forget(Predicate<R> matches) {
    List<Verdict<R>> verdicts = cancel(matches, Errno.ECANCELED);
    if (granted != null && matches.test(granted)) {
      passOn(verdicts);
    }
    return verdicts;
  }

  /** Nobody gets it any more. */
  public List<Verdict<R>> close(Refusal refusal) {
    List<Verdict<R>> verdicts = new ArrayList<>();
    waiters.forEach(waiter -> verdicts.add(new Verdict.Refused<>(waiter.request(), refusal)));
    waiters.clear();
    holder = null;
    granted = null;
    return verdicts;
  }

  private List<Verdict<R>> withdraw(Predicate<Waiter<R>> matches, Errno errno, String reason) {
    List<Verdict<R>> verdicts = new ArrayList<>(1);
    for (int i = waiters.size() - 1; i >= 0; i--) {
      Waiter<R> waiter = waiters.get(i);
      if (matches.test(waiter)) {
        waiters.remove(i);
        Refusal refusal = new Refusal(errno, waiter.ticket() + ": " + reason);
        verdicts.add(new Verdict.Refused<>(waiter.request(), refusal));
      }
    }
    return verdicts;
  }

  /** To the oldest waiter; the others are younger and hold nothing, so they go on waiting. */
  private void passOn(List<Verdict<R>> verdicts) {
    holder = null;
    granted = null;
    if (!waiters.isEmpty()) {
      Waiter<R> next = waiters.removeFirst();
      holder = next.ticket();
      granted = next.request();
      verdicts.add(new Verdict.Granted<>(next.request()));
    }
  }
}
