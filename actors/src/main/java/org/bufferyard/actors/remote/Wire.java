package org.bufferyard.actors.remote;

import akka.actor.typed.ActorRef;
import akka.util.ByteString;
import java.util.List;
import org.bufferyard.actors.protocol.Handle;
import org.bufferyard.allocator.DmaDirection;
import org.bufferyard.allocator.Refusal;
import org.bufferyard.allocator.sg.SgTable;

/**
 * What two yards in two processes say to each other: an importer asks the gateway of the yard that
 * has the buffer. All of it is serialized by {@code YardSerializer}; ids and fields are stable.
 */
public sealed interface Wire {
  /** Most of {@link Fetch}, {@link Chunk} and {@link Store}, so that a frame fits Artery's. */
  int CHUNK_BYTES = 64 << 10;

  /** Most mappings of a batch. */
  int BATCH_MAX = 4096;

  /** To a gateway. */
  sealed interface Command extends Wire {}

  /** To an importer. Carries the token of the request, but for {@link Invalidate}. */
  sealed interface Event extends Wire {}

  /**
   * A buffer, as a client elsewhere holds it: the capability that opens it, and where.
   *
   * @param gateway of the yard that has it
   */
  record RemoteBuffer(ActorRef<Command> gateway, Handle handle, long buffer, long sizeBytes)
      implements Wire {}

  /** The importer becomes a user of the buffer; when it dies all of its goes. */
  record Attach(long token, Handle handle, ActorRef<Event> importer) implements Command {}

  record Map(long token, int attachment, DmaDirection direction, ActorRef<Event> importer)
      implements Command {}

  /** Answered when all are mapped; if one is refused, none stays mapped. */
  record MapBatch(
      long token, List<Integer> attachments, DmaDirection direction, ActorRef<Event> importer)
      implements Command {
    public MapBatch {
      attachments = List.copyOf(attachments);
    }
  }

  /** Asks for bytes of a mapping. */
  record Fetch(long token, int mapping, long offset, int lengthBytes, ActorRef<Event> importer)
      implements Command {}

  /** Writes bytes of a mapping. */
  record Store(long token, int mapping, long offset, ByteString bytes, ActorRef<Event> importer)
      implements Command {}

  record Unmap(long token, int mapping, ActorRef<Event> importer) implements Command {}

  record Detach(long token, int attachment, ActorRef<Event> importer) implements Command {}

  record Attached(long token, int attachment, long sizeBytes) implements Event {}

  /**
   * A mapping of one generation.
   *
   * @param table the buffer's segments as its own yard sees them; the importer has its own
   */
  record Mapped(long token, int mapping, long generation, SgTable table) implements Event {}

  /** In the order asked. */
  record MappedBatch(long token, List<Mapped> mappings) implements Event {
    public MappedBatch {
      mappings = List.copyOf(mappings);
    }
  }

  record Chunk(long token, int mapping, long offset, ByteString bytes) implements Event {}

  record Stored(long token, int mapping) implements Event {}

  record Unmapped(long token, int mapping) implements Event {}

  record Detached(long token, int attachment) implements Event {}

  /** Nothing was done. */
  record Refused(long token, Refusal refusal) implements Event {}

  /** The buffer has to move: mappings of the generation must go. Not asked for. */
  record Invalidate(int attachment, long generation) implements Event {}
}
