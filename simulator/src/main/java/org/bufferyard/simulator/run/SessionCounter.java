package org.bufferyard.simulator.run;

import akka.actor.typed.ActorRef;
import java.util.List;
import org.bufferyard.actors.protocol.Rights;
import org.bufferyard.actors.protocol.Session;
import org.bufferyard.allocator.DmaDirection;
import org.bufferyard.allocator.Pages;
import org.bufferyard.simulator.workload.Action;

/** Where a program hands its requests to its session in. Owned by the program. */
final class SessionCounter {
  /** What the program may do with a buffer it was given: everything but hand it on. */
  private static final int IMPORT_RIGHTS = Rights.MAP | Rights.PIN | Rights.CPU;

  private static final double CPU_BYTES_PER_NANO = 8;

  private final ActorRef<Session.Command> session;
  private final ActorRef<Session.Reply> replies;
  private int unanswered;

  SessionCounter(ActorRef<Session.Command> session, ActorRef<Session.Reply> replies) {
    this.session = session;
    this.replies = replies;
  }

  int unanswered() {
    return unanswered;
  }

  /** One of the requests has its answer. */
  void answered() {
    unanswered--;
  }

  private void ask(Session.Command request) {
    unanswered++;
    session.tell(request);
  }

  /** Buffers are exported under their keys as cookies. */
  void export(Action.Export export, List<Integer> preferred) {
    ask(
        new Session.Export(
            new Session.ExportSpec(
                export.buffer(),
                export.name(),
                export.sizeBytes(),
                preferred,
                export.preference().priority(),
                export.preference().contiguous()),
            replies));
  }

  void share(Session.Grant grant, ProgramActor.Client other) {
    ask(new Session.Share(grant.handle(), other.session(), other.id(), IMPORT_RIGHTS, replies));
  }

  /** Held for as long as a CPU takes for so many pages. */
  void cpuAccess(Session.Grant grant, DmaDirection direction, long firstPage, long pages) {
    long holdNanos = (long) (Pages.toBytes(pages) / CPU_BYTES_PER_NANO);
    ask(new Session.CpuAccess(grant.handle(), direction, firstPage, pages, holdNanos, replies));
  }

  void release(Session.Grant grant) {
    ask(new Session.Release(grant.handle(), replies));
  }
}
