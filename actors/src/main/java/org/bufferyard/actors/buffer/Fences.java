package org.bufferyard.actors.buffer;

import java.util.ArrayList;
import java.util.List;
import org.bufferyard.actors.protocol.FenceUsage;
import org.jspecify.annotations.Nullable;

/**
 * The fences of a buffer's private reservation: unsignalled work of devices, and open CPU brackets.
 * A signalled fence is dropped at once. Not thread-safe; owned by the buffer.
 */
final class Fences {
  /**
   * Work that touches pages {@code [firstPage, firstPage + pages)}.
   *
   * @param owner the ticket of a job, or the {@link Bracket} of a CPU access
   * @param attachment whose, or -1 for the CPU
   * @param stamp of the write, 0 for a reader
   */
  record Fence(
      Object owner, FenceUsage usage, int attachment, long firstPage, long pages, long stamp) {}

  /** Names a CPU access: its client and the request that opened it. */
  record Bracket(org.bufferyard.actors.protocol.ClientId client, long requestId) {}

  private final List<Fence> unsignalled = new ArrayList<>(0);

  /** New work of {@code usage} has to wait. */
  boolean block(FenceUsage usage) {
    FenceUsage query = usage.waitsFor();
    for (Fence fence : unsignalled) {
      if (fence.usage.seenBy(query)) {
        return true;
      }
    }
    return false;
  }

  void add(Fence fence) {
    unsignalled.add(fence);
  }

  /** Signals and drops the fence of {@code owner}; null if it has none. */
  @Nullable Fence signal(Object owner) {
    for (int i = 0; i < unsignalled.size(); i++) {
      if (unsignalled.get(i).owner.equals(owner)) {
        return unsignalled.remove(i);
      }
    }
    return null;
  }

  /** Drops the fences of a device that is gone. */
  List<Fence> abandon(int attachment) {
    List<Fence> gone =
        unsignalled.stream().filter(fence -> fence.attachment == attachment).toList();
    unsignalled.removeAll(gone);
    return gone;
  }

  boolean isEmpty() {
    return unsignalled.isEmpty();
  }

  boolean hasBracket() {
    return unsignalled.stream().anyMatch(fence -> fence.owner instanceof Bracket);
  }
}
