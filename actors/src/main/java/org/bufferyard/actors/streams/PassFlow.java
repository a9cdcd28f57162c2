package org.bufferyard.actors.streams;

import akka.stream.Attributes;
import akka.stream.FlowShape;
import akka.stream.Inlet;
import akka.stream.Outlet;
import akka.stream.stage.AbstractInHandler;
import akka.stream.stage.AbstractOutHandler;
import akka.stream.stage.AsyncCallback;
import akka.stream.stage.GraphStage;
import akka.stream.stage.GraphStageLogic;
import org.bufferyard.actors.lease.Answer;
import org.bufferyard.actors.lease.BufferAttachment;
import org.bufferyard.actors.lease.HostImporter;
import org.bufferyard.actors.lease.ImporterActor;
import org.bufferyard.actors.lease.RefusedException;
import org.bufferyard.allocator.Refusal;
import org.jspecify.annotations.Nullable;

/** Attaches each frame's buffer to another importer, then lets go of the one it came with. */
final class PassFlow extends GraphStage<FlowShape<Frame, Frame>> {
  private final Inlet<Frame> in = Inlet.create("PassFlow.in");
  private final Outlet<Frame> out = Outlet.create("PassFlow.out");
  private final FlowShape<Frame, Frame> shape = FlowShape.of(in, out);
  private final HostImporter to;

  PassFlow(HostImporter to) {
    this.to = to;
  }

  @Override
  public FlowShape<Frame, Frame> shape() {
    return shape;
  }

  @Override
  public GraphStageLogic createLogic(Attributes attributes) {
    return new Logic();
  }

  /** The answer: one of both. */
  private record Heard(@Nullable BufferAttachment attachment, @Nullable Refusal refusal) {
    void dispose() {
      if (attachment != null) {
        attachment.detach();
      }
    }
  }

  private final class Logic extends GraphStageLogic {
    private final Landing<Heard> landing = new Landing<>(Heard::dispose);
    private @Nullable AsyncCallback<Integer> heard;
    private @Nullable Frame passing;

    Logic() {
      super(shape);
      setHandler(
          in,
          new AbstractInHandler() {
            @Override
            public void onPush() {
              pass(grab(in));
            }

            @Override
            public void onUpstreamFinish() {
              if (passing == null) {
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
      heard = createAsyncCallback(nothing -> onHeard());
    }

    @Override
    public void postStop() {
      landing.close();
      if (passing != null) {
        passing.close();
      }
    }

    private void pass(Frame frame) {
      passing = frame;
      AsyncCallback<Integer> callback = heard;
      to.ref()
          .tell(
              new ImporterActor.Attach(
                  frame.buffer(),
                  new Answer<>() {
                    @Override
                    public void done(BufferAttachment attachment) {
                      land(new Heard(attachment, null));
                    }

                    @Override
                    public void refused(Refusal refusal) {
                      land(new Heard(null, refusal));
                    }

                    private void land(Heard answer) {
                      if (landing.land(answer) && callback != null) {
                        callback.invoke(0);
                      }
                    }
                  }));
    }

    private void onHeard() {
      Heard answer = landing.take();
      Frame frame = passing;
      if (answer == null || frame == null) {
        return;
      }
      if (answer.attachment() == null) {
        failStage(
            answer.refusal() == null
                ? new IllegalStateException("no answer")
                : new RefusedException(answer.refusal()));
        return;
      }
      passing = null;
      frame.attachment().detach();
      push(out, new Frame(answer.attachment(), frame.lengthBytes()));
      if (isClosed(in)) {
        completeStage();
      }
    }
  }
}
