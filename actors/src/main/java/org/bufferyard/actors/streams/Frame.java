package org.bufferyard.actors.streams;

import org.bufferyard.actors.lease.BufferAttachment;
import org.bufferyard.actors.lease.SharedBuffer;

/**
 * A filled buffer on its way through streams. Whoever has it owns it: it passes it on, or closes
 * it, which detaches and releases the buffer.
 *
 * @param attachment of the importer that filled it
 * @param lengthBytes how much of the buffer is filled, from its start
 */
public record Frame(BufferAttachment attachment, long lengthBytes) implements AutoCloseable {
  public SharedBuffer buffer() {
    return attachment.buffer();
  }

  @Override
  public void close() {
    attachment.detach();
    buffer().release();
  }
}
