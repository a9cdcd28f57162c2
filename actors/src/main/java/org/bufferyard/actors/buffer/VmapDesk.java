package org.bufferyard.actors.buffer;

import java.util.LinkedHashMap;
import org.bufferyard.actors.buffer.BufferCore.State;
import org.bufferyard.actors.protocol.Buffer;
import org.bufferyard.actors.protocol.ClientId;
import org.bufferyard.actors.protocol.ExporterOps;
import org.bufferyard.actors.protocol.Ticket;
import org.bufferyard.allocator.Errno;

/** Kernel mappings, counted by client: from the first to the last, the buffer stays. */
final class VmapDesk {
  private final BufferCore core;
  private final PlacementDesk placement;
  private final LinkedHashMap<ClientId, Integer> vmaps = new LinkedHashMap<>(0);

  VmapDesk(BufferCore core, PlacementDesk placement) {
    this.core = core;
    this.placement = placement;
  }

  void vmap(Buffer.Vmap vmap) {
    if (!core.spec.options().offers(ExporterOps.VMAP)) {
      Replies.refuse(
          core, vmap, Errno.EINVAL, "the exporter of " + core.id + " maps for no kernel");
    } else if (core.holding()) {
      placement.hold(vmap);
    } else if (core.state == State.DECLARED) {
      placement.allocateFor(vmap, Ticket.OLDEST);
    } else if (!core.world.placer().servesCpu(core.region)) {
      placement.moveFor(vmap, Ticket.OLDEST);
    } else {
      vmaps.merge(vmap.header().client(), 1, Integer::sum);
      count(1);
      core.tell(vmap.replyTo(), new Buffer.Vmapped(vmap.header().requestId(), core.id));
    }
  }

  void vunmap(Buffer.Vunmap vunmap) {
    ClientId client = vunmap.header().client();
    if (!vmaps.containsKey(client)) {
      Replies.refuse(core, vunmap, Errno.EINVAL, client + " has " + core.id + " not vmapped");
      return;
    }
    vmaps.computeIfPresent(client, (who, maps) -> maps == 1 ? null : maps - 1);
    count(-1);
    core.tell(vunmap.replyTo(), new Buffer.Vunmapped(vunmap.header().requestId(), core.id));
  }

  private void count(int change) {
    core.vmaps += change;
    core.updateEligible();
  }

  /** A client that is gone has nothing mapped. */
  void clientGone(ClientId client) {
    Integer maps = vmaps.remove(client);
    if (maps != null) {
      count(-maps);
    }
  }
}
