package org.bufferyard.actors.sanitizer;

import akka.actor.ActorPath;
import akka.actor.IgnoreActorRef;
import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.MailboxSelector;
import akka.actor.typed.Props;
import akka.actor.typed.javadsl.Behaviors;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import org.bufferyard.actors.protocol.Buffer;
import org.bufferyard.actors.protocol.BufferId;
import org.bufferyard.actors.protocol.HandleReply;
import org.bufferyard.actors.protocol.Importer;
import org.bufferyard.actors.protocol.Iommu;
import org.bufferyard.actors.protocol.Migration;
import org.bufferyard.actors.protocol.Slab;
import org.bufferyard.actors.protocol.YardEvent;
import org.jspecify.annotations.Nullable;

/**
 * The sanitizer of a yard on Akka's dispatchers: keeps the second account of the buffers that are
 * watched, from what they are told and tell, and holds them to the rules that concern one buffer.
 * What concerns page frames of several, or the memory itself, is for deterministic runs.
 *
 * <p>Its mailbox is bounded ({@link #mailbox}). A buffer of which something was lost there is not
 * checked any more; the first time that happens, and the first findings, are told as violations.
 */
public final class SamplerActor {
  /** Messages that may wait. */
  public static final int QUEUE_MAX = 1 << 16;

  private static final int RECORDS_MAX = 1 << 20;

  /** Of what is about no buffer. */
  private static final long NO_BUFFER = -1;

  /** What a yard's sampler is spawned with: what finds its mailbox full is dropped, and counted. */
  public static Props mailbox() {
    return MailboxSelector.bounded(QUEUE_MAX);
  }

  /** Watches as {@code sampling} says, and tells {@code observer} what it finds. */
  public static Behavior<Sampler.Command> create(
      Sampling sampling, long invalidateDeadlineNanos, ActorRef<YardEvent> observer) {
    return Behaviors.setup(
        context -> new SamplerActor(sampling, invalidateDeadlineNanos, observer).serving());
  }

  /** One buffer that is watched. */
  private static final class Watched {
    long number;

    /** Null where its beginning was lost. */
    @Nullable ActorPath path;

    /** Something of it was lost: what it is like is not known any more. */
    boolean blind;
  }

  private final Sampling sampling;
  private final ActorRef<YardEvent> observer;
  private final LinkedHashMap<BufferId, Watched> watched = new LinkedHashMap<>();
  private final Findings findings;
  private final Yardbook book;
  private final BufferAccount buffers;
  private final ReplyAccount replies;
  private long nowNanos;
  private long made;
  private long messages;
  private long dropped;
  private long blind;

  private SamplerActor(Sampling sampling, long deadlineNanos, ActorRef<YardEvent> observer) {
    this.sampling = sampling;
    this.observer = observer;
    this.findings = new Findings(EnumSet.noneOf(Rule.class), () -> nowNanos);
    this.book = new Yardbook(RECORDS_MAX, findings);
    this.buffers = new BufferAccount(book, PageBooks.NONE, List.of(), findings);
    this.replies =
        new ReplyAccount(
            book, new ImporterAccount(buffers, findings, deadlineNanos), findings, Long.MAX_VALUE);
    findings.heardBy(this::tell);
  }

  private void tell(Finding finding) {
    observer.tell(
        new YardEvent.Violation(
            finding.atNanos(), about(finding), finding.rule().name(), finding.line()));
  }

  private BufferId about(Finding finding) {
    for (BufferId each : watched.keySet()) {
      if (each.toString().equals(finding.buffer())) {
        return each;
      }
    }
    return new BufferId(NO_BUFFER);
  }

  private Behavior<Sampler.Command> serving() {
    return Behaviors.receiveMessage(
        command -> {
          switch (command) {
            case Sampler.Seen seen -> onSeen(seen);
            case Sampler.TellReport(var to) ->
                to.tell(
                    new Sampler.Report(
                        sampling, made, messages, dropped, blind, findings.counts()));
          }
          return Behaviors.same();
        });
  }

  private void onSeen(Sampler.Seen seen) {
    findings.step = ++messages;
    Watched buffer = watched.computeIfAbsent(seen.buffer(), id -> new Watched());
    long missing = seen.number() - buffer.number - 1;
    buffer.number = seen.number();
    if (missing > 0) {
      lost(seen.buffer(), buffer, missing);
    }
    switch (seen) {
      case Sampler.Made first -> made(first, buffer);
      case Sampler.Handles handles -> handles(handles, buffer);
      case Sampler.Tells tells -> tells(tells, buffer);
    }
  }

  /** Said aloud once; counted from then on. */
  private void lost(BufferId id, Watched buffer, long missing) {
    if (dropped == 0) {
      findings.add(
          Rule.D24,
          null,
          "the queue of " + QUEUE_MAX + " messages was full: " + id + " is not checked any more");
    }
    dropped += missing;
    if (!buffer.blind) {
      blind++;
      buffer.blind = true;
      if (buffer.path != null) {
        replies.gone(buffer.path);
        book.forget(buffer.path, id);
      }
    }
  }

  private void made(Sampler.Made first, Watched buffer) {
    made++;
    buffer.path = first.self();
    ShadowBuffer shadow = new ShadowBuffer(first.buffer(), first.pages());
    shadow.handles.add(first.first());
    book.add(first.self(), shadow);
  }

  private @Nullable ShadowBuffer checked(Watched buffer) {
    return buffer.blind || buffer.path == null ? null : book.at(buffer.path);
  }

  private void handles(Sampler.Handles handles, Watched buffer) {
    ShadowBuffer shadow = checked(buffer);
    ActorPath path = buffer.path;
    if (shadow == null || path == null) {
      return;
    }
    nowNanos = handles.atNanos();
    Buffer.Command command = handles.command();
    shadow.history.record(messages, nowNanos, "is told", command);
    buffers.handles(shadow, command);
    switch (command) {
      case Buffer.Request request -> {
        shadow.noteEpoch(request.header());
        ActorPath requester = Requesters.path(request);
        if (!IgnoreActorRef.isIgnoreRefPath(requester)) {
          replies.asked(requester, path, request);
        }
      }
      case Buffer.IommuMapped mapped -> buffers.mapped(shadow, "iommu-", mapped);
      case Buffer.IommuUnmapped unmapped -> buffers.unmapped(shadow, unmapped);
      default -> {} // accounted for by what follows
    }
  }

  private void tells(Sampler.Tells tells, Watched buffer) {
    ShadowBuffer shadow = checked(buffer);
    ActorPath path = buffer.path;
    if (shadow == null || path == null || IgnoreActorRef.isIgnoreRefPath(tells.to())) {
      return;
    }
    nowNanos = tells.atNanos();
    switch (tells.message()) {
      case Importer.Event event -> replies.told(tells.to(), event);
      case Buffer.CpuReply reply -> replies.told(tells.to(), reply);
      case HandleReply reply -> replies.told(tells.to(), reply);
      case Buffer.PlacementReply reply -> replies.told(tells.to(), reply);
      case Iommu.Map map -> buffers.asksToMap(shadow, map);
      case Migration.Demand demand -> buffers.demands(shadow);
      case Migration.Busy busy -> buffers.busy(shadow, busy);
      case Migration.Prepared prepared -> buffers.prepared(shadow, prepared);
      case Migration.Purged purged -> buffers.purged(shadow, purged);
      case Migration.RevokeDone done -> buffers.withoutMemory(shadow);
      case Slab.Gone gone -> freed(path, shadow);
      default -> {} // no part of the account
    }
  }

  private void freed(ActorPath path, ShadowBuffer shadow) {
    buffers.gone(path, shadow);
    replies.gone(path);
    book.forget(path, shadow.id);
    watched.remove(shadow.id);
  }
}
