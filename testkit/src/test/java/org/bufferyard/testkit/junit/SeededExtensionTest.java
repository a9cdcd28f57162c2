package org.bufferyard.testkit.junit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.testkit.engine.EngineExecutionResults;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.Event;

/** Runs small test classes by JUnit's own engine and looks at what it reports. */
@ResourceLock("system properties")
class SeededExtensionTest {
  private static final List<Long> SEEDS = new ArrayList<>();

  /** Has no Test in its name, so that the build does not run it by itself. */
  static class Sample {
    @Seeded(runs = 20)
    void passes(long seed) {
      SEEDS.add(seed);
    }

    @Seeded(runs = 5)
    void failsOnThird(SeededRun run) {
      assertThat(run.random("x").nextLong()).isEqualTo(run.random("x").nextLong());
      assertThat(run.index()).as("index").isNotEqualTo(2);
    }
  }

  @AfterEach
  void forget() {
    SEEDS.clear();
    System.clearProperty(SeededExtension.SEED);
    System.clearProperty(SeededExtension.SEEDS);
  }

  private static EngineExecutionResults execute() {
    return EngineTestKit.engine("junit-jupiter").selectors(selectClass(Sample.class)).execute();
  }

  @Test
  void runs_noProperty_sameDistinctSeedsEveryTime() {
    execute();
    List<Long> first = List.copyOf(SEEDS);
    SEEDS.clear();
    execute();

    assertThat(SEEDS).isEqualTo(first);
    assertThat(new LinkedHashSet<>(first)).hasSize(20);
  }

  @Test
  void runs_seedProperty_onlyThatSeed() {
    System.setProperty(SeededExtension.SEED, "-77");
    execute();
    assertThat(SEEDS).containsExactly(-77L);
  }

  @Test
  void runs_seedsProperty_thatMany() {
    System.setProperty(SeededExtension.SEEDS, "3");
    execute().testEvents().assertStatistics(counts -> counts.started(6).failed(1));
    assertThat(SEEDS).hasSize(3);
  }

  @Test
  void runs_propertyNotANumber_oneLine() {
    System.setProperty(SeededExtension.SEED, "twelve");
    assertThat(failures(execute().containerEvents().failed().list()))
        .allSatisfy(
            text ->
                assertThat(text)
                    .isEqualTo("-Dbufferyard.seed must be a whole number, was \"twelve\""));
  }

  @Test
  void failure_text_endsWithTheReplayCommand() {
    EngineExecutionResults results = execute();
    results.testEvents().assertStatistics(counts -> counts.started(25).failed(1));

    String text = failures(results.testEvents().failed().list()).getFirst();
    long seed = Long.parseLong(text.substring(text.lastIndexOf('=') + 1));
    assertThat(text)
        .contains("[index]", "(run 3 of 5); replay with")
        .endsWith(
            "mvn -q test -pl testkit -am -Dsurefire.failIfNoSpecifiedTests=false"
                + " -Dtest='org.bufferyard.testkit.junit.SeededExtensionTest$Sample#failsOnThird'"
                + " -Dbufferyard.seed="
                + seed);
  }

  private static List<String> failures(List<Event> events) {
    return events.stream()
        .map(
            event ->
                event
                    .getRequiredPayload(TestExecutionResult.class)
                    .getThrowable()
                    .orElseThrow()
                    .getMessage())
        .toList();
  }

  @Test
  void module_directoryWithoutParentPom_noModuleOption() {
    assertThat(ReplayCommand.module(Path.of("/"))).isEmpty();
  }
}
