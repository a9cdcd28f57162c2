package org.bufferyard.simulator.history;

import java.util.List;
import org.bufferyard.actors.protocol.ClientId;
import org.bufferyard.allocator.DmaDirection;

/**
 * An attachment of the sequential model.
 *
 * @param maps mapped and not unmapped
 * @param directions what its mapping may have been made for, as bits by ordinal: more than one
 *     where a kept mapping may have been made anew; 0 for no mapping
 * @param forced it was detached by force: what it still asks may be answered this way or that
 */
record ModelAttachment(
    int id, ClientId client, boolean dynamic, int maps, int directions, int pins, boolean forced) {
  private static final List<DmaDirection> ALL = List.of(DmaDirection.values());

  static int bit(DmaDirection direction) {
    return 1 << ALL.indexOf(direction);
  }

  /** Of the directions its mapping may have, those that serve {@code asked}, or do not. */
  int directions(DmaDirection asked, boolean serving) {
    int some = 0;
    for (DmaDirection each : ALL) {
      if ((directions & bit(each)) != 0 && each.covers(asked) == serving) {
        some |= bit(each);
      }
    }
    return some;
  }

  ModelAttachment mapped(int change, int mayBe) {
    return new ModelAttachment(id, client, dynamic, maps + change, mayBe, pins, forced);
  }

  ModelAttachment pinned(int change) {
    return new ModelAttachment(id, client, dynamic, maps, directions, pins + change, forced);
  }

  ModelAttachment detachedByForce() {
    return new ModelAttachment(id, client, dynamic, 0, 0, 0, true);
  }

  /** The buffer may not move. */
  boolean holds() {
    return pins > 0 || (!dynamic && maps > 0);
  }
}
