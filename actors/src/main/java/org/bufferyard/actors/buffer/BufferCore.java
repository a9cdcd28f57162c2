package org.bufferyard.actors.buffer;

import akka.actor.typed.ActorRef;
import akka.actor.typed.javadsl.ActorContext;
import java.util.ArrayList;
import java.util.List;
import org.bufferyard.actors.environment.Environment;
import org.bufferyard.actors.environment.Tap;
import org.bufferyard.actors.fence.ReservedFences;
import org.bufferyard.actors.protocol.Buffer;
import org.bufferyard.actors.protocol.BufferId;
import org.bufferyard.actors.protocol.ClientId;
import org.bufferyard.actors.protocol.Contents;
import org.bufferyard.actors.protocol.Migration;
import org.bufferyard.actors.protocol.Region;
import org.bufferyard.actors.protocol.Reservation;
import org.bufferyard.actors.protocol.ReservationRef;
import org.bufferyard.actors.protocol.Session.ExportSpec;
import org.bufferyard.actors.protocol.Slab;
import org.bufferyard.actors.protocol.Ticket;
import org.bufferyard.actors.protocol.UsesSince;
import org.bufferyard.actors.reservation.FenceDesk;
import org.bufferyard.actors.reservation.ReservationDesk;
import org.bufferyard.allocator.Extents;
import org.bufferyard.allocator.Pages;
import org.bufferyard.allocator.Refusal;
import org.bufferyard.allocator.placement.BufferFacts;
import org.bufferyard.allocator.policy.Hint;
import org.jspecify.annotations.Nullable;

/** All that one buffer knows. Not thread-safe; owned by its actor, whose desks share it. */
final class BufferCore implements FenceDesk.Home {
  enum State {
    DECLARED,
    ALLOCATING,
    RESIDENT,
    MOVING,
    /** Its contents were offered and discarded; no memory. */
    PURGED,
    /** Taken away for good; while it drains, the memory is still there. */
    REVOKED
  }

  /** What every buffer of one yard is given. */
  record World(
      Environment environment,
      Placer placer,
      List<ActorRef<Region.Command>> regions,
      ActorRef<Migration.Command> migration,
      ActorRef<Slab.Command> slab) {}

  final World world;

  /** Who watches it; null for most buffers of a yard, if not for all. */
  final Tap.@Nullable Line tap;

  final ActorContext<Buffer.Command> context;
  final ActorRef<Buffer.Command> self;
  final BufferId id;
  final ClientId owner;
  final ExportSpec spec;
  final long pages;
  final BufferFacts facts;

  final RightsTable rights = new RightsTable();
  final List<Attachment> attachments = new ArrayList<>(0);

  /** What must have signalled, by usage. */
  final ReservedFences reservation = new ReservedFences();

  /** Of these, the work on the buffer's own pages. */
  final WorkFences fences = new WorkFences(reservation);

  /** Token, explicit fences and polls; null until somebody asks for one of them. */
  @Nullable ReservationDesk desk;

  final List<Ticket> holds = new ArrayList<>(0);

  /** Requests that wait for a placement or the end of a move, in order of arrival. */
  final List<Buffer.Request> held = new ArrayList<>(0);

  /** Uses and CPU brackets that wait for fences, in order of arrival. */
  final List<Buffer.Request> fenced = new ArrayList<>(0);

  State state = State.DECLARED;

  /** The last handle is gone; the buffer goes with the last attachment, fence and move. */
  boolean zombie;

  /** Revoked, and the memory is still in use. */
  boolean draining;

  /** Kernel mappings open. */
  int vmaps;

  /** The contents may be discarded rather than moved. */
  boolean offered;

  /** A demand is out at migration; what needs a placement is held. */
  boolean demanding;

  /** Where it was when that demand was made. */
  int demandedAt = Migration.NOWHERE;

  /** What the last demand moved, victims included. */
  long movedBytes;

  private boolean toldShared;
  private boolean toldOffered;

  int region = Migration.NOWHERE;
  Extents extents = Extents.NONE;
  long generation;

  /** It lives where it is wanted most. */
  boolean settled;

  boolean eligible = true;
  long visitedRegions;
  long lastEvictedNanos = Long.MIN_VALUE;

  /** Since it came to where it is. */
  UsesSince uses = UsesSince.NONE;

  long upgradeAfterNanos = Long.MIN_VALUE;

  /** Maps since it was evicted. */
  int mapsSince;

  int attachmentIds;

  Contents contents;
  long stamps;

  /** When the contents of this placement were complete; 0: with the placement. */
  long inPlaceSinceNanos;

  /** Messages handled. */
  long handled;

  /**
   * The move under way, for whom, and whether migration knows that nobody touches the old pages.
   */
  long move;

  Ticket moveTicket = Ticket.OLDEST;

  boolean prepared;

  /** Who would have moved it, and was turned away for a while: the oldest of them. */
  Buffer.@Nullable PrepareMove turnedAway;

  /** The move ends by discarding the contents. */
  boolean purging;

  /** It does so as the buffer itself has asked. */
  boolean givenUp;

  /** The demand that is out, or was refused last, was for a better place, not for any place. */
  boolean demandOptional;

  /** While held requests are resumed after a refused bring-back: nobody asks again. */
  boolean staying;

  /** While held requests are resumed after a refused demand: what those that insist are told. */
  @Nullable Refusal demandRefusal;

  BufferCore(
      World world,
      ActorContext<Buffer.Command> context,
      BufferId id,
      ClientId owner,
      ExportSpec spec,
      List<String> preferredNames,
      Tap.@Nullable Line tap) {
    this.world = world;
    this.tap = tap;
    this.context = context;
    this.self = context.getSelf();
    this.id = id;
    this.owner = owner;
    this.spec = spec;
    this.pages = Pages.ofBytes(spec.sizeBytes());
    this.facts = new BufferFacts(pages, preferredNames, false);
    this.contents = Contents.neverWritten(pages);
  }

  /** Sends; where the buffer is watched, that is seen. */
  <T> void tell(ActorRef<T> to, T message) {
    if (tap != null) {
      tap.tells(to, message);
    }
    to.tell(message);
  }

  ReservationDesk desk() {
    if (desk == null) {
      desk = new ReservationDesk(id.toString(), reservation, this);
      if (state == State.MOVING) {
        desk.token().take(moveTicket);
      }
    }
    return desk;
  }

  /** Gives up the ticket's token, or its place among those who wait for it. */
  void unreserve(Ticket ticket) {
    if (desk != null) {
      desk.unreserve(ticket);
    }
  }

  /** The move's token goes; a transaction that held the token all along keeps it. */
  void endMoveToken() {
    if (desk != null && desk.token().granted() == null) {
      desk.unreserve(moveTicket);
    }
  }

  @Override
  public ReservationRef self() {
    return new ReservationRef.OfBuffer(self);
  }

  @Override
  public void watch(ReservationRef other) {
    context.watchWith(other.actor(), new Buffer.ToReservation(new Reservation.HomeGone(other)));
  }

  Environment environment() {
    return world.environment();
  }

  long now() {
    return world.environment().clock().nowNanos();
  }

  @Nullable Attachment attachment(int id) {
    for (int i = 0; i < attachments.size(); i++) {
      if (attachments.get(i).id == id) {
        return attachments.get(i);
      }
    }
    return null;
  }

  boolean pinned() {
    return pinnedByImporter() || fences.hasBracket();
  }

  /**
   * For as long as an importer or a kernel mapping likes, unlike a CPU bracket, which ends by
   * itself.
   */
  boolean pinnedByImporter() {
    if (vmaps > 0) {
      return true;
    }
    for (Attachment attachment : attachments) {
      if (attachment.pinsPlacement()) {
        return true;
      }
    }
    return false;
  }

  /** Requests that need a placement wait. */
  boolean holding() {
    return demanding || state == State.ALLOCATING || state == State.MOVING;
  }

  /** Tells the region when the buffer stops or starts being a candidate. */
  void updateEligible() {
    boolean now = !pinned() && !draining;
    if (now != eligible && region != Migration.NOWHERE) {
      eligible = now;
      world.regions().get(region).tell(new Region.SetEligible(id, now));
    }
  }

  /** Tells the region what its policy may know: who shares the buffer, what its contents matter. */
  void updateFacts() {
    boolean shared = shared();
    if (region != Migration.NOWHERE && (shared != toldShared || offered != toldOffered)) {
      boolean asked = offered != toldOffered;
      tellFacts(shared);
      if (asked) {
        hint(offered ? Hint.DONT_NEED : Hint.WILL_NEED);
      }
    }
  }

  /** Advice to the policy of the region it lives in. */
  void hint(Hint hint) {
    world.regions().get(region).tell(new Region.Hinted(id, hint));
  }

  /** To a region that it has just arrived in, which assumes neither. */
  void tellFacts() {
    boolean shared = shared();
    toldShared = false;
    toldOffered = false;
    if (shared || offered) {
      tellFacts(shared);
    }
  }

  private void tellFacts(boolean shared) {
    toldShared = shared;
    toldOffered = offered;
    world.regions().get(region).tell(new Region.Changed(id, shared, offered));
  }

  private boolean shared() {
    for (int i = 1; i < attachments.size(); i++) {
      if (!attachments.get(i).client.equals(attachments.getFirst().client)) {
        return true;
      }
    }
    return false;
  }

  /** The pages are no longer the buffer's. */
  void forgetPlacement() {
    region = Migration.NOWHERE;
    extents = Extents.NONE;
    settled = false;
  }

  Region.Resident resident() {
    return new Region.Resident(id, self, owner, pages, spec.priority());
  }
}
