package org.bufferyard.actors.session;

import java.util.LinkedHashMap;
import java.util.List;
import org.bufferyard.actors.environment.Environment;
import org.bufferyard.actors.memory.Dma;
import org.bufferyard.actors.protocol.Buffer;
import org.bufferyard.actors.protocol.DeviceId;
import org.bufferyard.actors.protocol.DmaJob;
import org.bufferyard.actors.protocol.Session;
import org.bufferyard.actors.protocol.YardEvent;
import org.bufferyard.allocator.DmaConstraints;
import org.bufferyard.allocator.Outcome;
import org.bufferyard.allocator.Pages;
import org.bufferyard.allocator.sg.SgBuilder;
import org.bufferyard.allocator.sg.SgTable;
import org.jspecify.annotations.Nullable;

/**
 * The open CPU brackets of a session: reads compare when the bracket opens, writes happen when it
 * closes, so that whatever moves the pages meanwhile is found out. Owned by the session.
 */
final class CpuAccesses {
  private static final DeviceId CPU = new DeviceId(-1);

  private record Bracket(Buffer.CpuOpened opened, Session.CpuAccess access) {}

  private final Environment environment;
  private final Dma cpu;
  private final SgBuilder builder = new SgBuilder();
  private final LinkedHashMap<Long, Bracket> open = new LinkedHashMap<>();

  CpuAccesses(Environment environment) {
    this.environment = environment;
    this.cpu = new Dma(environment.memory());
  }

  /** Returns the pages compared. */
  long opened(Buffer.CpuOpened opened, Session.CpuAccess access) {
    open.put(opened.requestId(), new Bracket(opened, access));
    return access.direction().deviceWrites() ? run(opened, access, false).pagesRead() : 0;
  }

  /** The bracket's buffer is written, if that is what it was opened for. */
  Session.@Nullable CpuAccess closing(long bracket) {
    Bracket closing = open.remove(bracket);
    if (closing == null) {
      return null;
    }
    if (closing.access.direction().deviceReads()) {
      run(closing.opened, closing.access, true);
    }
    return closing.access;
  }

  private DmaJob.Report run(Buffer.CpuOpened opened, Session.CpuAccess access, boolean write) {
    long sizeBytes = Pages.toBytes(opened.extents().totalPages());
    Outcome<SgTable> view =
        builder.direct(opened.extents(), 0, sizeBytes, DmaConstraints.UNLIMITED);
    if (!(view instanceof Outcome.Done<SgTable>(var table))) {
      throw new IllegalStateException("the CPU has no constraints to violate: " + view);
    }
    DmaJob.Report report =
        cpu.run(
            new DmaJob(
                CPU,
                opened.requestId(),
                List.of(
                    new DmaJob.Access(
                        opened.buffer(),
                        table,
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
