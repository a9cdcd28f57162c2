package org.bufferyard.actors.buffer;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.typed.ActorRef;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.bufferyard.actors.protocol.Buffer;
import org.bufferyard.actors.protocol.BufferId;
import org.bufferyard.actors.protocol.Importer;
import org.bufferyard.actors.protocol.Session;
import org.bufferyard.allocator.DmaDirection;
import org.bufferyard.allocator.Pages;
import org.junit.jupiter.api.Test;

/** What a map request that finds its mapping cached allocates: the reply, and nothing besides. */
class MapAllocationTest {
  private static final ThreadMXBean THREAD =
      (ThreadMXBean) Objects.requireNonNull(ManagementFactory.getThreadMXBean());
  private static final int REQUESTS = 20_000;

  /** An object header of 12, two longs, two references, two ints and a flag, rounded up to 8. */
  private static final long REPLY_BYTES = 48;

  @Test
  void map_cached_allocatesTheReplyAlone() {
    List<Long> perRequest = new ArrayList<>();
    try (BufferRig rig = new BufferRig()) {
      rig.spawn(
          Behaviors.<Buffer.Command>setup(
              context -> {
                perRequest.add(bytesPerRequest(rig, context));
                return Behaviors.empty();
              }));
      rig.run();
    }
    assertThat(perRequest)
        .singleElement()
        .satisfies(bytes -> assertThat(bytes).isEqualTo(REPLY_BYTES));
  }

  private static long bytesPerRequest(BufferRig rig, ActorContext<Buffer.Command> context) {
    BufferCore core =
        new BufferCore(
            rig.world(),
            context,
            new BufferId(1),
            BufferRig.OWNER,
            new Session.ExportSpec(1, "b", Pages.toBytes(BufferRig.PAGES), List.of(), 0, false),
            List.of(),
            null);
    PlacementDesk placement = new PlacementDesk(core);
    MapDesk maps = new MapDesk(core, placement, request -> {}, () -> {});
    ActorRef<Importer.Event> nobody = context.getSystem().ignoreRef();
    new AttachDesk(core, placement).attach(rig.attachRequest(rig.header(), true, false, "VRAM"));
    Buffer.Map map =
        new Buffer.Map(rig.header(), 1, DmaDirection.BIDIRECTIONAL, BufferRig.ticket(1), nobody);
    maps.map(map);
    placement.onPlaced(new Buffer.Placed(BufferRig.VRAM, BufferRig.frames(BufferRig.VRAM), true));
    long before = 0;
    for (int round = 0; round < 2; round++) {
      before = THREAD.getCurrentThreadAllocatedBytes();
      for (int i = 0; i < REQUESTS; i++) {
        maps.map(map);
      }
    }
    return (THREAD.getCurrentThreadAllocatedBytes() - before) / REQUESTS;
  }
}
