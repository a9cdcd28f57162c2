package org.bufferyard.deviceactors;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.bufferyard.actors.protocol.Session;
import org.bufferyard.actors.protocol.WaitReport.Edge;
import org.bufferyard.actors.waits.WaitGraph;
import org.bufferyard.allocator.DmaDirection;
import org.bufferyard.testkit.Settings;
import org.bufferyard.testkit.Strategy;
import org.bufferyard.testkit.junit.Seeded;
import org.bufferyard.testkit.junit.SeededRun;
import org.junit.jupiter.api.AfterAll;

/**
 * Devices that submit jobs over the same few buffers, in memory that holds all or only half of
 * them, in seeded orders of every kind: all jobs end, nothing is left behind, what is read is what
 * was written, and nobody ever waits in a circle.
 */
class SubmissionSchedulesTest {
  private static final int RUNS = 16;
  private static final int DEVICES = 3;
  private static final int BUFFERS = 8;
  private static final int JOBS = 24;
  private static final int PAGES = 4;

  /** Longer than any job may wait. */
  private static final int WAIT_TENTHS = 250;

  private static int runs;
  private static long backOffs;
  private static long snapshots;
  private static long waitsSeen;

  private static Strategy strategy(int index) {
    return switch (index % 4) {
      case 0 -> Strategy.uniform();
      case 1 -> Strategy.pct(3);
      case 2 -> Strategy.delayOne(200);
      default -> Strategy.bursts(16);
    };
  }

  @Seeded(runs = RUNS)
  void submissions_overTheSameBuffers_allEndAndNobodyWaitsInACircle(SeededRun run) {
    Settings settings = run.settings().withStrategy(strategy(run.index()));
    RandomGenerator random = run.random("jobs");
    try (DeviceRig rig =
        new DeviceRig(settings, room(run) * PAGES, 256, DEVICES, "VRAM", "SYSTEM")) {
      List<Session.Grant> grants = rig.export(BUFFERS, PAGES);
      for (int job = 0; job < JOBS; job++) {
        rig.submit(job % DEVICES, uses(grants, random));
        if (random.nextInt(DEVICES) == 0) {
          for (int steps = random.nextInt(400); steps > 0; steps--) {
            rig.system.step();
          }
          watch(rig);
        }
      }
      for (int tenth = 0; rig.toSubmitter.size() < JOBS && tenth < WAIT_TENTHS; tenth++) {
        rig.pass(100);
        watch(rig);
      }
      assertThat(rig.toSubmitter)
          .hasSize(JOBS)
          .allSatisfy(reply -> assertThat(reply).isInstanceOf(Device.JobDone.class));
      rig.pass(1_000);
      assertThat(rig.violations()).isEmpty();
      assertThat(rig.waits()).isEmpty();
      count(rig);
    }
  }

  /** How many of the buffers fit into VRAM. */
  private static long room(SeededRun run) {
    return run.index() % 8 < 4 ? BUFFERS : BUFFERS / 2;
  }

  private static List<Device.Use> uses(List<Session.Grant> grants, RandomGenerator random) {
    List<Session.Grant> left = new ArrayList<>(grants);
    List<Device.Use> uses = new ArrayList<>();
    for (int count = 1 + random.nextInt(BUFFERS / 2); count > 0; count--) {
      Session.Grant grant = left.remove(random.nextInt(left.size()));
      DmaDirection[] directions = DmaDirection.values();
      uses.add(DeviceRig.use(grant, directions[random.nextInt(directions.length)]));
    }
    return uses;
  }

  /** A cycle that two snapshots in a row both have would be a deadlock. */
  private static void watch(DeviceRig rig) {
    int before = rig.snapshots.size();
    rig.askWaits();
    rig.system.run(() -> rig.snapshots.size() > before, 100_000);
    List<Edge> edges = rig.snapshots.getLast().edges();
    waitsSeen += edges.size();
    snapshots++;
    List<Edge> cycle = new WaitGraph(edges).cycle();
    if (!cycle.isEmpty()) {
      rig.askWaits();
      rig.system.run(() -> rig.snapshots.size() > before + 1, 100_000);
      assertThat(rig.snapshots.getLast().edges())
          .as("a deadlock: %s", WaitGraph.describe(cycle))
          .doesNotContainAnyElementsOf(cycle.subList(0, 1));
    }
  }

  private static void count(DeviceRig rig) {
    runs++;
    for (int device = 0; device < DEVICES; device++) {
      Device.Books books = rig.books(device);
      assertThat(books.openRequests()).isZero();
      assertThat(books.jobsRefused()).isZero();
      backOffs += books.counts().backOffs();
    }
  }

  /** A single seed that is replayed proves nothing about all of them. */
  @AfterAll
  static void allSeeds_rareBranchesReached() {
    if (runs == RUNS) {
      assertThat(backOffs).as("back-offs").isPositive();
      assertThat(waitsSeen).as("waits in %d snapshots", snapshots).isPositive();
    }
  }
}
