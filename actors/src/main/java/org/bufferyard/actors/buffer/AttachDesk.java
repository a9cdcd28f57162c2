package org.bufferyard.actors.buffer;

import java.util.List;
import org.bufferyard.actors.buffer.BufferCore.State;
import org.bufferyard.actors.environment.Topology;
import org.bufferyard.actors.environment.YardSettings;
import org.bufferyard.actors.protocol.Buffer;
import org.bufferyard.actors.protocol.BusPath;
import org.bufferyard.actors.protocol.DeviceId;
import org.bufferyard.actors.protocol.ExporterOps;
import org.bufferyard.actors.protocol.ImportTerms;
import org.bufferyard.actors.protocol.Importer;
import org.bufferyard.actors.protocol.MappingKind;
import org.bufferyard.allocator.Errno;
import org.bufferyard.allocator.Outcome;
import org.bufferyard.allocator.Refusal;
import org.bufferyard.allocator.placement.DeviceDemand;
import org.bufferyard.allocator.placement.PlacementChoice;
import org.jspecify.annotations.Nullable;

/**
 * Takes devices in, before or after there is memory: what they need must go together with what the
 * others do, and with where the buffer is, unless it can still move.
 */
final class AttachDesk {
  private final BufferCore core;
  private final PlacementDesk placement;

  AttachDesk(BufferCore core, PlacementDesk placement) {
    this.core = core;
    this.placement = placement;
  }

  void attach(Buffer.Attach attach) {
    if (core.state == State.ALLOCATING || core.state == State.MOVING) {
      placement.hold(attach);
      return;
    }
    switch (kindFor(attach)) {
      case Outcome.Refused<MappingKind>(var refusal) -> Replies.refuse(core, attach, refusal);
      case Outcome.Done<MappingKind>(var kind) -> attach(attach, kind);
    }
  }

  /** The CPU attaches, to map what it asks for and nothing beyond. */
  void mmap(Buffer.Mmap mmap) {
    Refusal refusal = outOfRange(mmap);
    if (refusal != null) {
      Replies.refuse(core, mmap, refusal);
    } else if (core.state == State.ALLOCATING || core.state == State.MOVING) {
      placement.hold(mmap);
    } else {
      Buffer.Attach attach =
          new Buffer.Attach(
              mmap.header(),
              DeviceId.CPU,
              core.world.placer().cpu(),
              ImportTerms.of(true),
              new BusPath.Direct(),
              mmap.replyTo());
      attach(attach, MappingKind.SCATTERLIST);
    }
  }

  private @Nullable Refusal outOfRange(Buffer.Mmap mmap) {
    String pages = "pages " + mmap.firstPage() + "+" + mmap.pages();
    if (!core.spec.options().offers(ExporterOps.MMAP)) {
      return new Refusal(Errno.EINVAL, "the exporter of " + core.id + " maps for no program");
    }
    if (mmap.pages() > Long.MAX_VALUE - Math.max(0, mmap.firstPage())) {
      return new Refusal(Errno.EOVERFLOW, pages + " are beyond what can be addressed");
    }
    return mmap.firstPage() < 0 || mmap.pages() <= 0 || mmap.firstPage() > core.pages - mmap.pages()
        ? new Refusal(Errno.EINVAL, pages + " of a buffer of " + core.pages)
        : null;
  }

  private Outcome<MappingKind> kindFor(Buffer.Attach attach) {
    return KindChoice.of(
        core.spec.options().kinds().stream()
            .map(kind -> new KindChoice.Offer(kind, () -> unfit(kind, attach)))
            .toList(),
        attach.terms().kinds().stream().map(KindChoice.Offer::of).toList());
  }

  /** Physical ranges are of no use to a device that sees the addresses of something before it. */
  private static @Nullable Refusal unfit(MappingKind kind, Buffer.Attach attach) {
    return kind == MappingKind.ADDRESSES && attach.demand().remapped()
        ? new Refusal(Errno.EOPNOTSUPP, attach.demand().name() + " sees no physical addresses")
        : null;
  }

  private void attach(Buffer.Attach attach, MappingKind kind) {
    DeviceDemand demand = demand(attach);
    Refusal refusal = tooMany();
    if (refusal == null) {
      refusal = unplaceable(attach, demand);
    }
    if (refusal == null && stuckFor(demand)) {
      refusal = stuckRefusal(attach);
    }
    if (refusal != null) {
      Replies.refuse(core, attach, refusal);
      return;
    }
    boolean dynamic = attach.terms().dynamic() && core.spec.options().offers(ExporterOps.PIN);
    Attachment attachment = new Attachment(++core.attachmentIds, attach, demand, kind, dynamic);
    core.attachments.add(attachment);
    core.settled = false;
    core.tell(
        attach.replyTo(),
        new Importer.Attached(attach.header().requestId(), core.id, attachment.id, kind));
  }

  private @Nullable Refusal tooMany() {
    return core.attachments.size() < YardSettings.USERS_MAX
        ? null
        : new Refusal(
            Errno.EDQUOT,
            core.id + " has " + YardSettings.USERS_MAX + " attachments",
            "detaching one of them");
  }

  /** Without peer-to-peer, the memory of other devices is out of reach. */
  private DeviceDemand demand(Buffer.Attach attach) {
    DeviceDemand demand = attach.demand();
    Topology topology = core.environment().topology();
    return attach.terms().peerToPeer()
        ? demand
        : demand.withReaches(
            demand.reaches().stream()
                .filter(
                    reach -> {
                      int region = topology.indexOf(reach.region());
                      return region == Topology.NONE || !topology.isDeviceMemory(region);
                    })
                .toList());
  }

  private @Nullable Refusal unplaceable(Buffer.Attach attach, DeviceDemand demand) {
    if (!(solve(demand) instanceof Outcome.Refused<List<PlacementChoice>>(var refusal))) {
      return null;
    }
    boolean forWantOfPeers =
        !attach.terms().peerToPeer() && solve(attach.demand()) instanceof Outcome.Done<?>;
    return forWantOfPeers ? noPeer(attach) : refusal;
  }

  private Outcome<List<PlacementChoice>> solve(DeviceDemand demand) {
    return core.world.placer().solve(core.attachments, List.of(demand), core.facts);
  }

  private Refusal noPeer(Buffer.Attach attach) {
    return new Refusal(
        Errno.EREMOTEIO,
        attach.demand().name()
            + " takes no addresses in another device's memory, and "
            + core.id
            + " has to be there",
        "an importer that allows peer-to-peer, or none that needs device memory");
  }

  private boolean stuckFor(DeviceDemand demand) {
    return core.state == State.RESIDENT
        && core.pinnedByImporter()
        && !core.world.placer().serves(demand, core.region, core.extents);
  }

  private Refusal stuckRefusal(Buffer.Attach attach) {
    if (!attach.terms().peerToPeer() && !stuckFor(attach.demand())) {
      return noPeer(attach);
    }
    return new Refusal(
        Errno.EBUSY,
        attach.demand().name()
            + " cannot reach "
            + core.environment().topology().region(core.region).name()
            + " and "
            + core.id
            + " is pinned there",
        "attaching before the buffer is mapped, or unmapping the importer that pins it");
  }
}
