package org.bufferyard.actors.sanitizer;

import akka.actor.ActorPath;
import org.bufferyard.actors.protocol.Buffer;
import org.bufferyard.actors.protocol.BufferId;
import org.bufferyard.actors.protocol.HandleReply;
import org.bufferyard.actors.protocol.Importer;
import org.jspecify.annotations.Nullable;

/** Who asked what of a buffer, and what it was told. Owned by the sanitizer. */
final class ReplyAccount {
  private final Yardbook book;
  private final ImporterAccount importers;
  private final Findings findings;
  private final long ageNanosMax;
  private final ReplyLedger ledger = new ReplyLedger();

  ReplyAccount(Yardbook book, ImporterAccount importers, Findings findings, long ageNanosMax) {
    this.book = book;
    this.importers = importers;
    this.findings = findings;
    this.ageNanosMax = ageNanosMax;
  }

  /** Nobody waits longer than all the deadlines that are on the way. */
  void checkAges() {
    long age = ledger.oldestAge(findings.now());
    if (age > ageNanosMax) {
      findings.add(Rule.D91, null, "for " + age + " ns without an answer: " + ledger.oldest());
    }
  }

  /** The buffer is freed. */
  void gone(ActorPath buffer) {
    ledger.gone(buffer);
  }

  /** Everything has been given back: nothing is unanswered. */
  void finish() {
    String unanswered = ledger.oldest();
    if (unanswered != null) {
      findings.add(Rule.D81, null, ledger.size() + " requests without an answer: " + unanswered);
    }
  }

  void asked(@Nullable ActorPath from, ActorPath to, Buffer.Request request) {
    if (from == null || book.at(to) == null) {
      return;
    }
    if (!ledger.asked(from, to, request, findings.now()) && !sameAccess(request)) {
      findings.add(Rule.D81, null, from.name() + " asks twice under one number: " + request);
    }
  }

  /** A CPU bracket ends under the number that it began with. */
  private static boolean sameAccess(Buffer.Request request) {
    return request instanceof Buffer.EndCpu;
  }

  void told(ActorPath to, Importer.Event event) {
    ShadowBuffer buffer = book.of(event.buffer());
    if (buffer == null) {
      return;
    }
    note(buffer, to, event);
    Buffer.Request asked = null;
    long id = requestId(event);
    if (id >= 0) {
      asked = answered(buffer, to, id, event);
    }
    importers.says(buffer, event, asked);
  }

  private Buffer.@Nullable Request answered(
      ShadowBuffer buffer, ActorPath to, long id, Object reply) {
    Buffer.Request asked = ledger.answered(to, id);
    if (asked == null) {
      findings.add(Rule.D81, buffer, to.name() + " is answered what it did not ask: " + reply);
    } else if (buffer.isOld(asked.header()) && !refuses(reply)) {
      findings.add(Rule.D82, buffer, to.name() + " is served in an epoch that is over: " + reply);
    }
    return asked;
  }

  /** Negative for what answers no request. */
  private static long requestId(Importer.Event event) {
    return switch (event) {
      case Importer.Attached e -> e.requestId();
      case Importer.Mapped e -> e.requestId();
      case Importer.Unmapped e -> e.requestId();
      case Importer.Detached e -> e.requestId();
      case Importer.UseGranted e -> e.requestId();
      case Importer.UseStale e -> e.requestId();
      case Importer.Pinned e -> e.requestId();
      case Importer.Unpinned e -> e.requestId();
      case Importer.Refused e -> e.requestId();
      default -> -1;
    };
  }

  void told(ActorPath to, Buffer.CpuReply reply) {
    switch (reply) {
      case Buffer.CpuOpened opened -> {
        ShadowBuffer buffer = book.of(opened.buffer());
        if (buffer != null) {
          note(buffer, to, opened);
          importers.opens(buffer, opened, answered(buffer, to, opened.requestId(), opened));
        }
      }
      case Buffer.CpuClosed closed -> answer(to, closed.buffer(), closed.requestId(), closed);
      case Buffer.CpuRefused refused -> answer(to, refused.buffer(), refused.requestId(), refused);
      case Buffer.Vmapped vmapped -> answer(to, vmapped.buffer(), vmapped.requestId(), vmapped);
      case Buffer.Vunmapped done -> answer(to, done.buffer(), done.requestId(), done);
      case Buffer.CpuRecalled recalled -> {} // answers nothing
    }
  }

  void told(ActorPath to, HandleReply reply) {
    switch (reply) {
      case HandleReply.Shared shared -> {
        ShadowBuffer buffer = book.of(shared.buffer());
        if (buffer != null) {
          buffer.handles.add(shared.given());
        }
        answer(to, shared.buffer(), shared.requestId(), shared);
      }
      case HandleReply.Released released -> {
        Buffer.Request asked = answer(to, released.buffer(), released.requestId(), released);
        ShadowBuffer buffer = book.of(released.buffer());
        if (buffer != null && asked != null) {
          buffer.handles.remove(asked.header().handle());
        }
      }
      case HandleReply.Refused refused -> {
        Buffer.Request asked = answer(to, refused.buffer(), refused.requestId(), refused);
        ShadowBuffer buffer = book.of(refused.buffer());
        if (buffer != null) {
          importers.refused(buffer, refused.refusal(), asked);
        }
      }
      case HandleReply.Revoked done -> answer(to, done.buffer(), done.requestId(), done);
      case HandleReply.Offered done -> answer(to, done.buffer(), done.requestId(), done);
      case HandleReply.Reclaimed done -> answer(to, done.buffer(), done.requestId(), done);
    }
  }

  void told(ActorPath to, Buffer.PlacementReply reply) {
    switch (reply) {
      case Buffer.Validated done -> answer(to, done.buffer(), done.requestId(), done);
      case Buffer.ValidateRefused done -> answer(to, done.buffer(), done.requestId(), done);
    }
  }

  private Buffer.@Nullable Request answer(ActorPath to, BufferId id, long requestId, Object reply) {
    ShadowBuffer buffer = book.of(id);
    if (buffer == null) {
      return null;
    }
    note(buffer, to, reply);
    return answered(buffer, to, requestId, reply);
  }

  void note(ShadowBuffer buffer, ActorPath to, Object message) {
    buffer.history.record(findings.step, findings.now(), "tells " + to.name(), message);
  }

  private static boolean refuses(Object reply) {
    return reply instanceof Importer.Refused
        || reply instanceof Buffer.CpuRefused
        || reply instanceof HandleReply.Refused
        || reply instanceof Buffer.ValidateRefused;
  }
}
