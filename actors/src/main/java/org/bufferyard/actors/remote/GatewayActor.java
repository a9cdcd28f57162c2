package org.bufferyard.actors.remote;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
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
import org.bufferyard.actors.lease.SharedBuffer;
import org.bufferyard.actors.protocol.Handle;
import org.bufferyard.allocator.DmaDirection;
import org.bufferyard.allocator.Errno;
import org.bufferyard.allocator.Refusal;

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

  record AttachDone(Peers.Peer peer, long token, BufferAttachment attachment) implements Command {}

  record MapDone(Peers.Peer peer, long token, List<Mapping> mappings, boolean batch)
      implements Command {}

  record PeerGone(ActorRef<Wire.Event> importer) implements Command {}

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
  private final Peers peers;
  private final ByteDesk bytes;

  private GatewayActor(
      ActorContext<Command> context, Function<ActorRef<ImporterNotice>, HostImporter> importers) {
    this.context = context;
    this.peers = new Peers(peer -> context.watchWith(peer, new PeerGone(peer)));
    this.bytes = new ByteDesk(peers);
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
            case Withdraw(var buffer) -> {
              exposed.remove(buffer.handle());
              peers.withdraw(buffer);
            }
            case Noticed(var notice) -> peers.onNotice(notice);
            case AttachDone done -> onAttached(done);
            case MapDone done -> onMapped(done);
            case PeerGone(var gone) -> peers.gone(gone);
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

  private void onWire(Wire.Command wire) {
    switch (wire) {
      case Wire.Attach attach -> onAttach(attach);
      case Wire.Map map ->
          onMap(map.importer(), map.token(), List.of(map.attachment()), map.direction(), false);
      case Wire.MapBatch batch ->
          onMap(batch.importer(), batch.token(), batch.attachments(), batch.direction(), true);
      case Wire.Fetch fetch -> bytes.fetch(fetch);
      case Wire.Store store -> bytes.store(store);
      case Wire.Unmap unmap -> onUnmap(unmap);
      case Wire.Detach detach -> {
        peers.detach(peers.of(detach.importer()), detach.attachment());
        detach.importer().tell(new Wire.Detached(detach.token(), detach.attachment()));
      }
    }
  }

  private void onAttach(Wire.Attach attach) {
    Peers.Peer peer = peers.of(attach.importer());
    SharedBuffer buffer = exposed.get(attach.handle());
    if (buffer == null) {
      Peers.refuse(peer, attach.token(), Errno.EBADF, attach.handle() + " opens no buffer here");
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

  private <T> Answer<T> answer(Peers.Peer peer, long token, Function<T, Command> done) {
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
    Peers.Peer peer = peers.of(from);
    List<BufferAttachment> attachments = new ArrayList<>(ids.size());
    for (int id : ids) {
      BufferAttachment attachment = peer.attachments.get(id);
      if (attachment == null) {
        Peers.refuse(peer, token, Errno.ENOENT, "no attachment " + id);
        return;
      }
      attachments.add(attachment);
    }
    if (peer.mappings.size() + ids.size() > MAPPINGS_MAX) {
      Peers.refuse(peer, token, Errno.EDQUOT, MAPPINGS_MAX + " mappings are open from there");
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
    Peers.Peer peer = done.peer();
    if (peer.gone) {
      done.mappings().forEach(Mapping::close);
      return;
    }
    List<Wire.Mapped> mapped = new ArrayList<>(done.mappings().size());
    for (Mapping lease : done.mappings()) {
      int id = ++peer.ids;
      peer.mappings.put(id, new Peers.Open(idOf(peer, lease), lease));
      mapped.add(new Wire.Mapped(done.token(), id, lease.generation(), lease.table()));
    }
    peer.importer.tell(
        done.batch() ? new Wire.MappedBatch(done.token(), mapped) : mapped.getFirst());
  }

  private static int idOf(Peers.Peer peer, Mapping lease) {
    for (var entry : peer.attachments.entrySet()) {
      if (entry.getValue().buffer().equals(lease.buffer())) {
        return entry.getKey();
      }
    }
    return 0;
  }

  private void onUnmap(Wire.Unmap unmap) {
    Peers.Peer peer = peers.of(unmap.importer());
    Peers.Open open = Peers.open(peer, unmap.token(), unmap.mapping());
    if (open != null) {
      peer.mappings.remove(unmap.mapping());
      open.lease().close();
      peer.importer.tell(new Wire.Unmapped(unmap.token(), unmap.mapping()));
    }
  }
}
