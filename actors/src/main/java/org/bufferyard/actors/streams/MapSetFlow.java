package org.bufferyard.actors.streams;

import akka.stream.Attributes;
import akka.stream.FlowShape;
import akka.stream.Inlet;
import akka.stream.Outlet;
import akka.stream.stage.AbstractInOutHandler;
import akka.stream.stage.AsyncCallback;
import akka.stream.stage.GraphStage;
import akka.stream.stage.GraphStageLogic;
import akka.stream.stage.TimerGraphStageLogic;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import org.bufferyard.actors.lease.BufferAttachment;
import org.bufferyard.actors.lease.HostImporter;
import org.bufferyard.actors.lease.ImporterActor;
import org.bufferyard.actors.lease.LeaseTerms;
import org.bufferyard.actors.lease.MappingSet;
import org.bufferyard.actors.lease.RefusedException;
import org.bufferyard.allocator.DmaDirection;
import org.jspecify.annotations.Nullable;

/**
 * Leases all buffers of each element, as a submission with its list of buffers needs them: all, or
 * none while it waits. One element at a time is in the stage. What is cached is leased at once,
 * without asking anybody.
 *
 * <p>Where memory is short the set is refused as a whole, and asked for again after a while; so no
 * stream holds a part of what it needs while it waits for the rest.
 */
final class MapSetFlow<T> extends GraphStage<FlowShape<T, LeasedSet<T>>> {
  /** As a lease names it that was never closed. */
  private static final String PLACE = "a mapSetFlow";

  /** Before a set is asked for again. */
  private static final Duration AGAIN_AFTER = Duration.ofMillis(5);

  private final Inlet<T> in = Inlet.create("MapSetFlow.in");
  private final Outlet<LeasedSet<T>> out = Outlet.create("MapSetFlow.out");
  private final FlowShape<T, LeasedSet<T>> shape = FlowShape.of(in, out);
  private final Function<? super T, List<BufferAttachment>> attachments;
  private final DmaDirection direction;

  MapSetFlow(Function<? super T, List<BufferAttachment>> attachments, DmaDirection direction) {
    this.attachments = attachments;
    this.direction = direction;
  }

  @Override
  public FlowShape<T, LeasedSet<T>> shape() {
    return shape;
  }

  @Override
  public GraphStageLogic createLogic(Attributes attributes) {
    return new Logic();
  }

  private final class Logic extends TimerGraphStageLogic {
    private final Landing<Heard> landing = new Landing<>(Heard::dispose);
    private @Nullable AsyncCallback<Integer> heard;

    /** The element that waits for its leases. */
    private @Nullable T waiting;

    Logic() {
      super(shape);
      setHandlers(
          in,
          out,
          new AbstractInOutHandler() {
            @Override
            public void onPush() {
              serve(grab(in));
            }

            @Override
            public void onPull() {
              pull(in);
            }

            @Override
            public void onUpstreamFinish() {
              if (waiting == null) {
                completeStage();
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
    }

    private void serve(T element) {
      List<BufferAttachment> set = attachments.apply(element);
      MappingSet leases = BufferAttachment.tryMap(set, direction, PLACE);
      if (leases != null) {
        push(out, new LeasedSet<>(element, leases));
      } else {
        waiting = element;
        ask(set);
      }
    }

    private void ask(List<BufferAttachment> set) {
      HostImporter importer = set.getFirst().importer();
      // Of a single buffer nothing is held while it waits.
      LeaseTerms terms = new LeaseTerms(importer.terms().leaseNanos(), set.size() == 1);
      importer
          .ref()
          .tell(
              new ImporterActor.MapBatch(
                  set, direction, terms, new Heard.Reply(PLACE, landing, heard)));
    }

    private void onHeard() {
      Heard answer = landing.take();
      T element = waiting;
      if (answer == null || element == null) {
        return;
      }
      if (answer.refusal() == null) {
        waiting = null;
        push(out, new LeasedSet<>(element, new MappingSet(answer.mappings())));
        if (isClosed(in)) {
          completeStage();
        }
      } else if (answer.refusal().errno().temporary()) {
        scheduleOnce(PLACE, AGAIN_AFTER);
      } else {
        failStage(new RefusedException(answer.refusal()));
      }
    }

    @Override
    public void onTimer(Object key) {
      T element = waiting;
      if (element != null) {
        ask(attachments.apply(element));
      }
    }
  }
}
