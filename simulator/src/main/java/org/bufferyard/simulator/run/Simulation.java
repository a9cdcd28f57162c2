package org.bufferyard.simulator.run;

import akka.actor.typed.ActorSystem;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ArrayBlockingQueue;
import org.bufferyard.actors.environment.ModelClock;
import org.bufferyard.simulator.result.RunResult;
import org.bufferyard.testkit.NamedRandom;
import org.bufferyard.testkit.Settings;

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
    Watched.Plan plan =
        Watched.Plan.of(request, Director.Scale.FULL, STEPS_MAX, Settings.seed(request.seed()));
    long startNanos = request.wallNanos().getAsLong();
    Watched run = Watched.run(plan, ground, progress);
    return run.result(request.wallNanos().getAsLong() - startNanos);
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
            Director.Mishaps.NONE,
            Director.Scale.FULL,
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

  private Simulation() {}
}
