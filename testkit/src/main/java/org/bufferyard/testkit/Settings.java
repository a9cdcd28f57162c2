package org.bufferyard.testkit;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.util.random.RandomGenerator;

/**
 * What a deterministic run depends on, besides the code it runs.
 *
 * @param seed decides the order of tasks, Akka's own randomness and every named random stream
 * @param strategy how the next task is picked
 * @param config laid over the application's own; the keys that determinism needs (dispatchers,
 *     scheduler, loggers) win over it
 * @param foreignTasksRefused whether a task from another thread is an error (the default). Without
 *     it such tasks are taken and counted, and the run can no longer be replayed
 * @param stepsPerInstantMax the run is a livelock after this many steps without the clock moving
 * @param observer sees steps and messages
 * @param courier carries messages; an honest one for all but tests of what follows if not
 */
public record Settings(
    long seed,
    Strategy strategy,
    Config config,
    boolean foreignTasksRefused,
    long stepsPerInstantMax,
    Observer observer,
    Courier courier) {

  /** Steps at one instant of virtual time after which a run is taken to be a livelock. */
  public static final long STEPS_PER_INSTANT_MAX = 100_000_000;

  static final Observer NOBODY = new Observer() {};

  public Settings {
    if (stepsPerInstantMax < 1) {
      throw new IllegalArgumentException(
          "stepsPerInstantMax must be positive, was " + stepsPerInstantMax);
    }
  }

  /** Uniform picking, strict about foreign threads. */
  public static Settings seed(long seed) {
    return new Settings(
        seed,
        Strategy.uniform(),
        ConfigFactory.empty(),
        true,
        STEPS_PER_INSTANT_MAX,
        NOBODY,
        Courier.HONEST);
  }

  public Settings withStrategy(Strategy other) {
    return new Settings(
        seed, other, config, foreignTasksRefused, stepsPerInstantMax, observer, courier);
  }

  public Settings withConfig(Config other) {
    return new Settings(
        seed, strategy, other, foreignTasksRefused, stepsPerInstantMax, observer, courier);
  }

  public Settings withForeignTasksRefused(boolean refused) {
    return new Settings(seed, strategy, config, refused, stepsPerInstantMax, observer, courier);
  }

  public Settings withStepsPerInstantMax(long stepsMax) {
    return new Settings(seed, strategy, config, foreignTasksRefused, stepsMax, observer, courier);
  }

  public Settings withObserver(Observer other) {
    return new Settings(
        seed, strategy, config, foreignTasksRefused, stepsPerInstantMax, other, courier);
  }

  public Settings withCourier(Courier other) {
    return new Settings(
        seed, strategy, config, foreignTasksRefused, stepsPerInstantMax, observer, other);
  }

  /**
   * A random stream derived from the seed and the name alone, so that draws from one never shift
   * another; a new one, from its beginning, on each call.
   */
  public RandomGenerator random(String streamName) {
    return SplitMix64.of(seed, "@" + streamName);
  }
}
