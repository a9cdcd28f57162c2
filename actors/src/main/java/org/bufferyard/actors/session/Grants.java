package org.bufferyard.actors.session;

import akka.actor.typed.ActorRef;
import akka.actor.typed.javadsl.ActorContext;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import org.bufferyard.actors.protocol.BufferId;
import org.bufferyard.actors.protocol.Handle;
import org.bufferyard.actors.protocol.Session;
import org.bufferyard.actors.protocol.Session.Grant;
import org.jspecify.annotations.Nullable;

/**
 * The handles a client holds, and whom it tells of those that others share with it. The buffers
 * they open are watched. Owned by the session.
 */
final class Grants {
  private final ActorContext<Session.Command> context;
  private final LinkedHashMap<Handle, Grant> grants = new LinkedHashMap<>();

  /** Offered before anybody listened. */
  private final LinkedHashSet<Handle> unheard = new LinkedHashSet<>();

  /** How many handles open a buffer. */
  private final LinkedHashMap<BufferId, Integer> handles = new LinkedHashMap<>();

  private @Nullable ActorRef<Session.Reply> listener;

  Grants(ActorContext<Session.Command> context) {
    this.context = context;
  }

  void enter(Grant grant) {
    grants.put(grant.handle(), grant);
    if (handles.merge(grant.buffer(), 1, Integer::sum) == 1) {
      context.watchWith(grant.ref(), new Session.BufferGone(grant.buffer()));
    }
  }

  void offered(Grant grant) {
    enter(grant);
    if (listener == null) {
      unheard.add(grant.handle());
    } else {
      listener.tell(new Session.Imported(grant));
    }
  }

  /** What another client shared before this one's program had begun is not lost. */
  void listen(ActorRef<Session.Reply> to) {
    listener = to;
    for (Handle handle : unheard) {
      Grant grant = grants.get(handle);
      if (grant != null) {
        to.tell(new Session.Imported(grant));
      }
    }
    unheard.clear();
  }

  @Nullable Grant get(Handle handle) {
    return grants.get(handle);
  }

  void remove(Grant grant) {
    if (grants.remove(grant.handle()) != null
        && handles.computeIfPresent(grant.buffer(), (buffer, open) -> open > 1 ? open - 1 : null)
            == null) {
      context.unwatch(grant.ref());
    }
  }

  void removeAll(BufferId buffer) {
    if (handles.remove(buffer) != null) {
      grants.values().removeIf(grant -> grant.buffer().equals(buffer));
    }
  }

  List<Grant> all() {
    return List.copyOf(grants.values());
  }

  int size() {
    return grants.size();
  }
}
