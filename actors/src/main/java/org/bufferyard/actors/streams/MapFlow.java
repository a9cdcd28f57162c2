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
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import org.bufferyard.actors.lease.BufferAttachment;
import org.bufferyard.actors.lease.HostImporter;
import org.bufferyard.actors.lease.ImporterActor;
import org.bufferyard.actors.lease.LeaseTerms;
import org.bufferyard.actors.lease.Mapping;
import org.bufferyard.actors.lease.RefusedException;
import org.bufferyard.allocator.DmaDirection;
import org.jspecify.annotations.Nullable;

/**
 * Leases the buffer of each element, in order. A cached mapping is leased when the element is
 * wanted, without asking anybody. Of the others, what has arrived while a request was under way
 * goes out as one batch; one batch is asked for at a time and one more may be ready, so that at
 * most twice {@code batch} leases are held here, and {@code batch} elements wait to be asked for.
 *
 * <p>Where memory is short the stage waits. It does not wait while it holds leases, which others
 * may be waiting for: a batch that is refused is asked for again one element at a time.
 */
final class MapFlow<T> extends GraphStage<FlowShape<T, Leased<T>>> {
  /** As a lease names it that was never closed. */
  private static final String PLACE = "a mapFlow";

  private final Inlet<T> in = Inlet.create("MapFlow.in");
  private final Outlet<Leased<T>> out = Outlet.create("MapFlow.out");
  private final FlowShape<T, Leased<T>> shape = FlowShape.of(in, out);
  private final Function<? super T, BufferAttachment> attachment;
  private final DmaDirection direction;
  private final int batch;
  private final Consumer<? super T> disposal;

  /**
   * @param disposal of elements that were not pushed when the stage stops
   */
  MapFlow(
      Function<? super T, BufferAttachment> attachment,
      DmaDirection direction,
      int batch,
      Consumer<? super T> disposal) {
    if (batch < 1) {
      throw new IllegalArgumentException("batch must be at least 1, batch=" + batch);
    }
    this.attachment = attachment;
    this.direction = direction;
    this.batch = batch;
    this.disposal = disposal;
  }

  @Override
  public FlowShape<T, Leased<T>> shape() {
    return shape;
  }

  @Override
  public GraphStageLogic createLogic(Attributes attributes) {
    return new Logic();
  }

  private final class Logic extends GraphStageLogic {
    /** Arrived, not asked for yet. */
    private final ArrayDeque<T> waiting = new ArrayDeque<>();

    /** Of the batch that was asked for, in order. */
    private final List<T> asked = new ArrayList<>();

    private final ArrayDeque<Leased<T>> ready = new ArrayDeque<>();
    private final Landing<Heard> landing = new Landing<>(Heard::dispose);
    private @Nullable AsyncCallback<Integer> heard;
    private boolean underWay;

    /** Memory was short: one at a time, holding none, until nothing waits any more. */
    private boolean single;

    Logic() {
      super(shape);
      setHandler(
          in,
          new AbstractInHandler() {
            @Override
            public void onPush() {
              T element = grab(in);
              if (!pushed(element)) {
                waiting.addLast(element);
                serve();
              }
              pullIfRoom();
            }

            @Override
            public void onUpstreamFinish() {
              completeIfDone();
            }
          });
      setHandler(
          out,
          new AbstractOutHandler() {
            @Override
            public void onPull() {
              pushIfReady();
              serve();
              pullIfRoom();
              completeIfDone();
            }
          });
    }

    @Override
    public void preStart() {
      heard = createAsyncCallback(nothing -> onHeard());
      pull(in);
    }

    @Override
    public void postStop() {
      landing.close();
      ready.forEach(Leased::close);
      ready.forEach(leased -> disposal.accept(leased.element()));
      asked.forEach(disposal);
      waiting.forEach(disposal);
    }

    /** What is wanted already, with none before it, goes straight on if it is cached. */
    private boolean pushed(T element) {
      if (underWay || !waiting.isEmpty() || !ready.isEmpty() || !isAvailable(out)) {
        return false;
      }
      Mapping lease = attachment.apply(element).tryMap(direction, PLACE);
      if (lease == null) {
        return false;
      }
      push(out, new Leased<>(element, lease));
      return true;
    }

    /** What is cached is leased when it is wanted, and goes straight on; the rest is asked for. */
    private void serve() {
      if (underWay || waiting.isEmpty() || !ready.isEmpty()) {
        ask();
        return;
      }
      BufferAttachment first = attachment.apply(waiting.getFirst());
      if (isAvailable(out)) {
        Mapping lease = first.tryMap(direction, PLACE);
        if (lease != null) {
          push(out, new Leased<>(waiting.removeFirst(), lease));
          return;
        }
      } else if (first.isCached()) {
        return;
      }
      ask();
    }

    private void pullIfRoom() {
      if (waiting.size() < batch && !hasBeenPulled(in) && !isClosed(in)) {
        pull(in);
      }
    }

    /** One batch is under way at a time, and one more may be ready. */
    private void ask() {
      boolean holding = single ? !ready.isEmpty() : ready.size() >= batch;
      if (underWay || waiting.isEmpty() || holding) {
        return;
      }
      underWay = true;
      int count = single ? 1 : Math.min(batch, waiting.size());
      List<BufferAttachment> attachments = new ArrayList<>(count);
      for (int taken = 0; taken < count; taken++) {
        asked.add(waiting.removeFirst());
        attachments.add(attachment.apply(asked.getLast()));
      }
      HostImporter importer = attachments.getFirst().importer();
      LeaseTerms terms = new LeaseTerms(importer.terms().leaseNanos(), count == 1);
      importer
          .ref()
          .tell(
              new ImporterActor.MapBatch(
                  attachments, direction, terms, new Heard.Reply(PLACE, landing, heard)));
      pullIfRoom();
    }

    private void onHeard() {
      Heard answer = landing.take();
      if (answer == null) {
        return;
      }
      underWay = false;
      if (answer.refusal() == null) {
        for (int at = 0; at < asked.size(); at++) {
          ready.addLast(new Leased<>(asked.get(at), answer.mappings().get(at)));
        }
        single &= !waiting.isEmpty();
      } else if (answer.refusal().errno().temporary() && asked.size() > 1) {
        single = true;
        for (int at = asked.size() - 1; at >= 0; at--) {
          waiting.addFirst(asked.get(at));
        }
      } else {
        failStage(new RefusedException(answer.refusal()));
        return;
      }
      asked.clear();
      pushIfReady();
      serve();
      completeIfDone();
    }

    private void pushIfReady() {
      if (!ready.isEmpty() && isAvailable(out)) {
        push(out, ready.removeFirst());
      }
    }

    private void completeIfDone() {
      if (isClosed(in) && waiting.isEmpty() && !underWay && ready.isEmpty()) {
        completeStage();
      }
    }
  }
}
