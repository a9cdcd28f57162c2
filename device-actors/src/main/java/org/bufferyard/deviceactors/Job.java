package org.bufferyard.deviceactors;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Objects;
import org.bufferyard.actors.protocol.ClientId;
import org.bufferyard.actors.protocol.Contents;
import org.bufferyard.actors.protocol.Handle;
import org.bufferyard.actors.protocol.Header;
import org.bufferyard.actors.protocol.ReservationRef;
import org.bufferyard.actors.protocol.SharedReservation;
import org.bufferyard.actors.protocol.Ticket;
import org.bufferyard.actors.token.Transaction;
import org.bufferyard.allocator.sg.SgTable;
import org.jspecify.annotations.Nullable;

/**
 * A job on its way through a device: it gathers mappings, then the right to use each buffer, then
 * the engine. Owned by the device.
 */
final class Job {
  enum Phase {
    /** Waits for mappings. */
    PREPARING,
    /** Waits for the tokens of all its buffers, holding nothing that a move or a job waits for. */
    LOCKING,
    /**
     * Has its place at every buffer, in the same order as any other job, and waits for its turn.
     */
    USING,
    /** Waits for the engine. */
    READY,
    RUNNING
  }

  /** One reservation whose token it takes. */
  record Lock(ReservationRef ref, ClientId client, long epoch, Handle handle) {
    Header header(long requestId) {
      return new Header(requestId, client, epoch, handle);
    }

    @Override
    public String toString() {
      return ref.actor().path().name();
    }
  }

  /** What a granted use allows. */
  record Granted(Bond bond, SgTable table, Contents expected, long stamp) {}

  final long id;
  final Device.Submit submit;
  final Ticket ticket;
  final List<Device.Use> uses;
  private final @Nullable Granted[] grants;
  private int grantCount;

  /** Grows with each back-off: a granted use of an earlier round was given up. */
  int round;

  /** Under way while it is LOCKING. */
  @Nullable Transaction<Lock> transaction;

  /** The bonds that it needs and that are not mapped yet. */
  final LinkedHashMap<Bond, Device.Use> missing = new LinkedHashMap<>();

  Phase phase = Phase.PREPARING;
  long preparingSinceNanos;
  long stallNanos;

  /** When all uses were asked for, and when the contents of the last buffer were in place. */
  long usesAskedNanos;

  long inPlaceNanos;
  boolean refused;

  /** Its DMA stopped half way. */
  boolean failed;

  /** Bonds whose mapping was torn down by force while it waited for the engine or ran. */
  final List<Bond> lost = new ArrayList<>(0);

  long pagesRead;
  long pagesWritten;

  Job(long id, Device.Submit submit, Ticket ticket, long nowNanos) {
    this.id = id;
    this.submit = submit;
    this.ticket = ticket;
    this.preparingSinceNanos = nowNanos;
    this.uses = submit.uses().stream().sorted(Comparator.comparing(Device.Use::buffer)).toList();
    this.grants = new Granted[uses.size()];
  }

  /** Its reservations, each once. */
  List<Lock> locks() {
    List<Lock> locks = new ArrayList<>(uses.size());
    for (Device.Use use : uses) {
      SharedReservation shared = use.shared();
      locks.add(
          shared == null
              ? new Lock(
                  new ReservationRef.OfBuffer(use.ref()),
                  submit.client(),
                  submit.epoch(),
                  use.handle())
              : new Lock(
                  new ReservationRef.Shared(shared.ref()),
                  submit.client(),
                  submit.epoch(),
                  shared.handle()));
    }
    return locks;
  }

  /** Its shared reservations, each once. */
  List<Lock> sharedLocks() {
    return locks().stream()
        .filter(lock -> lock.ref() instanceof ReservationRef.Shared)
        .distinct()
        .toList();
  }

  /** A single buffer has one order of its own: there is nothing to take together. */
  boolean needsTokens() {
    return uses.size() > 1 || uses.getFirst().shared() != null;
  }

  boolean writes() {
    return uses.stream().anyMatch(use -> use.direction().deviceWrites());
  }

  /** All that it was to write is in memory. */
  boolean landed() {
    return !failed && lost.isEmpty();
  }

  void grant(int use, Granted granted) {
    if (grants[use] == null) {
      grantCount++;
    }
    grants[use] = granted;
  }

  boolean allGranted() {
    return grantCount == grants.length;
  }

  /** Of a job that has them all. */
  Granted granted(int use) {
    return Objects.requireNonNull(grants[use], "the use was not granted");
  }

  /** Those there are, in order of buffer. */
  List<Granted> granted() {
    List<Granted> there = new ArrayList<>(grantCount);
    for (Granted granted : grants) {
      if (granted != null) {
        there.add(granted);
      }
    }
    return there;
  }

  /** Those not granted yet, in order of buffer. */
  List<Device.Use> awaited() {
    List<Device.Use> awaited = new ArrayList<>();
    for (int use = 0; use < grants.length; use++) {
      if (grants[use] == null) {
        awaited.add(uses.get(use));
      }
    }
    return awaited;
  }

  void giveUpGrants() {
    round++;
    grantCount = 0;
    Arrays.fill(grants, null);
  }

  long pages() {
    long pages = 0;
    for (Device.Use use : uses) {
      pages += use.pages();
    }
    return pages;
  }
}
