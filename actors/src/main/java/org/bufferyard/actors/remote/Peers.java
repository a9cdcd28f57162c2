package org.bufferyard.actors.remote;

import akka.actor.typed.ActorRef;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.function.Consumer;
import org.bufferyard.actors.lease.BufferAttachment;
import org.bufferyard.actors.lease.ImporterNotice;
import org.bufferyard.actors.lease.Mapping;
import org.bufferyard.actors.lease.SharedBuffer;
import org.bufferyard.allocator.Errno;
import org.bufferyard.allocator.Refusal;
import org.jspecify.annotations.Nullable;

/** The importers elsewhere that use a gateway, and what each has. Owned by the gateway. */
final class Peers {
  /** One importer elsewhere. */
  static final class Peer {
    final ActorRef<Wire.Event> importer;
    final LinkedHashMap<Integer, BufferAttachment> attachments = new LinkedHashMap<>();
    final LinkedHashMap<Integer, Open> mappings = new LinkedHashMap<>();
    boolean gone;
    int ids;

    Peer(ActorRef<Wire.Event> importer) {
      this.importer = importer;
    }
  }

  record Open(int attachment, Mapping lease) {}

  private final LinkedHashMap<ActorRef<Wire.Event>, Peer> peers = new LinkedHashMap<>();
  private final Consumer<ActorRef<Wire.Event>> watcher;

  /**
   * None so far.
   *
   * @param watcher begins to watch one
   */
  Peers(Consumer<ActorRef<Wire.Event>> watcher) {
    this.watcher = watcher;
  }

  Peer of(ActorRef<Wire.Event> from) {
    return peers.computeIfAbsent(
        from,
        fresh -> {
          watcher.accept(fresh);
          return new Peer(fresh);
        });
  }

  /** What is attached of the buffer is detached. */
  void withdraw(SharedBuffer buffer) {
    for (Peer peer : peers.values()) {
      for (var entry : List.copyOf(peer.attachments.entrySet())) {
        if (entry.getValue().buffer().equals(buffer)) {
          detach(peer, entry.getKey());
        }
      }
    }
  }

  static @Nullable Open open(Peer peer, long token, int mapping) {
    Open open = peer.mappings.get(mapping);
    if (open == null) {
      refuse(peer, token, Errno.ENOENT, "no mapping " + mapping);
    }
    return open;
  }

  /** Others may use the same buffer through this gateway: only this importer's leases end. */
  void detach(Peer peer, int attachment) {
    BufferAttachment gone = peer.attachments.remove(attachment);
    peer.mappings
        .values()
        .removeIf(
            open -> {
              if (open.attachment() == attachment) {
                open.lease().close();
              }
              return open.attachment() == attachment;
            });
    boolean used =
        gone != null
            && peers.values().stream().anyMatch(each -> each.attachments.containsValue(gone));
    if (gone != null && !used) {
      gone.detach();
    }
  }

  void gone(ActorRef<Wire.Event> gone) {
    Peer peer = peers.remove(gone);
    if (peer != null) {
      peer.gone = true;
      List.copyOf(peer.attachments.keySet()).forEach(id -> detach(peer, id));
    }
  }

  /** A buffer has to move: whoever uses it here is told. */
  void onNotice(ImporterNotice notice) {
    if (notice instanceof ImporterNotice.Invalidated(var attachment, var generation)) {
      for (Peer peer : peers.values()) {
        peer.attachments.forEach(
            (id, each) -> {
              if (each.equals(attachment)) {
                peer.importer.tell(new Wire.Invalidate(id, generation));
              }
            });
      }
    }
  }

  static void refuse(Peer peer, long token, Errno errno, String reason) {
    peer.importer.tell(new Wire.Refused(token, new Refusal(errno, reason)));
  }
}
