package org.bufferyard.actors.remote;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.util.ByteString;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.function.Function;
import org.bufferyard.actors.lease.Answer;
import org.bufferyard.actors.lease.BufferAttachment;
import org.bufferyard.actors.lease.HostImporter;
import org.bufferyard.actors.lease.ImporterActor;
import org.bufferyard.actors.lease.ImporterNotice;
import org.bufferyard.actors.lease.LeaseTerms;
import org.bufferyard.actors.lease.Mapping;
import org.bufferyard.actors.lease.MemoryView;
import org.bufferyard.actors.lease.SharedBuffer;
import org.bufferyard.actors.protocol.Handle;
import org.bufferyard.allocator.DmaDirection;
import org.bufferyard.allocator.Errno;
import org.bufferyard.allocator.Refusal;
import org.jspecify.annotations.Nullable;

/**
 * A yard's door to other processes: maps on behalf of importers elsewhere and carries the bytes. It
 * opens only buffers that were exposed to it. An importer elsewhere keeps its leases until it
 * unmaps, hears that a buffer has to move, or dies: it is watched, and the failure detector says
 * when. Bounded: {@link #MAPPINGS_MAX} an importer, chunks of {@link Wire#CHUNK_BYTES}.
 */
public final class GatewayActor {
  /** Most open mappings of one importer; one more is refused EDQUOT. */
  public static final int MAPPINGS_MAX = 4096;

  public sealed interface Command {}

  /** From elsewhere. */
  record FromWire(Wire.Command command) implements Command {}

  /** The buffer may be used from elsewhere by whoever holds the answer. */
  public record Expose(SharedBuffer buffer, ActorRef<Wire.RemoteBuffer> replyTo)
      implements Command {}

  /** It may not be any more: what is attached from elsewhere is detached. */
  public record Withdraw(SharedBuffer buffer) implements Command {}

  record Noticed(ImporterNotice notice) implements Command {}

  record AttachDone(Peer peer, long token, BufferAttachment attachment) implements Command {}

  record MapDone(Peer peer, long token, List<Mapping> mappings, boolean batch) implements Command {}

  record PeerGone(ActorRef<Wire.Event> importer) implements Command {}

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

  /** Time is no reason to take a mapping from an importer that is alive. */
  private static final LeaseTerms TERMS = new LeaseTerms(1L << 60, false);

  /**
   * The gateway of a yard.
   *
   * @param importers makes its importer, given who hears its notices
   */
  public static Behavior<Command> create(
      Function<ActorRef<ImporterNotice>, HostImporter> importers) {
    return Behaviors.setup(context -> new GatewayActor(context, importers).serving());
  }

  private final ActorContext<Command> context;
  private final ActorRef<Wire.Command> door;
  private final HostImporter importer;
  private final LinkedHashMap<Handle, SharedBuffer> exposed = new LinkedHashMap<>();
  private final LinkedHashMap<ActorRef<Wire.Event>, Peer> peers = new LinkedHashMap<>();

  private GatewayActor(
      ActorContext<Command> context, Function<ActorRef<ImporterNotice>, HostImporter> importers) {
    this.context = context;
    ActorRef<Command> self = context.getSelf();
    this.door =
        context.spawn(
            Behaviors.receiveMessage(
                command -> {
                  self.tell(new FromWire(command));
                  return Behaviors.same();
                }),
            "door");
    // A child of its own: message adapters cannot be watched for as an importer's owner is.
    this.importer =
        importers.apply(
            context.spawn(
                Behaviors.receiveMessage(
                    notice -> {
                      self.tell(new Noticed(notice));
                      return Behaviors.same();
                    }),
                "notices"));
  }

  private Behavior<Command> serving() {
    return Behaviors.receiveMessage(
        command -> {
          switch (command) {
            case FromWire(var wire) -> onWire(wire);
            case Expose expose -> onExpose(expose);
            case Withdraw withdraw -> onWithdraw(withdraw.buffer());
            case Noticed(var notice) -> onNotice(notice);
            case AttachDone done -> onAttached(done);
            case MapDone done -> onMapped(done);
            case PeerGone(var gone) -> onPeerGone(gone);
          }
          return Behaviors.same();
        });
  }

  private void onExpose(Expose expose) {
    SharedBuffer buffer = expose.buffer();
    exposed.put(buffer.handle(), buffer);
    expose
        .replyTo()
        .tell(
            new Wire.RemoteBuffer(door, buffer.handle(), buffer.id().value(), buffer.sizeBytes()));
  }

  private void onWithdraw(SharedBuffer buffer) {
    exposed.remove(buffer.handle());
    for (Peer peer : peers.values()) {
      for (var entry : List.copyOf(peer.attachments.entrySet())) {
        if (entry.getValue().buffer().equals(buffer)) {
          detach(peer, entry.getKey());
        }
      }
    }
  }

  private void onWire(Wire.Command wire) {
    switch (wire) {
      case Wire.Attach attach -> onAttach(attach);
      case Wire.Map map ->
          onMap(map.importer(), map.token(), List.of(map.attachment()), map.direction(), false);
      case Wire.MapBatch batch ->
          onMap(batch.importer(), batch.token(), batch.attachments(), batch.direction(), true);
      case Wire.Fetch fetch -> onFetch(fetch);
      case Wire.Store store -> onStore(store);
      case Wire.Unmap unmap -> onUnmap(unmap);
      case Wire.Detach detach -> {
        detach(peer(detach.importer()), detach.attachment());
        detach.importer().tell(new Wire.Detached(detach.token(), detach.attachment()));
      }
    }
  }

  private Peer peer(ActorRef<Wire.Event> from) {
    return peers.computeIfAbsent(
        from,
        fresh -> {
          context.watchWith(fresh, new PeerGone(fresh));
          return new Peer(fresh);
        });
  }

  private void onAttach(Wire.Attach attach) {
    Peer peer = peer(attach.importer());
    SharedBuffer buffer = exposed.get(attach.handle());
    if (buffer == null) {
      refuse(peer, attach.token(), Errno.EBADF, attach.handle() + " opens no buffer here");
      return;
    }
    importer
        .ref()
        .tell(
            new ImporterActor.Attach(
                buffer,
                answer(
                    peer,
                    attach.token(),
                    attachment -> new AttachDone(peer, attach.token(), attachment))));
  }

  private <T> Answer<T> answer(Peer peer, long token, Function<T, Command> done) {
    ActorRef<Command> self = context.getSelf();
    return new Answer<>() {
      @Override
      public void done(T value) {
        self.tell(done.apply(value));
      }

      @Override
      public void refused(Refusal refusal) {
        peer.importer.tell(new Wire.Refused(token, refusal));
      }

      @Override
      public Object place() {
        return peer.importer.path();
      }
    };
  }

  private void onAttached(AttachDone done) {
    if (!done.peer().gone) {
      int id = ++done.peer().ids;
      done.peer().attachments.put(id, done.attachment());
      done.peer()
          .importer
          .tell(new Wire.Attached(done.token(), id, done.attachment().buffer().sizeBytes()));
    }
  }

  private void onMap(
      ActorRef<Wire.Event> from,
      long token,
      List<Integer> ids,
      DmaDirection direction,
      boolean batch) {
    Peer peer = peer(from);
    List<BufferAttachment> attachments = new ArrayList<>(ids.size());
    for (int id : ids) {
      BufferAttachment attachment = peer.attachments.get(id);
      if (attachment == null) {
        refuse(peer, token, Errno.ENOENT, "no attachment " + id);
        return;
      }
      attachments.add(attachment);
    }
    if (peer.mappings.size() + ids.size() > MAPPINGS_MAX) {
      refuse(peer, token, Errno.EDQUOT, MAPPINGS_MAX + " mappings are open from there");
      return;
    }
    importer
        .ref()
        .tell(
            new ImporterActor.MapBatch(
                attachments,
                direction,
                TERMS,
                answer(peer, token, mappings -> new MapDone(peer, token, mappings, batch))));
  }

  private void onMapped(MapDone done) {
    Peer peer = done.peer();
    if (peer.gone) {
      done.mappings().forEach(Mapping::close);
      return;
    }
    List<Wire.Mapped> mapped = new ArrayList<>(done.mappings().size());
    for (Mapping lease : done.mappings()) {
      int id = ++peer.ids;
      peer.mappings.put(id, new Open(idOf(peer, lease), lease));
      mapped.add(new Wire.Mapped(done.token(), id, lease.generation(), lease.table()));
    }
    peer.importer.tell(
        done.batch() ? new Wire.MappedBatch(done.token(), mapped) : mapped.getFirst());
  }

  private static int idOf(Peer peer, Mapping lease) {
    for (var entry : peer.attachments.entrySet()) {
      if (entry.getValue().buffer().equals(lease.buffer())) {
        return entry.getKey();
      }
    }
    return 0;
  }

  private void onFetch(Wire.Fetch fetch) {
    Peer peer = peer(fetch.importer());
    Open open = open(peer, fetch.token(), fetch.mapping());
    if (open == null) {
      return;
    }
    if (outside(open, fetch.offset(), fetch.lengthBytes())) {
      refuse(
          peer,
          fetch.token(),
          Errno.EINVAL,
          "bytes "
              + fetch.offset()
              + "+"
              + fetch.lengthBytes()
              + " of a mapping of "
              + open.lease().sizeBytes());
      return;
    }
    ByteString bytes;
    try (MemoryView view = open.lease().open()) {
      bytes = view.toByteString(fetch.offset(), fetch.lengthBytes());
    } catch (IllegalStateException ended) {
      refuse(peer, fetch.token(), Errno.ENOENT, String.valueOf(ended.getMessage()));
      return;
    }
    peer.importer.tell(new Wire.Chunk(fetch.token(), fetch.mapping(), fetch.offset(), bytes));
  }

  private static boolean outside(Open open, long offset, int lengthBytes) {
    return lengthBytes < 0
        || lengthBytes > Wire.CHUNK_BYTES
        || offset < 0
        || offset > open.lease().sizeBytes() - lengthBytes;
  }

  private void onStore(Wire.Store store) {
    Peer peer = peer(store.importer());
    Open open = open(peer, store.token(), store.mapping());
    if (open == null) {
      return;
    }
    if (!open.lease().writable()) {
      refuse(peer, store.token(), Errno.EPERM, "mapped for reading");
    } else if (outside(open, store.offset(), store.bytes().size())) {
      refuse(peer, store.token(), Errno.EINVAL, "outside the mapping, offset=" + store.offset());
    } else {
      try (MemoryView view = open.lease().open()) {
        view.put(store.offset(), store.bytes());
      } catch (IllegalStateException ended) {
        refuse(peer, store.token(), Errno.ENOENT, String.valueOf(ended.getMessage()));
        return;
      }
      peer.importer.tell(new Wire.Stored(store.token(), store.mapping()));
    }
  }

  private @Nullable Open open(Peer peer, long token, int mapping) {
    Open open = peer.mappings.get(mapping);
    if (open == null) {
      refuse(peer, token, Errno.ENOENT, "no mapping " + mapping);
    }
    return open;
  }

  private void onUnmap(Wire.Unmap unmap) {
    Peer peer = peer(unmap.importer());
    Open open = open(peer, unmap.token(), unmap.mapping());
    if (open != null) {
      peer.mappings.remove(unmap.mapping());
      open.lease().close();
      peer.importer.tell(new Wire.Unmapped(unmap.token(), unmap.mapping()));
    }
  }

  /** Others may use the same buffer through this gateway: only this importer's leases end. */
  private void detach(Peer peer, int attachment) {
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

  private void onPeerGone(ActorRef<Wire.Event> gone) {
    Peer peer = peers.remove(gone);
    if (peer != null) {
      peer.gone = true;
      List.copyOf(peer.attachments.keySet()).forEach(id -> detach(peer, id));
    }
  }

  private void onNotice(ImporterNotice notice) {
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

  private static void refuse(Peer peer, long token, Errno errno, String reason) {
    peer.importer.tell(new Wire.Refused(token, new Refusal(errno, reason)));
  }
}
