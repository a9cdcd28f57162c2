package org.bufferyard.actors.serialization;

import akka.actor.typed.ActorRef;
import akka.actor.typed.ActorSystem;
import akka.util.ByteString;
import java.util.List;
import java.util.random.RandomGenerator;
import org.bufferyard.actors.extension.YardSnapshot;
import org.bufferyard.actors.lease.ImporterActor;
import org.bufferyard.actors.protocol.Handle;
import org.bufferyard.actors.remote.Wire;
import org.bufferyard.allocator.DmaDirection;
import org.bufferyard.allocator.Errno;
import org.bufferyard.allocator.Refusal;
import org.bufferyard.allocator.sg.SgTable;

/** One message of each class that a frame may hold. */
final class Samples {
  static SgTable table(RandomGenerator random, int segments, boolean wholePages) {
    long[] addresses = new long[segments];
    int[] lengths = new int[segments];
    for (int segment = 0; segment < segments; segment++) {
      long address = random.nextLong(1L << 48);
      int length = 1 + random.nextInt(1 << 22);
      addresses[segment] = wholePages ? address & -4096 : address;
      lengths[segment] = wholePages ? (length & -4096) + 4096 : length;
    }
    return SgTable.ofColumns(addresses, lengths);
  }

  static List<Object> all(ActorSystem<?> system, RandomGenerator random) {
    ActorRef<Wire.Event> importer = system.<Wire.Event>deadLetters();
    ActorRef<Wire.Command> gateway = system.<Wire.Command>deadLetters();
    Handle handle = new Handle(random.nextLong(), random.nextLong());
    ByteString bytes = ByteString.fromArray(new byte[] {1, 2, 3});
    Wire.Mapped mapped = new Wire.Mapped(1, 2, 3, table(random, 5, true));
    return List.of(
        new Wire.RemoteBuffer(gateway, handle, 77, 1 << 20),
        table(random, 300, true),
        table(random, 7, false),
        SgTable.ofColumns(new long[0], new int[0]),
        SgTable.ofColumns(new long[] {-4096, 0}, new int[] {4096, -1}),
        snapshot(),
        new Wire.Attach(Long.MAX_VALUE, handle, importer),
        new Wire.Map(2, 3, DmaDirection.BIDIRECTIONAL, importer),
        new Wire.MapBatch(3, List.of(1, 2, 3), DmaDirection.TO_DEVICE, importer),
        new Wire.Fetch(4, 5, 1L << 40, 65536, importer),
        new Wire.Store(5, 6, 7, bytes, importer),
        new Wire.Unmap(6, 7, importer),
        new Wire.Detach(7, 8, importer),
        new Wire.Attached(8, 9, 1 << 30),
        mapped,
        new Wire.MappedBatch(9, List.of(mapped, mapped)),
        new Wire.Chunk(10, 11, 12, bytes),
        new Wire.Stored(11, 12),
        new Wire.Unmapped(12, 13),
        new Wire.Detached(13, 14),
        new Wire.Refused(14, new Refusal(Errno.ENOMEM, "voll, bis auf den Rand: \u00e4", "more")),
        new Wire.Invalidate(15, 16));
  }

  private static YardSnapshot snapshot() {
    return new YardSnapshot(
        "default",
        3,
        List.of(new YardSnapshot.RegionUse("MEMORY", 1 << 20, 4096, 8192, 2)),
        5,
        6,
        7,
        8,
        9,
        List.of(new ImporterActor.Books("i", 1, 2, 3, 4, 5)));
  }

  private Samples() {}
}
