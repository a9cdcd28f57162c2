package org.bufferyard.actors.lease;

import org.bufferyard.allocator.Refusal;

/**
 * What an importer tells the application's actor it belongs to: the turns of its attachments that
 * nobody asked for. With this the actor is an importer in its own right: it chooses at attach time
 * whether its mappings pin, it hears when one has to go, and it maps again.
 */
public sealed interface ImporterNotice {
  /**
   * The buffer has to move. No new lease of this generation is given, and the mapping goes when its
   * last lease ends: end those that you hold. The next map gives the new placement.
   */
  record Invalidated(BufferAttachment attachment, long generation) implements ImporterNotice {}

  /** The yard's patience is over: the attachment is gone, its leases were reclaimed. */
  record ForcedOut(BufferAttachment attachment) implements ImporterNotice {}

  /** The buffer is gone. */
  record Lost(BufferAttachment attachment, Refusal why) implements ImporterNotice {}

  /** Whoever took the lease did not close it in time, or died. */
  record Reclaimed(BufferAttachment attachment, String place, String because)
      implements ImporterNotice {}
}
