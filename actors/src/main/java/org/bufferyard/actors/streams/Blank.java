package org.bufferyard.actors.streams;

import org.bufferyard.actors.lease.BufferAttachment;
import org.bufferyard.actors.lease.BufferSpec;
import org.bufferyard.actors.lease.ClientRef;
import org.bufferyard.actors.lease.HostImporter;
import org.bufferyard.actors.lease.Mapping;

/** A new buffer, leased for writing: what the filling stages ask for, one at a time. */
record Blank(BufferAttachment attachment, Mapping mapping) {
  /** Whose buffers they are, who fills them, and how large they are. */
  record Plan(ClientRef client, HostImporter importer, BufferSpec spec) {}

  void dispose() {
    mapping.close();
    new Frame(attachment, 0).close();
  }

  /** The lease ends; the buffer goes on, filled so far. */
  Frame filled(long lengthBytes) {
    mapping.close();
    return new Frame(attachment, lengthBytes);
  }
}
