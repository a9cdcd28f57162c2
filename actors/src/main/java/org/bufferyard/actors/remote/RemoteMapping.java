package org.bufferyard.actors.remote;

import akka.Done;
import akka.actor.typed.ActorRef;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import org.bufferyard.actors.lease.Mapping;
import org.bufferyard.actors.lease.MemoryView;
import org.bufferyard.actors.lease.Promise;
import scala.concurrent.ExecutionContext;

/**
 * A lease of a buffer in another process, staged in this one's memory: the segments are valid here.
 * What was written goes back when it is closed. Thread-safe as {@link Mapping} is.
 */
public final class RemoteMapping implements AutoCloseable {
  private final Mapping staged;
  private final long generation;
  private final long id;
  private final ActorRef<RemoteImporterActor.Command> importer;
  private final ExecutionContext executor;
  private final AtomicBoolean closed = new AtomicBoolean();

  RemoteMapping(
      Mapping staged,
      long generation,
      long id,
      ActorRef<RemoteImporterActor.Command> importer,
      ExecutionContext executor) {
    this.executor = executor;
    this.staged = staged;
    this.generation = generation;
    this.id = id;
    this.importer = importer;
  }

  /** Of the buffer's placement where it lives. */
  public long generation() {
    return generation;
  }

  public long sizeBytes() {
    return staged.sizeBytes();
  }

  public boolean writable() {
    return staged.writable();
  }

  /** Views for this thread alone. */
  public MemoryView open() {
    return staged.open();
  }

  /** Views for any thread. */
  public MemoryView openShared() {
    return staged.openShared();
  }

  /**
   * Ends the views; completes when what was written is where the buffer lives, and fails if it
   * cannot be brought there. Only the first call brings anything.
   */
  public CompletionStage<Done> unmap() {
    Promise<Done> promise = Promise.on(executor);
    if (closed.compareAndSet(false, true)) {
      staged.close();
      importer.tell(new RemoteImporterActor.Closed(id, promise));
    } else {
      promise.done(Done.getInstance());
    }
    return promise.stage();
  }

  /** As {@link #unmap}, for whoever does not wait. */
  @Override
  public void close() {
    unmap();
  }
}
