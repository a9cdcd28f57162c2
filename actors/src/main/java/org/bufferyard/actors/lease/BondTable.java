package org.bufferyard.actors.lease;

import akka.actor.typed.ActorRef;
import akka.actor.typed.javadsl.ActorContext;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.function.Supplier;
import org.bufferyard.actors.protocol.BufferId;
import org.bufferyard.actors.protocol.Handle;
import org.jspecify.annotations.Nullable;

/**
 * An importer's bonds, by buffer, by slot and by the buffer's name for them; their buffers are
 * watched. Owned by the importer.
 */
final class BondTable {
  private record Key(BufferId buffer, Handle handle) {
    static Key of(SharedBuffer buffer) {
      return new Key(buffer.id(), buffer.handle());
    }
  }

  /** As the buffer names an attachment. */
  private record Remote(BufferId buffer, int attachment) {
    static Remote of(Bond bond) {
      return new Remote(bond.attachment.buffer().id(), bond.remote);
    }
  }

  private final ActorContext<ImporterActor.Command> context;
  private final HostImporter importer;
  private final LinkedHashMap<Key, Bond> byBuffer = new LinkedHashMap<>();
  private final LinkedHashMap<Remote, Bond> byRemote = new LinkedHashMap<>();
  private final List<@Nullable Bond> slots = new ArrayList<>();
  private final List<Integer> freeSlots = new ArrayList<>();

  /** How many bonds watch a buffer. */
  private final LinkedHashMap<ActorRef<?>, Integer> watched = new LinkedHashMap<>();

  /** Of bonds that are forgotten, with somebody inside still. */
  private final LinkedHashSet<MappingGate> lingering = new LinkedHashSet<>();

  private final Supplier<LeaseDoor> doors;
  private long serials;

  BondTable(
      ActorContext<ImporterActor.Command> context,
      HostImporter importer,
      Supplier<LeaseDoor> doors) {
    this.context = context;
    this.importer = importer;
    this.doors = doors;
  }

  Collection<Bond> all() {
    return List.copyOf(byBuffer.values());
  }

  @Nullable Bond of(SharedBuffer buffer) {
    return byBuffer.get(Key.of(buffer));
  }

  Bond add(SharedBuffer buffer) {
    int index = freeSlots.isEmpty() ? slots.size() : freeSlots.removeLast();
    long serial = ++serials;
    Bond bond =
        new Bond(index, serial, new BufferAttachment(importer, buffer, index, serial, doors.get()));
    if (index == slots.size()) {
      slots.add(bond);
    } else {
      slots.set(index, bond);
    }
    byBuffer.put(Key.of(buffer), bond);
    ActorRef<?> ref = buffer.grant().ref();
    if (watched.merge(ref, 1, Integer::sum) == 1) {
      context.watchWith(ref, new ImporterActor.BufferGone(buffer.grant().ref()));
    }
    return bond;
  }

  /** The buffer has named the bond. */
  void named(Bond bond) {
    byRemote.put(Remote.of(bond), bond);
  }

  @Nullable Bond byRemote(BufferId buffer, int remote) {
    return byRemote.get(new Remote(buffer, remote));
  }

  /** The bond of an attachment that is still one, or null. */
  @Nullable Bond find(BufferAttachment attachment) {
    Bond bond = inSlot(attachment.index());
    return bond != null && bond.is(attachment) ? bond : null;
  }

  @Nullable Bond inSlot(int index) {
    return index < slots.size() ? slots.get(index) : null;
  }

  /** A new attachment to its buffer will be another bond. */
  void hide(Bond bond) {
    byBuffer.remove(Key.of(bond.attachment.buffer()), bond);
    byRemote.remove(Remote.of(bond), bond);
  }

  void forget(Bond bond) {
    if (!bond.equals(slots.get(bond.index))) {
      return;
    }
    hide(bond);
    slots.set(bond.index, null);
    freeSlots.add(bond.index);
    if (bond.gate != null && bond.gate.inUse()) {
      lingering.add(bond.gate);
    }
    ActorRef<?> ref = bond.attachment.buffer().grant().ref();
    if (watched.merge(ref, -1, Integer::sum) == 0) {
      watched.remove(ref);
      context.unwatch(ref);
    }
  }

  /** Nobody is inside the gate any more. */
  void left(MappingGate gate) {
    lingering.remove(gate);
  }

  /** Nobody is inside any mapping. */
  boolean quiet() {
    for (Bond bond : slots) {
      if (bond != null && bond.gate != null && bond.gate.inUse()) {
        return false;
      }
    }
    return lingering.isEmpty();
  }
}
