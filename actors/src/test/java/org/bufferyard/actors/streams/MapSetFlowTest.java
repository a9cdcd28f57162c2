package org.bufferyard.actors.streams;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.bufferyard.actors.extension.EmbedRig.MIB;

import akka.Done;
import akka.stream.javadsl.Keep;
import akka.stream.javadsl.RunnableGraph;
import akka.stream.javadsl.Sink;
import akka.stream.javadsl.Source;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.bufferyard.actors.extension.EmbedRig;
import org.bufferyard.actors.lease.BufferAttachment;
import org.bufferyard.actors.lease.HostImporter;
import org.bufferyard.actors.lease.Mapping;
import org.bufferyard.actors.lease.MappingSet;
import org.bufferyard.actors.lease.MemoryView;
import org.bufferyard.allocator.DmaDirection;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Elements with several buffers, which are leased all or none. Memory is of 4 MiB. */
class MapSetFlowTest {
  private final EmbedRig rig = new EmbedRig();
  private final HostImporter importer = rig.importer("stream");

  @AfterEach
  void close() {
    rig.close();
  }

  private List<BufferAttachment> attach(int count, int bytes) {
    List<BufferAttachment> attachments = new ArrayList<>();
    for (int each = 0; each < count; each++) {
      attachments.add(rig.attached(importer, bytes));
    }
    return attachments;
  }

  private <T> CompletionStage<T> run(RunnableGraph<CompletionStage<T>> graph) {
    return rig.system.inside(() -> graph.run(rig.system.system()));
  }

  private CompletionStage<Integer> touched(List<List<BufferAttachment>> sets) {
    return run(
        Source.from(sets)
            .via(YardStreams.mapSetFlow(Function.identity(), DmaDirection.BIDIRECTIONAL))
            .map(MapSetFlowTest::touch)
            .toMat(Sink.fold(0, Integer::sum), Keep.right()));
  }

  private static int touch(LeasedSet<?> leased) {
    try (leased) {
      for (Mapping mapping : leased.leases().mappings()) {
        try (MemoryView view = mapping.open()) {
          view.segment(0).set(JAVA_BYTE, 7, (byte) (view.segment(0).get(JAVA_BYTE, 7) + 1));
        }
      }
      return leased.leases().mappings().size();
    }
  }

  private void assertNothingHeld() {
    rig.after(Duration.ofSeconds(1));
    assertThat(rig.snapshot().importers())
        .allSatisfy(books -> assertThat(books.openLeases() + books.waiting()).isZero());
  }

  @Test
  void sets_cachedOrNot_comeInOrderWithTheirBuffersInOrder() {
    List<BufferAttachment> buffers = attach(6, 4096);
    List<List<BufferAttachment>> sets =
        IntStream.range(0, 200)
            .mapToObj(at -> List.of(buffers.get(at % 6), buffers.get((at + 3) % 6)))
            .toList();
    List<List<BufferAttachment>> seen = new ArrayList<>();
    CompletionStage<Done> ended =
        run(
            Source.from(sets)
                .via(YardStreams.mapSetFlow(Function.identity(), DmaDirection.TO_DEVICE))
                .toMat(
                    Sink.foreach(
                        leased -> {
                          assertThat(leased.leases().mappings())
                              .extracting(Mapping::buffer)
                              .isEqualTo(
                                  leased.element().stream().map(BufferAttachment::buffer).toList());
                          seen.add(leased.element());
                          leased.close();
                        }),
                    Keep.right()));
    rig.get(ended);
    assertThat(seen).isEqualTo(sets);
    assertThat(rig.snapshot().importers().getFirst().granted()).isGreaterThanOrEqualTo(400);
    assertNothingHeld();
  }

  /** Sets of 3 MiB each: no two fit at once. */
  @Test
  void sets_moreThanMemoryHolds_waitAndAreServed() {
    List<BufferAttachment> buffers = attach(9, MIB);
    List<List<BufferAttachment>> sets = new ArrayList<>();
    for (int at = 0; at < 12; at++) {
      sets.add(List.of(buffers.get(at % 9), buffers.get((at + 1) % 9), buffers.get((at + 4) % 9)));
    }
    assertThat(rig.get(touched(sets))).isEqualTo(36);
    assertThat(rig.snapshot().evictions()).isPositive();
    assertNothingHeld();
  }

  @Test
  void set_whileTooMuchIsPinned_waitsHoldingNothing() {
    List<BufferAttachment> blockers = attach(2, MIB);
    blockers.forEach(blocker -> rig.get(blocker.pin()));
    CompletionStage<Integer> running = touched(List.of(attach(3, MIB)));
    rig.after(Duration.ofMinutes(2));
    assertThat(running.toCompletableFuture()).isNotDone();
    BufferAttachment other = attach(1, MIB).getFirst();
    rig.get(other.map(DmaDirection.TO_DEVICE)).close();
    rig.get(blockers.getFirst().unpin());
    assertThat(rig.get(running)).isEqualTo(3);
    assertNothingHeld();
  }

  @ParameterizedTest
  @CsvSource({"0, true", "3, true", "0, false", "3, false"})
  void sets_streamEnds_holdNothing(int at, boolean fails) {
    List<BufferAttachment> buffers = attach(4, 4096);
    CompletionStage<Integer> ended =
        run(
            Source.range(1, 100)
                .via(YardStreams.mapSetFlow(number -> buffers, DmaDirection.TO_DEVICE))
                .map(
                    leased -> {
                      try (leased) {
                        if (fails && leased.element() > at) {
                          throw new IllegalStateException("broken on purpose");
                        }
                        return 1;
                      }
                    })
                .take(at)
                .toMat(Sink.fold(0, Integer::sum), Keep.right()));
    rig.after(Duration.ofSeconds(5));
    assertThat(ended.toCompletableFuture()).isDone();
    assertNothingHeld();
  }

  @Test
  void set_withABufferOfAnotherImporter_failsWithTheRefusal() {
    List<BufferAttachment> mixed = new ArrayList<>(attach(1, 4096));
    mixed.add(rig.attached(rig.importer("other"), 4096));
    assertThatThrownBy(() -> rig.get(touched(List.of(mixed)))).hasMessageContaining("ENOENT");
    assertNothingHeld();
  }

  /** What is taken at the gates, without a message, is the importer's to reclaim all the same. */
  @Test
  void set_thatNobodyCloses_isReclaimedWhenItsTimeIsOver() {
    MappingSet set = takenAtTheGates(attach(3, 4096));
    rig.after(Duration.ofHours(1));
    assertThat(set.mappings()).noneMatch(Mapping::isOpen);
    assertThat(rig.snapshot().importers().getFirst().reclaimed()).isEqualTo(3);
    set.close();
    assertNothingHeld();
  }

  @Test
  void set_oneBufferIsDetached_losesThatLeaseAlone() {
    List<BufferAttachment> buffers = attach(3, 4096);
    try (MappingSet set = takenAtTheGates(buffers)) {
      buffers.get(1).detach();
      rig.after(Duration.ofMillis(10));
      assertThat(set.mappings()).extracting(Mapping::isOpen).containsExactly(true, false, true);
      assertThat(BufferAttachment.tryMap(buffers, DmaDirection.TO_DEVICE, "a test")).isNull();
    }
    assertNothingHeld();
  }

  private MappingSet takenAtTheGates(List<BufferAttachment> buffers) {
    buffers.forEach(each -> rig.get(each.map(DmaDirection.TO_DEVICE)).close());
    rig.after(Duration.ofMillis(10));
    MappingSet set = BufferAttachment.tryMap(buffers, DmaDirection.TO_DEVICE, "a test");
    return Objects.requireNonNull(set);
  }
}
