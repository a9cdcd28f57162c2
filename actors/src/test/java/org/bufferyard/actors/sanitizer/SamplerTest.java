package org.bufferyard.actors.sanitizer;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.Behaviors;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.LongStream;
import org.bufferyard.actors.environment.ModelClock;
import org.bufferyard.actors.environment.Tap;
import org.bufferyard.actors.protocol.Buffer;
import org.bufferyard.actors.protocol.BufferId;
import org.bufferyard.actors.protocol.ClientId;
import org.bufferyard.actors.protocol.Handle;
import org.bufferyard.actors.protocol.Header;
import org.bufferyard.actors.protocol.Importer;
import org.bufferyard.actors.protocol.YardEvent;
import org.bufferyard.testkit.DeterministicSystem;
import org.bufferyard.testkit.Settings;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The sanitizer among the actors: what it is told, what it says, and what it lost. */
class SamplerTest {
  private static final BufferId ID = new BufferId(0);
  private static final Handle HANDLE = new Handle(1, 2);

  private final List<YardEvent> events = new ArrayList<>();
  private final List<Sampler.Report> reports = new ArrayList<>();
  private final List<ActorRef<Object>> actors = new ArrayList<>();
  private final DeterministicSystem<Object> system =
      DeterministicSystem.create(guardian(), "sampler", Settings.seed(1));

  private Behavior<Object> guardian() {
    return Behaviors.setup(
        context -> {
          ActorRef<YardEvent> observer = context.spawn(collecting(events), "observer");
          actors.add(
              context
                  .spawn(SamplerActor.create(Sampling.ALL, 0, observer), "sampler")
                  .unsafeUpcast());
          actors.add(context.spawn(Behaviors.ignore(), "buffer-0"));
          actors.add(context.spawn(Behaviors.ignore(), "device"));
          actors.add(context.spawn(collecting(reports), "reports").unsafeUpcast());
          return Behaviors.ignore();
        });
  }

  private static <T> Behavior<T> collecting(List<T> into) {
    return Behaviors.receiveMessage(
        message -> {
          into.add(message);
          return Behaviors.same();
        });
  }

  private <T> ActorRef<T> actor(int number) {
    system.runUntilIdle(1_000);
    return actors.get(number).unsafeUpcast();
  }

  @AfterEach
  void close() {
    system.close();
  }

  private Tap.Line line() {
    Tap tap = new SampledTap(Sampling.ALL, ModelClock.scaled(() -> 0, 1), actor(0));
    return Objects.requireNonNull(tap.line(ID));
  }

  private Sampler.Report report() {
    ActorRef<Sampler.Command> sampler = actor(0);
    sampler.tell(new Sampler.TellReport(actor(3)));
    system.runUntilIdle(1_000);
    return reports.getLast();
  }

  private Buffer.Unpin unpin(long request) {
    return new Buffer.Unpin(new Header(request, new ClientId(0), 1, HANDLE), 1, actor(2));
  }

  @Test
  void tell_answerUnasked_findsAndSaysIt() {
    Tap.Line line = line();
    line.made(actor(1), HANDLE, 4);
    line.tells(actor(2), new Importer.Pinned(5, ID));
    assertThat(report().findings()).containsEntry(Rule.D81, 1L);
    assertThat(events.getFirst())
        .isInstanceOfSatisfying(
            YardEvent.Violation.class,
            violation -> {
              assertThat(violation.rule()).isEqualTo("D81");
              assertThat(violation.buffer()).isEqualTo(ID);
            });
  }

  @Test
  void tell_requestAndAnswer_everyRuleHolds() {
    Tap.Line line = line();
    line.made(actor(1), HANDLE, 4);
    line.handles(unpin(5));
    line.tells(
        actor(2),
        new Importer.Refused(
            5,
            ID,
            new org.bufferyard.allocator.Refusal(
                org.bufferyard.allocator.Errno.ENOENT, "no attachment 1")));
    assertThat(report())
        .isEqualTo(new Sampler.Report(Sampling.ALL, 1, 3, 0, 0, new java.util.TreeMap<>()));
    assertThat(report().line()).contains("3 messages of 1 buffers, 0 lost, every rule held");
  }

  /** What was lost on the way is counted; the buffer is not judged by what is left. */
  @Test
  void tell_withAGap_countedSaidOnceAndNotJudged() {
    Tap.Line line = line();
    line.made(actor(1), HANDLE, 4);
    ActorRef<Sampler.Command> sampler = actor(0);
    sampler.tell(new Sampler.Tells(ID, 7, 0, path(), new Importer.Pinned(5, ID)));
    sampler.tell(new Sampler.Tells(ID, 9, 0, path(), new Importer.Pinned(6, ID)));
    Sampler.Report report = report();
    assertThat(report.dropped()).isEqualTo(6);
    assertThat(report.blind()).isEqualTo(1);
    assertThat(report.findings()).containsOnlyKeys(Rule.D24);
    assertThat(events).hasSize(1);
  }

  private akka.actor.ActorPath path() {
    return akka.actor.typed.javadsl.Adapter.toClassic(actor(2)).path();
  }

  @ParameterizedTest
  @CsvSource({"off, 0", "all, 1", "1/1, 1", "1/8, 8", "1/1000000, 1000000"})
  void sampling_words_read(String word, int oneIn) {
    assertThat(Sampling.of(word)).contains(new Sampling(oneIn));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "on", "1/", "1/0", "1/-2", "2/3", "1/1000001", "1/99999999999", "ALL"})
  void sampling_otherWords_empty(String word) {
    assertThat(Sampling.of(word)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 8, 100})
  void sampling_oneInN_takesAboutThatShare(int oneIn) {
    Sampling sampling = new Sampling(oneIn);
    long taken =
        LongStream.range(0, 100_000).filter(id -> sampling.picks(new BufferId(id))).count();
    assertThat(taken).isBetween(80_000L / oneIn, 120_000L / oneIn);
  }
}
