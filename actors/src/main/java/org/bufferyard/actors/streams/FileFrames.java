package org.bufferyard.actors.streams;

import akka.stream.Attributes;
import akka.stream.Outlet;
import akka.stream.SourceShape;
import akka.stream.stage.AbstractOutHandler;
import akka.stream.stage.AsyncCallback;
import akka.stream.stage.GraphStage;
import akka.stream.stage.GraphStageLogic;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.bufferyard.actors.lease.MemoryView;
import org.bufferyard.actors.lease.RefusedException;
import org.jspecify.annotations.Nullable;

/**
 * Reads a file straight into buffers: each frame full but for the last one. Opens and reads it on a
 * dispatcher for what blocks; the stage itself stays where the stream runs, so that no frame is
 * between two threads.
 */
final class FileFrames extends GraphStage<SourceShape<Frame>> {
  private final Outlet<Frame> out = Outlet.create("FileFrames.out");
  private final SourceShape<Frame> shape = SourceShape.of(out);
  private final Path file;
  private final Blank.Plan plan;
  private final String dispatcher;

  FileFrames(Path file, Blank.Plan plan, String dispatcher) {
    this.file = file;
    this.plan = plan;
    this.dispatcher = dispatcher;
  }

  @Override
  public SourceShape<Frame> shape() {
    return shape;
  }

  @Override
  public GraphStageLogic createLogic(Attributes attributes) {
    return new Logic();
  }

  /** What one read came to: a frame, null at the end, or a failure. */
  private record Read(@Nullable Frame frame, boolean last, @Nullable Exception failure) {
    void dispose() {
      if (frame != null) {
        frame.close();
      }
    }
  }

  private final class Logic extends GraphStageLogic {
    private final Landing<Read> landing = new Landing<>(Read::dispose);
    private @Nullable BlankAsk asking;
    private @Nullable AsyncCallback<Integer> read;

    /** Touched by one read at a time, which the stage waits for. */
    private @Nullable FileChannel channel;

    private boolean reading;
    private boolean stopped;

    Logic() {
      super(shape);
      setHandler(
          out,
          new AbstractOutHandler() {
            @Override
            public void onPull() {
              if (asking != null) {
                asking.ask();
              }
            }
          });
    }

    @Override
    public void preStart() {
      asking = new BlankAsk(plan, createAsyncCallback(nothing -> onBlank()));
      read = createAsyncCallback(nothing -> onRead());
    }

    @Override
    public void postStop() throws IOException {
      if (asking != null) {
        asking.close();
      }
      landing.close();
      synchronized (this) {
        stopped = true;
        if (!reading && channel != null) {
          channel.close();
        }
      }
    }

    private void onBlank() {
      BlankAsk.Heard heard = asking == null ? null : asking.take();
      if (heard == null) {
        return;
      }
      Blank blank = heard.blank();
      if (blank != null) {
        materializer().system().dispatchers().lookup(dispatcher).execute(() -> readInto(blank));
      } else if (heard.refusal() != null) {
        failStage(new RefusedException(heard.refusal()));
      }
    }

    private void readInto(Blank blank) {
      if (!begin()) {
        blank.dispose();
        return;
      }
      Read result = attempt(blank);
      finish();
      if (landing.land(result) && read != null) {
        read.invoke(0);
      }
    }

    private synchronized boolean begin() {
      reading = !stopped;
      return reading;
    }

    /** Whoever is last closes the file: this read, or the stage's end. */
    private synchronized void finish() {
      reading = false;
      if (stopped && channel != null) {
        try {
          channel.close();
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      }
    }

    private Read attempt(Blank blank) {
      try {
        long got = fill(blank);
        if (got == 0) {
          blank.dispose();
          return new Read(null, true, null);
        }
        return new Read(blank.filled(got), got < plan.spec().sizeBytes(), null);
      } catch (IOException | IllegalStateException failure) {
        blank.dispose();
        return new Read(null, true, failure);
      }
    }

    private long fill(Blank blank) throws IOException {
      try (MemoryView view = blank.mapping().open()) {
        return view.readFrom(0, plan.spec().sizeBytes(), opened());
      }
    }

    private FileChannel opened() throws IOException {
      FileChannel open =
          channel == null ? FileChannel.open(file, StandardOpenOption.READ) : channel;
      channel = open;
      return open;
    }

    private void onRead() {
      Read result = landing.take();
      if (result == null) {
        return;
      }
      if (result.failure() != null) {
        failStage(result.failure());
        return;
      }
      if (result.frame() != null) {
        push(out, result.frame());
      }
      if (result.last()) {
        completeStage();
      }
    }
  }
}
