package org.bufferyard.actors.buffer;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.bufferyard.actors.protocol.Buffer;
import org.bufferyard.actors.protocol.ClientId;
import org.bufferyard.actors.protocol.FenceUsage;
import org.bufferyard.actors.protocol.Handle;
import org.bufferyard.actors.protocol.Header;
import org.bufferyard.actors.protocol.Reservation;
import org.bufferyard.actors.protocol.Rights;
import org.bufferyard.allocator.DmaDirection;

/**
 * The protocol's table of states and messages, as {@code protocol/states.csv} has it: how a buffer
 * gets into each state, what each message is, and what it is answered there. One dynamic importer
 * has attached before anything else.
 */
final class ProtocolTable {
  static final String HELD = "held";
  static final String OK = "ok";

  enum State {
    DECLARED,
    ALLOCATING,
    /** Mapped by the importer, generation 1. */
    RESIDENT,
    /** The importer has been told to unmap, and has not yet. */
    MOVING,
    PURGED,
    /** Revoked while the importer had it mapped; it has not unmapped yet. */
    REVOKING,
    REVOKED,
    /** Released while the importer has it mapped. */
    ZOMBIE
  }

  /** One cell: what {@code message} is answered in {@code state}. */
  record Cell(String message, State state, String expected) {
    boolean refused() {
      return !expected.equals(OK) && !expected.equals(HELD) && !expected.equals("stale");
    }

    @Override
    public String toString() {
      return message + " in " + state + ": " + expected;
    }
  }

  static List<Cell> cells() {
    List<Cell> cells = new ArrayList<>();
    for (String line : lines().subList(1, lines().size())) {
      String[] columns = line.split(",", -1);
      int column = 1;
      for (State state : State.values()) {
        cells.add(new Cell(columns[0], state, columns[column++]));
      }
    }
    return cells;
  }

  private static List<String> lines() {
    try (InputStream table =
        Objects.requireNonNull(
            ProtocolTable.class.getResourceAsStream("/protocol/states.csv"), "states.csv")) {
      return new String(table.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static final long MOVE = 70;
  private static final long STAMP = 1;
  private static final Handle NOBODYS = new Handle(9, 9);

  private final BufferRig rig;
  private final int attachment;

  /** A buffer in {@code state}. */
  ProtocolTable(BufferRig rig, State state) {
    this.rig = rig;
    this.attachment = rig.attach(true, "VRAM", "SYSTEM");
    switch (state) {
      case DECLARED -> {}
      case ALLOCATING -> map();
      case RESIDENT -> resident();
      case MOVING -> {
        resident();
        rig.prepare(MOVE, 9);
      }
      case PURGED -> {
        resident();
        rig.unmap(attachment, 1);
        rig.tell(new Buffer.Offer(rig.header(), rig.client()));
        rig.prepare(MOVE, 9);
      }
      case REVOKING -> {
        resident();
        rig.tell(new Buffer.Revoke(rig.header(), rig.client()));
      }
      case REVOKED -> rig.tell(new Buffer.Revoke(rig.header(), rig.client()));
      case ZOMBIE -> {
        resident();
        rig.release();
      }
    }
  }

  private void map() {
    rig.tell(map(rig.header(), attachment));
  }

  private Buffer.Map map(Header header, int id) {
    return new Buffer.Map(
        header, id, DmaDirection.TO_DEVICE, BufferRig.ticket(STAMP), rig.importer());
  }

  private void placed() {
    rig.placed(BufferRig.VRAM);
    rig.tell(new Buffer.LetGo(BufferRig.ticket(STAMP)));
  }

  private void resident() {
    map();
    placed();
  }

  private static Header as(Header header, ClientId client) {
    return new Header(header.requestId(), client, header.epoch(), header.handle());
  }

  private Buffer.Use use(Header header, long firstPage) {
    return new Buffer.Use(
        header,
        attachment,
        1,
        FenceUsage.READ,
        BufferRig.ticket(STAMP),
        firstPage,
        BufferRig.PAGES,
        rig.importer());
  }

  private Buffer.BeginCpu beginCpu(Header header, long firstPage) {
    return new Buffer.BeginCpu(
        header, DmaDirection.FROM_DEVICE, firstPage, BufferRig.PAGES, rig.client());
  }

  private Reservation.Reserve reserve(Header header, boolean holding, boolean mayWait) {
    return new Reservation.Reserve(
        header, BufferRig.ticket(20), holding, mayWait, 0, rig.reserver());
  }

  /** Lets what holds a request up in {@code state} come to its end. */
  void settle(State state) {
    switch (state) {
      case DECLARED -> placed();
      case ALLOCATING -> {
        placed();
        rig.unmap(attachment, 1);
      }
      case RESIDENT, REVOKING, ZOMBIE -> rig.unmap(attachment, 1);
      case MOVING -> {
        rig.unmap(attachment, 1);
        rig.landed(MOVE, BufferRig.SYSTEM);
      }
      case PURGED, REVOKED -> {}
    }
  }

  /** Takes the buffer from {@code state} to its end, by way of memory if it may have any. */
  void finish(State state) {
    switch (state) {
      case DECLARED -> {
        resident();
        rig.unmap(attachment, 1);
      }
      case PURGED -> {
        rig.tell(new Buffer.Reclaim(rig.header(), rig.client()));
        resident();
        rig.unmap(attachment, 2);
      }
      case ALLOCATING, RESIDENT, MOVING, REVOKING, REVOKED, ZOMBIE -> settle(state);
    }
    rig.tell(new Buffer.Detach(rig.header(), attachment, rig.importer()));
    if (state != State.ZOMBIE) {
      rig.release();
    }
  }

  /** Sends the message of that name; its request has the rig's last id. */
  void send(String message) {
    Header mine = rig.header();
    switch (message) {
      case "Attach" -> rig.tell(rig.attachRequest(mine, true, false, "VRAM", "SYSTEM"));
      case "Map" -> rig.tell(map(mine, attachment));
      case "Map another direction" -> rig.map(mine, attachment, DmaDirection.FROM_DEVICE, STAMP);
      case "Unmap" -> rig.tell(new Buffer.Unmap(mine, attachment, 1, rig.importer()));
      case "Unmap of another generation" ->
          rig.tell(new Buffer.Unmap(mine, attachment, 7, rig.importer()));
      case "Unmap by a stranger" ->
          rig.tell(new Buffer.Unmap(as(mine, BufferRig.STRANGER), attachment, 1, rig.importer()));
      case "Use" -> rig.tell(use(mine, 0));
      case "Use of pages beyond the end" -> rig.tell(use(mine, 1));
      case "Pin" -> rig.tell(new Buffer.Pin(mine, attachment, rig.importer()));
      case "Unpin without a pin" -> rig.tell(new Buffer.Unpin(mine, attachment, rig.importer()));
      case "BeginCpu" -> rig.tell(beginCpu(mine, 0));
      case "BeginCpu beyond the end" -> rig.tell(beginCpu(mine, 1));
      case "EndCpu without a bracket" -> rig.tell(new Buffer.EndCpu(mine, 99, true, rig.client()));
      case "Reserve" -> rig.tell(reserve(mine, false, true));
      case "Reserve without waiting" -> rig.tell(reserve(mine, false, false));
      case "Reserve while holding others" -> rig.tell(reserve(mine, true, true));
      case "AddFence without the token" ->
          rig.tell(
              new Reservation.AddFence(
                  mine, BufferRig.ticket(20), FenceUsage.READ, rig.reserver()));
      case "ExportFence for nothing" ->
          rig.tell(new Reservation.ExportFence(mine, false, false, rig.reserver()));
      case "ImportFence for nothing" ->
          rig.tell(
              new Reservation.ImportFence(
                  mine, new Reservation.Explicit(List.of()), false, false, rig.reserver()));
      case "Poll" -> rig.tell(new Reservation.Poll(mine, true, rig.reserver()));
      case "PrepareMove" -> rig.prepare(mine.requestId(), 9);
      case "Offer" -> rig.tell(new Buffer.Offer(mine, rig.client()));
      case "Reclaim" -> rig.tell(new Buffer.Reclaim(mine, rig.client()));
      case "Revoke" -> rig.tell(new Buffer.Revoke(mine, rig.client()));
      case "Share" -> rig.tell(rig.share(mine, new Handle(2, 2), Rights.MAP));
      case "Share of more rights than held" ->
          rig.tell(rig.share(mine, new Handle(2, 2), Rights.ALL + 1));
      case "Detach" -> rig.tell(new Buffer.Detach(mine, attachment, rig.importer()));
      case "Release" -> rig.tell(new Buffer.Release(mine, rig.client()));
      case "Map with a stranger's handle" ->
          rig.tell(
              map(new Header(mine.requestId(), mine.client(), mine.epoch(), NOBODYS), attachment));
      case "Map of an older epoch" ->
          rig.tell(
              map(
                  new Header(mine.requestId(), mine.client(), BufferRig.EPOCH - 1, mine.handle()),
                  attachment));
      case "Map as another client" -> rig.tell(map(as(mine, BufferRig.STRANGER), attachment));
      case "Map of no attachment" -> rig.tell(map(mine, 55));
      default -> throw new IllegalArgumentException("no such row: " + message);
    }
  }
}
