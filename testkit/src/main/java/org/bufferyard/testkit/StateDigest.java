package org.bufferyard.testkit;

import akka.actor.ActorCell;
import akka.actor.ActorRefWithCell;
import akka.actor.ExtendedActorSystem;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.Behavior;
import akka.actor.typed.internal.adapter.ActorAdapter;
import akka.actor.typed.javadsl.Adapter;
import akka.dispatch.Envelope;
import akka.dispatch.MessageQueue;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import scala.jdk.javaapi.CollectionConverters;

/**
 * The state of every actor below the guardian, as a few hundred hashes with names: of what each
 * actor's behavior holds, read field by field, and of the messages that wait in its mailbox.
 *
 * <p>Each value counts twice: in its actor's part, and in the part of its field over all actors of
 * one class, so that where two digests differ both are named. A field whose name ends in {@code
 * core} is opened, as a shell's is that keeps all it knows there. Not thread-safe; for the owner of
 * the system, between steps. Sends nothing and changes nothing.
 */
final class StateDigest {
  private static final String MAILBOX = "mailbox";
  private static final String CORE = "core";

  /** A field of an actor, which counts as a word in the others' parts. */
  private record Opened(String name, @Nullable Object value) {
    void border(IdentityHashMap<Object, String> borders) {
      if (value != null) {
        borders.put(value, name);
      }
    }
  }

  private final Opacity opacity;
  private final SortedMap<String, Long> parts = new TreeMap<>();

  private StateDigest(Opacity opacity) {
    this.opacity = opacity;
  }

  static SortedMap<String, Long> of(
      ActorSystem<?> system, List<Class<?>> opaque, Map<String, Object> more) {
    StateDigest digest = new StateDigest(new Opacity(List.copyOf(opaque)));
    digest.readActor(((ExtendedActorSystem) Adapter.toClassic(system)).guardian());
    more.forEach((name, root) -> digest.parts.put(name, digest.hash(root, none())));
    return digest.parts;
  }

  private void readActor(akka.actor.ActorRef actor) {
    if (!(actor instanceof ActorRefWithCell ref && ref.underlying() instanceof ActorCell cell)) {
      return;
    }
    String path = Identity.stableName(actor.path());
    if (cell.actor() instanceof ActorAdapter<?> adapter) {
      readBehavior(path, adapter);
    }
    readMailbox(path, cell.mailbox().messageQueue());
    CollectionConverters.asJava(cell.children()).forEach(this::readActor);
  }

  private void readBehavior(String path, ActorAdapter<?> adapter) {
    Behavior<?> behavior = behaviorOf(adapter);
    List<Object> owners = owners(behavior);
    if (owners.size() != 1) {
      count(path, "state", hash(behavior, none()));
      return;
    }
    Object owner = owners.getFirst();
    List<Opened> fields = new ArrayList<>();
    open(owner, "", fields);
    IdentityHashMap<Object, String> borders = new IdentityHashMap<>();
    borders.put(owner, "this");
    fields.forEach(field -> field.border(borders));
    String kind = Identity.className(owner.getClass());
    String shortKind = kind.substring(kind.lastIndexOf('.') + 1);
    fields.forEach(field -> count(path, shortKind + "." + field.name, hash(field.value, borders)));
  }

  private static Behavior<?> behaviorOf(ActorAdapter<?> adapter) {
    for (Fields.One field : Fields.of(adapter.getClass())) {
      if (field.name().endsWith("behavior") && field.of(adapter) instanceof Behavior<?> found) {
        return found;
      }
    }
    throw new IllegalStateException("no behavior in " + adapter.getClass());
  }

  /** The first objects of somebody's own inside behaviors and lambdas. */
  private List<Object> owners(Object behavior) {
    List<Object> owners = new ArrayList<>();
    IdentityHashMap<Object, Object> seen = new IdentityHashMap<>();
    ArrayDeque<Object> unread = new ArrayDeque<>(List.of(behavior));
    for (Object next = unread.poll(); next != null; next = unread.poll()) {
      if (opacity.hides(next) || seen.put(next, next) != null) {
        continue;
      }
      if (Opacity.isOwn(next)) {
        owners.add(next);
        continue;
      }
      for (Fields.One field : Fields.of(next.getClass())) {
        Object value = field.of(next);
        if (value != null) {
          unread.add(value);
        }
      }
    }
    return owners;
  }

  private void open(Object owner, String prefix, List<Opened> fields) {
    for (Fields.One field : Fields.of(owner.getClass())) {
      Object value = field.of(owner);
      if (value != null && prefix.isEmpty() && field.name().endsWith(CORE)) {
        open(value, field.name() + ".", fields);
      } else {
        fields.add(new Opened(prefix + field.name(), value));
      }
    }
  }

  private static IdentityHashMap<Object, String> none() {
    return new IdentityHashMap<>();
  }

  private long hash(@Nullable Object root, IdentityHashMap<Object, String> borders) {
    return new ObjectHash(opacity, borders).of(root);
  }

  private void count(String path, String field, long hash) {
    long fieldHash = SplitMix64.hash(field);
    long pathHash = SplitMix64.hash(path);
    parts.merge(path, SplitMix64.mix(hash + fieldHash), Long::sum);
    parts.merge(field, SplitMix64.mix(hash + pathHash), Long::sum);
  }

  /** Takes each message out and puts it back: there is no other way to look into a mailbox. */
  private void readMailbox(String path, MessageQueue queue) {
    MessageQueue inner = queue instanceof WatchedQueue watched ? watched.inner() : queue;
    int waiting = inner.numberOfMessages();
    long hash = 0;
    for (int i = 0; i < waiting; i++) {
      Envelope next = inner.dequeue();
      hash = SplitMix64.mix(hash * 31 + hash(Adapted.inner(next.message()), none()));
      inner.enqueue(next.sender(), next);
    }
    if (waiting > 0) {
      count(path, MAILBOX, hash);
    }
  }
}
