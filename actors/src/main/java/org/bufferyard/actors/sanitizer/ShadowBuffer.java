package org.bufferyard.actors.sanitizer;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.bufferyard.actors.protocol.BufferId;
import org.bufferyard.actors.protocol.ClientId;
import org.bufferyard.actors.protocol.Handle;
import org.bufferyard.actors.protocol.Header;
import org.bufferyard.allocator.Extents;
import org.jspecify.annotations.Nullable;

/** One buffer, by this account. Owned by the sanitizer. */
final class ShadowBuffer {
  enum State {
    DECLARED,
    RESIDENT,
    MOVING,
    FREED
  }

  final BufferId id;
  final int number;
  final long pages;
  final MessageRing history = new MessageRing();
  final LinkedHashMap<Integer, ShadowAttachment> attachments = new LinkedHashMap<>();
  final List<ShadowFence> fences = new ArrayList<>(2);

  /** Given and not closed. */
  final Set<Handle> handles = new LinkedHashSet<>(2);

  /** The newest that a request was handled of, by client. */
  private final LinkedHashMap<ClientId, Long> epochs = new LinkedHashMap<>(2);

  State state = State.DECLARED;

  /** What it was before a move that it may yet refuse. */
  State before = State.DECLARED;

  long move = -1;
  long moveSinceNanos;

  /** It has said that nobody touches the old pages any more. */
  boolean prepared;

  /** A demand of its is out at migration. */
  boolean demanding;

  /** The KERNEL fence that its pages are under: contents are on their way in, or out; 0 if none. */
  long arriving;

  /** Its pages lie in a file. */
  boolean inFile;

  /** The kind of message it was told last; for {@link Coverage}. */
  int lastKind = -1;

  int region = -1;
  Extents extents = Extents.NONE;
  long generation;

  ShadowBuffer(BufferId id, long pages) {
    this.id = id;
    this.number = (int) id.value();
    this.pages = pages;
  }

  /**
   * A request is handled: requests of older epochs of its client are to be refused from here on.
   */
  void noteEpoch(Header header) {
    epochs.merge(header.client(), header.epoch(), Math::max);
  }

  boolean isOld(Header header) {
    return header.epoch() < epochs.getOrDefault(header.client(), Long.MIN_VALUE);
  }

  @Nullable MappingRecord firstRecord() {
    for (ShadowAttachment attachment : attachments.values()) {
      if (attachment.record != null) {
        return attachment.record;
      }
    }
    return null;
  }

  int pins() {
    int pins = 0;
    for (ShadowAttachment attachment : attachments.values()) {
      pins += attachment.pins;
    }
    return pins;
  }

  /** Drops one fence of this owner, if there is one. */
  void endFence(Object owner) {
    for (int i = 0; i < fences.size(); i++) {
      if (fences.get(i).owner().equals(owner)) {
        fences.remove(i);
        return;
      }
    }
  }

  @Nullable ShadowFence conflicting(boolean write) {
    for (ShadowFence fence : fences) {
      if (write || fence.writes()) {
        return fence;
      }
    }
    return null;
  }

  boolean granted(int device, long page, boolean write) {
    for (ShadowFence fence : fences) {
      if (fence.covers(device, page, write)) {
        return true;
      }
    }
    return false;
  }
}
