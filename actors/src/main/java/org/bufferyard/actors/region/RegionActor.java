package org.bufferyard.actors.region;

import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import org.bufferyard.actors.environment.Environment;
import org.bufferyard.actors.memory.PageTags;
import org.bufferyard.actors.protocol.Buffer;
import org.bufferyard.actors.protocol.BufferId;
import org.bufferyard.actors.protocol.ClientId;
import org.bufferyard.actors.protocol.Migration;
import org.bufferyard.actors.protocol.Region;
import org.bufferyard.allocator.policy.EvictionPolicy;
import org.bufferyard.allocator.policy.Removal;

/**
 * One memory region: owns its allocator and its victim order. Picks victims; never runs an
 * eviction. Answers in the order asked; holds nothing back, so nothing waits here.
 */
public final class RegionActor {
  /** Builds the policy over the region's own table of residents. */
  @FunctionalInterface
  public interface PolicyMaker {
    EvictionPolicy make(org.bufferyard.allocator.policy.Residents residents, long capacityPages);
  }

  public static Behavior<Region.Command> create(
      Environment environment, int region, Space space, PolicyMaker maker) {
    return Behaviors.setup(
        context -> new RegionActor(context, environment, region, space, maker).serving());
  }

  private final Environment environment;
  private final int region;
  private final Space space;
  private final Shares shares;
  private final ResidentTable table;
  private final MoveFences moveFences = new MoveFences();
  private final EvictionPolicy policy;
  private final VictimDesk victims;
  private final ReserveDesk grants;
  private final TrimDesk trim;
  private final CompactDesk compacts;
  private final Watchers watchers = new Watchers();
  private final RegionWatch watch;
  private final ResidencyMeter meter = new ResidencyMeter();
  private final ResidencyMeter pinnedMeter = new ResidencyMeter();
  private final boolean hasWindows;
  private long returns;
  private long handled;
  private long updates;

  private RegionActor(
      ActorContext<Region.Command> context,
      Environment environment,
      int region,
      Space space,
      PolicyMaker maker) {
    this.environment = environment;
    this.region = region;
    this.space = frames(environment, region, space);
    MappedSpace mapped = this.space instanceof MappedSpace known ? known : null;
    this.shares =
        new Shares(environment.settings().management().claims(), region, space.capacityPages());
    this.table =
        new ResidentTable(space.capacityPages(), WayOut.of(environment.topology(), region), shares);
    this.watch = new RegionWatch(environment, region, space.capacityPages(), table, shares);
    this.hasWindows =
        environment.topology().regions().stream().anyMatch(place -> place.windowOf() == region);
    this.grants = new ReserveDesk(environment, region, this.space, shares, moveFences);
    this.trim = new TrimDesk(context, environment, region, table);
    this.policy = maker.make(table, space.capacityPages());
    this.victims = new VictimDesk(region, policy, table, shares, environment.settings(), mapped);
    this.compacts = new CompactDesk(region, mapped, table, moveFences);
  }

  /** Where holes are to be made, frames are written down. */
  private static Space frames(Environment environment, int region, Space space) {
    boolean written =
        region == 0
            && !environment.topology().isWindow(region)
            && environment.settings().management().upkeep().makesHoles();
    return written
        ? new MappedSpace(space, environment.topology().region(region).basePfn())
        : space;
  }

  private Behavior<Region.Command> serving() {
    return Behaviors.receiveMessage(
        command -> {
          handled++;
          switch (command) {
            case Region.Reserve reserve -> onReserve(reserve);
            case Region.Foreground(var client) -> onForeground(client);
            case Region.TrimNow now -> trim.fence();
            case Region.Free free -> onFree(free);
            case Region.Vacate vacate -> onVacate(vacate);
            case Region.MoveDone done -> onMoveDone(done);
            case Region.Arrived arrived -> onArrived(arrived);
            case Region.Stayed stayed -> onStayed(stayed);
            case Region.Changed changed -> onChanged(changed);
            case Region.Hinted hinted -> onHinted(hinted);
            case Region.Left left -> onLeft(left.buffer(), left.why());
            case Region.Buried buried -> onBuried(buried);
            case Region.SetEligible change -> onSetEligible(change);
            case Region.Used used -> onUsed(used);
            case Region.MayLeave mayLeave -> watchers.stir();
            case Region.PickVictims pick -> onPickVictims(pick);
            case Region.Compact compact -> onCompact(compact);
            case Region.Relocated relocated -> onRelocated(relocated);
            case Region.Sample sample -> onSample(sample);
          }
          return Behaviors.same();
        });
  }

  private void onReserve(Region.Reserve reserve) {
    trim.asked(reserve.replyTo());
    long excess = victims.excess(reserve.incoming());
    reserve.replyTo().tell(grants.reserve(reserve, excess, returns));
  }

  private void onFree(Region.Free free) {
    if (free.poison()) {
      environment.memory().fill(free.extents(), PageTags.POISON);
    }
    moveFences.returned(free.extents());
    space.free(free.extents(), free.pages());
    shares.charge(free.owner(), -free.pages());
    roomCameBack();
  }

  private void onVacate(Region.Vacate vacate) {
    space.free(vacate.extents(), vacate.pages());
    moveFences.add(vacate.move(), vacate.extents());
    shares.charge(vacate.owner(), -vacate.pages());
    roomCameBack();
  }

  private void onPickVictims(Region.PickVictims pick) {
    watchers.asked(pick);
    pick.replyTo().tell(victims.pick(pick, roomIsComing(pick), now()));
  }

  private void onCompact(Region.Compact compact) {
    Migration.Compacting picked = compacts.pick(compact, now());
    for (Migration.Relocation each : picked.relocations()) {
      shares.charge(each.resident().owner(), each.resident().pages());
    }
    compact.replyTo().tell(picked);
  }

  private void onRelocated(Region.Relocated relocated) {
    table.setExtents(table.idOf(relocated.buffer()), relocated.extents());
    watchers.stir();
  }

  /**
   * Room has come back since there was none, or was given to buffers that will arrive and can leave
   * again. Where windows look onto this region's frames it cannot tell the latter.
   */
  private boolean roomIsComing(Region.PickVictims pick) {
    boolean arriving = !hasWindows && space.usedPages() > table.herePages();
    return arriving || returns > pick.returns();
  }

  /** Room has come free: those that the policy wants back are told, and may come if they like. */
  private void roomCameBack() {
    returns++;
    long free = space.capacityPages() - space.usedPages();
    for (Region.Resident back : victims.bringBack(free, now())) {
      back.ref().tell(new Buffer.ComeBack(region));
    }
  }

  /** Nobody has touched the pages since: whoever got them waits for this. */
  private void onMoveDone(Region.MoveDone done) {
    environment.memory().fill(moveFences.signalled(done.move()), PageTags.POISON);
    for (MoveFences.Grant grant : moveFences.cleared(done.move())) {
      if (grant.zero()) {
        environment.memory().fill(grant.extents(), PageTags.ZERO);
      }
      done.replyTo().tell(new Migration.Cleared(region, grant.demand()));
    }
  }

  private void onArrived(Region.Arrived arrived) {
    updates++;
    int id = table.arrived(arrived.resident(), arrived.extents(), now());
    policy.admitted(id, now());
    watch.arrived(id);
    meter.set(table.herePages(), now());
    watchers.stir();
    trim.arrived();
  }

  private void onLeft(BufferId buffer, Region.Departure why) {
    boolean gone = why == Region.Departure.FREED;
    if (gone) {
      watch.freed(buffer, now());
    }
    int id = table.idOf(buffer);
    if (id == ResidentTable.UNKNOWN) {
      return;
    }
    updates++;
    if (table.isHere(id)) {
      watch.leaving(buffer, id, why == Region.Departure.EVICTED);
      policy.removed(id, reason(why), now());
      table.left(id);
      trim.left();
      meter.set(table.herePages(), now());
      pinnedMeter.set(table.pinnedPages(), now());
    } else if (gone) {
      policy.forgotten(id);
    }
    if (gone) {
      table.forget(buffer, id);
    }
  }

  private void onBuried(Region.Buried buried) {
    onLeft(buried.notice().buffer(), Region.Departure.FREED);
    buried.migration().tell(buried.notice());
  }

  private static Removal reason(Region.Departure why) {
    return switch (why) {
      case EVICTED -> Removal.EVICTED;
      case MOVED -> Removal.MOVED;
      case FREED -> Removal.FREED;
    };
  }

  private void onStayed(Region.Stayed stayed) {
    int id = table.idOf(stayed.buffer());
    if (id != ResidentTable.UNKNOWN) {
      table.setLeaving(id, false);
      if (stayed.busy()) {
        table.setBusyUntil(id, now() + environment.settings().retryNanos());
      }
    }
    watchers.stayed(stayed);
  }

  private void onChanged(Region.Changed changed) {
    int id = table.idOf(changed.buffer());
    if (id != ResidentTable.UNKNOWN && table.isHere(id)) {
      updates++;
      table.setFacts(id, changed.shared(), changed.discardable());
      policy.changed(id, now());
      watchers.stir();
    }
  }

  /** Other buffers may leave now, and others may not: whoever waits looks again. */
  private void onForeground(ClientId client) {
    if (shares.foreground(client.value())) {
      watchers.stir();
    }
  }

  private void onHinted(Region.Hinted hinted) {
    int id = table.idOf(hinted.buffer());
    if (id != ResidentTable.UNKNOWN && table.isHere(id)) {
      updates++;
      policy.hinted(id, hinted.hint(), now());
    }
  }

  private void onSetEligible(Region.SetEligible change) {
    int id = table.idOf(change.buffer());
    if (id == ResidentTable.UNKNOWN
        || !table.isHere(id)
        || table.isEligible(id) == change.eligible()) {
      return;
    }
    updates++;
    table.setEligible(id, change.eligible());
    pinnedMeter.set(table.pinnedPages(), now());
    if (change.eligible()) {
      policy.unpinned(id, now());
      watchers.stir();
    } else {
      policy.pinned(id);
    }
  }

  private void onUsed(Region.Used used) {
    long now = now();
    boolean sized = used.pages().length > 0;
    for (int i = 0; i < used.buffers().length; i++) {
      long buffer = used.buffers()[i];
      int id = table.idOf(new BufferId(buffer));
      watch.used(buffer, id, sized ? used.pages()[i] : RegionWatch.NOT_TOLD, now());
      if (id == ResidentTable.UNKNOWN) {
        continue;
      }
      updates++;
      if (table.isHere(id)) {
        table.used(id, now);
        policy.used(id, now);
      } else {
        policy.usedElsewhere(id, now);
      }
    }
  }

  private void onSample(Region.Sample sample) {
    sample
        .replyTo()
        .tell(
            new Region.Occupancy(
                region,
                space.usedPages(),
                table.herePages(),
                meter.peakPages(),
                meter.meanPages(now()),
                pinnedMeter.meanPages(now()),
                pinnedMeter.peakPages(),
                space.capacityPages(),
                space.largestFreePages(),
                table.hereCount(),
                victims.choosing().plus(new Region.Choosing(0, 0, 0, updates)),
                handled,
                watch.usage(sample.closing())));
  }

  private long now() {
    return environment.clock().nowNanos();
  }
}
