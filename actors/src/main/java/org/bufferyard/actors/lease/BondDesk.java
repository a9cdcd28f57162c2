package org.bufferyard.actors.lease;

import akka.actor.typed.ActorRef;
import akka.actor.typed.javadsl.ActorContext;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import org.bufferyard.actors.lease.Bond.State;
import org.bufferyard.actors.lease.Bond.Waiter;
import org.bufferyard.actors.protocol.Importer;
import org.bufferyard.actors.protocol.Iommu;
import org.bufferyard.allocator.DmaDirection;
import org.bufferyard.allocator.Errno;
import org.bufferyard.allocator.Refusal;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The states of an importer's attachments: attach, map at first need, keep the mapping until the
 * buffer has to move, map again. Owned by the importer.
 */
final class BondDesk implements MappingGate.Watcher {
  private static final Logger LOG = LoggerFactory.getLogger(BondDesk.class);

  private final ActorContext<ImporterActor.Command> context;
  private final ImporterPlan plan;
  private final BufferPost post;
  private final LeaseDesk leases;
  private final HostPath path;
  private final @Nullable ActorRef<? super ImporterNotice> listener;
  private final ActorRef<ImporterActor.Command> self;
  private final BondTable table;
  private final LinkedHashSet<Bond> retrying = new LinkedHashSet<>();
  private @Nullable Refusal closed;

  BondDesk(
      ActorContext<ImporterActor.Command> context,
      ImporterPlan plan,
      BufferPost post,
      LeaseDesk leases,
      @Nullable ActorRef<? super ImporterNotice> listener) {
    this.context = context;
    this.plan = plan;
    this.post = post;
    this.leases = leases;
    this.listener = listener;
    this.self = context.getSelf();
    this.path = new HostPath(plan.name());
    this.table =
        new BondTable(
            context,
            new HostImporter(
                plan.name(), self, plan.terms(), context.getSystem().executionContext()));
  }

  Collection<Bond> all() {
    return table.all();
  }

  // --- what the application asks --------------------------------------------------------------

  void attach(SharedBuffer buffer, Answer<BufferAttachment> answer) {
    if (closed != null) {
      answer.refused(closed);
      return;
    }
    Bond known = table.of(buffer);
    if (known == null || known.leaving) {
      Bond bond = table.add(buffer);
      bond.attachers.addLast(answer);
      post.attach(bond);
    } else if (known.state == State.ATTACHING) {
      known.attachers.addLast(answer);
    } else {
      answer.done(known.attachment);
    }
  }

  void map(
      BufferAttachment attachment,
      DmaDirection direction,
      LeaseTerms terms,
      Answer<Mapping> answer) {
    Bond bond = table.find(attachment);
    Refusal refusal = bond == null ? unknown(attachment) : leases.refuses(bond, direction);
    if (bond == null || refusal != null) {
      answer.refused(refusal == null ? unknown(attachment) : refusal);
      return;
    }
    Mapping lease =
        bond.gate == null ? null : leases.grant(bond, bond.gate, direction, terms, answer);
    if (lease != null) {
      answer.done(lease);
    } else if (bond.waiters.size() >= ImporterPlan.WAITERS_MAX) {
      answer.refused(
          new Refusal(Errno.EAGAIN, "too many wait for " + attachment.buffer().id() + " already"));
    } else {
      bond.waiters.addLast(new Waiter(direction, terms, answer));
      advance(bond);
    }
  }

  /**
   * Leases what is cached of a batch; the other places stay null.
   *
   * @return how many
   */
  int mapCached(ImporterActor.MapBatch batch, @Nullable Mapping[] into) {
    List<BufferAttachment> attachments = batch.attachments();
    int missing = 0;
    for (int at = 0; at < into.length; at++) {
      Bond bond = table.find(attachments.get(at));
      if (bond != null && bond.gate != null && leases.refuses(bond, batch.direction()) == null) {
        into[at] = leases.grant(bond, bond.gate, batch.direction(), batch.terms(), batch.answer());
      }
      missing += into[at] == null ? 1 : 0;
    }
    return missing;
  }

  private Refusal unknown(BufferAttachment attachment) {
    return closed != null
        ? closed
        : new Refusal(Errno.ENOENT, plan.name() + " has not attached " + attachment.buffer().id());
  }

  void pin(ImporterActor.Pin pin) {
    Bond bond = table.find(pin.attachment());
    if (bond == null) {
      pin.answer().refused(unknown(pin.attachment()));
    } else {
      post.pin(bond, pin);
    }
  }

  void detach(BufferAttachment attachment) {
    Bond bond = table.find(attachment);
    if (bond != null) {
      detach(bond);
    }
  }

  void detachAll() {
    all().forEach(this::detach);
  }

  private void detach(Bond bond) {
    bond.leaving = true;
    refuseWaiters(bond, new Refusal(Errno.ECANCELED, "detached"));
    leases.reclaimAll(List.of(bond), "its attachment was detached");
    advance(bond);
  }

  // --- what a bond does next ------------------------------------------------------------------

  private void advance(Bond bond) {
    switch (bond.state) {
      case ATTACHED -> {
        if (bond.leaving) {
          bond.state = State.UNMAPPING;
          post.detach(bond);
        } else if (!bond.waiters.isEmpty() && !retrying.contains(bond)) {
          bond.state = State.MAPPING;
          bond.mapEvent = new MapEvent();
          bond.mapEvent.begin();
          post.map(bond);
        }
      }
      case MAPPED -> {
        if (bond.leaving || !plan.dynamic()) {
          leave(bond);
        }
      }
      case ATTACHING, MAPPING, LEAVING, UNMAPPING -> {}
    }
  }

  /** The mapping goes: now if nobody is inside, else with the last lease. */
  private void leave(Bond bond) {
    bond.state = State.LEAVING;
    if (bond.gate == null || bond.gate.close()) {
      unmap(bond);
    }
  }

  private void unmap(Bond bond) {
    MappingGate gate = bond.gate;
    post.letGo(bond);
    if (gate != null && !bond.forced) {
      bond.state = State.UNMAPPING;
      post.unmap(bond, gate.generation);
    }
  }

  /** From any thread. */
  @Override
  public void idle(MappingGate gate) {
    self.tell(new ImporterActor.Idle(gate));
  }

  /** From any thread. */
  @Override
  public void quiesced(MappingGate gate) {
    self.tell(new ImporterActor.Quiesced(gate));
  }

  /** The hold has protected the mapping until it was used; from now on the buffer may be moved. */
  void onIdle(MappingGate gate) {
    if (gate.equals(gate.bond.gate)) {
      post.letGo(gate.bond);
    }
  }

  void onQuiesced(MappingGate gate) {
    Bond bond = gate.bond;
    table.left(gate);
    if (bond.forced) {
      endForced(bond);
    } else if (bond.state == State.LEAVING && gate.equals(bond.gate)) {
      unmap(bond);
    }
  }

  // --- what buffers say -----------------------------------------------------------------------

  void onEvent(Importer.Event event) {
    switch (event) {
      case Importer.Attached attached -> onAttached(attached);
      case Importer.Mapped mapped -> onMapped(mapped);
      case Importer.Unmapped unmapped -> onUnmapped(unmapped.requestId());
      case Importer.Detached detached -> onDetached(detached.requestId());
      case Importer.Pinned pinned -> onPinned(pinned.requestId());
      case Importer.Unpinned unpinned -> onPinned(unpinned.requestId());
      case Importer.Refused refused -> onRefused(refused.requestId(), refused.refusal());
      case Importer.Invalidate(var buffer, var remote, var generation) ->
          onInvalidate(table.byRemote(buffer, remote), generation);
      case Importer.ForceDetached(var buffer, var remote, var generation) ->
          onForced(table.byRemote(buffer, remote));
      case Importer.Revoked(var buffer, var remote, var generation) ->
          onRevoked(table.byRemote(buffer, remote));
      case Importer.Event other ->
          throw new IllegalStateException("an importer on the host does no such thing: " + other);
    }
  }

  private void onAttached(Importer.Attached attached) {
    BufferPost.Ask ask = post.answered(attached.requestId());
    if (ask == null) {
      return;
    }
    Bond bond = ask.bond();
    bond.remote = attached.attachment();
    table.named(bond);
    bond.state = State.ATTACHED;
    while (!bond.attachers.isEmpty()) {
      bond.attachers.removeFirst().done(bond.attachment);
    }
    advance(bond);
  }

  private void onMapped(Importer.Mapped mapped) {
    BufferPost.Ask ask = post.answered(mapped.requestId());
    if (ask == null) {
      return;
    }
    Bond bond = ask.bond();
    MappingGate gate =
        new MappingGate(
            plan.yard().environment().memory(),
            mapped.table(),
            mapped.generation(),
            mapped.region(),
            bond,
            this);
    bond.gate = gate;
    bond.state = State.MAPPED;
    recordMap(bond, mapped);
    if (bond.waiters.isEmpty()) {
      post.letGo(bond);
    }
    while (!bond.waiters.isEmpty()) {
      Waiter waiter = bond.waiters.removeFirst();
      Mapping lease = leases.grant(bond, gate, waiter.direction(), waiter.terms(), waiter.answer());
      if (lease != null) {
        waiter.answer().done(lease);
      }
    }
    advance(bond);
  }

  private void recordMap(Bond bond, Importer.Mapped mapped) {
    MapEvent event = bond.mapEvent;
    if (event.shouldCommit()) {
      event.importer = plan.name();
      event.buffer = mapped.buffer().value();
      event.generation = mapped.generation();
      event.segments = mapped.table().nents();
      event.commit();
    }
  }

  private void onUnmapped(long requestId) {
    BufferPost.Ask ask = post.answered(requestId);
    if (ask != null) {
      unmapped(ask.bond());
    }
  }

  private void unmapped(Bond bond) {
    if (!bond.forced) {
      bond.gate = null;
      bond.state = State.ATTACHED;
      advance(bond);
    }
  }

  private void onDetached(long requestId) {
    BufferPost.Ask ask = post.answered(requestId);
    if (ask != null) {
      table.forget(ask.bond());
    }
  }

  private void onPinned(long requestId) {
    BufferPost.Ask ask = post.answered(requestId);
    if (ask != null && ask.pin() != null) {
      done(ask.pin().answer());
    }
  }

  // The one value of Void.
  @SuppressWarnings("NullAway")
  private static void done(Answer<Void> answer) {
    answer.done(null);
  }

  private void onInvalidate(@Nullable Bond bond, long generation) {
    if (bond != null
        && bond.state == State.MAPPED
        && bond.gate != null
        && bond.gate.generation == generation) {
      notice(new ImporterNotice.Invalidated(bond.attachment, generation));
      leave(bond);
    }
  }

  /** Taken away for good: the mapping goes as if invalidated, and whoever maps again is refused. */
  private void onRevoked(@Nullable Bond bond) {
    if (bond != null) {
      notice(
          new ImporterNotice.Lost(
              bond.attachment,
              new Refusal(Errno.ENODEV, bond.attachment.buffer().id() + " was revoked")));
      if (bond.state == State.MAPPED) {
        leave(bond);
      }
    }
  }

  /** The buffer has forgotten the attachment, and waits for the path to say that nobody is in. */
  private void onForced(@Nullable Bond bond) {
    if (bond == null) {
      return;
    }
    bond.forced = true;
    table.hide(bond);
    refuseWaiters(bond, new Refusal(Errno.ENODEV, "forced out of a buffer that had to move"));
    leases.reclaimAll(List.of(bond), "its buffer had to move");
    notice(new ImporterNotice.ForcedOut(bond.attachment));
  }

  private void onRefused(long requestId, Refusal refusal) {
    BufferPost.Ask ask = post.answered(requestId);
    if (ask == null) {
      return;
    }
    Bond bond = ask.bond();
    switch (ask.kind()) {
      case ATTACH -> {
        bond.attachers.forEach(answer -> answer.refused(refusal));
        table.forget(bond);
      }
      case MAP -> onMapRefused(bond, refusal);
      case UNMAP -> unmapped(bond);
      case PIN -> {
        if (ask.pin() != null) {
          ask.pin().answer().refused(refusal);
        }
      }
      case DETACH -> throw new IllegalStateException("a detach never fails: " + refusal);
    }
  }

  /** Patient requests stay where trying again may help. */
  private void onMapRefused(Bond bond, Refusal refusal) {
    LOG.debug(
        "map refused: buffer={} importer={} errno={} reason=\"{}\"",
        bond.attachment.buffer().id(),
        plan.name(),
        refusal.errno(),
        refusal.reason());
    bond.state = State.ATTACHED;
    bond.ticket = null;
    boolean temporary = refusal.errno().temporary();
    for (Waiter waiter : List.copyOf(bond.waiters)) {
      if (!temporary || !waiter.terms().patient()) {
        bond.waiters.remove(waiter);
        waiter.answer().refused(refusal);
      }
    }
    if (bond.waiters.isEmpty() || bond.leaving) {
      advance(bond);
    } else if (retrying.add(bond) && retrying.size() == 1) {
      context.scheduleOnce(
          plan.yard().environment().clock().toScheduler(plan.retryNanos()),
          self,
          new ImporterActor.Retry());
    }
  }

  void retry() {
    List<Bond> due = List.copyOf(retrying);
    retrying.clear();
    due.forEach(this::advance);
  }

  /** All of its requests are refused, and its leases end as they may. */
  void bufferGone(ActorRef<?> buffer) {
    for (Bond bond : all()) {
      if (bond.attachment.buffer().grant().ref().equals(buffer)) {
        Refusal died = new Refusal(Errno.ENODEV, bond.attachment.buffer().id() + " has died");
        post.abandon(bond)
            .forEach(
                ask -> {
                  if (ask.pin() != null) {
                    ask.pin().answer().refused(died);
                  }
                });
        bond.attachers.forEach(answer -> answer.refused(died));
        refuseWaiters(bond, died);
        if (bond.gate != null) {
          bond.gate.close();
        }
        leases.reclaimAll(List.of(bond), "its buffer died");
        notice(new ImporterNotice.Lost(bond.attachment, died));
        table.forget(bond);
      }
    }
  }

  // --- what stands before the importer --------------------------------------------------------

  void onPath(Iommu.Command command) {
    switch (command) {
      case Iommu.Map map -> path.map(map);
      case Iommu.Unmap unmap -> onPathUnmap(unmap);
      case Iommu.Dma dma -> path.refuse(dma);
      // The CPU snoops its own caches.
      case Iommu.Sync sync -> {}
      case Iommu.CloseBooks close -> close.replyTo().tell(path.books());
    }
  }

  /** No address reaches the pages once this is answered: not before the last view has closed. */
  private void onPathUnmap(Iommu.Unmap unmap) {
    Bond bond = table.inSlot(unmap.domain());
    if (bond == null) {
      path.unmapped(unmap);
    } else if (bond.forced) {
      bond.forcedUnmap = unmap;
      if (bond.gate == null || !bond.gate.inUse()) {
        endForced(bond);
      }
    } else {
      path.unmapped(unmap);
    }
  }

  private void endForced(Bond bond) {
    if (bond.forcedUnmap != null) {
      path.unmapped(bond.forcedUnmap);
      bond.forcedUnmap = null;
      table.forget(bond);
    }
  }

  // --- the end --------------------------------------------------------------------------------

  private void refuseWaiters(Bond bond, Refusal refusal) {
    retrying.remove(bond);
    while (!bond.waiters.isEmpty()) {
      bond.waiters.removeFirst().answer().refused(refusal);
    }
  }

  private void notice(ImporterNotice notice) {
    if (listener != null) {
      listener.tell(notice);
    }
  }

  void cancelOverdue() {
    post.cancelOverdue();
  }

  /** No new lease is given; those who wait are refused. */
  void close(Refusal why) {
    closed = why;
    for (Bond bond : all()) {
      refuseWaiters(bond, why);
      if (bond.gate != null) {
        bond.gate.close();
      }
    }
  }

  /** Nobody is inside any mapping. */
  boolean quiet() {
    return table.quiet();
  }

  ImporterActor.Books books(long granted, long reclaimed) {
    int open = 0;
    int waiting = 0;
    for (Bond bond : all()) {
      open += bond.openLeases().size();
      waiting += bond.waiters.size();
    }
    return new ImporterActor.Books(plan.name(), all().size(), open, waiting, granted, reclaimed);
  }
}
