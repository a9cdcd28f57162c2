package org.bufferyard.simulator.trace;

import akka.stream.Attributes;
import akka.stream.Outlet;
import akka.stream.SourceShape;
import akka.stream.stage.AbstractOutHandler;
import akka.stream.stage.GraphStage;
import akka.stream.stage.GraphStageLogic;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A stream over a reader: one event per demand, the reader opened when the stream starts and closed
 * when it stops, however it does. Reads happen on the stream's own dispatcher, a chunk at a time,
 * so that a deterministic run stays one.
 */
final class EventSource extends GraphStage<SourceShape<TraceEvent>> {
  private final Outlet<TraceEvent> out = Outlet.create("EventSource.out");
  private final Supplier<EventReader> open;

  EventSource(Supplier<EventReader> open) {
    this.open = open;
  }

  @Override
  public SourceShape<TraceEvent> shape() {
    return SourceShape.of(out);
  }

  @Override
  public GraphStageLogic createLogic(Attributes inheritedAttributes) {
    return new Logic();
  }

  private final class Logic extends GraphStageLogic {
    private @Nullable EventReader reader;

    Logic() {
      super(shape());
      setHandler(
          out,
          new AbstractOutHandler() {
            @Override
            public void onPull() {
              pushNext();
            }
          });
    }

    @Override
    public void preStart() {
      reader = open.get();
    }

    private void pushNext() {
      EventReader events = reader;
      if (events != null && events.hasNext()) {
        push(out, events.next());
      } else {
        completeStage();
      }
    }

    @Override
    public void postStop() {
      if (reader != null) {
        reader.close();
      }
    }
  }
}
