package org.bufferyard.actors.extension;

import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Props;
import akka.actor.typed.javadsl.Behaviors;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.random.RandomGenerator;
import org.bufferyard.actors.lease.BufferAttachment;
import org.bufferyard.actors.lease.HostImporter;
import org.bufferyard.actors.lease.Mapping;
import org.bufferyard.actors.lease.MemoryView;
import org.bufferyard.actors.protocol.Buffer;
import org.bufferyard.actors.protocol.BufferInfo;
import org.bufferyard.allocator.DmaDirection;
import org.bufferyard.testkit.NamedRandom;

/** Real bytes in a yard's buffers, that pack or do not, and where they are. */
final class TierContents {
  private static final int MIB = EmbedRig.MIB;

  private TierContents() {}

  /** Writes {@code count} buffers of 1 MiB, of bytes that pack or do not. */
  static List<BufferAttachment> written(EmbedRig rig, int count, boolean packs) {
    HostImporter importer = rig.importer("writer");
    List<BufferAttachment> buffers = new ArrayList<>();
    for (int each = 0; each < count; each++) {
      BufferAttachment buffer = rig.attached(importer, MIB);
      write(rig, buffer, each, packs);
      buffers.add(buffer);
    }
    return buffers;
  }

  /** Fills it with bytes that only {@code which} has. */
  static void write(EmbedRig rig, BufferAttachment buffer, int which, boolean packs) {
    try (Mapping mapping = rig.get(buffer.mapPatiently(DmaDirection.FROM_DEVICE));
        MemoryView view = mapping.open()) {
      RandomGenerator random = NamedRandom.stream(which, "contents");
      for (int extent = 0; extent < view.extents(); extent++) {
        MemorySegment segment = view.segment(extent);
        for (long word = 0; word < segment.byteSize() / Long.BYTES; word++) {
          segment.setAtIndex(JAVA_LONG, word, word(random, packs));
        }
      }
    }
  }

  private static long word(RandomGenerator random, boolean packs) {
    return packs ? random.nextInt(4) : random.nextLong();
  }

  static void check(EmbedRig rig, List<BufferAttachment> buffers, int from, boolean packs) {
    for (int each = from; each < buffers.size(); each++) {
      checkOne(rig, buffers.get(each), each, packs);
    }
  }

  /** Every word is what {@link #write} wrote. */
  static void checkOne(EmbedRig rig, BufferAttachment buffer, int which, boolean packs) {
    try (Mapping mapping = rig.get(buffer.mapPatiently(DmaDirection.TO_DEVICE));
        MemoryView view = mapping.open()) {
      RandomGenerator random = NamedRandom.stream(which, "contents");
      for (int extent = 0; extent < view.extents(); extent++) {
        MemorySegment segment = view.segment(extent);
        for (long word = 0; word < segment.byteSize() / Long.BYTES; word++) {
          assertThat(segment.getAtIndex(JAVA_LONG, word)).isEqualTo(word(random, packs));
        }
      }
    }
  }

  /** The index of the region that each is in. */
  static List<Integer> regions(EmbedRig rig, List<BufferAttachment> buffers) {
    return buffers.stream().map(buffer -> region(rig, buffer)).toList();
  }

  private static int region(EmbedRig rig, BufferAttachment buffer) {
    CompletableFuture<Integer> region = new CompletableFuture<>();
    ActorRef<BufferInfo> ear =
        rig.system.inside(
            () ->
                rig.system
                    .system()
                    .systemActorOf(
                        Behaviors.receiveMessage(
                            info -> {
                              region.complete(info.region());
                              return Behaviors.stopped();
                            }),
                        "ear-" + buffer.buffer().id().value(),
                        Props.empty()));
    buffer.buffer().grant().ref().tell(new Buffer.TellInfo(ear));
    return rig.get(region);
  }
}
