package org.bufferyard.actors.session;

import akka.actor.typed.ActorRef;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import org.bufferyard.actors.protocol.RequestKind;
import org.bufferyard.actors.protocol.Session;
import org.bufferyard.actors.protocol.Session.Grant;
import org.jspecify.annotations.Nullable;

/** The requests a session has sent and awaits an answer to, oldest first. Owned by the session. */
final class OpenRequests {
  /**
   * A request on its way.
   *
   * @param grant what it is about; null for an export, which has none yet
   */
  record Open(
      long requestId,
      RequestKind kind,
      long sentNanos,
      @Nullable Grant grant,
      Session.@Nullable Command asked,
      ActorRef<Session.Reply> replyTo) {}

  private final LinkedHashMap<Long, Open> open = new LinkedHashMap<>();

  void add(Open request) {
    open.put(request.requestId(), request);
  }

  /** The request answered, or null: an answer of an older epoch, or a second one. */
  @Nullable Open answered(long requestId) {
    return open.remove(requestId);
  }

  @Nullable Open get(long requestId) {
    return open.get(requestId);
  }

  boolean isEmpty() {
    return open.isEmpty();
  }

  int size() {
    return open.size();
  }

  long oldestNanos() {
    return open.firstEntry().getValue().sentNanos();
  }

  /** Those sent at or before {@code nanos}; they stay open until answered. */
  List<Open> sentBefore(long nanos) {
    List<Open> overdue = new ArrayList<>();
    for (Open request : open.values()) {
      if (request.sentNanos() > nanos) {
        break;
      }
      overdue.add(request);
    }
    return overdue;
  }

  List<Open> about(org.bufferyard.actors.protocol.BufferId buffer) {
    return open.values().stream()
        .filter(each -> each.grant() != null && each.grant().buffer().equals(buffer))
        .toList();
  }
}
