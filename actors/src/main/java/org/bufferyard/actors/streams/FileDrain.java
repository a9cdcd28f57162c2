package org.bufferyard.actors.streams;

import akka.stream.AbruptStageTerminationException;
import akka.stream.Attributes;
import akka.stream.Inlet;
import akka.stream.SinkShape;
import akka.stream.stage.AbstractInHandler;
import akka.stream.stage.AsyncCallback;
import akka.stream.stage.GraphStageLogic;
import akka.stream.stage.GraphStageWithMaterializedValue;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;
import org.bufferyard.actors.lease.MemoryView;
import org.jspecify.annotations.Nullable;
import scala.Tuple2;

/**
 * Writes frames to a file straight from their buffers, and closes them, on a dispatcher for what
 * blocks. Materializes the bytes written.
 */
final class FileDrain
    extends GraphStageWithMaterializedValue<SinkShape<Leased<Frame>>, CompletionStage<Long>> {
  private final Inlet<Leased<Frame>> in = Inlet.create("FileDrain.in");
  private final SinkShape<Leased<Frame>> shape = SinkShape.of(in);
  private final Path file;
  private final String dispatcher;

  FileDrain(Path file, String dispatcher) {
    this.file = file;
    this.dispatcher = dispatcher;
  }

  @Override
  public SinkShape<Leased<Frame>> shape() {
    return shape;
  }

  @Override
  public Tuple2<GraphStageLogic, CompletionStage<Long>> createLogicAndMaterializedValue(
      Attributes attributes) {
    CompletableFuture<Long> written = new CompletableFuture<>();
    return new Tuple2<>(new Logic(written), written);
  }

  private final class Logic extends GraphStageLogic {
    private final CompletableFuture<Long> done;
    private @Nullable AsyncCallback<Optional<Exception>> written;

    /** Touched by one write at a time, which the stage waits for. */
    private @Nullable FileChannel channel;

    private final AtomicLong writtenBytes = new AtomicLong();
    private boolean writing;
    private boolean stopped;
    private boolean whole;
    private @Nullable Throwable failure;

    Logic(CompletableFuture<Long> done) {
      super(shape);
      this.done = done;
      setHandler(
          in,
          new AbstractInHandler() {
            @Override
            public void onPush() {
              Leased<Frame> leased = grab(in);
              writing = true;
              materializer().system().dispatchers().lookup(dispatcher).execute(() -> write(leased));
            }

            @Override
            public void onUpstreamFinish() {
              if (!writing) {
                complete();
              }
            }

            @Override
            public void onUpstreamFailure(Throwable why) {
              failure = why;
              failStage(why);
            }
          });
    }

    @Override
    public void preStart() {
      written = createAsyncCallback(this::onWritten);
      // Upstream may be done before the last write is.
      setKeepGoing(true);
      pull(in);
    }

    private void write(Leased<Frame> leased) {
      Optional<Exception> outcome = Optional.empty();
      try (Frame frame = leased.element();
          leased;
          MemoryView view = leased.mapping().open()) {
        view.writeTo(0, frame.lengthBytes(), opened());
        writtenBytes.addAndGet(frame.lengthBytes());
      } catch (IOException | IllegalStateException why) {
        outcome = Optional.of(why);
      }
      if (written != null) {
        written.invoke(outcome);
      }
      closeIfStopped();
    }

    private FileChannel opened() throws IOException {
      FileChannel open =
          channel == null
              ? FileChannel.open(
                  file,
                  StandardOpenOption.CREATE,
                  StandardOpenOption.WRITE,
                  StandardOpenOption.TRUNCATE_EXISTING)
              : channel;
      channel = open;
      return open;
    }

    private void onWritten(Optional<Exception> outcome) {
      writing = false;
      if (outcome.isPresent()) {
        failure = outcome.get();
        failStage(outcome.get());
      } else if (isClosed(in)) {
        complete();
      } else {
        pull(in);
      }
    }

    /** All is written. */
    private void complete() {
      whole = true;
      completeStage();
    }

    @Override
    public void postStop() throws IOException {
      synchronized (this) {
        stopped = true;
        if (!writing && channel != null) {
          channel.close();
        }
      }
      if (whole) {
        done.complete(writtenBytes.get());
      } else {
        done.completeExceptionally(
            failure == null ? new AbruptStageTerminationException(this) : failure);
      }
    }

    /** A write outlives a stage that is stopped from outside. */
    private synchronized void closeIfStopped() {
      if (stopped && channel != null) {
        try {
          channel.close();
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      }
    }
  }
}
