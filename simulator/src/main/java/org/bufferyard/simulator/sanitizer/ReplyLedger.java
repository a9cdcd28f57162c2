package org.bufferyard.simulator.sanitizer;

import akka.actor.ActorPath;
import java.util.LinkedHashMap;
import java.util.Map;
import org.bufferyard.actors.protocol.Buffer;
import org.jspecify.annotations.Nullable;

/** Requests to buffers that have not been answered. Owned by the sanitizer. */
final class ReplyLedger {
  /** Who asked, and under which number. */
  private record Key(ActorPath requester, long requestId) {}

  private final LinkedHashMap<Key, Buffer.Request> open = new LinkedHashMap<>();

  /** Returns the request that is open under the same number, or null. */
  Buffer.@Nullable Request asked(ActorPath requester, Buffer.Request request) {
    return open.put(new Key(requester, request.header().requestId()), request);
  }

  /** The request that this answers, or null: there is none, or it was answered before. */
  Buffer.@Nullable Request answered(ActorPath requester, long requestId) {
    return open.remove(new Key(requester, requestId));
  }

  /** The oldest that is open, in words; null if none is. */
  @Nullable String oldest() {
    Map.Entry<Key, Buffer.Request> first = open.firstEntry();
    return first == null ? null : first.getKey().requester().name() + " asked " + first.getValue();
  }

  int size() {
    return open.size();
  }
}
