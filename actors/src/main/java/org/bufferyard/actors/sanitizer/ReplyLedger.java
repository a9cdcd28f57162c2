package org.bufferyard.actors.sanitizer;

import akka.actor.ActorPath;
import java.util.LinkedHashMap;
import java.util.Map;
import org.bufferyard.actors.protocol.Buffer;
import org.jspecify.annotations.Nullable;

/** Requests to buffers that have not been answered. Owned by the sanitizer. */
final class ReplyLedger {
  /** Who asked, and under which number. */
  private record Key(ActorPath requester, long requestId) {}

  private record Asked(ActorPath buffer, Buffer.Request request, long atNanos) {}

  private final LinkedHashMap<Key, Asked> open = new LinkedHashMap<>();

  /** Returns whether none is open under the same number. */
  boolean asked(ActorPath requester, ActorPath buffer, Buffer.Request request, long atNanos) {
    Key key = new Key(requester, request.header().requestId());
    return open.putLast(key, new Asked(buffer, request, atNanos)) == null;
  }

  /** The request that this answers, or null: there is none, or it was answered before. */
  Buffer.@Nullable Request answered(ActorPath requester, long requestId) {
    Asked asked = open.remove(new Key(requester, requestId));
    return asked == null ? null : asked.request;
  }

  /** The buffer is freed; who asked it hears of that by death watch, and has its answer. */
  void gone(ActorPath buffer) {
    open.values().removeIf(asked -> asked.buffer.equals(buffer));
  }

  /** The oldest that is open, in words; null if none is. */
  @Nullable String oldest() {
    Map.Entry<Key, Asked> first = open.firstEntry();
    return first == null
        ? null
        : first.getKey().requester().name() + " asked " + first.getValue().request;
  }

  /** How long the oldest has been open; 0 if none is. */
  long oldestAge(long nowNanos) {
    Map.Entry<Key, Asked> first = open.firstEntry();
    return first == null ? 0 : nowNanos - first.getValue().atNanos;
  }

  int size() {
    return open.size();
  }
}
