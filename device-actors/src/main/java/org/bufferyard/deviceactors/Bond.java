package org.bufferyard.deviceactors;

import akka.actor.typed.ActorRef;
import java.util.ArrayDeque;
import java.util.LinkedHashSet;
import org.bufferyard.actors.protocol.Buffer;
import org.bufferyard.actors.protocol.BufferId;
import org.bufferyard.actors.protocol.ClientId;
import org.bufferyard.actors.protocol.Handle;
import org.bufferyard.actors.protocol.Header;
import org.bufferyard.allocator.sg.SgTable;
import org.jspecify.annotations.Nullable;

/**
 * The device's side of one attachment: one client's buffer, its cached mapping, and who needs it.
 * Owned by the device.
 */
final class Bond {
  record Key(ClientId client, BufferId buffer) {}

  enum State {
    DETACHED,
    ATTACHING,
    ATTACHED,
    MAPPING,
    MAPPED,
    UNMAPPING,
    DETACHING
  }

  final Key key;
  final long epoch;
  final Handle handle;
  final ActorRef<Buffer.Command> ref;

  State state = State.DETACHED;
  int attachment;
  long generation;
  int region;
  @Nullable SgTable table;

  /** Size of the buffer as its last mapping had it. */
  long pages;

  /** The buffer is where it is wanted most: the mapping may stay cached. */
  boolean settled;

  /** Told to unmap. */
  boolean stale;

  /** The client is done with the buffer here. */
  boolean forgotten;

  /** Jobs that have it among their mapped buffers. */
  final LinkedHashSet<Job> users = new LinkedHashSet<>();

  /** Jobs that wait for it to be mapped. */
  final LinkedHashSet<Job> waiters = new LinkedHashSet<>();

  /** Pins and unpins that wait for the attachment. */
  final ArrayDeque<Device.Pin> pins = new ArrayDeque<>(0);

  /** Those that asked for the attachment alone, and wait for it. */
  final ArrayDeque<Device.Attach> attachers = new ArrayDeque<>(0);

  /** Jobs that were granted use and have not signalled. */
  int inUse;

  /** The map under way: its request, and the job whose ticket it carries. */
  long mapRequest;

  @Nullable Job mappingFor;

  /** When that was asked for. */
  long mappingSinceNanos;

  Bond(Key key, long epoch, Handle handle, ActorRef<Buffer.Command> ref) {
    this.key = key;
    this.epoch = epoch;
    this.handle = handle;
    this.ref = ref;
  }

  Header header(long requestId) {
    return new Header(requestId, key.client(), epoch, handle);
  }

  boolean usable() {
    return state == State.MAPPED && !stale;
  }

  boolean idle() {
    return users.isEmpty() && waiters.isEmpty() && pins.isEmpty() && attachers.isEmpty();
  }

  @Override
  public String toString() {
    return key.client()
        + " "
        + key.buffer()
        + " "
        + state
        + (stale ? " stale" : "")
        + (forgotten ? " forgotten" : "")
        + " users="
        + users.size()
        + " waiters="
        + waiters.size()
        + " inUse="
        + inUse;
  }

  SgTable liveTable() {
    if (table == null) {
      throw new IllegalStateException("not mapped, " + key);
    }
    return table;
  }
}
