package org.bufferyard.testkit.junit;

import java.lang.reflect.Method;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.bufferyard.testkit.Settings;
import org.junit.jupiter.api.extension.Extension;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.jupiter.api.extension.TestExecutionExceptionHandler;
import org.junit.jupiter.api.extension.TestTemplateInvocationContext;
import org.junit.jupiter.api.extension.TestTemplateInvocationContextProvider;
import org.opentest4j.TestAbortedException;

/** Turns a {@link Seeded} method into one invocation per seed. */
final class SeededExtension implements TestTemplateInvocationContextProvider {
  static final String SEED = "bufferyard.seed";
  static final String SEEDS = "bufferyard.seeds";

  @Override
  public boolean supportsTestTemplate(ExtensionContext context) {
    return true;
  }

  @Override
  public Stream<TestTemplateInvocationContext> provideTestTemplateInvocationContexts(
      ExtensionContext context) {
    Seeded seeded = context.getRequiredTestMethod().getAnnotation(Seeded.class);
    String seed = System.getProperty(SEED);
    if (seed != null) {
      return Stream.of(new Invocation(new SeededRun(number(SEED, seed), 0, 1)));
    }
    String seeds = System.getProperty(SEEDS);
    int runs = seeds == null ? seeded.runs() : Math.toIntExact(number(SEEDS, seeds));
    if (runs < 1) {
      throw new IllegalArgumentException("runs must be positive, was " + runs);
    }
    RandomGenerator random = Settings.seed(seeded.base()).random("seeds");
    return IntStream.range(0, runs)
        .mapToObj(index -> new Invocation(new SeededRun(seed(random), index, runs)));
  }

  /** Non-negative, so that it can be typed without thought for the sign. */
  private static long seed(RandomGenerator random) {
    return random.nextLong() >>> 1;
  }

  private static long number(String property, String text) {
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException notANumber) {
      throw new IllegalArgumentException(
          "-D%s must be a whole number, was \"%s\"".formatted(property, text), notANumber);
    }
  }

  private record Invocation(SeededRun run) implements TestTemplateInvocationContext {
    @Override
    public String getDisplayName(int invocationIndex) {
      return "seed " + run.seed();
    }

    @Override
    public List<Extension> getAdditionalExtensions() {
      return List.of(new RunParameter(run), new Replay(run));
    }
  }

  private record RunParameter(SeededRun run) implements ParameterResolver {
    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
      Class<?> type = parameter.getParameter().getType();
      return type == long.class || type == SeededRun.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
      return parameter.getParameter().getType() == long.class ? run.seed() : run;
    }
  }

  private record Replay(SeededRun run) implements TestExecutionExceptionHandler {
    @Override
    public void handleTestExecutionException(ExtensionContext context, Throwable failure)
        throws Throwable {
      if (failure instanceof TestAbortedException) {
        throw failure;
      }
      Method method = context.getRequiredTestMethod();
      throw new AssertionError(
          "%s%nseed %d (run %d of %d); replay with%n  %s"
              .formatted(
                  failure,
                  run.seed(),
                  run.index() + 1,
                  run.count(),
                  ReplayCommand.of(context.getRequiredTestClass(), method, run.seed())),
          failure);
    }
  }
}
