package org.bufferyard.actors.streams;

import akka.stream.Attributes;
import akka.stream.FlowShape;
import akka.stream.Inlet;
import akka.stream.Outlet;
import akka.stream.stage.AbstractInHandler;
import akka.stream.stage.AbstractOutHandler;
import akka.stream.stage.GraphStage;
import akka.stream.stage.GraphStageLogic;
import org.bufferyard.actors.lease.MemoryView;
import org.bufferyard.actors.lease.RefusedException;
import org.jspecify.annotations.Nullable;

/** A new buffer for each element, filled in place by a function; one at a time. */
final class PaintFlow<T> extends GraphStage<FlowShape<T, Frame>> {
  private final Inlet<T> in = Inlet.create("PaintFlow.in");
  private final Outlet<Frame> out = Outlet.create("PaintFlow.out");
  private final FlowShape<T, Frame> shape = FlowShape.of(in, out);
  private final Blank.Plan plan;
  private final YardStreams.Painter<? super T> painter;

  PaintFlow(Blank.Plan plan, YardStreams.Painter<? super T> painter) {
    this.plan = plan;
    this.painter = painter;
  }

  @Override
  public FlowShape<T, Frame> shape() {
    return shape;
  }

  @Override
  public GraphStageLogic createLogic(Attributes attributes) {
    return new Logic();
  }

  private final class Logic extends GraphStageLogic {
    private @Nullable BlankAsk asking;

    /** What the buffer that is asked for is to be filled with. */
    private @Nullable T subject;

    Logic() {
      super(shape);
      setHandler(
          in,
          new AbstractInHandler() {
            @Override
            public void onPush() {
              subject = grab(in);
              if (asking != null) {
                asking.ask();
              }
            }

            @Override
            public void onUpstreamFinish() {
              if (subject == null) {
                completeStage();
              }
            }
          });
      setHandler(
          out,
          new AbstractOutHandler() {
            @Override
            public void onPull() {
              if (!hasBeenPulled(in) && !isClosed(in)) {
                pull(in);
              }
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
    }

    private void onHeard() {
      BlankAsk.Heard heard = asking == null ? null : asking.take();
      T wanted = subject;
      if (heard == null || wanted == null) {
        return;
      }
      subject = null;
      if (heard.blank() == null) {
        failStage(
            heard.refusal() == null
                ? new IllegalStateException("no answer")
                : new RefusedException(heard.refusal()));
        return;
      }
      paint(heard.blank(), wanted);
    }

    private void paint(Blank blank, T wanted) {
      long filledBytes;
      try (MemoryView view = blank.mapping().open()) {
        filledBytes = painter.paint(wanted, view);
      } catch (RuntimeException failure) {
        blank.dispose();
        failStage(failure);
        return;
      }
      push(out, blank.filled(filledBytes));
      if (isClosed(in)) {
        completeStage();
      }
    }
  }
}
