package org.bufferyard.simulator.run;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.ActorPath;
import akka.stream.javadsl.Source;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.bufferyard.allocator.DmaDirection;
import org.bufferyard.allocator.Outcome;
import org.bufferyard.deviceactors.Device;
import org.bufferyard.simulator.scenario.Scenario;
import org.bufferyard.simulator.scenario.Scenarios;
import org.bufferyard.simulator.workload.Action;
import org.bufferyard.simulator.workload.ClientScript;
import org.bufferyard.simulator.workload.Preference;
import org.bufferyard.simulator.workload.Step;
import org.bufferyard.simulator.workload.Use;
import org.bufferyard.simulator.workload.Workload;
import org.bufferyard.testkit.Courier;
import org.bufferyard.testkit.Observer;
import org.bufferyard.testkit.Strategy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Clients that ask for the same, more than there is, all the time: at every moment each has been
 * given at least a quarter of its part, whatever the policy. The room is for a third of what they
 * use, on one link.
 */
class FairnessTest {
  private static final int CLIENTS = 6;
  private static final int BUFFERS = 4;
  private static final int JOBS = 60;
  private static final long PAGES = 8;
  private static final long FIRST_NANOS = 1_000;
  private static final long APART_NANOS = 20_000;
  private static final List<String> POLICIES = List.of("lru", "fifo", "clock", "random", "lfu");

  private static Scenario scenario(String policy) {
    List<String> settings =
        List.of(
            "contents=tags",
            "duration=10 ms",
            "policy=" + policy,
            "workload.devices=" + CLIENTS,
            "workload.shared-by=1",
            "workload.buffers=" + CLIENTS * BUFFERS,
            "workload.buffer-size=" + 4 * PAGES + " KiB",
            "regions.VRAM.size=33 %",
            "regions.SYSTEM.size=100 %",
            "regions.GTT.size=100 %",
            "links.pcie.rate=512 MiB/s");
    return switch (new Scenarios(POLICIES).load("importers", settings)) {
      case Outcome.Done<Scenario>(Scenario made) -> made;
      case Outcome.Refused<Scenario>(var refusal) -> throw new AssertionError(refusal.toString());
    };
  }

  /** Jobs come faster than they can be done: a queue that never runs dry. */
  private static Workload workload(long apartNanos) {
    List<ClientScript> clients = new ArrayList<>();
    for (int client = 0; client < CLIENTS; client++) {
      List<Step> steps = new ArrayList<>();
      for (int buffer = 0; buffer < BUFFERS; buffer++) {
        int key = client * BUFFERS + buffer;
        steps.add(
            new Step(
                0, new Action.Export(key, 4096 * PAGES, "b" + key, Preference.NONE, List.of())));
      }
      for (int job = 0; job < JOBS; job++) {
        int key = client * BUFFERS + job % BUFFERS;
        Use use = new Use(key, DmaDirection.BIDIRECTIONAL, 0, PAGES);
        steps.add(
            new Step(
                FIRST_NANOS + job * apartNanos,
                new Action.Submit("importer-" + client, List.of(use), 0)));
      }
      clients.add(new ClientScript("client-" + client, Source.from(steps)));
    }
    return new Workload("saturation", clients, CLIENTS * BUFFERS, 10_000_000);
  }

  /** How many jobs each client had done when half of all were. */
  private static Map<String, Integer> halfWay(String policy, Workload workload, Courier courier) {
    Map<String, Integer> done = new TreeMap<>();
    int[] all = new int[1];
    Observer counter =
        new Observer() {
          @Override
          public void onHandle(ActorPath actor, Object message) {
            if (message instanceof Device.JobDone && all[0]++ < CLIENTS * JOBS / 2) {
              done.merge(actor.name(), 1, Integer::sum);
            }
          }
        };
    Trial.Outcome outcome =
        Trial.run(
            Trial.Plan.of(scenario(policy), workload, 1, Strategy.uniform())
                .withCourier(courier)
                .withObserver(counter));
    assertThat(outcome.violations()).isEmpty();
    return done;
  }

  private static boolean fair(Map<String, Integer> done) {
    int part = JOBS / 2;
    return done.size() == CLIENTS && done.values().stream().allMatch(jobs -> jobs >= part / 4);
  }

  @ParameterizedTest
  @ValueSource(strings = {"lru", "fifo", "clock", "random", "lfu"})
  void jobs_underContention_nobodyIsStarved(String policy) {
    Map<String, Integer> done = halfWay(policy, workload(APART_NANOS), Courier.HONEST);
    assertThat(fair(done)).as("%s", done).isTrue();
  }

  /** None is older than another but by its turn, and the numbers of devices decide nothing. */
  @ParameterizedTest
  @ValueSource(strings = {"lru", "fifo", "clock", "random", "lfu"})
  void jobs_allAtOneInstant_nobodyIsStarved(String policy) {
    Map<String, Integer> done = halfWay(policy, workload(0), Courier.HONEST);
    assertThat(fair(done)).as("%s", done).isTrue();
  }

  /** The measure can fail: one client's jobs are put back behind all others. */
  @Test
  void jobs_oneClientPutLast_unfair() {
    List<Runnable> last = new ArrayList<>();
    int[] others = new int[1];
    Courier unfair =
        (from, to, message) -> {
          if (message instanceof Device.Submit job && job.client().value() == 0) {
            last.add(() -> job.replyTo().tell(new Device.JobDone(job.token(), 0, 0)));
            return null;
          }
          if (message instanceof Device.JobDone && ++others[0] == (CLIENTS - 1) * JOBS) {
            last.forEach(Runnable::run);
          }
          return message;
        };
    assertThat(fair(halfWay("lru", workload(APART_NANOS), unfair))).isFalse();
  }
}
