package org.bufferyard.actors.buffer;

import akka.actor.typed.ActorRef;
import java.util.ArrayDeque;
import org.bufferyard.actors.protocol.Buffer;
import org.bufferyard.actors.protocol.BusPath;
import org.bufferyard.actors.protocol.ClientId;
import org.bufferyard.actors.protocol.DeviceId;
import org.bufferyard.actors.protocol.Importer;
import org.bufferyard.actors.protocol.MappingKind;
import org.bufferyard.allocator.DmaDirection;
import org.bufferyard.allocator.placement.DeviceDemand;
import org.bufferyard.allocator.sg.SgTable;
import org.jspecify.annotations.Nullable;

/** One device's use of the buffer on behalf of one client. Owned by the buffer. */
final class Attachment {
  enum State {
    ATTACHED,
    /** Waiting for the IOMMU; counts as mapped. */
    MAPPING,
    MAPPED,
    /** Told to unmap: the mapping is of a placement that is about to go. */
    STALE,
    /** Waiting for the IOMMU's invalidation. */
    UNMAPPING
  }

  final int id;
  final ClientId client;
  final DeviceId device;
  final DeviceDemand demand;
  final boolean dynamic;
  final BusPath path;
  final ActorRef<Importer.Event> importer;

  State state = State.ATTACHED;
  DmaDirection direction = DmaDirection.BIDIRECTIONAL;
  int mapCount;
  int pins;
  @Nullable SgTable table;

  /** Torn down at a deadline: it goes when the IOMMU is done. */
  boolean forced;

  /** The request the IOMMU works on, and those that wait for it, in order. */
  Buffer.@Nullable Request working;

  final ArrayDeque<Buffer.Request> waiting = new ArrayDeque<>(0);

  /**
   * One of the buffer's.
   *
   * @param demand what it needs, less what its terms exclude
   * @param dynamic it answers an invalidate, and the exporter sends one
   */
  Attachment(int id, Buffer.Attach attach, DeviceDemand demand, MappingKind kind, boolean dynamic) {
    this.id = id;
    this.client = attach.header().client();
    this.device = attach.device();
    this.demand = demand;
    this.dynamic = dynamic;
    this.path = kind == MappingKind.ADDRESSES ? new BusPath.Direct() : attach.path();
    this.importer = attach.replyTo();
  }

  boolean busyWithIommu() {
    return state == State.MAPPING || state == State.UNMAPPING;
  }

  boolean holdsMapping() {
    return state != State.ATTACHED;
  }

  /** A mapping kept for the next to come, which nobody uses now. */
  boolean idle() {
    return state == State.MAPPED && mapCount == 0;
  }

  /** The buffer cannot move while this lasts. */
  boolean pinsPlacement() {
    return pins > 0 || (!dynamic && holdsMapping() && !idle());
  }

  SgTable liveTable() {
    if (table == null) {
      throw new IllegalStateException("attachment has no mapping, attachment=" + id);
    }
    return table;
  }
}
