package org.bufferyard.simulator.run;

import akka.actor.typed.ActorSystem;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.function.Consumer;
import java.util.function.Function;
import org.bufferyard.actors.environment.ModelClock;
import org.bufferyard.actors.inspect.Inspection;
import org.bufferyard.simulator.dump.Dump;
import org.bufferyard.simulator.dump.DumpMaker;
import org.bufferyard.simulator.result.RunResult;
import org.bufferyard.simulator.workload.ClientScript;
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
    return run(request, progress, null);
  }

  /**
   * The same, with a dump at a moment. A deterministic run is not disturbed: it is run up to that
   * moment before, all that is due then is handled, and nothing else happens while it is looked at.
   * On Akka's dispatchers the run goes on meanwhile, and the dump is no consistent cut.
   *
   * @param dump null for none
   */
  public static RunResult run(RunRequest request, ProgressListener progress, @Nullable DumpAt dump)
      throws IOException {
    if (dump != null && request.deterministic()) {
      onGround(request, ground -> dump(request, ground, progress, dump));
    }
    return onGround(
        request,
        ground ->
            request.deterministic()
                ? finished(deterministic(request, ground, progress, null))
                : real(request, ground, progress, dump));
  }

  /**
   * A deterministic run that is looked at once on its way.
   *
   * @return null if the checkpoint ended it
   */
  public static @Nullable RunResult checkpointed(
      RunRequest request, ProgressListener progress, Checkpoint checkpoint) throws IOException {
    return onGround(
            request,
            ground -> Optional.ofNullable(deterministic(request, ground, progress, checkpoint)))
        .orElse(null);
  }

  /**
   * When a run is dumped.
   *
   * @param to hears of the dump, once; not at all if the run ends before
   */
  public record DumpAt(long atNanos, Consumer<Dump> to) {}

  private static <T> T onGround(RunRequest request, Function<Ground, T> work) throws IOException {
    Path swapDirectory = Files.createTempDirectory("bufferyard");
    try (Ground ground = Ground.lay(request.scenario(), swapDirectory)) {
      return work.apply(ground);
    } finally {
      Files.deleteIfExists(swapDirectory);
    }
  }

  private static Director.Brief brief(
      RunRequest request,
      Ground ground,
      ModelClock clock,
      ProgressListener progress,
      Consumer<Ending> ending) {
    return new Director.Brief(
        request.scenario(),
        request.workload(),
        ground,
        clock,
        name -> NamedRandom.stream(request.seed(), name),
        Director.Mishaps.NONE,
        Scale.FULL,
        progress,
        ending,
        request.watching(),
        request.sampling());
  }

  /** Once nothing is due at that instant, questions and answers are all that goes on. */
  private static boolean dump(
      RunRequest request, Ground ground, ProgressListener progress, DumpAt dump) {
    VirtualClock clock = new VirtualClock();
    Ending[] ending = new Ending[1];
    Director.Brief brief = brief(request, ground, clock, progress, end -> ending[0] = end);
    try (var system =
        DeterministicSystem.create(
            Director.create(brief), "bufferyard", Settings.seed(request.seed()))) {
      clock.follow(system::nowNanos);
      system.runFor(Duration.ofNanos(dump.atNanos()));
      if (ending[0] != null) {
        return false;
      }
      system.system().tell(new Direction.Inspect(report(request, ground, dump)));
      system.runUntilIdle(STEPS_MAX);
      return true;
    }
  }

  private static Consumer<Inspection.Report> report(
      RunRequest request, Ground ground, DumpAt dump) {
    DumpMaker maker =
        new DumpMaker(
            request.scenario().name(),
            request.scenario().policy(),
            request.seed(),
            ground.topology,
            request.workload().clients().stream().map(ClientScript::client).toList(),
            request.deterministic());
    return report -> dump.to().accept(maker.make(report, dump.atNanos()));
  }

  private static @Nullable RunResult deterministic(
      RunRequest request,
      Ground ground,
      ProgressListener progress,
      @Nullable Checkpoint checkpoint) {
    Watched.Plan plan =
        Watched.Plan.of(request, Scale.FULL, STEPS_MAX, Settings.seed(request.seed()));
    long startNanos = request.wallNanos().getAsLong();
    Watched run = Watched.run(plan, ground, progress, checkpoint);
    return run.cut() ? null : run.result(request.wallNanos().getAsLong() - startNanos);
  }

  private static RunResult finished(@Nullable RunResult result) {
    if (result == null) {
      throw new IllegalStateException("nobody was there to end it");
    }
    return result;
  }

  private static RunResult real(
      RunRequest request, Ground ground, ProgressListener progress, @Nullable DumpAt dump) {
    ArrayBlockingQueue<Ending> ending = new ArrayBlockingQueue<>(1);
    long startNanos = request.wallNanos().getAsLong();
    ModelClock clock = ModelClock.scaled(request.wallNanos(), request.speed());
    Director.Brief brief = brief(request, ground, clock, progress, ending::add);
    ActorSystem<Direction.Command> system =
        ActorSystem.create(Director.create(brief), "bufferyard", config());
    if (dump != null) {
      system
          .scheduler()
          .scheduleOnce(
              clock.toScheduler(dump.atNanos()),
              () -> system.tell(new Direction.Inspect(report(request, ground, dump))),
              system.executionContext());
    }
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
