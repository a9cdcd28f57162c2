package org.bufferyard.actors.lease;

import akka.actor.typed.ActorRef;
import akka.actor.typed.javadsl.ActorContext;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;
import org.bufferyard.actors.environment.Environment;
import org.bufferyard.actors.protocol.Region;
import org.bufferyard.allocator.DmaDirection;
import org.bufferyard.allocator.Errno;
import org.bufferyard.allocator.Refusal;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Gives leases of mappings, and takes back those that nobody closes. Owned by the importer. */
final class LeaseDesk {
  private static final Logger LOG = LoggerFactory.getLogger(LeaseDesk.class);

  /** Uses are told to the region's policy so many at once, or after so many leases. */
  private static final int USES_TOLD = 256;

  private static final long TOLD_EVERY = 1023;

  /** Leases are given to their bonds so many at once. */
  private static final int RECENT = 64;

  /** The clock is read for one lease in so many, and at sweeps: a lease may end a sweep early. */
  private static final long CLOCK_EVERY = 63;

  private final ActorContext<ImporterActor.Command> context;
  private final ImporterPlan plan;
  private final Environment environment;
  private final @Nullable ActorRef<? super ImporterNotice> listener;
  private final LinkedHashSet<ActorRef<?>> owners = new LinkedHashSet<>();
  private final long[] uses = new long[USES_TOLD];
  private int usesCount;
  private int usesRegion;
  private long tellings = 1;
  private @Nullable ActorRef<?> lastOwner;
  private long granted;

  /** Not older than the last sweep, nor than {@link #CLOCK_EVERY} leases. */
  private final LeaseClock clock;

  private final TakenSets sets;

  /**
   * Leases that no bond remembers yet, in an array as young as they are: most have ended by the
   * time that it is full, and have then cost no store into old memory.
   */
  private Mapping[] recent = new Mapping[RECENT];

  private int recentCount;
  private long reclaimed;

  LeaseDesk(
      ActorContext<ImporterActor.Command> context,
      ImporterPlan plan,
      @Nullable ActorRef<? super ImporterNotice> listener) {
    this.context = context;
    this.plan = plan;
    this.environment = plan.yard().environment();
    this.listener = listener;
    this.clock = new LeaseClock(environment.clock().nowNanos());
    ActorRef<ImporterActor.Command> self = context.getSelf();
    this.sets = new TakenSets(() -> self.tell(new ImporterActor.SetsTaken()));
  }

  /** Leads to nothing yet. */
  LeaseDoor door() {
    return new LeaseDoor(clock, sets, plan.terms().leaseNanos());
  }

  /** The leases that are open still are their bonds'. */
  private void settle() {
    for (int at = 0; at < recentCount; at++) {
      Mapping lease = recent[at];
      if (lease.isOpen()) {
        lease.gate().bond.remember(lease);
      }
    }
    recent = new Mapping[RECENT];
    recentCount = 0;
  }

  /** Leases of sets that were taken at the gates are their bonds'. */
  void gatherSets() {
    MappingSet set = sets.gather();
    while (set != null) {
      List<Mapping> leases = set.mappings();
      boolean ended = set.isClosed();
      for (int at = 0; at < leases.size(); at++) {
        gathered(leases.get(at), ended);
      }
      set = set.unfollow();
    }
  }

  private void gathered(Mapping lease, boolean ended) {
    granted++;
    note(lease.gate().bond, lease.gate());
    if (!ended && lease.isOpen()) {
      lease.gate().bond.remember(lease);
    }
  }

  /** Leases that were taken at the gate are the bond's. */
  void gather(Bond bond) {
    settle();
    gatherSets();
    MappingGate gate = bond.gate;
    if (gate == null) {
      return;
    }
    Mapping lease = gate.gather();
    if (lease != null) {
      note(bond, gate);
    }
    while (lease != null) {
      granted++;
      if (lease.isOpen()) {
        bond.remember(lease);
      }
      lease = lease.unfollow();
    }
  }

  /** A lease of an open gate, or null: the gate is closed. */
  @Nullable Mapping grant(
      Bond bond, MappingGate gate, DmaDirection direction, LeaseTerms terms, Answer<?> asked) {
    if (!gate.enterByOwner()) {
      return null;
    }
    ActorRef<?> owner = asked.owner();
    if (owner != null && !Objects.equals(owner, lastOwner)) {
      watch(owner);
    }
    if ((granted & CLOCK_EVERY) == 0) {
      clock.set(environment.clock().nowNanos());
    }
    Mapping lease =
        new Mapping(
            gate,
            bond.attachment.buffer(),
            direction,
            asked.place(),
            owner,
            clock.nowNanos() + terms.leaseNanos());
    recent[recentCount++] = lease;
    if (recentCount == RECENT) {
      settle();
    }
    granted++;
    note(bond, gate);
    return lease;
  }

  /** Null, or why there may be no such lease, or not one more. */
  @Nullable Refusal refuses(Bond bond, DmaDirection direction) {
    if (direction.deviceWrites() && !bond.attachment.buffer().mayWrite()) {
      return new Refusal(
          Errno.EACCES,
          bond.attachment.buffer().id() + " was shared for reading",
          "a handle with the write right");
    }
    return bond.leaseSlots() + recentCount >= ImporterPlan.LEASES_MAX && isFull(bond)
        ? new Refusal(
            Errno.EAGAIN,
            plan.name()
                + " has "
                + ImporterPlan.LEASES_MAX
                + " open leases of "
                + bond.attachment.buffer().id(),
            "closing mappings")
        : null;
  }

  private boolean isFull(Bond bond) {
    settle();
    return bond.openLeases().size() >= ImporterPlan.LEASES_MAX;
  }

  private void watch(ActorRef<?> owner) {
    lastOwner = owner;
    if (!owner.equals(listener) && owners.add(owner)) {
      context.watchWith(owner, new ImporterActor.OwnerGone(owner));
    }
  }

  /** Once for each buffer until the uses are told: what a policy wants is order, not counts. */
  private void note(Bond bond, MappingGate gate) {
    if (usesCount == USES_TOLD || (granted & TOLD_EVERY) == 0) {
      tellUses();
    }
    if (bond.toldUses != tellings || usesRegion != gate.region) {
      if (usesRegion != gate.region) {
        tellUses();
      }
      bond.toldUses = tellings;
      usesRegion = gate.region;
      uses[usesCount++] = bond.attachment.buffer().id().value();
    }
  }

  /** What is leased is in use, as far as eviction policies can know. */
  void tellUses() {
    if (usesCount > 0) {
      plan.yard().regions().get(usesRegion).tell(new Region.Used(Arrays.copyOf(uses, usesCount)));
      usesCount = 0;
    }
    tellings++;
  }

  void ownerGone(ActorRef<?> owner, Iterable<Bond> bonds) {
    owners.remove(owner);
    lastOwner = owner.equals(lastOwner) ? null : lastOwner;
    reclaim(bonds, lease -> owner.equals(lease.owner), "its owner " + owner.path() + " died");
  }

  void reclaimOverdue(Iterable<Bond> bonds) {
    long now = environment.clock().nowNanos();
    clock.set(now);
    reclaim(bonds, lease -> lease.expiresNanos <= now, "its time was over");
  }

  void reclaimAll(Iterable<Bond> bonds, String because) {
    reclaim(bonds, lease -> true, because);
  }

  private void reclaim(Iterable<Bond> bonds, Predicate<Mapping> which, String because) {
    for (Bond bond : bonds) {
      gather(bond);
      if (bond.hasLeases()) {
        for (Mapping lease : bond.openLeases()) {
          if (which.test(lease) && lease.reclaim(because)) {
            report(bond, lease, because);
          }
        }
      }
    }
  }

  private void report(Bond bond, Mapping lease, String because) {
    reclaimed++;
    LOG.warn(
        "lease reclaimed: buffer={} importer={} because=\"{}\" taken-at=\"{}\"",
        bond.attachment.buffer().id(),
        plan.name(),
        because,
        lease.place());
    if (listener != null) {
      listener.tell(new ImporterNotice.Reclaimed(bond.attachment, lease.place(), because));
    }
  }

  long granted() {
    return granted;
  }

  long reclaimed() {
    return reclaimed;
  }
}
