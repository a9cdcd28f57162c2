package org.bufferyard.actors.sanitizer;

import akka.actor.ActorPath;
import java.util.List;
import org.bufferyard.actors.protocol.Buffer;
import org.bufferyard.actors.protocol.Iommu;
import org.bufferyard.actors.protocol.Migration;
import org.bufferyard.actors.sanitizer.ShadowBuffer.State;
import org.bufferyard.allocator.Extents;
import org.bufferyard.allocator.placement.DeviceDemand;
import org.bufferyard.allocator.sg.SgTable;
import org.jspecify.annotations.Nullable;

/** What buffers are told and tell migration and IOMMUs. Owned by the sanitizer. */
final class BufferAccount {
  private static final int FENCES_MAX = 4_096;

  private final Yardbook book;
  private final PageBooks pages;
  private final TableChecks tables;
  private final Findings findings;

  /** The names of regions by index; none: which device reaches which is not known. */
  private final List<String> regions;

  BufferAccount(Yardbook book, PageBooks pages, List<String> regions, Findings findings) {
    this.book = book;
    this.regions = List.copyOf(regions);
    this.pages = pages;
    this.tables = new TableChecks(findings);
    this.findings = findings;
  }

  // --- a buffer handles -----------------------------------------------------------------------

  void handles(ShadowBuffer buffer, Buffer.Command command) {
    switch (command) {
      case Buffer.Signal signal -> buffer.endFence(signal.ticket());
      case Buffer.BackOff backOff -> buffer.endFence(backOff.ticket());
      case Buffer.LetGo letGo -> buffer.endFence(letGo.ticket());
      case Buffer.EndCpu end ->
          buffer.endFence(new ShadowFence.Bracket(end.header().client().value(), end.bracket()));
      case Buffer.Placed placed -> placed(buffer, placed);
      case Buffer.PrepareMove prepare -> prepare(buffer, prepare);
      case Buffer.Landed landed -> landed(buffer, landed);
      case Buffer.MoveFailed failed -> failed(buffer, failed);
      case Buffer.CopyDone done ->
          buffer.arriving = done.fence() == buffer.arriving ? 0 : buffer.arriving;
      case Buffer.DemandRefused refused -> buffer.demanding = false;
      default -> {} // requests are accounted for by their answers; the rest changes nothing here
    }
  }

  private void placed(ShadowBuffer buffer, Buffer.Placed placed) {
    if (buffer.state != State.DECLARED) {
      findings.add(Rule.D79, buffer, "placed while it is " + buffer.state);
    }
    buffer.state = State.RESIDENT;
    buffer.arriving = placed.fence();
    settle(buffer, placed.region(), placed.extents());
  }

  private void settle(ShadowBuffer buffer, int region, Extents extents) {
    buffer.region = region;
    buffer.extents = extents;
    buffer.generation++;
    buffer.prepared = false;
    buffer.demanding = false;
    buffer.inFile = pages.anyInFile(extents);
    pages.owned(buffer, extents);
    if (extents.totalPages() != buffer.pages) {
      findings.add(
          Rule.D79, buffer, extents.totalPages() + " pages for a buffer of " + buffer.pages);
    }
  }

  /** It may yet answer that it cannot: then it was never moving. */
  private void prepare(ShadowBuffer buffer, Buffer.PrepareMove prepare) {
    if (buffer.state == State.MOVING) {
      return;
    }
    buffer.before = buffer.state;
    buffer.state = State.MOVING;
    buffer.move = prepare.move();
    buffer.moveSinceNanos = findings.now();
    buffer.prepared = false;
  }

  private void landed(ShadowBuffer buffer, Buffer.Landed landed) {
    if (buffer.state != State.MOVING || !buffer.prepared || buffer.move != landed.move()) {
      findings.add(Rule.D42, buffer, "a move lands that the buffer is not ready for");
    }
    Extents old = buffer.extents;
    if (landed.fence() == Buffer.NO_FENCE) {
      pages.checkCarried(buffer, old, landed.extents());
    } // else the copy is yet to be done, and nobody looks before
    buffer.arriving = landed.fence();
    buffer.state = State.RESIDENT;
    settle(buffer, landed.region(), landed.extents());
  }

  private void failed(ShadowBuffer buffer, Buffer.MoveFailed failed) {
    if (buffer.state == State.MOVING && buffer.move == failed.move()) {
      buffer.state = State.RESIDENT;
      buffer.prepared = false;
      pages.set(buffer.extents, ShadowPages.State.OWNED);
    }
  }

  // --- a buffer tells migration ---------------------------------------------------------------

  void busy(ShadowBuffer buffer, Migration.Busy busy) {
    if (buffer.state == State.MOVING && buffer.move == busy.move() && !buffer.prepared) {
      buffer.state = buffer.before;
    }
  }

  void demands(ShadowBuffer buffer) {
    buffer.demanding = true;
  }

  void prepared(ShadowBuffer buffer, Migration.Prepared prepared) {
    if (buffer.state != State.MOVING || buffer.move != prepared.move()) {
      findings.add(Rule.D42, buffer, "prepared for a move that is not under way");
    }
    if (!buffer.fences.isEmpty()) {
      findings.add(Rule.D39, buffer, "moves away from under " + buffer.fences.getFirst());
    }
    MappingRecord record = buffer.firstRecord();
    if (record != null) {
      findings.add(Rule.D40, buffer, record, -1, "moves away from under a mapping");
    }
    if (buffer.pins() > 0) {
      findings.add(Rule.D80, buffer, "moves although " + buffer.pins() + " pins hold it");
    }
    if (!prepared.extents().equals(buffer.extents)) {
      findings.add(Rule.D79, buffer, "moves from pages that are not its own");
    }
    buffer.prepared = true;
    pages.set(buffer.extents, ShadowPages.State.LEAVING);
  }

  /** Its contents are given up: it is without memory. */
  void purged(ShadowBuffer buffer, Migration.Purged purged) {
    prepared(
        buffer,
        new Migration.Prepared(
            purged.move(), purged.buffer(), purged.region(), purged.extents(), Long.MIN_VALUE));
    withoutMemory(buffer);
  }

  void withoutMemory(ShadowBuffer buffer) {
    pages.set(buffer.extents, ShadowPages.State.LEAVING);
    buffer.state = State.DECLARED;
    buffer.extents = Extents.NONE;
    buffer.prepared = false;
    buffer.arriving = 0;
  }

  void gone(ActorPath path, ShadowBuffer buffer) {
    if (!buffer.attachments.isEmpty() || !buffer.fences.isEmpty()) {
      findings.add(
          Rule.D43,
          buffer,
          buffer.firstRecord(),
          -1,
          "freed with "
              + buffer.attachments.size()
              + " attachments, "
              + buffer.pins()
              + " pins, "
              + buffer.fences.size()
              + " fences");
    }
    pages.set(buffer.extents, ShadowPages.State.LEAVING); // a move it was asked for may be held
    buffer.state = State.FREED;
    buffer.extents = Extents.NONE;
    book.bury(path);
  }

  // --- mappings -------------------------------------------------------------------------------

  void asksToMap(ShadowBuffer buffer, Iommu.Map map) {
    ShadowAttachment attachment = buffer.attachments.get(map.attachment());
    if (attachment == null) {
      findings.add(Rule.D37, buffer, "maps for attachment " + map.attachment() + ", which is none");
      return;
    }
    attachment.asked = map;
    if (!map.extents().equals(buffer.extents)) {
      findings.add(Rule.D68, buffer, "has pages mapped that are not its own");
    }
  }

  /** The IOMMU, or path, of this name has answered. */
  void mapped(ShadowBuffer buffer, String where, Buffer.IommuMapped mapped) {
    ShadowAttachment attachment = buffer.attachments.get(mapped.attachment());
    Iommu.Map asked = attachment == null ? null : attachment.asked;
    if (attachment == null || asked == null) {
      return;
    }
    attachment.asked = null;
    if (mapped.result() instanceof Iommu.Mapped(SgTable table)) {
      open(
          buffer,
          attachment,
          new MappingRecord(
              attachment.attach.device(),
              attachment.deviceName,
              attachment.id,
              where,
              asked.direction(),
              asked.extents(),
              table,
              buffer.generation,
              site(attachment, where)));
    }
  }

  private String site(ShadowAttachment attachment, String where) {
    return "mapped for "
        + attachment.attach.header().client()
        + (where.isEmpty() ? "" : " by " + where)
        + " at step "
        + findings.step
        + ", "
        + findings.now()
        + " ns";
  }

  /** A device without an IOMMU: the list it is handed is the mapping. */
  void mappedDirectly(ShadowBuffer buffer, ShadowAttachment attachment, SgTable table) {
    Buffer.Attach attach = attachment.attach;
    open(
        buffer,
        attachment,
        new MappingRecord(
            attach.device(),
            attachment.deviceName,
            attachment.id,
            "",
            org.bufferyard.allocator.DmaDirection.BIDIRECTIONAL,
            buffer.extents,
            table,
            buffer.generation,
            site(attachment, "")));
  }

  private void open(ShadowBuffer buffer, ShadowAttachment attachment, MappingRecord record) {
    if (attachment.record != null) {
      findings.add(Rule.D38, buffer, record, -1, "is mapped twice at once for one attachment");
      close(buffer, attachment);
    }
    if (!book.recorded()) {
      return;
    }
    attachment.record = record;
    pages.mapped(buffer, record, 1);
    tables.check(
        buffer,
        record,
        attachment.attach.demand().constraints(),
        record.where().isEmpty() || record.where().startsWith("iommu-"));
    if (!reaches(attachment, buffer.region)) {
      String where = regions.get(buffer.region);
      findings.add(Rule.D36, buffer, record, -1, "is in " + where + ", which it has no path to");
    }
    if (buffer.inFile) {
      findings.add(Rule.D89, buffer, record, -1, "is mapped while it lies in a file");
    }
  }

  /** Or is served by copies. Going by what the device said of itself as it attached. */
  private boolean reaches(ShadowAttachment attachment, int region) {
    DeviceDemand demand = attachment.attach.demand();
    return region < 0
        || region >= regions.size()
        || demand.copyPath() != null
        || demand.reaches().stream().anyMatch(each -> each.region().equals(regions.get(region)));
  }

  void unmapped(ShadowBuffer buffer, Buffer.IommuUnmapped unmapped) {
    ShadowAttachment attachment = buffer.attachments.get(unmapped.attachment());
    if (attachment == null || attachment.record == null) {
      findings.add(Rule.D59, buffer, "attachment " + unmapped.attachment() + " was not mapped");
    } else {
      close(buffer, attachment);
      if (attachment.forced) {
        buffer.attachments.remove(attachment.id);
      }
    }
  }

  void close(ShadowBuffer buffer, ShadowAttachment attachment) {
    MappingRecord record = attachment.record;
    if (record != null) {
      attachment.record = null;
      attachment.mapCount = 0;
      book.dropped();
      pages.mapped(buffer, record, -1);
    }
  }

  // --- fences ---------------------------------------------------------------------------------

  void fence(ShadowBuffer buffer, ShadowFence fence, @Nullable MappingRecord record) {
    if (buffer.arriving != 0) {
      findings.add(Rule.D39, buffer, record, fence.firstPage(), fence + " before the pages are in");
    }
    ShadowFence other = buffer.conflicting(fence.writes());
    if (other != null) {
      findings.add(Rule.D49, buffer, record, fence.firstPage(), fence + " beside " + other);
    }
    if (fence.firstPage() < 0 || fence.firstPage() + fence.pages() > buffer.pages) {
      findings.add(Rule.D14, buffer, record, fence.firstPage(), fence + " outside the buffer");
    }
    buffer.fences.add(fence);
    if (buffer.fences.size() > FENCES_MAX) {
      findings.add(Rule.D54, buffer, buffer.fences.size() + " fences pending");
    }
  }
}
