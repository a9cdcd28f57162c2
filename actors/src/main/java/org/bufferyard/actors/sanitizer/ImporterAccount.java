package org.bufferyard.actors.sanitizer;

import org.bufferyard.actors.protocol.Buffer;
import org.bufferyard.actors.protocol.Importer;
import org.bufferyard.actors.sanitizer.ShadowBuffer.State;
import org.bufferyard.allocator.Errno;
import org.bufferyard.allocator.Refusal;
import org.jspecify.annotations.Nullable;

/**
 * What buffers answer, compared with what a buffer in its state may answer: the sequential model of
 * one buffer. Owned by the sanitizer.
 */
final class ImporterAccount {
  private final BufferAccount buffers;
  private final Findings findings;
  private final long deadlineNanos;

  ImporterAccount(BufferAccount buffers, Findings findings, long deadlineNanos) {
    this.buffers = buffers;
    this.deadlineNanos = deadlineNanos;
    this.findings = findings;
  }

  /** {@code asked} is null for what answers nothing, or nothing known. */
  void says(ShadowBuffer buffer, Importer.Event event, Buffer.@Nullable Request asked) {
    switch (event) {
      case Importer.Attached attached -> attached(buffer, attached, asked);
      case Importer.Mapped mapped -> mapped(buffer, mapped);
      case Importer.Unmapped unmapped -> unmapped(buffer, asked);
      case Importer.Detached detached -> detached(buffer, asked);
      case Importer.UseGranted granted -> granted(buffer, granted, asked);
      case Importer.Pinned pinned -> pinned(buffer, asked);
      case Importer.Unpinned unpinned -> unpinned(buffer, asked);
      case Importer.ForceDetached gone -> forced(buffer, gone);
      case Importer.Refused refused -> refused(buffer, refused.refusal(), asked);
      default -> {} // what changes nothing in this account
    }
  }

  /** A handle that is held opens, whatever else a request may be refused for. */
  void refused(ShadowBuffer buffer, Refusal refusal, Buffer.@Nullable Request asked) {
    if (asked != null
        && refusal.errno() == Errno.EBADF
        && buffer.handles.contains(asked.header().handle())) {
      findings.add(Rule.HANDLE, buffer, asked.header().client() + " is told " + refusal);
    }
  }

  private void attached(
      ShadowBuffer buffer, Importer.Attached attached, Buffer.@Nullable Request asked) {
    if (asked instanceof Buffer.Attach attach) {
      buffer.attachments.put(
          attached.attachment(), new ShadowAttachment(attached.attachment(), attach));
    }
  }

  private void expectResident(ShadowBuffer buffer, String what) {
    if (buffer.state != State.RESIDENT) {
      findings.add(Rule.D42, buffer, what + " while it is " + buffer.state);
    }
  }

  private void mapped(ShadowBuffer buffer, Importer.Mapped mapped) {
    expectResident(buffer, "answers a map");
    ShadowAttachment attachment = buffer.attachments.get(mapped.attachment());
    if (attachment == null) {
      findings.add(Rule.D37, buffer, "maps for attachment " + mapped.attachment());
      return;
    }
    if (attachment.record == null && attachment.direct()) {
      buffers.mappedDirectly(buffer, attachment, mapped.table());
    }
    MappingRecord record = attachment.record;
    attachment.mapCount++;
    if (record == null || !record.table().equals(mapped.table())) {
      findings.add(Rule.D2, buffer, record, -1, "hands out a mapping that no IOMMU holds");
    } else if (mapped.generation() != buffer.generation
        || record.generation() != buffer.generation) {
      findings.add(
          Rule.D80,
          buffer,
          record,
          -1,
          "hands out generation " + mapped.generation() + ", lives in " + buffer.generation);
    }
  }

  /** The attachment that a request names, if it is its client's. */
  private @Nullable ShadowAttachment named(
      ShadowBuffer buffer, Buffer.@Nullable Request asked, int id, String what) {
    ShadowAttachment attachment = buffer.attachments.get(id);
    if (asked == null) {
      return null;
    }
    if (attachment == null
        || !attachment.attach.header().client().equals(asked.header().client())) {
      findings.add(
          Rule.D37, buffer, what + " for " + asked.header().client() + ", attachment " + id);
      return null;
    }
    return attachment;
  }

  private void unmapped(ShadowBuffer buffer, Buffer.@Nullable Request asked) {
    if (!(asked instanceof Buffer.Unmap unmap)) {
      return;
    }
    ShadowAttachment attachment = named(buffer, asked, unmap.attachment(), "unmaps");
    if (attachment == null) {
      return;
    }
    boolean torn = attachment.record == null && !attachment.direct();
    if (unmap.generation() != buffer.generation) {
      findings.add(
          Rule.D3,
          buffer,
          attachment.record,
          -1,
          "unmaps generation " + unmap.generation() + ", lives in " + buffer.generation);
    }
    if (torn || attachment.direct()) {
      attachment.mapCount = Math.max(0, attachment.mapCount - 1);
    } else if (--attachment.mapCount < 0) {
      findings.add(Rule.D2, buffer, attachment.record, -1, "unmaps what was not mapped");
    }
    if (attachment.direct() && attachment.mapCount == 0) {
      buffers.close(buffer, attachment);
    }
  }

  private void detached(ShadowBuffer buffer, Buffer.@Nullable Request asked) {
    if (!(asked instanceof Buffer.Detach detach)) {
      return;
    }
    ShadowAttachment attachment = buffer.attachments.get(detach.attachment());
    if (attachment == null
        || !attachment.attach.header().client().equals(detach.header().client())) {
      return;
    }
    if (attachment.direct()) {
      buffers.close(buffer, attachment);
    }
    if (attachment.record != null) {
      findings.add(Rule.D23, buffer, attachment.record, -1, "detaches and leaves a mapping");
    }
    for (ShadowFence fence : buffer.fences) {
      if (fence.attachment() == attachment.id) {
        findings.add(Rule.D23, buffer, attachment.record, -1, "detaches and leaves " + fence);
      }
    }
    buffer.attachments.remove(attachment.id);
  }

  /** Its fences signal with an error; the IOMMU takes the mapping out yet. */
  private void forced(ShadowBuffer buffer, Importer.ForceDetached gone) {
    buffer.fences.removeIf(fence -> fence.attachment() == gone.attachment());
    ShadowAttachment attachment = buffer.attachments.get(gone.attachment());
    long waited = findings.now() - buffer.moveSinceNanos;
    if (buffer.state == State.MOVING && waited < deadlineNanos) {
      findings.add(Rule.D52, buffer, "detaches by force after " + waited + " ns");
    }
    if (attachment != null) {
      attachment.forced = true;
      if (attachment.direct()) {
        buffers.close(buffer, attachment);
        buffer.attachments.remove(attachment.id);
      }
    }
  }

  private void granted(
      ShadowBuffer buffer, Importer.UseGranted granted, Buffer.@Nullable Request asked) {
    expectResident(buffer, "grants a use");
    if (!(asked instanceof Buffer.Use use)) {
      return;
    }
    ShadowAttachment attachment = named(buffer, asked, use.attachment(), "grants a use");
    MappingRecord record = attachment == null ? null : attachment.record;
    if (record == null || granted.generation() != buffer.generation) {
      findings.add(
          Rule.D39, buffer, record, use.firstPage(), "grants a use without a current mapping");
    }
    int device = attachment == null ? -1 : attachment.attach.device().value();
    buffers.fence(
        buffer,
        new ShadowFence(
            use.ticket(), use.usage(), device, use.attachment(), use.firstPage(), use.pages()),
        record);
  }

  void opens(ShadowBuffer buffer, Buffer.CpuOpened opened, Buffer.@Nullable Request asked) {
    expectResident(buffer, "opens to the CPU");
    if (!opened.extents().equals(buffer.extents)) {
      findings.add(Rule.D80, buffer, "opens pages to the CPU that are not its own");
    }
    if (asked instanceof Buffer.BeginCpu begin) {
      buffers.fence(
          buffer,
          new ShadowFence(
              new ShadowFence.Bracket(begin.header().client().value(), opened.requestId()),
              begin.cpuWrites()
                  ? org.bufferyard.actors.protocol.FenceUsage.WRITE
                  : org.bufferyard.actors.protocol.FenceUsage.READ,
              -1,
              -1,
              begin.firstPage(),
              begin.pages()),
          null);
    }
  }

  private void pinned(ShadowBuffer buffer, Buffer.@Nullable Request asked) {
    expectResident(buffer, "answers a pin");
    if (asked instanceof Buffer.Pin pin) {
      ShadowAttachment attachment = named(buffer, asked, pin.attachment(), "pins");
      if (attachment != null) {
        attachment.pins++;
      }
    }
  }

  private void unpinned(ShadowBuffer buffer, Buffer.@Nullable Request asked) {
    if (asked instanceof Buffer.Unpin unpin) {
      ShadowAttachment attachment = named(buffer, asked, unpin.attachment(), "unpins");
      if (attachment != null && --attachment.pins < 0) {
        findings.add(Rule.D41, buffer, attachment.record, -1, "releases a pin that nobody holds");
      }
    }
  }
}
