package org.bufferyard.actors.sanitizer;

import akka.actor.ActorPath;
import akka.actor.typed.ActorRef;
import akka.actor.typed.javadsl.Adapter;
import org.bufferyard.actors.environment.ModelClock;
import org.bufferyard.actors.environment.Tap;
import org.bufferyard.actors.protocol.Buffer;
import org.bufferyard.actors.protocol.BufferId;
import org.bufferyard.actors.protocol.Handle;
import org.jspecify.annotations.Nullable;

/**
 * Tells a sampler what the watched buffers do. Each buffer numbers what it tells, on its own
 * thread, so that the sampler sees what was lost on a full queue: no lock, no shared counter.
 */
public final class SampledTap implements Tap {
  private final Sampling sampling;
  private final ModelClock clock;
  private final ActorRef<Sampler.Command> sampler;

  public SampledTap(Sampling sampling, ModelClock clock, ActorRef<Sampler.Command> sampler) {
    this.sampling = sampling;
    this.clock = clock;
    this.sampler = sampler;
  }

  @Override
  public @Nullable Line line(BufferId buffer) {
    return sampling.picks(buffer) ? new Numbered(buffer) : null;
  }

  private final class Numbered implements Line {
    private final BufferId buffer;
    private long told;

    Numbered(BufferId buffer) {
      this.buffer = buffer;
    }

    @Override
    public void made(ActorRef<Buffer.Command> self, Handle first, long pages) {
      sampler.tell(new Sampler.Made(buffer, ++told, path(self), first, pages));
    }

    @Override
    public void handles(Buffer.Command command) {
      sampler.tell(new Sampler.Handles(buffer, ++told, clock.nowNanos(), command));
    }

    @Override
    public void tells(ActorRef<?> to, Object message) {
      sampler.tell(new Sampler.Tells(buffer, ++told, clock.nowNanos(), path(to), message));
    }
  }

  private static ActorPath path(ActorRef<?> ref) {
    return Adapter.toClassic(ref).path();
  }
}
