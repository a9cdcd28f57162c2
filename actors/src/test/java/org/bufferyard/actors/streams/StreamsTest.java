package org.bufferyard.actors.streams;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.bufferyard.actors.extension.EmbedRig.MIB;

import akka.NotUsed;
import akka.stream.javadsl.Keep;
import akka.stream.javadsl.Sink;
import akka.stream.javadsl.Source;
import akka.util.ByteString;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.bufferyard.actors.extension.Bufferyard;
import org.bufferyard.actors.extension.EmbedRig;
import org.bufferyard.actors.extension.YardSnapshot;
import org.bufferyard.actors.lease.BufferAttachment;
import org.bufferyard.actors.lease.BufferSpec;
import org.bufferyard.actors.lease.HostImporter;
import org.bufferyard.actors.lease.Mapping;
import org.bufferyard.actors.lease.MemoryView;
import org.bufferyard.allocator.DmaDirection;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The stages on the deterministic system: order, bounds, waiting for memory, and the end. */
class StreamsTest {
  private static final int ELEMENTS = 12;
  private static final String BLOCKING = "akka.actor.default-blocking-io-dispatcher";

  private final EmbedRig rig = new EmbedRig();
  private final HostImporter importer = rig.importer("stream");
  private final List<BufferAttachment> attachments = new ArrayList<>();

  @AfterEach
  void close() {
    rig.close();
  }

  private List<BufferAttachment> attach(int count, int bytes) {
    for (int each = 0; each < count; each++) {
      attachments.add(rig.attached(importer, bytes));
    }
    return attachments;
  }

  private <T> CompletionStage<T> run(akka.stream.javadsl.RunnableGraph<CompletionStage<T>> graph) {
    return rig.system.inside(() -> graph.run(rig.system.system()));
  }

  private Blank.Plan frames(int bytes) {
    return new Blank.Plan(rig.yard.application(), importer, BufferSpec.of("frame", bytes));
  }

  private akka.stream.javadsl.Flow<ByteString, Frame, NotUsed> fill(int bytes) {
    Blank.Plan plan = frames(bytes);
    return YardStreams.fill(plan.client(), plan.importer(), plan.spec());
  }

  private void assertNothingHeld(int buffers) {
    rig.after(Duration.ofSeconds(1));
    YardSnapshot snapshot = rig.snapshot();
    assertThat(snapshot.importers())
        .allSatisfy(
            books -> {
              assertThat(books.openLeases()).isZero();
              assertThat(books.waiting()).isZero();
            });
    assertThat(snapshot.buffers()).isEqualTo(buffers);
  }

  @Test
  void mapFlow_manyElements_keepsTheirOrder() {
    attach(4, 4096);
    List<Integer> order = IntStream.range(0, 1000).boxed().toList();
    List<Integer> seen = new ArrayList<>();
    rig.get(
        run(
            Source.from(order)
                .via(
                    Bufferyard.<Integer>mapFlow(
                        at -> attachments.get(at % 4), DmaDirection.TO_DEVICE))
                .toMat(
                    Sink.foreach(
                        leased -> {
                          assertThat(leased.mapping().buffer())
                              .isEqualTo(attachments.get(leased.element() % 4).buffer());
                          seen.add(leased.element());
                          leased.close();
                        }),
                    Keep.right())));
    assertThat(seen).isEqualTo(order);
    assertNothingHeld(4);
  }

  /** Ten buffers of 1 MiB in 4 MiB of memory, several under way: all are served in time. */
  @ParameterizedTest
  @ValueSource(ints = {1, 3, 64})
  void mapFlow_moreThanMemoryHolds_waitsAndServesAll(int batch) {
    attach(10, MIB);
    List<BufferAttachment> twice = new ArrayList<>(attachments);
    twice.addAll(attachments);
    Integer count =
        rig.get(
            run(
                Source.from(twice)
                    .via(
                        YardStreams.mapFlow(Function.identity(), DmaDirection.BIDIRECTIONAL, batch))
                    .map(
                        leased -> {
                          try (leased;
                              MemoryView view = leased.mapping().open()) {
                            byte before = view.segment(0).get(JAVA_BYTE, 7);
                            view.segment(0).set(JAVA_BYTE, 7, (byte) (before + 1));
                            return 1;
                          }
                        })
                    .toMat(Sink.fold(0, Integer::sum), Keep.right())));
    assertThat(count).isEqualTo(20);
    for (BufferAttachment each : attachments) {
      try (Mapping mapping = rig.get(each.map(DmaDirection.TO_DEVICE));
          MemoryView view = mapping.open()) {
        assertThat(view.segment(0).get(JAVA_BYTE, 7)).isEqualTo((byte) 2);
      }
    }
    assertThat(rig.snapshot().evictions()).isPositive();
  }

  @Test
  void mapFlow_whileEveryPageIsPinned_waitsWithoutFailing() {
    List<BufferAttachment> blockers = new ArrayList<>();
    for (int each = 0; each < 4; each++) {
      blockers.add(rig.attached(importer, MIB));
      rig.get(blockers.getLast().pin());
    }
    attach(3, MIB);
    CompletionStage<Integer> running =
        run(
            Source.from(attachments)
                .via(YardStreams.mapFlow(Function.identity(), DmaDirection.TO_DEVICE, 64))
                .map(
                    leased -> {
                      leased.close();
                      return 1;
                    })
                .toMat(Sink.fold(0, Integer::sum), Keep.right()));
    rig.after(Duration.ofMinutes(2));
    assertThat(running.toCompletableFuture()).isNotDone();
    assertThat(rig.snapshot().importers().getFirst().waiting()).isLessThanOrEqualTo(1);
    rig.get(blockers.getFirst().unpin());
    assertThat(rig.get(running)).isEqualTo(3);
    assertNothingHeld(7);
  }

  private static RuntimeException broken() {
    return new IllegalStateException("broken on purpose");
  }

  /** The element at which the stream ends, and how. */
  private static List<Object[]> ends() {
    List<Object[]> ends = new ArrayList<>();
    for (int at = 0; at <= ELEMENTS; at++) {
      for (String how : List.of("cancel", "fail below", "fail above", "complete", "abrupt")) {
        ends.add(new Object[] {how, at});
      }
    }
    return ends;
  }

  /** Bytes to frames to leases to bytes, ended at every element in every way. */
  @ParameterizedTest
  @org.junit.jupiter.params.provider.MethodSource("ends")
  void pipeline_endedAtEveryElement_holdsNothing(String how, int at) {
    HandOver<Frame> handOver = new HandOver<>(2);
    Source<ByteString, NotUsed> bytes =
        Source.range(0, ELEMENTS)
            .map(
                number -> {
                  if (how.equals("fail above") && number == at) {
                    throw broken();
                  }
                  return ByteString.fromArray(new byte[4096]);
                });
    var killed = akka.stream.KillSwitches.shared("kill");
    long count = how.equals("complete") || how.equals("cancel") ? at : ELEMENTS + 1;
    rig.system.inside(
        () ->
            bytes
                .take(how.equals("complete") ? at : ELEMENTS + 1)
                .via(fill(8192))
                .to(handOver.sink())
                .run(rig.system.system()));
    CompletionStage<Integer> end =
        run(
            handOver
                .source()
                .via(YardStreams.frames(DmaDirection.TO_DEVICE, 3))
                .via(killed.flow())
                .map(
                    leased -> {
                      try (leased;
                          Frame frame = leased.element()) {
                        return (int) frame.lengthBytes();
                      }
                    })
                .statefulMapConcat(
                    () -> {
                      int[] seen = {0};
                      return length -> {
                        if (how.equals("fail below") && seen[0] == at) {
                          throw broken();
                        }
                        if (how.equals("abrupt") && seen[0] == at) {
                          killed.abort(broken());
                        }
                        seen[0]++;
                        return List.of(length);
                      };
                    })
                .take(count)
                .toMat(Sink.fold(0, Integer::sum), Keep.right()));
    rig.after(Duration.ofSeconds(5));
    assertThat(end.toCompletableFuture()).isDone();
    assertNothingHeld(0);
  }

  @Test
  void fill_bytesOfAnyLength_putsThemInPlaceInOrder() {
    byte[] all = new byte[100_000];
    for (int at = 0; at < all.length; at++) {
      all[at] = (byte) (at * 31);
    }
    List<ByteString> pieces = new ArrayList<>();
    for (int at = 0, step = 1; at < all.length; step = step * 7 % 9001) {
      int to = Math.min(all.length, at + step);
      pieces.add(ByteString.fromArray(all, at, to - at));
      at = to;
    }
    ByteString back =
        rig.get(
            run(
                Source.from(pieces)
                    .via(fill(10_007))
                    .via(YardStreams.toByteStrings())
                    .toMat(
                        Sink.fold(ByteString.emptyByteString(), ByteString::concat),
                        Keep.right())));
    assertThat(back).isEqualTo(ByteString.fromArray(all));
    assertNothingHeld(0);
  }

  @Test
  void file_throughFrames_comesOutAsItWas(@TempDir Path directory) throws IOException {
    byte[] all = new byte[9 * MIB + 17];
    for (int at = 0; at < all.length; at++) {
      all[at] = (byte) (at >>> 7);
    }
    Path from = Files.write(directory.resolve("from"), all);
    Path to = directory.resolve("to");
    YardStreams streams = new YardStreams(BLOCKING);
    Blank.Plan plan = frames(MIB);
    Long written =
        rig.get(
            run(
                streams
                    .fromFile(from, plan.client(), plan.importer(), plan.spec())
                    .toMat(streams.toFile(to), Keep.right())));
    assertThat(written).isEqualTo(all.length);
    assertThat(Files.mismatch(from, to)).isEqualTo(-1);
    assertNothingHeld(0);
  }

  @Test
  void file_thatIsMissingOrCannotBeWritten_failsTheStream(@TempDir Path directory) {
    YardStreams streams = new YardStreams(BLOCKING);
    Blank.Plan plan = frames(MIB);
    CompletionStage<Long> missing =
        run(
            streams
                .fromFile(directory.resolve("no"), plan.client(), plan.importer(), plan.spec())
                .toMat(streams.toFile(directory.resolve("to")), Keep.right()));
    assertThatThrownBy(() -> rig.get(missing)).hasCauseInstanceOf(IOException.class);
    CompletionStage<Long> unwritable =
        run(
            Source.single(ByteString.fromString("x"))
                .via(fill(4096))
                .toMat(streams.toFile(directory.resolve("no/such")), Keep.right()));
    assertThatThrownBy(() -> rig.get(unwritable)).hasCauseInstanceOf(IOException.class);
    assertNothingHeld(0);
  }

  @Test
  void mapFlow_ofADetachedBuffer_failsWithTheRefusal() {
    BufferAttachment gone = attach(1, 4096).getFirst();
    gone.detach();
    CompletionStage<List<Leased<BufferAttachment>>> failing =
        run(
            Source.single(gone)
                .via(YardStreams.mapFlow(Function.identity(), DmaDirection.TO_DEVICE, 8))
                .toMat(Sink.seq(), Keep.right()));
    assertThatThrownBy(() -> rig.get(failing)).hasMessageContaining("ENOENT");
  }

  @Test
  void handOver_runTwice_fails() {
    HandOver<Frame> handOver = new HandOver<>(1);
    CompletionStage<List<Frame>> first = run(handOver.source().toMat(Sink.seq(), Keep.right()));
    rig.idle();
    CompletionStage<List<Frame>> second = run(handOver.source().toMat(Sink.seq(), Keep.right()));
    assertThatThrownBy(() -> rig.get(second)).hasMessageContaining("runs once");
    assertThat(first.toCompletableFuture()).isNotDone();
  }
}
