package org.bufferyard.actors.buffer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Objects;
import org.bufferyard.actors.buffer.ProtocolTable.Cell;
import org.bufferyard.actors.protocol.Buffer;
import org.bufferyard.actors.protocol.HandleReply;
import org.bufferyard.actors.protocol.Importer;
import org.bufferyard.actors.protocol.Migration;
import org.bufferyard.actors.protocol.Region;
import org.bufferyard.actors.protocol.Reservation;
import org.bufferyard.actors.protocol.Slab;
import org.bufferyard.allocator.Refusal;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The protocol's state table, cell by cell: the table is the test. */
class ProtocolTableTest {
  private static final long AFTERWARDS = 1_000;

  static List<Cell> cells() {
    return ProtocolTable.cells();
  }

  static List<Cell> refusals() {
    return cells().stream().filter(Cell::refused).toList();
  }

  static List<Cell> holds() {
    return cells().stream().filter(cell -> cell.expected().equals(ProtocolTable.HELD)).toList();
  }

  /** What a message was answered with, in the table's words. */
  private static @Nullable String word(Object message, long id) {
    return switch (message) {
      case Importer.Refused(var request, var buffer, var refusal) when request == id ->
          word(refusal);
      case HandleReply.Refused(var request, var buffer, var refusal) when request == id ->
          word(refusal);
      case Buffer.CpuRefused(var request, var buffer, var refusal) when request == id ->
          word(refusal);
      case Reservation.Refused(var request, var refusal) when request == id -> word(refusal);
      case Migration.Busy(var move, var buffer, var refusal, var lasting) when move == id ->
          word(refusal);
      case Importer.UseStale(var request, var buffer) when request == id -> "stale";
      case Importer.Attached reply when reply.requestId() == id -> ProtocolTable.OK;
      case Importer.Mapped reply when reply.requestId() == id -> ProtocolTable.OK;
      case Importer.Unmapped reply when reply.requestId() == id -> ProtocolTable.OK;
      case Importer.Detached reply when reply.requestId() == id -> ProtocolTable.OK;
      case Importer.UseGranted reply when reply.requestId() == id -> ProtocolTable.OK;
      case Importer.Pinned reply when reply.requestId() == id -> ProtocolTable.OK;
      case Buffer.CpuOpened reply when reply.requestId() == id -> ProtocolTable.OK;
      case HandleReply.Shared reply when reply.requestId() == id -> ProtocolTable.OK;
      case HandleReply.Released reply when reply.requestId() == id -> ProtocolTable.OK;
      case HandleReply.Revoked reply when reply.requestId() == id -> ProtocolTable.OK;
      case HandleReply.Offered reply when reply.requestId() == id -> ProtocolTable.OK;
      case HandleReply.Reclaimed reply when reply.requestId() == id -> ProtocolTable.OK;
      case Reservation.Reserved reply when reply.requestId() == id -> ProtocolTable.OK;
      case Reservation.Ready reply when reply.requestId() == id -> ProtocolTable.OK;
      default -> null;
    };
  }

  private static String word(Refusal refusal) {
    assertThat(refusal.reason()).isNotBlank();
    return refusal.errno().name();
  }

  private static List<String> answers(BufferRig rig, long id) {
    return rig.everything().stream()
        .map(message -> word(message, id))
        .filter(Objects::nonNull)
        .toList();
  }

  @ParameterizedTest
  @MethodSource("cells")
  void cell_answeredAsTheTableSays(Cell cell) {
    try (BufferRig rig = new BufferRig()) {
      ProtocolTable table = new ProtocolTable(rig, cell.state());
      int invalidated = rig.all(rig.toImporters, Importer.Invalidate.class).size();
      table.send(cell.message());
      List<String> answers = answers(rig, rig.lastRequest());
      if (cell.message().equals("PrepareMove") && !cell.refused()) {
        assertThat(answers).isEmpty();
        assertThat(rig.all(rig.toImporters, Importer.Invalidate.class)).hasSize(invalidated + 1);
      } else if (cell.expected().equals(ProtocolTable.HELD)) {
        assertThat(answers).isEmpty();
      } else {
        assertThat(answers).containsExactly(cell.expected());
      }
    }
  }

  @ParameterizedTest
  @MethodSource("holds")
  void held_answeredOnceAfterwards(Cell cell) {
    try (BufferRig rig = new BufferRig()) {
      ProtocolTable table = new ProtocolTable(rig, cell.state());
      table.send(cell.message());
      long id = rig.lastRequest();
      table.settle(cell.state());
      assertThat(answers(rig, id)).hasSize(1);
    }
  }

  /**
   * A buffer that refused something goes on as one that was never asked; only who wanted it moved
   * is told when it may be.
   */
  @ParameterizedTest
  @MethodSource("refusals")
  void refused_everythingIsAsItWas(Cell cell) {
    assertThat(heardAfter(cell, true)).isEqualTo(heardAfter(cell, false));
  }

  private static List<String> heardAfter(Cell cell, boolean asked) {
    try (BufferRig rig = new BufferRig()) {
      ProtocolTable table = new ProtocolTable(rig, cell.state());
      long id = Long.MAX_VALUE;
      if (asked) {
        table.send(cell.message());
        id = rig.lastRequest();
      }
      rig.numberFrom(AFTERWARDS);
      table.finish(cell.state());
      assertThat(rig.all(rig.toSlab, Slab.Gone.class)).hasSize(1);
      long refused = id;
      return rig.everything().stream()
          .filter(message -> word(message, refused) == null)
          .filter(message -> !(message instanceof Slab.Gone))
          .filter(message -> !(message instanceof Region.MayLeave))
          .map(message -> message.toString().replaceAll("@[0-9a-f]+|#-?\\d+", ""))
          .toList();
    }
  }
}
