package org.bufferyard.actors.buffer;

import java.util.List;
import org.bufferyard.actors.protocol.Importer;
import org.bufferyard.actors.protocol.Migration;

/**
 * The end of a placement: until every fence has signalled and every mapping has gone, its pages are
 * somebody's. Names who is late, and takes it from them at the deadline; nothing is ever assumed
 * unmapped.
 */
final class Drain {
  private final BufferCore core;
  private final MapDesk maps;
  private final UseDesk uses;

  Drain(BufferCore core, MapDesk maps, UseDesk uses) {
    this.core = core;
    this.maps = maps;
    this.uses = uses;
  }

  boolean done() {
    if (!core.fences.isEmpty()) {
      return false;
    }
    for (Attachment attachment : core.attachments) {
      if (attachment.holdsMapping()) {
        return false;
      }
    }
    return true;
  }

  /**
   * A limit has passed: the laggards are named.
   *
   * @param force their mappings are torn down, their attachments go, and so do fences from
   *     elsewhere
   */
  void overdue(long move, boolean force) {
    if (force && core.desk != null) {
      core.desk.expire();
    }
    for (Attachment attachment : List.copyOf(core.attachments)) {
      if (attachment.holdsMapping()) {
        core.tell(
            core.world.migration(), new Migration.Laggard(move, core.id, attachment.device, force));
        if (force && attachment.state == Attachment.State.STALE) {
          forceDetach(attachment);
        }
      }
    }
  }

  private void forceDetach(Attachment attachment) {
    attachment.forced = true;
    core.tell(
        attachment.importer, new Importer.ForceDetached(core.id, attachment.id, core.generation));
    uses.abandon(attachment);
    maps.tearDown(attachment);
  }
}
