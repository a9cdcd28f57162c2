package org.bufferyard.actors.buffer;

import akka.actor.typed.ActorRef;
import java.util.LinkedHashMap;
import java.util.List;
import org.bufferyard.actors.buffer.BufferCore.State;
import org.bufferyard.actors.protocol.Buffer;
import org.bufferyard.actors.protocol.BusPath;
import org.bufferyard.actors.protocol.Contents;
import org.bufferyard.actors.protocol.FenceUsage;
import org.bufferyard.actors.protocol.Importer;
import org.bufferyard.actors.protocol.Iommu;
import org.bufferyard.actors.protocol.Ticket;
import org.bufferyard.allocator.Errno;
import org.bufferyard.allocator.Refusal;
import org.jspecify.annotations.Nullable;

/**
 * Grants use of the contents to device jobs and CPU brackets, in order of arrival, once what
 * conflicts has signalled; implicit synchronisation as {@code dma_resv} gives it.
 */
final class UseDesk {
  private static final int CPU = -1;

  private final BufferCore core;
  private final PlacementDesk placement;

  /** Whom to tell that it must end. */
  private final LinkedHashMap<WorkFences.Bracket, ActorRef<Buffer.CpuReply>> openBrackets =
      new LinkedHashMap<>(2);

  UseDesk(BufferCore core, PlacementDesk placement) {
    this.core = core;
    this.placement = placement;
  }

  /** The use takes its place behind those before it, and with that the token has done its work. */
  void use(Buffer.Use use) {
    enqueue(use);
    core.unreserve(use.ticket());
  }

  private void enqueue(Buffer.Use use) {
    Attachment attachment = core.attachment(use.attachment());
    if (attachment == null || !attachment.client.equals(use.header().client())) {
      Replies.refuse(core, use, Errno.ENOENT, core.id + " has no attachment " + use.attachment());
    } else if (use.firstPage() < 0
        || use.pages() <= 0
        || use.firstPage() > core.pages - use.pages()) {
      Replies.refuse(
          core,
          use,
          Errno.EINVAL,
          "pages " + use.firstPage() + "+" + use.pages() + " of a buffer of " + core.pages);
    } else if (stale(use, attachment)) {
      answerStale(use);
    } else {
      core.fenced.addLast(use);
      grantWhatMay();
    }
  }

  private boolean stale(Buffer.Use use, Attachment attachment) {
    return core.state != State.RESIDENT
        || attachment.state != Attachment.State.MAPPED
        || use.generation() != core.generation;
  }

  private void answerStale(Buffer.Use use) {
    core.tell(use.replyTo(), new Importer.UseStale(use.header().requestId(), core.id));
  }

  void beginCpu(Buffer.BeginCpu begin) {
    if (begin.firstPage() < 0
        || begin.pages() <= 0
        || begin.firstPage() > core.pages - begin.pages()) {
      Replies.refuse(
          core,
          begin,
          Errno.EINVAL,
          "pages " + begin.firstPage() + "+" + begin.pages() + " of a buffer of " + core.pages);
    } else if (core.holding()) {
      placement.hold(begin);
    } else if (core.state == State.DECLARED) {
      placement.allocateFor(begin, Ticket.OLDEST);
    } else if (!core.world.placer().servesCpu(core.region)) {
      placement.moveFor(begin, Ticket.OLDEST);
    } else {
      core.fenced.addLast(begin);
      grantWhatMay();
    }
  }

  void endCpu(Buffer.EndCpu end) {
    WorkFences.Bracket bracket = new WorkFences.Bracket(end.header().client(), end.bracket());
    if (!closeBracket(bracket, end.landed())) {
      Replies.refuse(core, end, Errno.EINVAL, "no open bracket " + end.bracket());
      return;
    }
    core.tell(end.replyTo(), new Buffer.CpuClosed(end.header().requestId(), core.id));
    grantWhatMay();
  }

  private boolean closeBracket(WorkFences.Bracket bracket, boolean landed) {
    openBrackets.remove(bracket);
    WorkFences.Work fence = core.fences.signal(bracket);
    if (fence != null) {
      record(fence, landed);
      core.updateEligible();
      if (fence.usage == FenceUsage.WRITE) {
        sync(fence.pages, true);
      }
    }
    return fence != null;
  }

  /** Devices that do not snoop and have it mapped: what they are to read, or have written. */
  private void sync(long pages, boolean forDevice) {
    for (Attachment attachment : core.attachments) {
      if (attachment.table != null
          && attachment.path instanceof BusPath.Translated(var iommu, var domain, var coherent)
          && !coherent) {
        core.tell(iommu, new Iommu.Sync(domain, attachment.table, pages, forDevice));
      }
    }
  }

  void signal(Buffer.Signal signal) {
    core.holds.remove(signal.ticket());
    WorkFences.Work fence = core.fences.signal(signal.ticket());
    if (fence != null) {
      record(fence, signal.landed());
    }
    grantWhatMay();
  }

  /** The submission's fence goes without its having done anything, or its turn; its hold stays. */
  void backOff(Buffer.BackOff backOff) {
    core.unreserve(backOff.ticket());
    core.fences.signal(backOff.ticket());
    for (Buffer.Request request : List.copyOf(core.fenced)) {
      if (request instanceof Buffer.Use use && use.ticket().equals(backOff.ticket())) {
        core.fenced.remove(use);
        answerStale(use);
      }
    }
    grantWhatMay();
  }

  /** The submission gives up: its hold goes, and its fence. */
  void letGo(Buffer.LetGo letGo) {
    core.unreserve(letGo.ticket());
    core.holds.remove(letGo.ticket());
    core.fences.signal(letGo.ticket());
    grantWhatMay();
  }

  private void record(WorkFences.Work fence, boolean landed) {
    if (fence.usage == FenceUsage.WRITE) {
      core.contents =
          core.contents.write(
              fence.firstPage, fence.pages, landed ? fence.stamp : Contents.UNKNOWN);
    }
  }

  /** The device is gone: what it was writing is anybody's guess. */
  void abandon(Attachment attachment) {
    core.fences.abandon(attachment.id).forEach(fence -> record(fence, false));
    grantWhatMay();
  }

  /** Mappings are about to go: who waits to use them has to map again. */
  void turnAwayWaiting() {
    int waiting = core.fenced.size();
    for (int i = 0; i < waiting; i++) {
      switch (core.fenced.removeFirst()) {
        case Buffer.Use use -> answerStale(use);
        case Buffer.Request other -> placement.hold(other);
      }
    }
  }

  /** Nobody will be granted any more. */
  void refuseWaiting(Refusal refusal) {
    List<Buffer.Request> waiting = List.copyOf(core.fenced);
    core.fenced.clear();
    waiting.forEach(request -> Replies.refuse(core, request, refusal));
  }

  /** Who has a CPU bracket open is told to end it. */
  void recallBrackets(Refusal refusal) {
    openBrackets.forEach(
        (bracket, session) ->
            core.tell(session, new Buffer.CpuRecalled(bracket.requestId(), core.id, refusal)));
  }

  /** Who was told to end it and has not is gone: its lease is over. */
  void abandonBrackets() {
    for (WorkFences.Bracket bracket : List.copyOf(openBrackets.keySet())) {
      closeBracket(bracket, false);
    }
    grantWhatMay();
  }

  /** A bracket open longer than its client's deadline is told to end. */
  private void recallIfOpen(Buffer.Cancel cancel) {
    ActorRef<Buffer.CpuReply> session =
        openBrackets.get(new WorkFences.Bracket(cancel.client(), cancel.requestId()));
    if (session != null) {
      Refusal refusal = new Refusal(cancel.errno(), "the CPU had " + core.id + " open too long");
      core.tell(session, new Buffer.CpuRecalled(cancel.requestId(), core.id, refusal));
    }
  }

  /** Fences from elsewhere were added or have signalled. */
  void fencesChanged() {
    grantWhatMay();
  }

  /** Nobody overtakes: the first that must wait stops those behind it. */
  private void grantWhatMay() {
    while (!core.fenced.isEmpty() && grant(core.fenced.getFirst())) {
      core.fenced.removeFirst();
    }
    if (core.desk != null) {
      core.desk.afterSignals();
    }
  }

  private boolean grant(Buffer.Request first) {
    return switch (first) {
      case Buffer.Use use -> grantUse(use);
      case Buffer.BeginCpu begin -> grantCpu(begin);
      case Buffer.Request other ->
          throw new IllegalStateException("this does not wait for fences: " + other);
    };
  }

  private boolean grantUse(Buffer.Use use) {
    Attachment attachment = core.attachment(use.attachment());
    if (attachment == null || stale(use, attachment)) {
      answerStale(use);
      return true;
    }
    if (core.fences.block(use.usage())) {
      return false;
    }
    long stamp = stampFor(use.usage());
    core.uses = core.uses.and(core.now());
    core.fences.add(use.ticket(), use.usage(), attachment.id, use.firstPage(), use.pages(), stamp);
    core.tell(
        use.replyTo(),
        new Importer.UseGranted(
            use.header().requestId(),
            core.id,
            core.generation,
            core.contents,
            stamp,
            core.inPlaceSinceNanos));
    return true;
  }

  private boolean grantCpu(Buffer.BeginCpu begin) {
    FenceUsage usage = begin.cpuWrites() ? FenceUsage.WRITE : FenceUsage.READ;
    if (core.fences.block(usage)) {
      return false;
    }
    long stamp = stampFor(usage);
    core.uses = core.uses.and(core.now());
    WorkFences.Bracket bracket =
        new WorkFences.Bracket(begin.header().client(), begin.header().requestId());
    openBrackets.put(bracket, begin.replyTo());
    if (begin.direction().deviceWrites()) {
      sync(begin.pages(), false);
    }
    core.fences.add(bracket, usage, CPU, begin.firstPage(), begin.pages(), stamp);
    core.updateEligible();
    core.tell(
        begin.replyTo(),
        new Buffer.CpuOpened(
            begin.header().requestId(), core.id, core.extents, core.contents, stamp));
    return true;
  }

  private long stampFor(FenceUsage usage) {
    return usage == FenceUsage.WRITE ? ++core.stamps : Contents.NEVER_WRITTEN;
  }

  /** Takes a waiting request out, if it is here. */
  Buffer.@Nullable Request withdraw(Buffer.Cancel cancel) {
    recallIfOpen(cancel);
    for (Buffer.Request request : core.fenced) {
      if (cancel.names(request)) {
        core.fenced.remove(request);
        grantWhatMay();
        return request;
      }
    }
    return null;
  }
}
