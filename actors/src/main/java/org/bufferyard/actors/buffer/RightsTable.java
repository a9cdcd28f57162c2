package org.bufferyard.actors.buffer;

import akka.actor.typed.ActorRef;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import org.bufferyard.actors.protocol.BufferInfo;
import org.bufferyard.actors.protocol.ClientId;
import org.bufferyard.actors.protocol.Handle;
import org.bufferyard.actors.protocol.Header;
import org.bufferyard.actors.protocol.Rights;
import org.bufferyard.actors.protocol.Session;
import org.bufferyard.allocator.Errno;
import org.bufferyard.allocator.Refusal;
import org.jspecify.annotations.Nullable;

/** Who may do what with a buffer, by handle. Not thread-safe; owned by the buffer. */
final class RightsTable {
  private record Entry(ClientId client, long epoch, int rights, ActorRef<Session.Command> session) {
    Entry in(long newer) {
      return new Entry(client, newer, rights, session);
    }
  }

  private final LinkedHashMap<Handle, Entry> entries = new LinkedHashMap<>(1);

  /**
   * A handle for {@code client}.
   *
   * @param epoch requests of an older one are refused; grows with the requests that come
   */
  void grant(
      Handle handle, ClientId client, long epoch, int rights, ActorRef<Session.Command> session) {
    entries.put(handle, new Entry(client, epoch, rights, session));
  }

  /** The session of a client that holds a handle; null if it holds none. */
  @Nullable ActorRef<Session.Command> sessionOf(ClientId client) {
    for (Entry entry : entries.values()) {
      if (entry.client.equals(client)) {
        return entry.session;
      }
    }
    return null;
  }

  /** Returns the session that it was given to; null if there is no such handle. */
  @Nullable ActorRef<Session.Command> remove(Handle handle) {
    Entry entry = entries.remove(handle);
    return entry == null ? null : entry.session;
  }

  /** Some handle was given to this session. */
  boolean isKnown(ActorRef<Session.Command> session) {
    for (Entry entry : entries.values()) {
      if (entry.session.equals(session)) {
        return true;
      }
    }
    return false;
  }

  /** Takes back what was given to the session; returns whose it was. */
  List<ClientId> removeAll(ActorRef<Session.Command> session) {
    List<ClientId> clients =
        entries.values().stream()
            .filter(entry -> entry.session.equals(session))
            .map(Entry::client)
            .distinct()
            .toList();
    entries.values().removeIf(entry -> entry.session.equals(session));
    return clients;
  }

  int size() {
    return entries.size();
  }

  boolean isEmpty() {
    return entries.isEmpty();
  }

  /** Of all clients, in order of grant; without the tokens. */
  List<BufferInfo.HandleInfo> handles() {
    List<BufferInfo.HandleInfo> handles = new ArrayList<>();
    entries
        .values()
        .forEach(entry -> handles.add(new BufferInfo.HandleInfo(entry.client, entry.rights)));
    return handles;
  }

  int rightsOf(Handle handle) {
    Entry entry = entries.get(handle);
    return entry == null ? 0 : entry.rights;
  }

  /**
   * Why the request may not be served, or null: the token, its client, its epoch, its rights. A
   * handle that lacks a right is EPERM; one that is for reading alone, where a write is asked for,
   * is EACCES, as {@code mmap} answers who opened a file for reading.
   */
  @Nullable Refusal refuses(Header header, int needed) {
    Entry entry = entries.get(header.handle());
    if (entry == null) {
      return new Refusal(Errno.EBADF, header.handle() + " opens no buffer here");
    }
    if (!entry.client.equals(header.client())) {
      return new Refusal(Errno.EACCES, header.handle() + " is not of " + header.client());
    }
    if (header.epoch() < entry.epoch) {
      return new Refusal(
          Errno.ESTALE,
          header.client() + " is in epoch " + entry.epoch + ", the request of " + header.epoch());
    }
    if (header.epoch() > entry.epoch) {
      entries.put(header.handle(), entry.in(header.epoch()));
    }
    int missing = needed & ~entry.rights;
    if (missing == Rights.WRITE) {
      return new Refusal(
          Errno.EACCES,
          header.handle() + " was shared for reading",
          "a handle with the write right");
    }
    return missing == 0
        ? null
        : new Refusal(
            Errno.EPERM, header.handle() + " lacks the right to " + Rights.names(missing));
  }
}
