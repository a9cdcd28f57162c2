package org.bufferyard.actors.session;

import static org.bufferyard.allocator.DmaConstraints.UNLIMITED;

import akka.actor.typed.ActorRef;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import org.bufferyard.actors.environment.Environment;
import org.bufferyard.actors.memory.Dma;
import org.bufferyard.actors.protocol.Buffer;
import org.bufferyard.actors.protocol.BufferId;
import org.bufferyard.actors.protocol.DeviceId;
import org.bufferyard.actors.protocol.DmaJob;
import org.bufferyard.actors.protocol.RequestKind;
import org.bufferyard.actors.protocol.Session;
import org.bufferyard.actors.protocol.YardEvent;
import org.bufferyard.actors.session.OpenRequests.Open;
import org.bufferyard.allocator.Outcome;
import org.bufferyard.allocator.Pages;
import org.bufferyard.allocator.Refusal;
import org.bufferyard.allocator.sg.SgBuilder;
import org.bufferyard.allocator.sg.SgTable;
import org.jspecify.annotations.Nullable;

/**
 * The open CPU brackets of a session: reads compare when the bracket opens, writes happen when it
 * closes, so that whatever moves the pages meanwhile is found out. Owned by the session.
 */
final class CpuAccesses {
  /**
   * An open bracket.
   *
   * @param verified pages compared when it opened
   */
  private record Bracket(
      Buffer.CpuOpened opened, Session.CpuAccess access, SgTable pages, long verified) {}

  private final SessionCore core;
  private final CpuMappings mappings;
  private final Environment environment;
  private final ActorRef<Buffer.CpuReply> replies;
  private final Dma cpu;
  private final SgBuilder builder = new SgBuilder();
  private final LinkedHashMap<Long, Bracket> open = new LinkedHashMap<>();

  /** Brackets whose end is on its way. */
  private final LinkedHashSet<Long> ending = new LinkedHashSet<>();

  /** Of these, those recalled: what their access is answered. */
  private final LinkedHashMap<Long, Refusal> recalled = new LinkedHashMap<>();

  CpuAccesses(SessionCore core, CpuMappings mappings) {
    this.core = core;
    this.mappings = mappings;
    this.environment = core.environment;
    this.cpu = new Dma(environment.memory());
    this.replies = core.context.messageAdapter(Buffer.CpuReply.class, Session.FromCpu::new);
  }

  void access(Session.CpuAccess access) {
    core.forward(
        RequestKind.CPU_ACCESS,
        access.handle(),
        access,
        access.replyTo(),
        header ->
            new Buffer.BeginCpu(
                header, access.direction(), access.firstPage(), access.pages(), replies));
  }

  void vmap(Session.Vmap vmap) {
    core.forward(
        RequestKind.VMAP,
        vmap.handle(),
        vmap,
        vmap.replyTo(),
        header -> new Buffer.Vmap(header, replies));
  }

  void vunmap(Session.Vunmap vunmap) {
    core.forward(
        RequestKind.VMAP,
        vunmap.handle(),
        vunmap,
        vunmap.replyTo(),
        header -> new Buffer.Vunmap(header, replies));
  }

  void answered(Buffer.CpuReply reply) {
    switch (reply) {
      case Buffer.Vmapped(var id, var buffer) -> core.answer(id, Session.Vmapped::new);
      case Buffer.Vunmapped(var id, var buffer) -> core.answer(id, Session.Vunmapped::new);
      case Buffer.CpuOpened opened -> onOpened(opened);
      case Buffer.CpuClosed closed -> onClosed(closed.requestId());
      case Buffer.CpuRecalled back -> onRecalled(back);
      case Buffer.CpuRefused refused -> {
        forget(refused.requestId());
        core.refused(refused.requestId(), refused.refusal());
      }
    }
  }

  private @Nullable Bracket forget(long requestId) {
    ending.remove(requestId);
    recalled.remove(requestId);
    return open.remove(requestId);
  }

  private void onOpened(Buffer.CpuOpened opened) {
    Open request = core.open.get(opened.requestId());
    if (request != null && request.asked() instanceof Session.CpuAccess access) {
      if (mappings.has(access.handle())) {
        mappings.view(access.handle(), pages -> begin(opened, access, pages));
      } else {
        begin(opened, access, builder.direct(opened.extents(), 0, bytes(opened), UNLIMITED));
      }
    }
  }

  private static long bytes(Buffer.CpuOpened opened) {
    return Pages.toBytes(opened.extents().totalPages());
  }

  /** The pages are there, or a fault could not bring them in. */
  private void begin(Buffer.CpuOpened opened, Session.CpuAccess access, Outcome<SgTable> pages) {
    switch (pages) {
      case Outcome.Refused<SgTable>(var refusal) -> {
        recalled.put(opened.requestId(), refusal);
        end(opened.requestId(), false);
      }
      case Outcome.Done<SgTable>(var table) -> {
        boolean reads = access.direction().deviceWrites();
        long verified = reads ? run(opened, access, table, false).pagesRead() : 0;
        open.put(opened.requestId(), new Bracket(opened, access, table, verified));
        core.context.scheduleOnce(
            environment.clock().toScheduler(Math.max(1, access.holdNanos())),
            core.context.getSelf(),
            new Session.HoldOver(opened.requestId()));
      }
    }
  }

  /** The bracket's buffer is written, if that is what it was opened for. */
  void holdOver(long bracket) {
    Bracket closing = open.get(bracket);
    if (closing != null && ending.add(bracket)) {
      if (closing.access.direction().deviceReads()) {
        run(closing.opened, closing.access, closing.pages, true);
      }
      end(bracket, true);
    }
  }

  /** Ends without its writes; one whose end is on its way already ends as usual. */
  private void onRecalled(Buffer.CpuRecalled back) {
    if (open.containsKey(back.requestId()) && ending.add(back.requestId())) {
      recalled.put(back.requestId(), back.refusal());
      end(back.requestId(), false);
    }
  }

  /** The end of a bracket has the request id of its beginning: they are one access. */
  private void end(long bracket, boolean landed) {
    Open request = core.open.get(bracket);
    if (request != null && request.grant() != null) {
      Session.Grant grant = request.grant();
      grant.ref().tell(new Buffer.EndCpu(core.header(bracket, grant), bracket, landed, replies));
    }
  }

  /** Every open bracket ends, without its writes. */
  void abandon() {
    for (long bracket : open.keySet()) {
      Open request = core.open.get(bracket);
      if (request != null && request.grant() != null) {
        request
            .grant()
            .ref()
            .tell(
                new Buffer.EndCpu(
                    core.header(bracket, request.grant()), bracket, false, core.nobody()));
      }
    }
  }

  private void onClosed(long requestId) {
    Refusal refusal = recalled.get(requestId);
    Bracket closed = forget(requestId);
    if (refusal != null) {
      core.refused(requestId, refusal);
      return;
    }
    Open request = core.answered(requestId);
    if (request != null && request.grant() != null && closed != null) {
      request.replyTo().tell(new Session.CpuDone(request.grant().handle(), closed.verified));
    }
  }

  void bufferGone(BufferId buffer) {
    for (Bracket bracket : List.copyOf(open.values())) {
      if (bracket.opened.buffer().equals(buffer)) {
        forget(bracket.opened.requestId());
      }
    }
  }

  private DmaJob.Report run(
      Buffer.CpuOpened opened, Session.CpuAccess access, SgTable pages, boolean write) {
    DmaJob.Report report =
        cpu.run(
            new DmaJob(
                DeviceId.CPU,
                opened.requestId(),
                List.of(
                    new DmaJob.Access(
                        opened.buffer(),
                        pages,
                        access.firstPage(),
                        access.pages(),
                        write,
                        opened.expected(),
                        opened.stamp()))),
            (address, writes) -> address >>> Pages.SHIFT);
    report.findings().forEach(this::tell);
    return report;
  }

  private void tell(DmaJob.Finding finding) {
    environment
        .observer()
        .tell(
            new YardEvent.Violation(
                environment.clock().nowNanos(),
                finding.buffer(),
                "contents",
                "cpu, page " + finding.page() + ": " + finding.text()));
  }
}
