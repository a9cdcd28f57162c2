package org.bufferyard.actors.migration;

import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import java.util.ArrayDeque;
import java.util.Optional;
import org.bufferyard.actors.environment.Environment;
import org.bufferyard.actors.environment.Topology.LinkPlace;
import org.bufferyard.actors.memory.TierFailure;
import org.bufferyard.actors.protocol.Link;
import org.bufferyard.actors.protocol.Migration;
import org.bufferyard.allocator.Pages;
import org.bufferyard.allocator.Refusal;

/**
 * One link between two regions: carries copies at its bandwidth, in order of arrival. A copy
 * proceeds in chunks as its time passes, so that whoever touches the pages meanwhile is found out.
 * Bounded by the moves that migration has in flight.
 */
public final class LinkActor {
  /** 1 MiB: small enough that a copy takes its time, large enough that ticks do not dominate. */
  private static final long CHUNK_PAGES = 256;

  private static final double NANOS_PER_SECOND = 1e9;

  public static Behavior<Link.Command> create(
      Environment environment, String name, LinkPlace place) {
    return Behaviors.setup(context -> new LinkActor(context, environment, name, place).serving());
  }

  private final ActorContext<Link.Command> context;
  private final Environment environment;
  private final String name;
  private final LinkPlace place;
  private final ArrayDeque<Link.Copy> queue = new ArrayDeque<>();
  private ExtentCopy running = ExtentCopy.NOTHING;

  /** When the running copy's next chunk has arrived. */
  private long dueNanos;

  private LinkActor(
      ActorContext<Link.Command> context, Environment environment, String name, LinkPlace place) {
    this.context = context;
    this.environment = environment;
    this.name = name;
    this.place = place;
  }

  private Behavior<Link.Command> serving() {
    return Behaviors.receiveMessage(
        command -> {
          switch (command) {
            case Link.Copy copy -> onCopy(copy);
            case Link.Tick tick -> advance();
          }
          return Behaviors.same();
        });
  }

  private void onCopy(Link.Copy copy) {
    queue.addLast(copy);
    if (queue.size() == 1) {
      dueNanos = environment.clock().nowNanos();
      start();
      advance();
    }
  }

  /** The head of the queue begins; its first chunk is due after the latency. */
  private void start() {
    Link.Copy copy = queue.getFirst();
    running = copy.copies() ? new ExtentCopy(copy.from(), copy.to()) : ExtentCopy.NOTHING;
    dueNanos += place.latencyNanos() + chunkNanos();
  }

  /** Does all that is due; then waits for what is not. */
  private void advance() {
    long now = environment.clock().nowNanos();
    while (!queue.isEmpty() && dueNanos <= now) {
      Optional<Refusal> failure = copyChunk();
      if (failure.isPresent() || running.remainingPages() == 0) {
        finish(failure);
      } else {
        dueNanos += chunkNanos();
      }
    }
    if (!queue.isEmpty()) {
      context.scheduleOnce(
          environment.clock().toScheduler(dueNanos - now), context.getSelf(), new Link.Tick());
    }
  }

  /** Empty, or why a slow tier could not take or give the pages. */
  private Optional<Refusal> copyChunk() {
    try {
      running.advance(environment.memory(), CHUNK_PAGES);
      return Optional.empty();
    } catch (TierFailure failure) {
      return Optional.of(failure.refusal());
    }
  }

  private void finish(Optional<Refusal> failure) {
    Link.Copy copy = queue.removeFirst();
    Optional<Refusal> fault =
        failure.or(
            () ->
                copy.byCpu()
                    ? Optional.empty()
                    : environment.faults().failCopy(copy.buffer(), name));
    copy.replyTo()
        .tell(
            fault.isPresent()
                ? new Migration.CopyFailed(copy.move(), fault.get())
                : new Migration.Copied(copy.move()));
    if (!queue.isEmpty()) {
      start();
    }
  }

  private long chunkNanos() {
    long bytes = Pages.toBytes(Math.min(CHUNK_PAGES, running.remainingPages()));
    return environment
        .faults()
        .copyNanos(name, (long) (bytes * NANOS_PER_SECOND / place.bytesPerSecond()));
  }
}
