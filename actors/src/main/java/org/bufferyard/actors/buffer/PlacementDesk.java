package org.bufferyard.actors.buffer;

import java.util.ArrayList;
import java.util.List;
import org.bufferyard.actors.buffer.BufferCore.State;
import org.bufferyard.actors.environment.BringBack;
import org.bufferyard.actors.environment.YardSettings;
import org.bufferyard.actors.protocol.Buffer;
import org.bufferyard.actors.protocol.ClientId;
import org.bufferyard.actors.protocol.Migration;
import org.bufferyard.actors.protocol.Region;
import org.bufferyard.actors.protocol.Ticket;
import org.bufferyard.actors.protocol.UsesSince;
import org.bufferyard.allocator.Errno;
import org.bufferyard.allocator.Outcome;
import org.bufferyard.allocator.Refusal;
import org.bufferyard.allocator.placement.DeviceDemand;
import org.bufferyard.allocator.placement.PlacementChoice;
import org.bufferyard.allocator.validate.Place;
import org.bufferyard.allocator.validate.Validation;

/** Gets a buffer its placement: the solver first, then a demand to migration. */
final class PlacementDesk {
  private final BufferCore core;

  PlacementDesk(BufferCore core) {
    this.core = core;
  }

  /** Holds a request until the placement has changed; one too many is refused. */
  void hold(Buffer.Request request) {
    if (core.held.size() >= YardSettings.HELD_MAX) {
      Replies.refuse(
          core,
          request,
          Errno.EAGAIN,
          core.id + " already holds " + YardSettings.HELD_MAX + " requests");
    } else {
      core.held.addLast(request);
    }
  }

  /** The first allocation, on behalf of {@code request}, which is held meanwhile. */
  void allocateFor(Buffer.Request request, Ticket ticket) {
    if (core.demandRefusal != null) {
      Replies.refuse(core, request, Validation.failure(core.demandRefusal, false));
      return;
    }
    switch (solve()) {
      case Outcome.Refused<List<PlacementChoice>>(var refusal) ->
          Replies.refuse(core, request, refusal);
      case Outcome.Done<List<PlacementChoice>>(var choices) -> {
        core.state = State.ALLOCATING;
        hold(request);
        demand(choices, false, ticket, request.header().client());
      }
    }
  }

  /** The buffer must move before {@code request} can be served. */
  void moveFor(Buffer.Request request, Ticket ticket) {
    if (core.demandRefusal != null) {
      Replies.refuse(core, request, Validation.failure(core.demandRefusal, false));
      return;
    }
    switch (solve()) {
      case Outcome.Refused<List<PlacementChoice>>(var refusal) ->
          Replies.refuse(core, request, refusal);
      case Outcome.Done<List<PlacementChoice>>(var choices) -> {
        hold(request);
        demand(choices, false, ticket, request.header().client());
      }
    }
  }

  /** The places better than the present one; empty if it may stay, or has just been refused. */
  List<PlacementChoice> betterPlaces(Ticket ticket) {
    boolean mayAsk =
        !core.settled
            && core.demandRefusal == null
            && !core.staying
            && !core.pinned()
            && ticket.stampNanos() >= core.upgradeAfterNanos
            && hotEnough();
    if (!mayAsk || !(solve() instanceof Outcome.Done<List<PlacementChoice>>(var choices))) {
      return List.of();
    }
    core.settled = choices.getFirst().regionIndex() == core.region;
    List<PlacementChoice> better = new ArrayList<>();
    for (PlacementChoice choice : choices) {
      if (choice.regionIndex() == core.region) {
        break;
      }
      if (choice.regionIndex() < core.region) {
        better.add(choice);
      }
    }
    return better;
  }

  private boolean hotEnough() {
    return core.environment().settings().bringBack() != BringBack.HOTNESS
        || core.lastEvictedNanos == Long.MIN_VALUE
        || core.mapsSince >= BringBack.HOT_MAPS;
  }

  /** Asks to be brought back; the request is held until it is known whether. */
  void upgradeFor(Buffer.Request request, List<PlacementChoice> better, Ticket ticket) {
    core.upgradeAfterNanos =
        ticket.stampNanos() + core.environment().settings().upgradeBackoffNanos();
    hold(request);
    boolean never = core.environment().settings().bringBack() == BringBack.NEVER;
    demand(never ? better.subList(0, 1) : better, true, ticket, request.header().client());
  }

  /** A region has room for it again: it goes there if it may live there and nothing holds it. */
  void comeBack(int region) {
    boolean free =
        core.state == State.RESIDENT
            && core.region > region
            && !core.holding()
            && !core.zombie
            && !core.pinned();
    List<Place> places = free ? freePlacesDownTo(region) : List.of();
    if (!places.isEmpty()) {
      Ticket youngest = Ticket.youngestAt(core.now(), core.id.value());
      demandPlaces(places, true, youngest, core.owner);
    }
  }

  /** What is wanted more than {@code region}, and that, without evicting; none if it is not. */
  private List<Place> freePlacesDownTo(int region) {
    List<Place> places = new ArrayList<>();
    if (solve() instanceof Outcome.Done<List<PlacementChoice>>(var choices)) {
      for (PlacementChoice choice : choices) {
        places.add(Place.of(choice).desired());
        if (choice.regionIndex() == region) {
          return places;
        }
      }
    }
    return List.of();
  }

  /** The exporter may want one run of frames where no importer needs it. */
  private Outcome<List<PlacementChoice>> solve() {
    return Placer.asExported(
        core.world.placer().solve(core.attachments, List.of(), core.facts), core.spec.contiguous());
  }

  /** At once, where the exporter asked for it; if there is no room, the first map tries again. */
  void allocateEarly(List<DeviceDemand> importers) {
    if (core.world.placer().early(importers, core.facts, core.spec.contiguous())
        instanceof Outcome.Done<List<PlacementChoice>>(var choices)) {
      core.state = State.ALLOCATING;
      demand(choices, false, Ticket.OLDEST, core.owner);
    }
  }

  private void demand(
      List<PlacementChoice> choices, boolean optional, Ticket ticket, ClientId client) {
    demandPlaces(choices.stream().map(Place::of).toList(), optional, ticket, client);
  }

  /** Asks migration for one of these places, or to have the memory taken away. */
  void demandPlaces(List<Place> places, boolean optional, Ticket ticket, ClientId client) {
    core.demanding = true;
    core.demandedAt = core.region;
    core.movedBytes = 0;
    core.demandOptional = optional;
    core.tell(
        core.world.migration(),
        new Migration.Demand(
            core.resident(), places, core.region, core.extents, optional, ticket, client));
  }

  void onPlaced(Buffer.Placed placed) {
    core.demanding = false;
    core.state = State.RESIDENT;
    core.region = placed.region();
    core.extents = placed.extents();
    core.settled = placed.settled();
    core.movedBytes = placed.movedBytes();
    core.inPlaceSinceNanos = 0;
    core.uses = UsesSince.NONE;
    if (placed.fence() != Buffer.NO_FENCE) {
      core.fences.addKernel(placed.fence());
    }
    core.generation++;
    arrive();
  }

  void arrive() {
    core.visitedRegions |= 1L << core.region;
    core.eligible = true;
    core.tell(
        core.world.regions().get(core.region), new Region.Arrived(core.resident(), core.extents));
    core.tellFacts();
    core.updateEligible();
  }

  /** The memory goes back; the buffer lives on without. */
  void giveUpPages() {
    core.tell(
        core.world.regions().get(core.region),
        new Region.Buried(
            new Migration.Freed(
                core.id, core.owner, core.region, core.extents, core.pages, core.uses),
            core.world.migration()));
    core.forgetPlacement();
  }

  void onDemandRefused(Refusal refusal) {
    core.demanding = false;
    core.staying = core.demandOptional;
    boolean purgedMeanwhile = core.state == State.DECLARED && core.demandedAt != Migration.NOWHERE;
    core.demandRefusal = core.demandOptional || purgedMeanwhile ? null : refusal;
    if (core.state == State.ALLOCATING) {
      core.state = State.DECLARED;
    }
  }
}
