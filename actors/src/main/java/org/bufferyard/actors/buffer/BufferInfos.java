package org.bufferyard.actors.buffer;

import java.util.ArrayList;
import java.util.List;
import org.bufferyard.actors.fence.Fence;
import org.bufferyard.actors.fence.ReservedFences;
import org.bufferyard.actors.protocol.BufferInfo;
import org.bufferyard.actors.protocol.FenceUsage;
import org.bufferyard.actors.protocol.Ticket;

/** A buffer's description of itself. */
final class BufferInfos {
  static BufferInfo of(BufferCore core) {
    Ticket holder = core.desk == null ? null : core.desk.token().holder();
    return new BufferInfo(
        core.id,
        core.spec.name(),
        core.owner,
        core.spec.sizeBytes(),
        core.spec.priority(),
        BufferInfo.Life.valueOf(core.state.name()),
        core.region,
        core.generation,
        core.extents.runs() == 0 ? -1 : core.extents.pfn(0),
        core.extents.runs(),
        core.offered,
        core.rights.handles(),
        attachments(core),
        fences(core),
        core.fences.brackets(),
        holder == null ? "" : holder.toString(),
        core.held.size(),
        core.fenced.size());
  }

  private static List<BufferInfo.AttachmentInfo> attachments(BufferCore core) {
    List<BufferInfo.AttachmentInfo> infos = new ArrayList<>();
    for (Attachment each : core.attachments) {
      infos.add(
          new BufferInfo.AttachmentInfo(
              each.id,
              each.device,
              each.demand.name(),
              each.client,
              each.dynamic,
              each.state.name(),
              each.direction,
              each.mapCount,
              each.pins));
    }
    return infos;
  }

  private static List<BufferInfo.FenceInfo> fences(BufferCore core) {
    List<BufferInfo.FenceInfo> infos = new ArrayList<>();
    ReservedFences.Cursor cursor = core.reservation.cursor(FenceUsage.BOOKKEEP);
    for (Fence fence = cursor.next(); fence != null; fence = cursor.next()) {
      infos.add(new BufferInfo.FenceInfo(cursor.usage(), BufferWaits.ownerOf(fence)));
    }
    return infos;
  }

  private BufferInfos() {}
}
