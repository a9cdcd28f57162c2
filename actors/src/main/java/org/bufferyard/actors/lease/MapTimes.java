package org.bufferyard.actors.lease;

import akka.actor.typed.ActorRef;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.bufferyard.actors.environment.ModelClock;
import org.bufferyard.allocator.Refusal;
import org.jspecify.annotations.Nullable;

/**
 * How long a yard's maps take that are not of a cached mapping: from when the importer takes the
 * request up until its lease or refusal. Nothing is measured, and nothing allocated, while nobody
 * listens; leases of cached mappings never are. Thread-safe.
 */
public final class MapTimes {
  /** Hears of each such map, on the thread of its importer: neither blocks nor throws. */
  @FunctionalInterface
  public interface Listener {
    /**
     * A map is over.
     *
     * @param mapped false: it was refused
     */
    void answered(long nanos, boolean mapped);
  }

  private final ModelClock clock;
  private final AtomicReference<List<Listener>> listeners = new AtomicReference<>(List.of());

  /** Nobody listens yet. */
  public MapTimes(ModelClock clock) {
    this.clock = clock;
  }

  /** From now on, for as long as the yard is. */
  public void listen(Listener listener) {
    listeners.updateAndGet(
        before -> {
          List<Listener> all = new ArrayList<>(before);
          all.add(listener);
          return List.copyOf(all);
        });
  }

  /** The answer itself, or one that tells how long it was waited for. */
  Answer<Mapping> timed(Answer<Mapping> answer) {
    List<Listener> ears = listeners.get();
    return ears.isEmpty() ? answer : new Timed(answer, ears, clock, clock.nowNanos());
  }

  private record Timed(
      Answer<Mapping> answer, List<Listener> ears, ModelClock clock, long sinceNanos)
      implements Answer<Mapping> {
    @Override
    public void done(Mapping lease) {
      tell(true);
      answer.done(lease);
    }

    @Override
    public void refused(Refusal refusal) {
      tell(false);
      answer.refused(refusal);
    }

    private void tell(boolean mapped) {
      long nanos = clock.nowNanos() - sinceNanos;
      ears.forEach(ear -> ear.answered(nanos, mapped));
    }

    @Override
    public @Nullable ActorRef<?> owner() {
      return answer.owner();
    }

    @Override
    public Object place() {
      return answer.place();
    }
  }
}
