package org.bufferyard.actors.session;

import akka.actor.typed.ActorRef;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.function.Consumer;
import org.bufferyard.actors.protocol.Buffer;
import org.bufferyard.actors.protocol.BufferId;
import org.bufferyard.actors.protocol.DeviceId;
import org.bufferyard.actors.protocol.Handle;
import org.bufferyard.actors.protocol.Importer;
import org.bufferyard.actors.protocol.RequestKind;
import org.bufferyard.actors.protocol.Rights;
import org.bufferyard.actors.protocol.Session;
import org.bufferyard.actors.protocol.Ticket;
import org.bufferyard.actors.session.OpenRequests.Open;
import org.bufferyard.actors.token.TicketRoll;
import org.bufferyard.allocator.DmaDirection;
import org.bufferyard.allocator.Errno;
import org.bufferyard.allocator.Outcome;
import org.bufferyard.allocator.Refusal;
import org.bufferyard.allocator.sg.SgTable;
import org.jspecify.annotations.Nullable;

/**
 * The client's own mappings of buffers: filled in at the first access, taken away when the buffer
 * moves, and faulted back in at the next. Model of {@code ttm_bo_vm_fault} and {@code
 * unmap_mapping_range}. Owned by the session.
 */
final class CpuMappings {
  /** Tickets of different clients' faults must differ. */
  private static final int TICKET_SHIFT = 32;

  private static final class Mapping {
    final Session.Grant grant;
    final int attachment;
    @Nullable SgTable table;

    /** Accesses that wait for the fault under way. */
    final List<Consumer<Outcome<SgTable>>> waiting = new ArrayList<>(1);

    Mapping(Session.Grant grant, int attachment) {
      this.grant = grant;
      this.attachment = attachment;
    }
  }

  private final SessionCore core;
  private final ActorRef<Importer.Event> replies;
  private final TicketRoll roll = new TicketRoll(DeviceId.CPU);
  private final LinkedHashMap<Handle, Mapping> mappings = new LinkedHashMap<>();
  private long faults;

  CpuMappings(SessionCore core) {
    this.core = core;
    this.replies = core.context.messageAdapter(Importer.Event.class, Session.FromMapping::new);
  }

  /** Accesses that found their mapping gone, or never filled in. */
  long faults() {
    return faults;
  }

  boolean has(Handle handle) {
    return mappings.containsKey(handle);
  }

  void mmap(Session.Mmap mmap) {
    Session.Grant grant = core.known(mmap.handle(), RequestKind.MMAP, mmap.replyTo());
    if (grant == null) {
      return;
    }
    long id = core.opened(RequestKind.MMAP, grant, mmap, mmap.replyTo());
    if (has(mmap.handle())) {
      core.refused(id, new Refusal(Errno.EALREADY, mmap.handle() + " is mapped already"));
    } else {
      grant
          .ref()
          .tell(new Buffer.Mmap(core.header(id, grant), mmap.firstPage(), mmap.pages(), replies));
    }
  }

  void munmap(Session.Munmap munmap) {
    core.tally.requested(RequestKind.MMAP);
    Mapping mapping = mappings.remove(munmap.handle());
    long id =
        core.opened(
            RequestKind.MMAP, mapping == null ? null : mapping.grant, munmap, munmap.replyTo());
    if (mapping == null) {
      core.refused(id, new Refusal(Errno.EINVAL, munmap.handle() + " is not mapped"));
    } else {
      detach(id, mapping);
    }
  }

  private void detach(long id, Mapping mapping) {
    answer(mapping, Outcome.refused(new Refusal(Errno.EFAULT, "the mapping was taken down")));
    mapping
        .grant
        .ref()
        .tell(new Buffer.Detach(core.header(id, mapping.grant), mapping.attachment, replies));
  }

  /** The client is gone, and with it its address space. */
  void end() {
    for (Mapping mapping : List.copyOf(mappings.values())) {
      munmap(new Session.Munmap(mapping.grant.handle(), core.nobody()));
    }
  }

  /** The same without waiting for the answers. */
  void abandon() {
    for (Mapping mapping : mappings.values()) {
      mapping
          .grant
          .ref()
          .tell(
              new Buffer.Detach(core.unanswered(mapping.grant), mapping.attachment, core.nobody()));
    }
  }

  /** Gives the access the mapping's pages, after a fault if need be. */
  void view(Handle handle, Consumer<Outcome<SgTable>> access) {
    Mapping mapping = mappings.get(handle);
    if (mapping == null) {
      access.accept(Outcome.refused(new Refusal(Errno.EFAULT, handle + " is not mapped")));
    } else if (mapping.table != null) {
      access.accept(Outcome.done(mapping.table));
    } else {
      mapping.waiting.add(access);
      if (mapping.waiting.size() == 1) {
        fault(mapping);
      }
    }
  }

  private void fault(Mapping mapping) {
    faults++;
    long id = asked(RequestKind.MAP, mapping);
    mapping
        .grant
        .ref()
        .tell(
            new Buffer.Map(
                core.header(id, mapping.grant),
                mapping.attachment,
                direction(mapping.grant),
                ticket(core.now(), id),
                replies));
  }

  /** A mapping of who may only read is one for reading. */
  private static DmaDirection direction(Session.Grant grant) {
    boolean writes = (grant.rights() & Rights.WRITE) != 0;
    return writes ? DmaDirection.BIDIRECTIONAL : DmaDirection.TO_DEVICE;
  }

  /** A fault belongs to no submission: what it holds for the mapping it lets go at once. */
  private Ticket ticket(long sentNanos, long requestId) {
    return roll.next(sentNanos, ((long) core.client.value() << TICKET_SHIFT) | requestId);
  }

  private long asked(RequestKind kind, Mapping mapping) {
    core.tally.requested(kind);
    return core.opened(kind, mapping.grant, null, core.nobody());
  }

  void onEvent(Importer.Event event) {
    switch (event) {
      case Importer.Attached attached -> onAttached(attached);
      case Importer.Mapped mapped -> onMapped(mapped);
      case Importer.Refused refused -> onRefused(refused);
      case Importer.Invalidate gone -> take(gone.buffer(), gone.attachment(), gone.generation());
      case Importer.Revoked gone -> take(gone.buffer(), gone.attachment(), gone.generation());
      case Importer.ForceDetached gone ->
          mappings.values().removeIf(each -> is(each, gone.buffer(), gone.attachment()));
      case Importer.Detached(var id, var buffer) -> onDetached(id);
      case Importer.Unmapped(var id, var buffer, var generation) -> core.answered(id);
      case Importer.Pinned other -> unasked(other);
      case Importer.Unpinned other -> unasked(other);
      case Importer.UseGranted other -> unasked(other);
      case Importer.UseStale other -> unasked(other);
    }
  }

  private static void unasked(Importer.Event event) {
    throw new IllegalStateException("no mapping asked for this: " + event);
  }

  private void onAttached(Importer.Attached attached) {
    Open request = core.answered(attached.requestId());
    if (request != null && request.grant() != null) {
      Handle handle = request.grant().handle();
      mappings.put(handle, new Mapping(request.grant(), attached.attachment()));
      request.replyTo().tell(new Session.Mmapped(handle));
      if (core.ending) {
        end();
      }
    }
  }

  private void onDetached(long requestId) {
    Open request = core.answered(requestId);
    if (request != null && request.asked() instanceof Session.Munmap munmap) {
      request.replyTo().tell(new Session.Munmapped(munmap.handle()));
    }
  }

  private void onMapped(Importer.Mapped mapped) {
    Open request = core.answered(mapped.requestId());
    if (request == null || request.grant() == null) {
      return;
    }
    request.grant().ref().tell(new Buffer.LetGo(ticket(request.sentNanos(), request.requestId())));
    Mapping mapping = mappings.get(request.grant().handle());
    if (mapping != null) {
      mapping.table = mapped.table();
      answer(mapping, Outcome.done(mapped.table()));
    }
  }

  private void onRefused(Importer.Refused refused) {
    Open request = core.open.get(refused.requestId());
    core.refused(refused.requestId(), refused.refusal());
    if (request != null && request.kind() == RequestKind.MAP && request.grant() != null) {
      Mapping mapping = mappings.get(request.grant().handle());
      if (mapping != null) {
        answer(mapping, Outcome.refused(refused.refusal()));
      }
    }
  }

  private static void answer(Mapping mapping, Outcome<SgTable> outcome) {
    List<Consumer<Outcome<SgTable>>> waiting = List.copyOf(mapping.waiting);
    mapping.waiting.clear();
    waiting.forEach(access -> access.accept(outcome));
  }

  /** The pages are about to go: from here on an access faults. */
  private void take(BufferId buffer, int attachment, long generation) {
    for (Mapping mapping : mappings.values()) {
      if (is(mapping, buffer, attachment) && mapping.table != null) {
        mapping.table = null;
        long id = asked(RequestKind.UNMAP, mapping);
        mapping
            .grant
            .ref()
            .tell(
                new Buffer.Unmap(core.header(id, mapping.grant), attachment, generation, replies));
      }
    }
  }

  private static boolean is(Mapping mapping, BufferId buffer, int attachment) {
    return mapping.attachment == attachment && mapping.grant.buffer().equals(buffer);
  }

  void bufferGone(BufferId buffer) {
    Refusal refusal = new Refusal(Errno.ENODEV, buffer + " has died");
    for (Mapping mapping : List.copyOf(mappings.values())) {
      if (mapping.grant.buffer().equals(buffer)) {
        mappings.remove(mapping.grant.handle());
        answer(mapping, Outcome.refused(refusal));
      }
    }
  }
}
