package org.bufferyard.actors.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.Behaviors;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.bufferyard.actors.fence.Fence;
import org.bufferyard.actors.fence.FenceContexts;
import org.bufferyard.actors.fence.FenceUnwrap;
import org.bufferyard.actors.fence.Timeline;
import org.bufferyard.actors.fence.WaitResult;
import org.bufferyard.allocator.Errno;
import org.bufferyard.allocator.Outcome;
import org.bufferyard.allocator.Refusal;
import org.bufferyard.testkit.DeterministicSystem;
import org.bufferyard.testkit.Settings;
import org.bufferyard.testkit.junit.Seeded;
import org.bufferyard.testkit.junit.SeededRun;
import org.junit.jupiter.api.Test;

/** {@code tools/testing/selftests/sync} (the {@code sw_sync} tests) as inputs and outcomes. */
class TimelineConformanceTest {
  private final FenceContexts contexts = new FenceContexts(100);

  private static Fence point(Timeline timeline, long seqno) {
    if (timeline.point(seqno) instanceof Outcome.Done<Fence>(var fence)) {
      return fence;
    }
    throw new AssertionError("no point " + seqno);
  }

  private Fence merge(Fence... fences) {
    return FenceUnwrap.merge(contexts, List.of(fences));
  }

  private static int active(Fence fence) {
    return FenceUnwrap.latest(List.of(fence)).size();
  }

  @Test
  void SYNC01_fence_signalsAtItsValueAndStays() {
    Timeline timeline = new Timeline(1);
    Fence fence = point(timeline, 5);
    assertThat(WaitResult.of(fence.signalled(), 0, 0)).isEqualTo(new WaitResult.TimedOut());
    timeline.advance(1);
    assertThat(WaitResult.of(fence.signalled(), 1, 1)).isEqualTo(new WaitResult.TimedOut());
    timeline.advance(4);
    assertThat(fence.status()).isOne();
    timeline.advance(5);
    assertThat(timeline.value()).isEqualTo(10);
    assertThat(fence.status()).isOne();
    assertThat(point(timeline, 10).signalled()).isTrue();
  }

  @Test
  void SYNC02_mergeOfOneTimeline_theLastAlone() {
    Timeline timeline = new Timeline(1);
    Fence merged = merge(point(timeline, 1), merge(point(timeline, 2), point(timeline, 3)));
    assertThat(active(merged)).isOne();
    timeline.advance(1);
    timeline.advance(1);
    assertThat(merged.signalled()).isFalse();
    timeline.advance(1);
    assertThat(merged.signalled()).isTrue();
  }

  @Test
  void SYNC03_mergeOfThreeTimelines_activeGoDownOneByOne() {
    List<Timeline> timelines = List.of(new Timeline(1), new Timeline(2), new Timeline(3));
    Fence merged =
        merge(point(timelines.get(0), 5), point(timelines.get(1), 5), point(timelines.get(2), 5));
    for (int left = 3; left > 0; left--) {
      assertThat(active(merged)).isEqualTo(left);
      assertThat(merged.signalled()).isFalse();
      timelines.get(3 - left).advance(5);
    }
    assertThat(active(merged)).isZero();
    assertThat(merged.signalled()).isTrue();
  }

  private static final int TIMELINES = 32;
  private static final int MERGES = 32_768;

  @Seeded(runs = 1)
  void SYNC04_randomMerges_oneFenceForEachTimelineAndSignalledAtItsHighest(SeededRun run) {
    RandomGenerator random = run.random("merges");
    List<Timeline> timelines = new ArrayList<>();
    long[] highest = new long[TIMELINES];
    for (int i = 0; i < TIMELINES; i++) {
      timelines.add(new Timeline(i));
    }
    Fence merged = Fence.stub(contexts);
    for (int i = 0; i < MERGES; i++) {
      int which = random.nextInt(TIMELINES);
      long seqno = 1L + random.nextInt(1_000_000);
      highest[which] = Math.max(highest[which], seqno);
      merged = merge(merged, point(timelines.get(which), seqno));
    }
    assertThat(active(merged)).isEqualTo(TIMELINES);
    for (int i = 0; i < TIMELINES; i++) {
      timelines.get(i).advance(highest[i] - 1);
      assertThat(active(merged)).isEqualTo(TIMELINES - i);
      timelines.get(i).advance(1);
    }
    assertThat(merged.signalled()).isTrue();
  }

  @Test
  void SYNC05_closedTimeline_restEndsWithEnoent() {
    Timeline timeline = new Timeline(1);
    Fence fence = point(timeline, 5);
    Fence merged = merge(fence, point(new Timeline(2), 0), fence);
    timeline.close();
    assertThat(fence.error()).isEqualTo(Errno.ENOENT);
    assertThat(fence.status()).isEqualTo(-2);
    assertThat(merged.signalled()).isTrue();
    Outcome<Fence> late = timeline.point(6);
    assertThat(late).isInstanceOf(Outcome.Refused.class);
    if (late instanceof Outcome.Refused<Fence>(Refusal refusal)) {
      assertThat(refusal.errno()).isEqualTo(Errno.ENODEV);
    }
  }

  private record Turn(int item) {}

  private static final int ITEMS = 32;

  /** Makes item after item: each once the other side's fence of the item before has signalled. */
  private static Behavior<Turn> side(
      String name, Timeline mine, Timeline theirs, int lag, List<String> log) {
    return Behaviors.setup(
        context -> {
          ActorRef<Turn> self = context.getSelf();
          self.tell(new Turn(1));
          return Behaviors.receiveMessage(
              turn -> {
                if (turn.item() > ITEMS) {
                  return Behaviors.stopped();
                }
                Runnable work =
                    () -> {
                      log.add(name + turn.item());
                      mine.advance(1);
                      self.tell(new Turn(turn.item() + 1));
                    };
                if (point(theirs, turn.item() - (long) lag).addCallback(done -> work.run())
                    != null) {
                  work.run();
                }
                return Behaviors.same();
              });
        });
  }

  @Seeded(runs = 10)
  void SYNC06_producerAndConsumer_strictlyAlternate(long seed) {
    Timeline produced = new Timeline(1);
    Timeline consumed = new Timeline(2);
    List<String> log = new ArrayList<>();
    Behavior<Void> guardian =
        Behaviors.setup(
            context -> {
              context.spawn(side("c", consumed, produced, 0, log), "consumer");
              context.spawn(side("p", produced, consumed, 1, log), "producer");
              return Behaviors.empty();
            });
    try (var system = DeterministicSystem.create(guardian, "sync", Settings.seed(seed))) {
      system.runUntilIdle(10_000);
    }
    List<String> expected = new ArrayList<>();
    for (int item = 1; item <= ITEMS; item++) {
      expected.add("p" + item);
      expected.add("c" + item);
    }
    assertThat(log).isEqualTo(expected);
  }
}
