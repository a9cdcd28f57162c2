package org.bufferyard.simulator.history;

import akka.actor.ActorPath;
import java.util.LinkedHashMap;
import java.util.function.BiConsumer;
import java.util.function.LongSupplier;
import org.bufferyard.actors.protocol.Buffer;
import org.bufferyard.actors.protocol.BufferId;
import org.bufferyard.actors.protocol.Importer;
import org.bufferyard.actors.protocol.Migration;
import org.bufferyard.actors.protocol.Reservation;
import org.bufferyard.actors.protocol.Session;
import org.bufferyard.actors.protocol.Slab;
import org.bufferyard.testkit.Observer;
import org.jspecify.annotations.Nullable;

/**
 * Writes down, buffer by buffer, what its clients ask and see, and holds each history against the
 * sequential model when the buffer is freed, or at the end. Not thread-safe; owned by the run.
 *
 * <p>A history is bounded: of a buffer with more than {@link #OPERATIONS_MAX} operations it says
 * that it was not checked. Histories on which the search gave up are counted.
 */
public final class Histories implements Observer {
  /**
   * What was checked.
   *
   * @param operations of all histories
   * @param undecided histories of which the search found no order, but had not tried all
   */
  public record Checked(long operations, long undecided) {}

  /** Of one buffer; some ten million bytes. */
  public static final int OPERATIONS_MAX = 100_000;

  private record Key(ActorPath client, long requestId) {}

  /** Hears of what cannot be explained, and of what was too long to be checked. */
  public interface Listener {
    void impossible(BufferId buffer, String text);

    void tooLong(BufferId buffer, String text);
  }

  private final Listener listener;
  private final LongSupplier clock;
  private final LinkedHashMap<Key, Slab.Create> making = new LinkedHashMap<>();
  private final LinkedHashMap<ActorPath, History> byPath = new LinkedHashMap<>();
  private final LinkedHashMap<BufferId, History> byId = new LinkedHashMap<>();
  private final LinkedHashMap<Key, Operation> open = new LinkedHashMap<>();
  private long stamps;
  private long operations;
  private long undecided;

  public Histories(LongSupplier clock, Listener listener) {
    this.clock = clock;
    this.listener = listener;
  }

  public Checked checked() {
    return new Checked(operations, undecided);
  }

  /** The run is over: what is left is checked too. */
  public void finish() {
    byPath.values().forEach(this::check);
    byPath.clear();
    byId.clear();
  }

  @Override
  public void onSend(@Nullable ActorPath from, ActorPath to, Object message) {
    stamps++;
    switch (message) {
      case Buffer.Request request -> asked(from, to, request);
      case Slab.Create create ->
          making.put(new Key(create.replyTo().path(), create.requestId()), create);
      case Session.Created created -> created(to, created);
      case Migration.Prepared prepared -> did(byId.get(prepared.buffer()), prepared);
      case Migration.Purged purged -> did(byId.get(purged.buffer()), purged);
      case Importer.ForceDetached gone -> did(byId.get(gone.buffer()), gone);
      case Slab.Gone gone -> gone(gone);
      default -> replied(to, message, (operation, reply) -> operation.sent = stamps);
    }
  }

  @Override
  public void onHandle(ActorPath actor, Object message) {
    stamps++;
    switch (message) {
      case Buffer.Placed placed -> did(byPath.get(actor), placed);
      case Buffer.Landed landed -> did(byPath.get(actor), landed);
      case Buffer.MoveFailed failed -> did(byPath.get(actor), failed);
      case Buffer.ToReservation(Reservation.ClientGone gone) -> did(byPath.get(actor), message);
      default -> replied(actor, message, this::seen);
    }
  }

  private void created(ActorPath session, Session.Created created) {
    Slab.Create create = making.remove(new Key(session, created.requestId()));
    if (create != null) {
      ReferenceBuffer start =
          ReferenceBuffer.declared(
              create.spec().options().cachedMappings(), create.first(), create.owner());
      History history = new History(created.buffer(), start);
      byPath.put(created.ref().path(), history);
      byId.put(created.buffer(), history);
    }
  }

  private void asked(@Nullable ActorPath from, ActorPath to, Buffer.Request request) {
    History history = byPath.get(to);
    if (from != null && history != null) {
      Operation operation = new Operation(from.name(), request, stamps, clock.getAsLong());
      open.put(new Key(from, request.header().requestId()), operation);
      add(history, operation);
    }
  }

  private void did(@Nullable History history, Object what) {
    if (history != null) {
      add(history, Operation.done(what, stamps, clock.getAsLong()));
    }
  }

  /** One beyond the bound is kept, so that the check knows. */
  private static void add(History history, Operation operation) {
    if (history.operations.size() <= OPERATIONS_MAX) {
      history.operations.add(operation);
    }
  }

  private void replied(ActorPath client, Object message, BiConsumer<Operation, Key> how) {
    long id = Replies.requestId(message);
    if (id == Replies.NONE) {
      return;
    }
    Key key = new Key(client, id);
    Operation operation = open.get(key);
    if (operation != null) {
      operation.reply = message;
      how.accept(operation, key);
    }
  }

  private void seen(Operation operation, Key key) {
    operation.answered = stamps;
    operation.answeredNanos = clock.getAsLong();
    open.remove(key);
  }

  /** Answers that nobody has taken up yet count as given. */
  private void gone(Slab.Gone gone) {
    History history = byId.remove(gone.buffer());
    if (history != null) {
      byPath.values().remove(history);
      check(history);
    }
  }

  private void check(History history) {
    if (history.operations.size() > OPERATIONS_MAX) {
      listener.tooLong(
          history.buffer,
          "more than " + OPERATIONS_MAX + " operations: its history is not checked");
      return;
    }
    operations += history.operations.size();
    History.Check check = history.check();
    switch (check.verdict()) {
      case EXPLAINED -> {}
      case IMPOSSIBLE -> listener.impossible(history.buffer, check.explanation());
      case UNKNOWN -> undecided++;
    }
  }
}
