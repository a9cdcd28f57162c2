package org.bufferyard.actors.environment;

import akka.actor.typed.ActorRef;
import org.bufferyard.actors.protocol.Buffer;
import org.bufferyard.actors.protocol.BufferId;
import org.bufferyard.actors.protocol.Handle;
import org.jspecify.annotations.Nullable;

/**
 * Who watches buffers on Akka's dispatchers. Asked by each buffer once, when it is made; what is
 * watched is told on the buffer's own thread, in the order in which it happens there.
 */
@FunctionalInterface
public interface Tap {
  /** Nobody watches. */
  Tap NONE = buffer -> null;

  /** Watches one buffer. Not thread-safe; owned by the buffer. Never blocks. */
  interface Line {
    void made(ActorRef<Buffer.Command> self, Handle first, long pages);

    /** The buffer is about to handle this. */
    void handles(Buffer.Command command);

    /** The buffer sends this. */
    void tells(ActorRef<?> to, Object message);
  }

  /** The line of this buffer, or null if it is not watched. */
  @Nullable Line line(BufferId buffer);
}
