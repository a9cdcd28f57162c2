package org.bufferyard.simulator.run;

import akka.actor.typed.ActorSystem;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.function.LongSupplier;
import org.bufferyard.actors.environment.Faults;
import org.bufferyard.actors.environment.ModelClock;
import org.bufferyard.simulator.result.RunResult;
import org.bufferyard.testkit.DeterministicSystem;
import org.bufferyard.testkit.NamedRandom;
import org.bufferyard.testkit.Settings;
import org.jspecify.annotations.Nullable;

/** Runs a scenario: the same actors on the deterministic system or on Akka's dispatchers. */
public final class Simulation {
  /** The clients' incarnation: a run's clients are never restarted. */
  static final long EPOCH = 1;

  private static final long STEPS_MAX = 4_000_000_000L;

  /**
   * Runs to the end and gives the result.
   *
   * @throws IOException the swap file cannot be made
   */
  public static RunResult run(RunRequest request, ProgressListener progress) throws IOException {
    Path swapDirectory = Files.createTempDirectory("bufferyard");
    try (Ground ground = Ground.lay(request.scenario(), swapDirectory)) {
      return request.deterministic()
          ? deterministic(request, ground, progress)
          : real(request, ground, progress);
    } finally {
      Files.deleteIfExists(swapDirectory);
    }
  }

  private static RunResult deterministic(
      RunRequest request, Ground ground, ProgressListener progress) {
    VirtualClock clock = new VirtualClock();
    Ending[] ending = new Ending[1];
    Director.Brief brief =
        new Director.Brief(
            request.scenario(),
            request.workload(),
            ground,
            clock,
            name -> NamedRandom.stream(request.seed(), name),
            Faults.NONE,
            progress,
            end -> ending[0] = end);
    long startNanos = request.wallNanos().getAsLong();
    try (var system =
        DeterministicSystem.create(
            Director.create(brief), "bufferyard", Settings.seed(request.seed()))) {
      clock.follow(system::nowNanos);
      system.run(() -> ending[0] != null, STEPS_MAX);
      ResultMaker maker = new ResultMaker(request, ground.topology, ending[0]);
      return maker.deterministic(
          system.steps(),
          system.eventHash(),
          request.wallNanos().getAsLong() - startNanos,
          system.failures().count());
    }
  }

  private static RunResult real(RunRequest request, Ground ground, ProgressListener progress) {
    ArrayBlockingQueue<Ending> ending = new ArrayBlockingQueue<>(1);
    long startNanos = request.wallNanos().getAsLong();
    Director.Brief brief =
        new Director.Brief(
            request.scenario(),
            request.workload(),
            ground,
            ModelClock.scaled(request.wallNanos(), request.speed()),
            name -> NamedRandom.stream(request.seed(), name),
            Faults.NONE,
            progress,
            ending::add);
    ActorSystem<Direction.Command> system =
        ActorSystem.create(Director.create(brief), "bufferyard", config());
    try {
      Ending end = ending.take();
      long wallNanos = request.wallNanos().getAsLong() - startNanos;
      return new ResultMaker(request, ground.topology, end).real(wallNanos);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while the run was under way", e);
    } finally {
      system.terminate();
      system.getWhenTerminated().toCompletableFuture().join();
    }
  }

  /** As many threads as cores, large batches, a fine scheduler, no logging. */
  private static Config config() {
    return ConfigFactory.parseString(
            """
            akka {
              loglevel = OFF
              stdout-loglevel = OFF
              log-dead-letters = off
              jvm-shutdown-hooks = off
              coordinated-shutdown.run-by-jvm-shutdown-hook = off
              scheduler.tick-duration = 1 ms
              actor.default-dispatcher {
                throughput = 64
                fork-join-executor {
                  parallelism-min = 2
                  parallelism-factor = 1.0
                }
              }
            }
            """)
        .withFallback(ConfigFactory.load());
  }

  /** Reads the deterministic system's time, which exists only once the system does. */
  private static final class VirtualClock implements ModelClock {
    private @Nullable LongSupplier source;

    void follow(LongSupplier nanos) {
      source = nanos;
    }

    @Override
    public long nowNanos() {
      LongSupplier nanos = source;
      return nanos == null ? 0 : nanos.getAsLong();
    }

    @Override
    public Duration toScheduler(long modelNanos) {
      return Duration.ofNanos(modelNanos);
    }
  }

  private Simulation() {}
}
