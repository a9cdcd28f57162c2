package org.bufferyard.actors.buffer;

import java.util.List;
import java.util.function.Consumer;
import org.bufferyard.actors.buffer.BufferCore.State;
import org.bufferyard.actors.protocol.Buffer;
import org.bufferyard.actors.protocol.BusPath;
import org.bufferyard.actors.protocol.Importer;
import org.bufferyard.actors.protocol.Iommu;
import org.bufferyard.actors.protocol.Ticket;
import org.bufferyard.allocator.Errno;
import org.bufferyard.allocator.Outcome;
import org.bufferyard.allocator.placement.PlacementChoice;
import org.bufferyard.allocator.sg.SgBuilder;
import org.bufferyard.allocator.sg.SgTable;
import org.jspecify.annotations.Nullable;

/** Map, unmap and detach. */
final class MapDesk {
  private final BufferCore core;
  private final PlacementDesk placement;

  /** What to do when a mapping has gone: a move may have waited for it. */
  private final Runnable mappingGone;

  /** Takes up a request that waited: much may have changed. */
  private final Consumer<Buffer.Request> again;

  MapDesk(
      BufferCore core,
      PlacementDesk placement,
      Consumer<Buffer.Request> again,
      Runnable mappingGone) {
    this.core = core;
    this.placement = placement;
    this.again = again;
    this.mappingGone = mappingGone;
  }

  void map(Buffer.Map map) {
    Attachment attachment = own(core, map, map.attachment());
    if (attachment == null) {
      return;
    }
    if (core.holding() || (!attachment.dynamic && !core.fences.contentsInPlace())) {
      // A static importer waits for no fence by itself.
      placement.hold(map);
    } else if (core.state == State.DECLARED) {
      placement.allocateFor(map, map.ticket());
    } else if (attachment.busyWithIommu()) {
      attachment.waiting.addLast(map);
    } else if (attachment.state == Attachment.State.STALE) {
      placement.hold(map);
    } else {
      mapResident(map, attachment);
    }
  }

  private void mapResident(Buffer.Map map, Attachment attachment) {
    if (!core.world.placer().serves(attachment.demand, core.region, core.extents)) {
      placement.moveFor(map, map.ticket());
      return;
    }
    core.mapsSince++;
    List<PlacementChoice> better = placement.betterPlaces(map.ticket());
    if (!better.isEmpty()) {
      placement.upgradeFor(map, better, map.ticket());
    } else if (attachment.state == Attachment.State.ATTACHED) {
      build(map, attachment);
    } else if (attachment.direction.covers(map.direction())) {
      attachment.mapCount++;
      answerMapped(map, attachment);
    } else {
      Replies.refuse(
          core,
          map,
          Errno.EBUSY,
          attachment.device
              + " has it mapped "
              + attachment.direction
              + ", asked "
              + map.direction());
    }
  }

  private void build(Buffer.Map map, Attachment attachment) {
    attachment.direction = map.direction();
    attachment.working = map;
    attachment.state = Attachment.State.MAPPING;
    switch (attachment.path) {
      case BusPath.Translated(var iommu, var domain, var coherent) ->
          core.tell(
              iommu,
              new Iommu.Map(
                  domain,
                  attachment.id,
                  core.extents,
                  map.direction(),
                  attachment.demand.constraints(),
                  core.self));
      case BusPath.Direct() -> built(attachment, direct(attachment));
    }
    core.updateEligible();
  }

  private Outcome<SgTable> direct(Attachment attachment) {
    return new SgBuilder()
        .direct(core.extents, 0, core.facts.sizeBytes(), attachment.demand.constraints());
  }

  void onIommuMapped(Buffer.IommuMapped mapped) {
    Attachment attachment = core.attachment(mapped.attachment());
    if (attachment != null) {
      built(
          attachment,
          switch (mapped.result()) {
            case Iommu.Mapped(var table) -> Outcome.done(table);
            case Iommu.MapRefused(var refusal) -> Outcome.refused(refusal);
          });
    }
  }

  private void built(Attachment attachment, Outcome<SgTable> outcome) {
    Buffer.Map map = (Buffer.Map) attachment.working;
    attachment.working = null;
    if (map == null) {
      throw new IllegalStateException("nobody asked for this mapping, attachment=" + attachment.id);
    }
    switch (outcome) {
      case Outcome.Done<SgTable>(var table) when core.state == State.REVOKED -> {
        attachment.table = table;
        Replies.refuse(core, map, Errno.ENODEV, core.id + " was revoked while it was mapped");
        tearDown(attachment);
      }
      case Outcome.Done<SgTable>(var table) -> {
        attachment.table = table;
        attachment.state = Attachment.State.MAPPED;
        attachment.mapCount = 1;
        answerMapped(map, attachment);
      }
      case Outcome.Refused<SgTable>(var refusal) -> {
        attachment.state = Attachment.State.ATTACHED;
        Replies.refuse(core, map, refusal);
      }
    }
    core.updateEligible();
    resume(attachment);
  }

  private void answerMapped(Buffer.Map map, Attachment attachment) {
    addHold(map.ticket());
    core.tell(
        map.replyTo(),
        new Importer.Mapped(
            map.header().requestId(),
            core.id,
            attachment.id,
            core.generation,
            attachment.liveTable(),
            core.region,
            core.settled));
  }

  private void addHold(Ticket ticket) {
    if (!core.holds.contains(ticket)) {
      core.holds.add(ticket);
    }
  }

  void unmap(Buffer.Unmap unmap) {
    Attachment attachment = own(core, unmap, unmap.attachment());
    if (attachment == null) {
      return;
    }
    if (attachment.busyWithIommu()) {
      attachment.waiting.addLast(unmap);
    } else if (attachment.state == Attachment.State.ATTACHED || attachment.idle()) {
      unmapNothing(unmap, attachment);
    } else if (unmap.generation() != core.generation) {
      Replies.refuse(
          core,
          unmap,
          Errno.EINVAL,
          "mapping is of generation " + core.generation + ", unmapped " + unmap.generation());
    } else if (--attachment.mapCount > 0 || staysCached(attachment)) {
      answerUnmapped(unmap);
      core.updateEligible();
    } else {
      attachment.working = unmap;
      tearDown(attachment);
    }
  }

  private boolean staysCached(Attachment attachment) {
    return core.spec.options().cachedMappings() && attachment.state == Attachment.State.MAPPED;
  }

  /** Where the buffer has taken the memory away, there is nothing left to do wrong. */
  private void unmapNothing(Buffer.Unmap unmap, Attachment attachment) {
    if (core.state == State.PURGED || core.state == State.REVOKED) {
      answerUnmapped(unmap);
    } else {
      Replies.refuse(
          core, unmap, Errno.ENOENT, attachment.device + " has no mapping of " + core.id);
    }
  }

  /** The placement is about to go: the mapping must too. One that nobody uses goes at once. */
  void retire(Attachment attachment) {
    if (attachment.idle()) {
      tearDown(attachment);
    } else if (attachment.state == Attachment.State.MAPPED) {
      attachment.state = Attachment.State.STALE;
    }
  }

  /** Takes the mapping out of the IOMMU; {@link #gone} follows. */
  void tearDown(Attachment attachment) {
    attachment.state = Attachment.State.UNMAPPING;
    attachment.mapCount = 0;
    switch (attachment.path) {
      case BusPath.Translated(var iommu, var domain, var coherent) ->
          core.tell(
              iommu,
              new Iommu.Unmap(
                  domain, attachment.id, core.generation, attachment.liveTable(), core.self));
      case BusPath.Direct() -> gone(attachment);
    }
  }

  void onIommuUnmapped(Buffer.IommuUnmapped unmapped) {
    Attachment attachment = core.attachment(unmapped.attachment());
    if (attachment != null) {
      gone(attachment);
    }
  }

  private void gone(Attachment attachment) {
    attachment.state = Attachment.State.ATTACHED;
    attachment.table = null;
    Buffer.Request asked = attachment.working;
    attachment.working = null;
    if (asked instanceof Buffer.Unmap unmap) {
      answerUnmapped(unmap);
    } else if (asked instanceof Buffer.Detach detach) {
      remove(detach, attachment);
    }
    if (attachment.forced) {
      core.attachments.remove(attachment);
    }
    core.updateEligible();
    resume(attachment);
    mappingGone.run();
  }

  private void answerUnmapped(Buffer.Unmap unmap) {
    core.tell(
        unmap.replyTo(),
        new Importer.Unmapped(unmap.header().requestId(), core.id, unmap.generation()));
  }

  /** Never fails: what is still mapped is unmapped first. */
  void detach(Buffer.Detach detach) {
    Attachment attachment = core.attachment(detach.attachment());
    if (attachment == null || !attachment.client.equals(detach.header().client())) {
      core.tell(detach.replyTo(), new Importer.Detached(detach.header().requestId(), core.id));
    } else if (attachment.busyWithIommu()) {
      attachment.waiting.addLast(detach);
    } else if (attachment.holdsMapping()) {
      attachment.working = detach;
      tearDown(attachment);
    } else {
      remove(detach, attachment);
      core.updateEligible();
      mappingGone.run();
    }
  }

  private void remove(Buffer.Detach detach, Attachment attachment) {
    core.attachments.remove(attachment);
    core.tell(detach.replyTo(), new Importer.Detached(detach.header().requestId(), core.id));
  }

  /** The attachment, if there is one and it is the caller's; otherwise the request is refused. */
  static @Nullable Attachment own(BufferCore core, Buffer.Request request, int id) {
    Attachment attachment = core.attachment(id);
    if (attachment == null) {
      Replies.refuse(core, request, Errno.ENOENT, core.id + " has no attachment " + id);
      return null;
    }
    if (!attachment.client.equals(request.header().client())) {
      Replies.refuse(
          core, request, Errno.EACCES, "attachment " + id + " is of " + attachment.client);
      return null;
    }
    return attachment;
  }

  /** What waited for the IOMMU goes on, in order, until it waits again. */
  private void resume(Attachment attachment) {
    while (!attachment.waiting.isEmpty() && !attachment.busyWithIommu()) {
      again.accept(attachment.waiting.removeFirst());
    }
  }
}
