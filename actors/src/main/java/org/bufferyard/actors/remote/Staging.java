package org.bufferyard.actors.remote;

import akka.Done;
import org.bufferyard.actors.lease.Answer;
import org.bufferyard.actors.lease.BufferAttachment;
import org.bufferyard.actors.lease.Mapping;
import org.bufferyard.allocator.DmaDirection;
import org.bufferyard.allocator.Refusal;
import org.jspecify.annotations.Nullable;

/** One lease of a remote buffer, from its map to its unmap. Owned by the remote importer. */
final class Staging {
  enum State {
    MAPPING,
    ALLOCATING,
    FETCHING,
    LEASED,
    STORING,
    UNMAPPING
  }

  final long id;
  final FarGateway gateway;
  final RemoteAttachment attachment;
  final DmaDirection direction;
  final Answer<RemoteMapping> answer;
  State state = State.MAPPING;

  /** As the gateway names it. */
  int mapping;

  long generation;
  @Nullable BufferAttachment local;

  /** Keeps the staging memory until all is fetched, and again until all is stored. */
  @Nullable Mapping working;

  /** What whoever asked is given. */
  @Nullable Mapping leased;

  /** Who wants to know when all is where the buffer lives. */
  @Nullable Answer<Done> unmapped;

  /** Of the bytes: asked for, and arrived. */
  long askedBytes;

  long doneBytes;

  Staging(
      long id,
      FarGateway gateway,
      RemoteAttachment attachment,
      DmaDirection direction,
      Answer<RemoteMapping> answer) {
    this.id = id;
    this.gateway = gateway;
    this.attachment = attachment;
    this.direction = direction;
    this.answer = answer;
  }

  long sizeBytes() {
    return attachment.buffer().sizeBytes();
  }

  /** The staging memory goes. */
  void free() {
    if (working != null) {
      working.close();
    }
    if (local != null) {
      local.detach();
      local.buffer().release();
    }
  }

  void tell(Wire.Command command) {
    gateway.ref.tell(command);
  }

  /** It goes no further: whoever waits for it is refused. */
  void end(Refusal refusal) {
    switch (state) {
      case MAPPING, ALLOCATING, FETCHING -> {
        if (leased != null) {
          leased.close();
        }
        answer.refused(refusal);
      }
      case LEASED, STORING, UNMAPPING -> {
        if (unmapped != null) {
          unmapped.refused(refusal);
        }
      }
    }
    free();
  }
}
