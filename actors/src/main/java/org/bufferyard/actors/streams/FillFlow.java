package org.bufferyard.actors.streams;

import akka.stream.Attributes;
import akka.stream.FlowShape;
import akka.stream.Inlet;
import akka.stream.Outlet;
import akka.stream.stage.AbstractInHandler;
import akka.stream.stage.AbstractOutHandler;
import akka.stream.stage.GraphStage;
import akka.stream.stage.GraphStageLogic;
import akka.util.ByteString;
import org.bufferyard.actors.lease.MemoryView;
import org.bufferyard.actors.lease.RefusedException;
import org.jspecify.annotations.Nullable;

/**
 * Fills buffers with the bytes that arrive, in place: each frame full but for the last one. Holds
 * one buffer at a time, and asks for it when bytes are there.
 */
final class FillFlow extends GraphStage<FlowShape<ByteString, Frame>> {
  private final Inlet<ByteString> in = Inlet.create("FillFlow.in");
  private final Outlet<Frame> out = Outlet.create("FillFlow.out");
  private final FlowShape<ByteString, Frame> shape = FlowShape.of(in, out);
  private final Blank.Plan plan;

  FillFlow(Blank.Plan plan) {
    this.plan = plan;
  }

  @Override
  public FlowShape<ByteString, Frame> shape() {
    return shape;
  }

  @Override
  public GraphStageLogic createLogic(Attributes attributes) {
    return new Logic();
  }

  private final class Logic extends GraphStageLogic {
    private @Nullable BlankAsk asking;
    private @Nullable Blank blank;
    private boolean underWay;
    private ByteString bytes = ByteString.emptyByteString();
    private long filledBytes;

    Logic() {
      super(shape);
      setHandler(
          in,
          new AbstractInHandler() {
            @Override
            public void onPush() {
              bytes = grab(in);
              advance();
            }

            @Override
            public void onUpstreamFinish() {
              advance();
            }
          });
      setHandler(
          out,
          new AbstractOutHandler() {
            @Override
            public void onPull() {
              advance();
            }
          });
    }

    @Override
    public void preStart() {
      asking = new BlankAsk(plan, createAsyncCallback(nothing -> onHeard()));
    }

    @Override
    public void postStop() {
      if (asking != null) {
        asking.close();
      }
      if (blank != null) {
        blank.dispose();
      }
    }

    private void onHeard() {
      BlankAsk.Heard heard = asking == null ? null : asking.take();
      if (heard == null) {
        return;
      }
      underWay = false;
      if (heard.refusal() != null) {
        failStage(new RefusedException(heard.refusal()));
      } else {
        blank = heard.blank();
        filledBytes = 0;
        advance();
      }
    }

    /** Takes the next step, if downstream waits for a frame. */
    private void advance() {
      if (!isAvailable(out) || underWay) {
        return;
      }
      if (!bytes.isEmpty() && blank == null) {
        underWay = true;
        if (asking != null) {
          asking.ask();
        }
        return;
      }
      if (!bytes.isEmpty() && blank != null) {
        fill(blank);
      }
      boolean last = isClosed(in) && bytes.isEmpty();
      if (blank != null && (filledBytes == plan.spec().sizeBytes() || last)) {
        Frame frame = blank.filled(filledBytes);
        blank = null;
        push(out, frame);
      }
      if (last) {
        completeStage();
      } else if (bytes.isEmpty() && !hasBeenPulled(in)) {
        pull(in);
      }
    }

    private void fill(Blank into) {
      int take = (int) Math.min(bytes.size(), plan.spec().sizeBytes() - filledBytes);
      try (MemoryView view = into.mapping().open()) {
        view.put(filledBytes, bytes.take(take));
      } catch (IllegalStateException reclaimed) {
        failStage(reclaimed);
        return;
      }
      filledBytes += take;
      bytes = bytes.drop(take);
    }
  }
}
