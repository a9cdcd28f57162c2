package org.bufferyard.actors.streams;

import akka.NotUsed;
import akka.stream.Attributes;
import akka.stream.Inlet;
import akka.stream.Outlet;
import akka.stream.SinkShape;
import akka.stream.SourceShape;
import akka.stream.javadsl.Sink;
import akka.stream.javadsl.Source;
import akka.stream.stage.AbstractInHandler;
import akka.stream.stage.AbstractOutHandler;
import akka.stream.stage.AsyncCallback;
import akka.stream.stage.GraphStage;
import akka.stream.stage.GraphStageLogic;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * Hands elements from one stream to another, in order, without a copy: a sink and a source, each
 * run once. At most {@code capacity} elements are between them. When the second stream is cancelled
 * or fails, the first one is cancelled; when the first fails, so does the second; what is between
 * them then is closed.
 */
public final class HandOver<T extends AutoCloseable> {
  private final int capacity;

  // Guarded by this: both streams' threads come here.
  private final ArrayDeque<T> between = new ArrayDeque<>();
  private @Nullable AsyncCallback<Integer> giver;
  private @Nullable AsyncCallback<Integer> taker;
  private boolean ended;
  private boolean cancelled;
  private @Nullable Throwable failure;

  /**
   * @param capacity at least 1
   */
  public HandOver(int capacity) {
    if (capacity < 1) {
      throw new IllegalArgumentException("capacity must be at least 1, capacity=" + capacity);
    }
    this.capacity = capacity;
  }

  public Sink<T, NotUsed> sink() {
    return Sink.fromGraph(new Giving());
  }

  public Source<T, NotUsed> source() {
    return Source.fromGraph(new Taking());
  }

  /** False: that side runs already, or has. */
  private synchronized boolean join(boolean gives, AsyncCallback<Integer> callback) {
    if ((gives ? giver : taker) != null) {
      return false;
    }
    if (gives) {
      giver = callback;
    } else {
      taker = callback;
    }
    return true;
  }

  private static IllegalStateException twice() {
    return new IllegalStateException("each side of a hand-over runs once");
  }

  private static void wake(@Nullable AsyncCallback<Integer> side) {
    if (side != null) {
      side.invoke(0);
    }
  }

  /** Whether there is room for another; the taker is told of this one. */
  private synchronized boolean give(T element) {
    if (cancelled) {
      close(element);
      return false;
    }
    between.addLast(element);
    wake(taker);
    return between.size() < capacity;
  }

  private synchronized boolean hasRoom() {
    return !cancelled && between.size() < capacity;
  }

  private synchronized boolean isCancelled() {
    return cancelled;
  }

  private synchronized @Nullable T take() {
    T element = between.pollFirst();
    if (element != null) {
      wake(giver);
    }
    return element;
  }

  private synchronized void end(@Nullable Throwable why) {
    ended = true;
    if (why != null) {
      failure = why;
      drop();
    }
    wake(taker);
  }

  private synchronized boolean isEnded() {
    return ended && between.isEmpty();
  }

  private synchronized @Nullable Throwable failure() {
    return failure;
  }

  private synchronized void refuseMore() {
    cancelled = true;
    drop();
    wake(giver);
  }

  private void drop() {
    between.forEach(HandOver::close);
    between.clear();
  }

  private static void close(AutoCloseable element) {
    try {
      element.close();
    } catch (Exception e) {
      throw new IllegalStateException("an element does not close", e);
    }
  }

  private final class Giving extends GraphStage<SinkShape<T>> {
    private final Inlet<T> in = Inlet.create("HandOver.in");
    private final SinkShape<T> shape = SinkShape.of(in);

    @Override
    public SinkShape<T> shape() {
      return shape;
    }

    @Override
    public GraphStageLogic createLogic(Attributes attributes) {
      return new GraphStageLogic(shape) {
        private boolean told;

        {
          setHandler(
              in,
              new AbstractInHandler() {
                @Override
                public void onPush() {
                  if (give(grab(in))) {
                    pull(in);
                  }
                }

                @Override
                public void onUpstreamFinish() {
                  told = true;
                  end(null);
                  completeStage();
                }

                @Override
                public void onUpstreamFailure(Throwable failure) {
                  told = true;
                  end(failure);
                  completeStage();
                }
              });
        }

        @Override
        public void preStart() {
          if (join(true, createAsyncCallback(nothing -> onRoom()))) {
            pull(in);
          } else {
            told = true;
            failStage(twice());
          }
        }

        private void onRoom() {
          if (isCancelled()) {
            completeStage();
          } else if (hasRoom() && !hasBeenPulled(in) && !isClosed(in)) {
            pull(in);
          }
        }

        @Override
        public void postStop() {
          if (!told) {
            end(new IllegalStateException("the first stream of a hand-over was stopped"));
          }
        }
      };
    }
  }

  private final class Taking extends GraphStage<SourceShape<T>> {
    private final Outlet<T> out = Outlet.create("HandOver.out");
    private final SourceShape<T> shape = SourceShape.of(out);

    @Override
    public SourceShape<T> shape() {
      return shape;
    }

    @Override
    public GraphStageLogic createLogic(Attributes attributes) {
      return new GraphStageLogic(shape) {
        private boolean joined;

        {
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
          joined = join(false, createAsyncCallback(nothing -> advance()));
          if (!joined) {
            failStage(twice());
          }
        }

        private void advance() {
          Throwable why = failure();
          if (why != null) {
            failStage(why);
            return;
          }
          T next = isAvailable(out) ? take() : null;
          if (next != null) {
            push(out, next);
          }
          if (isEnded()) {
            completeStage();
          }
        }

        @Override
        public void postStop() {
          if (joined) {
            refuseMore();
          }
        }
      };
    }
  }
}
