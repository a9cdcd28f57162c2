package org.bufferyard.actors.lease;

import akka.actor.typed.ActorRef;
import akka.actor.typed.javadsl.ActorContext;
import java.util.LinkedHashSet;
import java.util.List;
import org.bufferyard.actors.lease.Bond.State;
import org.bufferyard.allocator.Refusal;
import org.jspecify.annotations.Nullable;

/**
 * What a bond does next: maps when somebody waits, unmaps when its mapping has to go and nobody is
 * inside, detaches when it is to leave. Owned by the importer.
 */
final class BondSteps implements MappingGate.Watcher {
  private final ActorContext<ImporterActor.Command> context;
  private final ImporterPlan plan;
  private final BufferPost post;
  private final BondTable table;
  private final HostPath path;
  private final @Nullable ActorRef<? super ImporterNotice> listener;
  private final ActorRef<ImporterActor.Command> self;
  private final LinkedHashSet<Bond> retrying = new LinkedHashSet<>();
  private boolean doorsOpen = true;

  BondSteps(
      ActorContext<ImporterActor.Command> context,
      ImporterPlan plan,
      BufferPost post,
      BondTable table,
      HostPath path,
      @Nullable ActorRef<? super ImporterNotice> listener) {
    this.context = context;
    this.plan = plan;
    this.post = post;
    this.table = table;
    this.path = path;
    this.listener = listener;
    this.self = context.getSelf();
  }

  void advance(Bond bond) {
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
  void leave(Bond bond) {
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
  public void crowd(MappingGate gate) {
    self.tell(new ImporterActor.Crowd(gate));
  }

  /** From any thread. */
  @Override
  public void quiesced(MappingGate gate) {
    self.tell(new ImporterActor.Quiesced(gate));
  }

  /** The hold has protected the mapping until it was used; from now on the buffer may be moved. */
  void onIdle(MappingGate gate) {
    gate.idleHeard();
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

  void endForced(Bond bond) {
    if (bond.forcedUnmap != null) {
      path.unmapped(bond.forcedUnmap);
      bond.forcedUnmap = null;
      table.forget(bond);
    }
  }

  /** From now on leases are given by the importer alone, which gives none. */
  void shutDoors() {
    doorsOpen = false;
    table.all().forEach(bond -> bond.attachment.door().lead(null));
  }

  /** What is mapped and stays so may be leased at its gate. */
  void openDoor(Bond bond) {
    if (doorsOpen && bond.state == State.MAPPED) {
      bond.attachment.door().lead(bond.gate);
    }
  }

  /** Looks again after a while. */
  void retryLater(Bond bond) {
    if (retrying.add(bond) && retrying.size() == 1) {
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

  void refuseWaiters(Bond bond, Refusal refusal) {
    retrying.remove(bond);
    while (!bond.waiters.isEmpty()) {
      bond.waiters.removeFirst().answer().refused(refusal);
    }
  }

  void notice(ImporterNotice notice) {
    if (listener != null) {
      listener.tell(notice);
    }
  }
}
