package org.bufferyard.actors.lease;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.bufferyard.actors.protocol.Iommu;
import org.bufferyard.actors.protocol.Ticket;
import org.bufferyard.allocator.DmaDirection;
import org.jspecify.annotations.Nullable;

/** An importer's attachment to one buffer. Not thread-safe; owned by the importer. */
final class Bond {
  enum State {
    ATTACHING,
    ATTACHED,
    MAPPING,
    MAPPED,
    /** The mapping must go as soon as its last lease has ended. */
    LEAVING,
    UNMAPPING
  }

  /** A request that waits for the mapping. */
  record Waiter(DmaDirection direction, LeaseTerms terms, Answer<Mapping> answer) {}

  final int index;
  final long serial;
  final BufferAttachment attachment;

  State state = State.ATTACHING;

  /** The buffer's name for the attachment. */
  int remote;

  @Nullable MappingGate gate;

  /** Its use is among those of this telling already. */
  long toldUses;

  /** Of the map under way, in a flight recording. */
  MapEvent mapEvent = new MapEvent();

  /** Held at the buffer until the first leases of the mapping have ended; or null. */
  @Nullable Ticket ticket;

  /** To be detached once nothing of it is mapped. */
  boolean leaving;

  final ArrayDeque<Answer<BufferAttachment>> attachers = new ArrayDeque<>(1);
  final ArrayDeque<Waiter> waiters = new ArrayDeque<>(1);

  /** The buffer has forgotten the attachment. */
  boolean forced;

  /** The forced unmap that the buffer waits for, until nobody is inside. */
  Iommu.@Nullable Unmap forcedUnmap;

  /** Least number of leases after which the ended ones are looked for. */
  private static final int SWEPT_MIN = 16;

  /** Leases, some of them ended. */
  private final List<Mapping> leases = new ArrayList<>(2);

  private int sweptAt = SWEPT_MIN;

  Bond(int index, long serial, BufferAttachment attachment) {
    this.index = index;
    this.serial = serial;
    this.attachment = attachment;
  }

  /**
   * Forgets ended leases many at a time: whether one has ended is in the cache of whoever ended it,
   * and looks that do not wait for each other cost little more than one.
   */
  void remember(Mapping lease) {
    if (leases.size() >= sweptAt) {
      leases.removeIf(other -> !other.isOpen());
      sweptAt = Math.max(SWEPT_MIN, 2 * leases.size());
    }
    leases.add(lease);
  }

  /** The open leases; the ended ones are forgotten. */
  List<Mapping> openLeases() {
    leases.removeIf(lease -> !lease.isOpen());
    return List.copyOf(leases);
  }

  /** It is this attachment, and still is one. */
  boolean is(BufferAttachment asked) {
    return attachment.equals(asked) && !leaving && !forced;
  }

  boolean hasLeases() {
    return !leases.isEmpty();
  }

  int leaseSlots() {
    return leases.size();
  }
}
