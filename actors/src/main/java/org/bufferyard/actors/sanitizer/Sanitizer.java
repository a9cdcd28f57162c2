package org.bufferyard.actors.sanitizer;

import akka.actor.ActorPath;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.bufferyard.actors.environment.Topology;
import org.bufferyard.actors.memory.MemoryWatch;
import org.bufferyard.actors.memory.PhysicalMemory;
import org.bufferyard.actors.protocol.Buffer;
import org.bufferyard.actors.protocol.BufferId;
import org.bufferyard.actors.protocol.HandleReply;
import org.bufferyard.actors.protocol.Importer;
import org.bufferyard.actors.protocol.Iommu;
import org.bufferyard.actors.protocol.Migration;
import org.bufferyard.actors.protocol.Region;
import org.bufferyard.actors.protocol.Session;
import org.bufferyard.actors.protocol.Slab;
import org.bufferyard.allocator.Pages;
import org.jspecify.annotations.Nullable;

/**
 * Watches one deterministic run: is shown every message sent and handled, and each access to
 * memory. Ask {@link #failed} between steps, and {@link #finish} at the end. Not thread-safe; owned
 * by the run.
 *
 * <p>Takes 14 bytes a page of the regions, and a record a live mapping; out of records it reports
 * {@link Rule#D24} and fails the run, since it would be blind from there on.
 */
public final class Sanitizer {
  public static final int RECORDS_MAX = 1 << 20;

  /** So many messages from one look at the oldest request to the next. */
  private static final long AGES_EVERY = 256;

  /** A buffer that is being made: where its size is known from. */
  private record Making(ActorPath session, long requestId) {}

  private final Findings findings;
  private final Yardbook book;
  private final PageAccount pages;
  private final BufferAccount buffers;
  private final ReplyAccount replies;
  private final Coverage coverage = new Coverage();
  private final LinkedHashMap<Making, Slab.Create> making = new LinkedHashMap<>();
  private long events;

  /**
   * How strict it is.
   *
   * @param recordsMax most mappings that live at once
   * @param deadlineNanos of model time, before which no importer is detached by force
   * @param ageNanosMax of model time, after which every request has its answer
   * @param off rules left out, as a test of the rules may have it
   */
  public record Strictness(int recordsMax, long deadlineNanos, long ageNanosMax, Set<Rule> off) {
    /** Every rule, with no deadline known. */
    public static final Strictness ALL =
        new Strictness(RECORDS_MAX, 0, Long.MAX_VALUE, EnumSet.noneOf(Rule.class));
  }

  /** With every rule on, and no deadline known. */
  public Sanitizer(Topology topology, PhysicalMemory memory, LongSupplier clock) {
    this(topology, memory, clock, Strictness.ALL);
  }

  public Sanitizer(
      Topology topology, PhysicalMemory memory, LongSupplier clock, Strictness strictness) {
    findings = new Findings(strictness.off(), clock);
    book = new Yardbook(strictness.recordsMax(), findings);
    pages = new PageAccount(new ShadowPages(topology), memory, book, findings);
    List<String> regions = topology.regions().stream().map(Topology.RegionPlace::name).toList();
    buffers = new BufferAccount(book, pages, regions, findings);
    replies =
        new ReplyAccount(
            book,
            new ImporterAccount(buffers, findings, strictness.deadlineNanos()),
            findings,
            strictness.ageNanosMax());
  }

  /** What the memory shows its accesses. */
  public MemoryWatch memoryWatch() {
    return pages;
  }

  /** A rule that fails a run at once does not hold. */
  public boolean failed() {
    return findings.failed();
  }

  /** The first findings, in order. */
  public List<Finding> findings() {
    return findings.kept();
  }

  /** How often each rule did not hold. */
  public Map<Rule, Long> counts() {
    return findings.counts();
  }

  /** What another oracle has found about a buffer; by the same rules as its own findings. */
  public void report(Rule rule, BufferId buffer, String text) {
    findings.add(rule, book.of(buffer), text);
  }

  /** What the run has exercised. */
  public Coverage coverage() {
    return coverage;
  }

  /** Messages seen. */
  public long events() {
    return events;
  }

  /** Most mappings that lived at once. */
  public int peakRecords() {
    return book.peakRecords();
  }

  /**
   * The run is over and everything has been given back: nothing may be left.
   *
   * @return whether every rule held, the lesser ones included
   */
  public boolean finish() {
    if (events == 0) {
      findings.add(Rule.D24, null, "saw nothing: it was off");
    }
    replies.finish();
    for (ShadowBuffer buffer : book.live().values()) {
      findings.add(Rule.D43, buffer, "never freed");
    }
    pages.checkAllFree();
    return findings.counts().isEmpty();
  }

  /** The run's next step, counted from 1. */
  public void onStep(long step) {
    findings.step = step;
  }

  /** An actor takes a message out of its mailbox and is about to handle it. */
  public void onHandle(ActorPath actor, Object message) {
    if (message instanceof Buffer.Command command) {
      ShadowBuffer buffer = book.at(actor);
      if (buffer != null) {
        buffer.history.record(findings.step, findings.now(), "is told", message);
        coverage.told(buffer, command);
        buffers.handles(buffer, command);
        if (command instanceof Buffer.Request request) {
          buffer.noteEpoch(request.header());
        }
      }
    } else if (message instanceof Region.Free free) {
      pages.freed(free);
    } else if (message instanceof Region.Vacate vacate) {
      pages.vacated(vacate);
    }
  }

  /**
   * A message is put into a mailbox.
   *
   * @param from null for a callback or a timer
   */
  public void onSend(@Nullable ActorPath from, ActorPath to, Object message) {
    if (++events % AGES_EVERY == 0) {
      replies.checkAges();
    }
    switch (message) {
      case Buffer.Request request -> replies.asked(from, to, request);
      case Buffer.IommuMapped mapped -> mapped(from, to, mapped);
      case Buffer.IommuUnmapped unmapped -> unmapped(to, unmapped);
      case Buffer.Command command -> {}
      case Importer.Event event -> replies.told(to, event);
      case Buffer.CpuReply reply -> replies.told(to, reply);
      case HandleReply reply -> replies.told(to, reply);
      case Buffer.PlacementReply reply -> replies.told(to, reply);
      case Iommu.Map map -> asksToMap(from, map);
      case Migration.Command command -> toMigration(to, command);
      case Slab.Create create ->
          making.put(new Making(create.replyTo().path(), create.requestId()), create);
      case Session.Created created -> created(to, created);
      case Slab.Gone gone -> gone(from, gone);
      default -> {}
    }
  }

  private void created(ActorPath session, Session.Created created) {
    Slab.Create create = making.remove(new Making(session, created.requestId()));
    if (create != null) {
      ShadowBuffer buffer =
          new ShadowBuffer(created.buffer(), Pages.ofBytes(create.spec().sizeBytes()));
      buffer.handles.add(create.first());
      book.add(created.ref().path(), buffer);
    }
  }

  private void asksToMap(@Nullable ActorPath from, Iommu.Map map) {
    ShadowBuffer buffer = from == null ? null : book.at(from);
    if (buffer != null) {
      buffers.asksToMap(buffer, map);
    }
  }

  private void mapped(@Nullable ActorPath from, ActorPath to, Buffer.IommuMapped mapped) {
    ShadowBuffer buffer = book.at(to);
    if (buffer != null) {
      buffers.mapped(buffer, from == null ? "" : from.name(), mapped);
    }
  }

  private void unmapped(ActorPath to, Buffer.IommuUnmapped unmapped) {
    ShadowBuffer buffer = book.at(to);
    if (buffer != null) {
      buffers.unmapped(buffer, unmapped);
    }
  }

  private void toMigration(ActorPath to, Migration.Command command) {
    switch (command) {
      case Migration.Reserved reserved -> pages.reserved(reserved.extents());
      case Migration.Compacting compacting ->
          compacting.relocations().forEach(each -> pages.reserved(each.to()));
      case Migration.Demand demand -> noted(demand.buffer().buffer(), to, demand, buffers::demands);
      case Migration.Busy busy ->
          noted(busy.buffer(), to, busy, buffer -> buffers.busy(buffer, busy));
      case Migration.Prepared prepared ->
          noted(prepared.buffer(), to, prepared, buffer -> buffers.prepared(buffer, prepared));
      case Migration.Purged purged ->
          noted(purged.buffer(), to, purged, buffer -> buffers.purged(buffer, purged));
      case Migration.RevokeDone done -> noted(done.buffer(), to, done, buffers::withoutMemory);
      default -> {} // what regions, links and timers tell it is in no buffer's account
    }
  }

  private void noted(BufferId id, ActorPath to, Object message, Consumer<ShadowBuffer> account) {
    ShadowBuffer buffer = book.of(id);
    if (buffer != null) {
      replies.note(buffer, to, message);
      account.accept(buffer);
    }
  }

  private void gone(@Nullable ActorPath from, Slab.Gone gone) {
    ShadowBuffer buffer = book.of(gone.buffer());
    if (buffer != null && from != null) {
      buffers.gone(from, buffer);
      replies.gone(from);
    }
  }
}
