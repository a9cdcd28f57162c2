package org.bufferyard.actors.streams;

import static org.assertj.core.api.Assertions.assertThat;

import akka.NotUsed;
import akka.stream.KillSwitches;
import akka.stream.Materializer;
import akka.stream.SharedKillSwitch;
import akka.stream.javadsl.Flow;
import akka.stream.javadsl.Keep;
import akka.stream.javadsl.Sink;
import akka.stream.javadsl.Source;
import akka.util.ByteString;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;
import org.bufferyard.actors.extension.EmbedRig;
import org.bufferyard.actors.extension.YardSnapshot;
import org.bufferyard.actors.lease.BufferAttachment;
import org.bufferyard.actors.lease.BufferSpec;
import org.bufferyard.actors.lease.HostImporter;
import org.bufferyard.allocator.DmaDirection;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every stage, ended at every element in every way, and while it waits for memory: whatever it held
 * is let go. What left a stage is closed at once, so what is held afterwards was the stage's.
 */
class StreamEndsTest {
  private static final int ELEMENTS = 4;
  private static final int BYTES = 4096;
  private static final String BLOCKING = "akka.actor.default-blocking-io-dispatcher";

  /** One of those that {@link YardStreams} has. */
  enum Stage {
    PAINT,
    FILL,
    PASS_TO,
    FRAMES,
    MAP_FLOW,
    TO_BYTE_STRINGS,
    FROM_FILE,
    TO_FILE
  }

  /** How a stream ends. */
  enum End {
    COMPLETE,
    CANCEL,
    FAIL_ABOVE,
    FAIL_INSIDE,
    FAIL_BELOW,
    ABORT,
    /** The materializer goes, as when the actor that owns the stream stops. */
    SHUTDOWN
  }

  @TempDir Path folder;
  private final EmbedRig rig = new EmbedRig();
  private final HostImporter importer = rig.importer("stream");
  private final HostImporter other = rig.importer("other");
  private final List<BufferAttachment> kept = new ArrayList<>();

  private SharedKillSwitch above = KillSwitches.shared("above");
  private SharedKillSwitch below = KillSwitches.shared("below");
  private Runnable shutdown = () -> {};

  /** At which element it ends, or never. */
  private int endsAt = Integer.MAX_VALUE;

  private End end = End.COMPLETE;

  /** No end comes of itself. */
  private boolean endless;

  @AfterEach
  void close() {
    rig.close();
  }

  private static RuntimeException broken() {
    return new IllegalStateException("broken on purpose");
  }

  private static Stream<Arguments> ends() {
    return Arrays.stream(Stage.values())
        .flatMap(
            stage ->
                Arrays.stream(End.values())
                    .flatMap(
                        end ->
                            Stream.iterate(0, at -> at <= ELEMENTS, at -> at + 1)
                                .map(at -> Arguments.of(stage, end, at))));
  }

  @ParameterizedTest
  @MethodSource("ends")
  void stage_endedAtAnElement_holdsNothing(Stage stage, End how, int at) throws IOException {
    end = how;
    endsAt = at;
    CompletionStage<?> over = run(stage);
    rig.after(Duration.ofSeconds(5));
    assertThat(over.toCompletableFuture()).isDone();
    if (mustFail(stage)) {
      assertThat(over.toCompletableFuture()).isCompletedExceptionally();
    }
    assertNothingHeld();
  }

  /** What was not done must not look as if it were. */
  private boolean mustFail(Stage stage) {
    boolean source = stage == Stage.FROM_FILE;
    return switch (end) {
      case COMPLETE, CANCEL -> false;
      case FAIL_ABOVE -> endsAt < ELEMENTS && !source;
      case FAIL_INSIDE -> endsAt < ELEMENTS && !source && stage != Stage.FILL;
      case FAIL_BELOW -> endsAt < ELEMENTS;
      // Both are told from within the stream, and may come after its last element.
      case ABORT -> false;
      case SHUTDOWN -> stage == Stage.TO_FILE && endsAt < ELEMENTS - 1;
    };
  }

  /** Not a page is free: the first element waits, until the stream is ended from outside. */
  @ParameterizedTest
  @EnumSource(Stage.class)
  void stage_endedWhileItWaits_holdsNothing(Stage stage) throws IOException {
    endless = true;
    for (End how : fromOutside(stage)) {
      above = KillSwitches.shared("above");
      below = KillSwitches.shared("below");
      List<BufferAttachment> blockers = new ArrayList<>();
      for (int each = 0; each < 4; each++) {
        blockers.add(rig.attached(importer, EmbedRig.MIB));
        rig.get(blockers.getLast().pin());
      }
      Materializer materializer = materializer();
      var graph = graph(stage);
      var over = rig.system.inside(() -> graph.run(materializer)).toCompletableFuture();
      rig.after(Duration.ofSeconds(3));
      assertThat(over).as("%s", how).isNotDone();
      rig.system.inside(
          () -> {
            switch (how) {
              case CANCEL -> below.shutdown();
              case FAIL_ABOVE -> above.abort(broken());
              case ABORT -> below.abort(broken());
              default -> materializer.shutdown();
            }
            return how;
          });
      rig.after(Duration.ofSeconds(3));
      assertThat(over).as("%s", how).isDone();
      assertThat(over.isCompletedExceptionally()).isEqualTo(how != End.CANCEL);
      for (BufferAttachment blocker : blockers) {
        blocker.detach();
        blocker.buffer().release();
      }
      assertNothingHeld();
    }
  }

  /** A file is the first of its stream, or the last: there is nothing above, or below. */
  private static List<End> fromOutside(Stage stage) {
    return switch (stage) {
      case FROM_FILE -> List.of(End.CANCEL, End.ABORT, End.SHUTDOWN);
      case TO_FILE -> List.of(End.FAIL_ABOVE, End.SHUTDOWN);
      default -> List.of(End.CANCEL, End.FAIL_ABOVE, End.ABORT, End.SHUTDOWN);
    };
  }

  private Materializer materializer() {
    return rig.system.inside(() -> Materializer.createMaterializer(rig.system.system()));
  }

  private CompletionStage<?> run(Stage stage) throws IOException {
    Materializer materializer = materializer();
    shutdown = materializer::shutdown;
    var graph = graph(stage);
    return rig.system.inside(() -> graph.run(materializer));
  }

  private akka.stream.javadsl.RunnableGraph<? extends CompletionStage<?>> graph(Stage stage)
      throws IOException {
    Source<Integer, NotUsed> elements = elements().via(above.flow());
    return switch (stage) {
      case FROM_FILE ->
          new YardStreams(BLOCKING)
              .fromFile(file(), rig.yard.application(), importer, spec())
              .map(StreamEndsTest::consume)
              .via(after())
              .toMat(Sink.ignore(), Keep.right());
      case TO_FILE ->
          elements
              .via(paint())
              .via(during())
              .toMat(new YardStreams(BLOCKING).toFile(folder.resolve("out")), Keep.right());
      default -> elements.via(stage(stage)).via(after()).toMat(Sink.ignore(), Keep.right());
    };
  }

  private Source<Integer, NotUsed> elements() {
    Source<Integer, NotUsed> all = Source.range(0, ELEMENTS - 1);
    return (endless ? all.concat(Source.maybe()) : all)
        .take(end == End.COMPLETE && !endless ? Math.min(endsAt, ELEMENTS) : Long.MAX_VALUE)
        .map(
            element -> {
              if (end == End.FAIL_ABOVE && element == endsAt) {
                throw broken();
              }
              return element;
            });
  }

  /** The stage, and whoever it serves, which closes what it gets. */
  private Flow<Integer, Integer, NotUsed> stage(Stage stage) {
    return switch (stage) {
      case PAINT -> paint().map(StreamEndsTest::consume);
      case FILL ->
          Flow.of(Integer.class)
              .map(element -> ByteString.fromArray(new byte[BYTES + 1000]))
              .via(YardStreams.fill(rig.yard.application(), importer, spec()))
              .map(StreamEndsTest::consume);
      case PASS_TO -> paint().via(YardStreams.passTo(other)).map(StreamEndsTest::consume);
      case FRAMES ->
          paint()
              .via(YardStreams.frames(DmaDirection.TO_DEVICE, 3))
              .map(
                  leased -> {
                    leased.close();
                    return consume(leased.element());
                  });
      case MAP_FLOW -> mapFlow();
      case TO_BYTE_STRINGS -> paint().via(YardStreams.toByteStrings()).map(ByteString::size);
      case FROM_FILE, TO_FILE -> throw new AssertionError(stage);
    };
  }

  private Flow<Integer, Integer, NotUsed> mapFlow() {
    if (kept.isEmpty()) {
      for (int each = 0; each < ELEMENTS; each++) {
        kept.add(rig.attached(importer, BYTES));
      }
    }
    return Flow.of(Integer.class)
        .via(
            YardStreams.mapFlow(
                (Integer element) -> kept.get(failingInside(element)), DmaDirection.TO_DEVICE, 3))
        .map(
            leased -> {
              leased.close();
              return leased.element();
            });
  }

  private Flow<Integer, Frame, NotUsed> paint() {
    return YardStreams.paint(
        rig.yard.application(),
        importer,
        spec(),
        (element, view) -> {
          failingInside(element);
          return BYTES;
        });
  }

  private int failingInside(int element) {
    if (end == End.FAIL_INSIDE && element == endsAt) {
      throw broken();
    }
    return element;
  }

  private static BufferSpec spec() {
    return BufferSpec.of("frame", BYTES);
  }

  private Path file() throws IOException {
    return Files.write(folder.resolve("in"), new byte[ELEMENTS * BYTES]);
  }

  private static int consume(Frame frame) {
    frame.close();
    return 1;
  }

  /** Behind the stage: how it ends there. */
  private Flow<Integer, Integer, NotUsed> after() {
    return Flow.of(Integer.class)
        .via(below.flow())
        .statefulMapConcat(
            () -> {
              int[] seen = {0};
              return element -> {
                endBelow(seen[0]++);
                return List.of(element);
              };
            })
        .take(end == End.CANCEL ? endsAt : Long.MAX_VALUE);
  }

  /** The same for what goes on as a frame: an end of the element in hand is the next one's. */
  private Flow<Frame, Frame, NotUsed> during() {
    int[] seen = {0};
    return Flow.of(Frame.class)
        .take(end == End.CANCEL ? endsAt : Long.MAX_VALUE)
        .map(
            frame -> {
              if (end == End.FAIL_BELOW && seen[0] == endsAt) {
                frame.close();
              }
              endBelow(seen[0]++);
              return frame;
            });
  }

  private void endBelow(int seen) {
    if (seen == endsAt) {
      switch (end) {
        case FAIL_BELOW -> throw broken();
        case ABORT -> {
          below.abort(broken());
          above.abort(broken());
        }
        case SHUTDOWN -> shutdown.run();
        default -> {}
      }
    }
  }

  private void assertNothingHeld() {
    rig.after(Duration.ofSeconds(1));
    YardSnapshot snapshot = rig.snapshot();
    assertThat(snapshot.importers())
        .allSatisfy(
            books -> {
              assertThat(books.openLeases()).isZero();
              assertThat(books.waiting()).isZero();
            });
    assertThat(snapshot.buffers()).isEqualTo(kept.size());
  }
}
