package org.bufferyard.actors.remote;

import akka.util.ByteString;
import org.bufferyard.actors.lease.MemoryView;
import org.bufferyard.allocator.Errno;

/** Reads and writes the bytes of mappings for importers elsewhere. Owned by the gateway. */
final class ByteDesk {
  private final Peers peers;

  ByteDesk(Peers peers) {
    this.peers = peers;
  }

  void fetch(Wire.Fetch fetch) {
    Peers.Peer peer = peers.of(fetch.importer());
    Peers.Open open = Peers.open(peer, fetch.token(), fetch.mapping());
    if (open == null) {
      return;
    }
    if (outside(open, fetch.offset(), fetch.lengthBytes())) {
      Peers.refuse(
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
      Peers.refuse(peer, fetch.token(), Errno.ENOENT, String.valueOf(ended.getMessage()));
      return;
    }
    peer.importer.tell(new Wire.Chunk(fetch.token(), fetch.mapping(), fetch.offset(), bytes));
  }

  private static boolean outside(Peers.Open open, long offset, int lengthBytes) {
    return lengthBytes < 0
        || lengthBytes > Wire.CHUNK_BYTES
        || offset < 0
        || offset > open.lease().sizeBytes() - lengthBytes;
  }

  void store(Wire.Store store) {
    Peers.Peer peer = peers.of(store.importer());
    Peers.Open open = Peers.open(peer, store.token(), store.mapping());
    if (open == null) {
      return;
    }
    if (!open.lease().writable()) {
      Peers.refuse(peer, store.token(), Errno.EACCES, "mapped for reading");
    } else if (outside(open, store.offset(), store.bytes().size())) {
      Peers.refuse(
          peer, store.token(), Errno.EINVAL, "outside the mapping, offset=" + store.offset());
    } else {
      try (MemoryView view = open.lease().open()) {
        view.put(store.offset(), store.bytes());
      } catch (IllegalStateException ended) {
        Peers.refuse(peer, store.token(), Errno.ENOENT, String.valueOf(ended.getMessage()));
        return;
      }
      peer.importer.tell(new Wire.Stored(store.token(), store.mapping()));
    }
  }
}
