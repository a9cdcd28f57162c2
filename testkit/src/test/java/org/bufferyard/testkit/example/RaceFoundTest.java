package org.bufferyard.testkit.example;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.testkit.engine.EngineTestKit;

/** The README says that the race is found and that one command replays it. */
@ResourceLock("system properties")
class RaceFoundTest {
  private static final String SEED = "bufferyard.seed";

  @AfterEach
  void forget() {
    System.clearProperty(SEED);
  }

  @Test
  void deposit_hundredSeeds_raceFoundInSomeAndReplayedByTheReport() {
    List<String> failures = failures();
    assertThat(failures).hasSizeBetween(10, 90);

    for (String failure : failures.subList(0, 5)) {
      System.setProperty(SEED, failure.substring(failure.lastIndexOf('=') + 1));
      assertThat(failures())
          .singleElement()
          .satisfies(again -> assertThat(outcome(again)).isEqualTo(outcome(failure)));
    }
  }

  private static String outcome(String failure) {
    return failure.substring(0, failure.indexOf("(run"));
  }

  private static List<String> failures() {
    return EngineTestKit.engine("junit-jupiter")
        .selectors(selectClass(AccountDeposits.class))
        .execute()
        .testEvents()
        .failed()
        .stream()
        .map(event -> event.getRequiredPayload(TestExecutionResult.class))
        .map(result -> result.getThrowable().orElseThrow().getMessage())
        .toList();
  }
}
