package org.bufferyard.testkit;

import akka.actor.BootstrapSetup;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.Adapter;
import com.typesafe.config.Config;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import scala.concurrent.BlockContext;
import scala.concurrent.Future;

/**
 * An actor system that runs on the caller's thread only when told to, in an order decided by a
 * seed, on virtual time.
 *
 * <p>Actors, streams, timers, asks, supervision and the receptionist are Akka's own and unmodified;
 * what is replaced is the dispatcher and the scheduler. One <em>step</em> lets one actor handle one
 * message, or runs one callback, or, when nothing is ready, moves the clock to the next timer. For
 * equal code, settings and Akka version the whole run is equal, in any JVM: {@link #eventHash}
 * proves it.
 *
 * <p>Owned by the thread that created it, which may own several; the test may tell between steps.
 * The JVM needs {@code --add-opens=java.base/java.lang=ALL-UNNAMED}. Outside its control are {@code
 * System.nanoTime} (some stream stages: throttle, idleTimeout), iteration of hash sets keyed by
 * identity, and CompletionStage callbacks, which the JDK runs on other threads and which are
 * refused here with {@link ForeignThreadException}.
 *
 * @param <T> what the guardian actor receives
 */
public final class DeterministicSystem<T> implements AutoCloseable {
  private static final long CLOSE_STEPS_MAX = 50_000_000;

  private final Settings settings;
  private final StepLoop loop;
  private final ThreadRandom threadRandom;
  private final Config identity;
  private final ActorSystem<T> system;
  private final Map<String, RandomGenerator> streams = new LinkedHashMap<>();
  private boolean closed;

  private DeterministicSystem(Behavior<T> guardian, String name, Settings settings) {
    this.settings = settings;
    this.threadRandom = new ThreadRandom(SplitMix64.of(settings.seed(), "akka").nextLong());
    this.loop = new StepLoop(settings);
    this.identity = SimRegistry.register(loop);
    this.system = start(guardian, name);
  }

  /**
   * Starts a system and leaves its guardian ready for the first step.
   *
   * @throws IllegalStateException if the JVM option is missing (the text names it), or on a virtual
   *     thread
   */
  public static <T> DeterministicSystem<T> create(
      Behavior<T> guardian, String name, Settings settings) {
    return new DeterministicSystem<>(guardian, name, settings);
  }

  private ActorSystem<T> start(Behavior<T> guardian, String name) {
    SimClassLoader loader = SimClassLoader.current();
    Config config = SimConfig.of(loader, settings.config(), identity);
    BootstrapSetup setup =
        BootstrapSetup.create(Optional.of(loader), Optional.of(config), Optional.of(loop));
    return inside(
        () -> {
          ActorSystem<T> started = ActorSystem.create(guardian, name, setup);
          IncidentListener.start(Adapter.toClassic(started), loop);
          return started;
        });
  }

  /** The actor system, for telling, spawning, asking and materializing between steps. */
  public ActorSystem<T> system() {
    return system;
  }

  public Settings settings() {
    return settings;
  }

  /** Virtual time in nanoseconds since the system was created. */
  public long nowNanos() {
    return loop.nowNanos();
  }

  /**
   * Runs one step, moving the clock if that is all there is to do.
   *
   * @return false if nothing is ready and no timer is set
   */
  public boolean step() {
    return inside(() -> loop.step(Long.MAX_VALUE));
  }

  /**
   * Runs until nothing is ready at the present instant; the clock does not move.
   *
   * @return the steps taken, at most {@code stepsMax}: equal to it if the system may not be idle
   */
  public long runUntilIdle(long stepsMax) {
    return inside(() -> loop.runReady(stepsMax));
  }

  /** Runs all that happens within a span of virtual time and leaves the clock at its end. */
  public void runFor(Duration virtual) {
    long endNanos = Math.addExact(nowNanos(), virtual.toNanos());
    inside(
        () -> {
          loop.runUntil(() -> false, Long.MAX_VALUE, endNanos);
          loop.moveClockTo(endNanos);
          return endNanos;
        });
  }

  /**
   * Runs, moving the clock whenever nothing is ready, until the condition holds.
   *
   * @return whether it holds; false after {@code stepsMax} steps or when nothing is left to do
   */
  public boolean run(BooleanSupplier until, long stepsMax) {
    return inside(() -> loop.runUntil(until, stepsMax, Long.MAX_VALUE));
  }

  /**
   * Calls code as if it were a part of this system: it draws from the system's randomness, and what
   * it blocks on with Scala's Await is run meanwhile. Spawning and materializing from outside an
   * actor belong in here; telling needs no such call.
   */
  public <R> R inside(Supplier<R> code) {
    loop.checkOwner();
    return threadRandom.during(() -> BlockContext.withBlockContext(loop, code::get));
  }

  /** Steps run since the system was created, its own start included. */
  public long steps() {
    return loop.trace().steps();
  }

  /**
   * A 64-bit hash over all steps so far: for each the actor's path, or the kind of callback, and
   * the virtual time. Equal in every JVM for equal runs.
   */
  public long eventHash() {
    return loop.trace().hash();
  }

  /**
   * The state of the actors as named hashes: one part for each actor, and one for each field of
   * each class of actors, with the messages that wait in mailboxes. Equal in every JVM for equal
   * runs of equal code; where two digests differ, the parts that do say in which actors and which
   * fields. Nothing is sent, run or changed.
   *
   * @param opaque classes not to be looked into: what the actors share, and what is of the world
   *     outside, such as clocks of the wall
   * @param more further objects, by the name of their part
   */
  public SortedMap<String, Long> stateDigest(List<Class<?>> opaque, Map<String, Object> more) {
    return inside(() -> StateDigest.of(system, opaque, more));
  }

  /** The last steps, oldest first, one line each: number, virtual time, actor or callback. */
  public List<String> recentSteps() {
    return loop.trace().recent();
  }

  /** Messages to actors that do not exist or had stopped, and those dropped by a full queue. */
  public Samples<Letter> deadLetters() {
    return loop.incidents().deadLetters();
  }

  /** Messages that their actor answered with {@code unhandled}. */
  public Samples<Letter> unhandled() {
    return loop.incidents().unhandled();
  }

  /** Exceptions that stopped an actor, or that a callback threw. */
  public Samples<Failure> failures() {
    return loop.incidents().failures();
  }

  /** Tasks from other threads; always 0 unless the settings allow them. */
  public long foreignTasks() {
    return loop.trace().foreignTasks();
  }

  /**
   * The random stream of this name: the same object on each call, derived from the seed and the
   * name alone, so that draws from one stream never shift another.
   */
  public RandomGenerator random(String streamName) {
    return streams.computeIfAbsent(streamName, settings::random);
  }

  /**
   * Terminates the system and runs it to its end.
   *
   * @throws IllegalStateException if it does not end, or if a foreign thread was refused since the
   *     last step
   */
  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    try {
      ForeignThreads.awaitCommonPool();
      boolean ended = inside(this::terminate);
      if (!ended) {
        throw new IllegalStateException("did not terminate; the last steps: " + recentSteps());
      }
      loop.throwIfRefused();
    } finally {
      SimRegistry.remove(identity);
    }
  }

  private boolean terminate() {
    Future<?> terminated = Adapter.toClassic(system).whenTerminated();
    system.terminate();
    return loop.runUntil(terminated::isCompleted, CLOSE_STEPS_MAX, Long.MAX_VALUE);
  }
}
