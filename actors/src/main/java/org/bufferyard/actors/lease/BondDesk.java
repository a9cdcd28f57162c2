package org.bufferyard.actors.lease;

import akka.actor.typed.ActorRef;
import akka.actor.typed.javadsl.ActorContext;
import java.util.Collection;
import java.util.List;
import org.bufferyard.actors.lease.Bond.State;
import org.bufferyard.actors.lease.Bond.Waiter;
import org.bufferyard.actors.protocol.Importer;
import org.bufferyard.actors.protocol.Iommu;
import org.bufferyard.allocator.DmaDirection;
import org.bufferyard.allocator.Errno;
import org.bufferyard.allocator.Refusal;
import org.jspecify.annotations.Nullable;

/**
 * What the application asks of an importer's attachments: attach, map at first need, keep the
 * mapping until the buffer has to move, map again. {@link BondSteps} takes them further, {@link
 * BufferEar} hears what buffers say. Owned by the importer.
 */
final class BondDesk {
  private final ImporterPlan plan;
  private final BufferPost post;
  private final LeaseDesk leases;
  private final HostPath path;
  private final BondTable table;
  private final BondSteps steps;
  private final BufferEar ear;
  private @Nullable Refusal closed;

  BondDesk(
      ActorContext<ImporterActor.Command> context,
      ImporterPlan plan,
      BufferPost post,
      LeaseDesk leases,
      @Nullable ActorRef<? super ImporterNotice> listener) {
    this.plan = plan;
    this.post = post;
    this.leases = leases;
    this.path = new HostPath(plan.name());
    this.table =
        new BondTable(
            context,
            new HostImporter(
                plan.name(),
                context.getSelf(),
                plan.terms(),
                context.getSystem().executionContext()),
            leases::door);
    this.steps = new BondSteps(context, plan, post, table, path, listener);
    this.ear = new BufferEar(plan, post, leases, table, steps);
  }

  /** What buffers say. */
  void onEvent(Importer.Event event) {
    ear.onEvent(event);
  }

  void bufferGone(ActorRef<?> buffer) {
    ear.bufferGone(buffer);
  }

  void onIdle(MappingGate gate) {
    steps.onIdle(gate);
  }

  void onQuiesced(MappingGate gate) {
    steps.onQuiesced(gate);
  }

  void retry() {
    steps.retry();
  }

  Collection<Bond> all() {
    return table.all();
  }

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
      bond.waiters.addLast(new Waiter(direction, terms, plan.times().timed(answer)));
      steps.advance(bond);
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
    steps.refuseWaiters(bond, new Refusal(Errno.ECANCELED, "detached"));
    leases.reclaimAll(List.of(bond), "its attachment was detached");
    steps.advance(bond);
  }

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
        steps.endForced(bond);
      }
    } else {
      path.unmapped(unmap);
    }
  }

  void cancelOverdue() {
    post.cancelOverdue();
  }

  /** The importer has died: its leases end. */
  void died() {
    for (Bond bond : all()) {
      if (bond.gate != null) {
        bond.gate.close();
      }
    }
    leases.reclaimAll(all(), "its importer died");
  }

  /** Leases have been taken at the gate. */
  void onCrowd(MappingGate gate) {
    if (gate.equals(gate.bond.gate)) {
      leases.gather(gate.bond);
    }
  }

  /** No new lease is given; those who wait are refused. */
  void close(Refusal why) {
    closed = why;
    steps.shutDoors();
    for (Bond bond : all()) {
      steps.refuseWaiters(bond, why);
      if (bond.gate != null) {
        bond.gate.close();
      }
    }
  }

  /** Nobody is inside any mapping. */
  boolean quiet() {
    return table.quiet();
  }

  ImporterActor.Books books() {
    all().forEach(leases::gather);
    int open = 0;
    int waiting = 0;
    for (Bond bond : all()) {
      open += bond.openLeases().size();
      waiting += bond.waiters.size();
    }
    return new ImporterActor.Books(
        plan.name(), all().size(), open, waiting, leases.granted(), leases.reclaimed());
  }
}
