package org.bufferyard.actors.token;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntUnaryOperator;
import java.util.stream.Stream;
import org.bufferyard.actors.protocol.DeviceId;
import org.bufferyard.actors.protocol.Ticket;
import org.bufferyard.actors.protocol.WaitReport.Edge;
import org.bufferyard.actors.protocol.WaitReport.Kind;
import org.bufferyard.allocator.Errno;
import org.bufferyard.allocator.Refusal;
import org.bufferyard.testkit.Marks;
import org.jspecify.annotations.Nullable;

/**
 * Tokens and transactions with the messages between them in flight, delivered in whatever order the
 * test chooses: between two parties in order, between different pairs in any. Checks on each
 * delivery that a token has one holder and that the oldest transaction under way is not told to
 * back off.
 */
public final class TokenHall {
  private static final int STEPS_MAX = 2_000_000;

  /** What a transaction asks a token. */
  public record Ask(
      int from, int token, int attempt, boolean holding, boolean mayWait, boolean release) {}

  /** What it is answered; null: granted. */
  record Answer(int token, int attempt, @Nullable Refusal refusal) {}

  /** One side of a pair. */
  private record Route(int transaction, int token, boolean toToken) {}

  /** A transaction and what it wants. */
  public final class Client {
    final int index;
    public final Ticket ticket;
    final List<Integer> wanted;
    public Transaction<Integer> transaction = new Transaction<>(true, true);
    public boolean lockedOnce;
    public boolean over;
    public @Nullable Errno refused;
    int laps;
    private boolean committing;

    /** Keeps what it has locked until told otherwise. */
    public boolean keeps;

    Client(int index, long stamp, List<Integer> wanted, int laps) {
      this.index = index;
      this.ticket = new Ticket(stamp, new DeviceId(index), 1);
      this.wanted = wanted;
      this.laps = laps;
    }

    public void begin() {
      act(transaction.lock(wanted));
    }

    public void act(List<Transaction.Step<Integer>> steps) {
      for (Transaction.Step<Integer> step : steps) {
        switch (step) {
          case Transaction.Step.Claim<Integer>(var token, var attempt, var holding, var waits) ->
              send(
                  new Route(index, token, true),
                  new Ask(index, token, attempt, holding, waits, false));
          case Transaction.Step.Release<Integer>(var token) ->
              send(
                  new Route(index, token, true),
                  new Ask(index, token, committing ? laps : 0, false, false, true));
          case Transaction.Step.Locked<Integer>() -> locked();
          case Transaction.Step.Failed<Integer>(var refusal) -> {
            refused = refusal.errno();
            over = true;
          }
        }
      }
    }

    public void cancel(Refusal refusal) {
      act(transaction.cancel(refusal));
    }

    private void locked() {
      for (int token : wanted) {
        check(tokens.get(token).heldBy(ticket), ticket + " is locked without token " + token);
      }
      lockedOnce = true;
      if (keeps) {
        return;
      }
      committing = true;
      act(transaction.finish());
      committing = false;
      if (--laps > 0) {
        begin();
      } else {
        over = true;
      }
    }
  }

  public final List<Token<Ask>> tokens = new ArrayList<>();
  final List<Client> clients = new ArrayList<>();
  final Marks marks;
  private final Map<Route, ArrayDeque<Object>> inFlight = new LinkedHashMap<>();

  /** By token: who gave it up having used it, in order. */
  private final Map<Integer, List<String>> used = new LinkedHashMap<>();

  /** Those with something in flight. */
  private final List<Route> busy = new ArrayList<>();

  public TokenHall(int tokenCount, Marks marks) {
    this.marks = marks;
    for (int i = 0; i < tokenCount; i++) {
      tokens.add(new Token<>());
    }
  }

  /** A transaction that wants these tokens, {@code laps} times in a row with one stamp. */
  public Client client(long stamp, int laps, List<Integer> wanted) {
    clients.add(new Client(clients.size(), stamp, wanted, laps));
    return clients.getLast();
  }

  private void send(Route route, Object message) {
    ArrayDeque<Object> queue = inFlight.computeIfAbsent(route, key -> new ArrayDeque<>());
    if (queue.isEmpty()) {
      busy.add(route);
    }
    queue.addLast(message);
  }

  /** Delivers one message of a route chosen below the number of routes; false if there is none. */
  public boolean deliver(IntUnaryOperator choose) {
    if (busy.isEmpty()) {
      return false;
    }
    int chosen = busy.size() == 1 ? 0 : choose.applyAsInt(busy.size());
    Route route = busy.get(chosen);
    ArrayDeque<Object> queue = queueOf(route);
    Object message = queue.removeFirst();
    if (queue.isEmpty()) {
      busy.set(chosen, busy.getLast());
      busy.removeLast();
    }
    if (message instanceof Ask ask) {
      take(ask);
    } else if (message instanceof Answer answer) {
      take(clients.get(route.transaction()), answer);
    }
    return true;
  }

  private ArrayDeque<Object> queueOf(Route route) {
    return java.util.Objects.requireNonNull(inFlight.get(route));
  }

  /** A use without a token, as if tokens were not needed. */
  public void useUnordered(Client client) {
    for (int token : client.wanted) {
      send(
          new Route(client.index, token, true),
          new Ask(client.index, token, client.laps, false, false, true));
    }
    client.over = true;
  }

  /** Who used a token after whom. In a circle, jobs would wait for each other's fences. */
  public List<Edge> order() {
    List<Edge> order = new ArrayList<>();
    for (int token = 0; token < tokens.size(); token++) {
      List<String> users = used.getOrDefault(token, List.of());
      for (int later = 1; later < users.size(); later++) {
        order.add(new Edge(users.get(later), users.get(later - 1), Kind.FENCE, "token " + token));
      }
    }
    return order;
  }

  private void take(Ask ask) {
    Token<Ask> token = tokens.get(ask.token());
    if (ask.release() && ask.attempt() > 0) {
      used.computeIfAbsent(ask.token(), any -> new ArrayList<>())
          .add("client-" + ask.from() + " lap " + ask.attempt());
    }
    Ticket ticket = clients.get(ask.from()).ticket;
    List<Token.Verdict<Ask>> verdicts =
        ask.release()
            ? token.release(ticket)
            : token.claim(ticket, ask.holding(), ask.mayWait(), ask);
    for (Token.Verdict<Ask> verdict : verdicts) {
      Ask answered = verdict.request();
      Refusal refusal =
          verdict instanceof Token.Verdict.Refused<Ask>(var request, var why) ? why : null;
      if (refusal != null && refusal.errno() == Errno.EDEADLK) {
        marks.hit(answered.equals(ask) ? "die on arrival" : "die while waiting");
        expectNotOldest(clients.get(answered.from()), token);
      }
      send(
          new Route(answered.from(), answered.token(), false),
          new Answer(answered.token(), answered.attempt(), refusal));
    }
    check(
        token.waiters().stream().skip(1).noneMatch(Token.Waiter::holding),
        "somebody who holds something waits behind another");
  }

  /** Somebody older is under way, or has still to be told by its release that it is not. */
  private void expectNotOldest(Client refused, Token<Ask> token) {
    boolean older =
        clients.stream().anyMatch(other -> !other.over && refused.ticket.youngerThan(other.ticket));
    boolean leaving =
        Stream.concat(
                Stream.ofNullable(token.holder()),
                token.waiters().stream().map(Token.Waiter::ticket))
            .anyMatch(refused.ticket::youngerThan);
    check(older || leaving, "the oldest was told to back off: " + refused.ticket);
  }

  private void take(Client client, Answer answer) {
    if (answer.refusal() == null) {
      client.act(client.transaction.granted(answer.token(), answer.attempt()));
    } else {
      client.act(client.transaction.refused(answer.token(), answer.attempt(), answer.refusal()));
    }
    if (client.transaction.backOffs() > 0) {
      marks.hit("backed off");
    }
  }

  /** Delivers what is in flight until nothing is. */
  public void settle(IntUnaryOperator choose) {
    int steps = 0;
    while (deliver(choose)) {
      check(++steps < STEPS_MAX, "livelock");
    }
  }

  /** Nothing is in flight: everybody is through and no token is held. */
  public void expectAllDone() {
    for (Client client : clients) {
      check(client.over, client.ticket + " waits for ever for " + client.transaction.awaited());
    }
    for (Token<Ask> token : tokens) {
      check(
          token.idle() && token.waiters().isEmpty(), "a token was left behind: " + token.holder());
    }
  }

  private static void check(boolean holds, String otherwise) {
    if (!holds) {
      throw new AssertionError(otherwise);
    }
  }
}
