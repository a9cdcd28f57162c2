package org.bufferyard.actors.session;

import akka.actor.typed.ActorRef;
import java.util.LinkedHashMap;
import java.util.List;
import org.bufferyard.actors.protocol.Handle;
import org.bufferyard.actors.protocol.RequestKind;
import org.bufferyard.actors.protocol.Rights;
import org.bufferyard.actors.protocol.Session;
import org.bufferyard.actors.protocol.Slab;
import org.bufferyard.actors.session.OpenRequests.Open;
import org.bufferyard.allocator.Errno;
import org.bufferyard.allocator.Pages;
import org.bufferyard.allocator.Refusal;
import org.jspecify.annotations.Nullable;

/** A client's exports: checked, sent to one slab after the other, entered among its handles. */
final class Exports {
  private final SessionCore core;
  private final List<ActorRef<Slab.Command>> slabs;
  private int nextSlab;

  /** An export under way: the handle that the buffer is made with, and by whom it is made. */
  private record Making(Handle first, ActorRef<Slab.Command> slab) {}

  private final LinkedHashMap<Long, Making> making = new LinkedHashMap<>();

  Exports(SessionCore core, List<ActorRef<Slab.Command>> slabs) {
    this.core = core;
    this.slabs = slabs;
    this.nextSlab = core.client.value() % slabs.size();
  }

  void export(Session.Export export) {
    core.tally.requested(RequestKind.EXPORT);
    Session.ExportSpec spec = export.spec();
    Refusal refusal = refuses(spec);
    if (refusal != null) {
      core.tally.refused(RequestKind.EXPORT, refusal.errno());
      export.replyTo().tell(new Session.Refused(spec.cookie(), RequestKind.EXPORT, refusal));
      return;
    }
    Handle first = core.newHandle();
    long id = core.opened(RequestKind.EXPORT, null, export, export.replyTo());
    ActorRef<Slab.Command> slab = slabs.get(nextSlab);
    slab.tell(
        new Slab.Create(
            id,
            core.client,
            core.epoch,
            first,
            spec,
            core.environment.topology().names(spec.preferred()),
            core.context.getSelf()));
    nextSlab = (nextSlab + 1) % slabs.size();
    making.put(id, new Making(first, slab));
  }

  private @Nullable Refusal refuses(Session.ExportSpec spec) {
    return core.ending
        ? new Refusal(Errno.ENODEV, core.client + " has ended")
        : ExportCheck.refusal(spec, core.environment.topology());
  }

  void created(Session.Created created) {
    Open request = core.open.answered(created.requestId());
    Making made = making.remove(created.requestId());
    if (request == null || made == null || !(request.asked() instanceof Session.Export export)) {
      return;
    }
    core.tally.answered(RequestKind.EXPORT);
    Session.Grant grant =
        new Session.Grant(
            export.spec().cookie(),
            created.buffer(),
            made.first,
            Rights.ALL,
            Pages.ofBytes(export.spec().sizeBytes()),
            created.ref(),
            export.spec().options().reservation());
    core.grants.enter(grant);
    request.replyTo().tell(new Session.Exported(grant));
  }

  /** The session stops: of buffers that are being made it will never hear. */
  void abandon() {
    making.values().stream()
        .map(Making::slab)
        .distinct()
        .forEach(slab -> slab.tell(new Slab.Forsaken(core.context.getSelf())));
  }
}
