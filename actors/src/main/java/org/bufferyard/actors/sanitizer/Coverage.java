package org.bufferyard.actors.sanitizer;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.bufferyard.actors.protocol.Buffer;

/**
 * Which kinds of message reached buffers in which abstract states, and which kinds followed one
 * another: what a run has exercised of the protocol. Not thread-safe; owned by the run.
 *
 * <p>The abstract state is the protocol's, with pins, mappings (none, one, more), fences (none,
 * readers, a writer), and whether the buffer lies in a file.
 */
public final class Coverage {
  /** The protocol's states of a buffer, as its table has them. */
  public enum Phase {
    DECLARED,
    ALLOCATING,
    RESIDENT,
    MOVING
  }

  private static final List<Phase> PHASES = List.of(Phase.values());

  /** The kinds of message that a buffer is told. */
  private static final List<Class<?>> KINDS =
      List.of(
          Buffer.Attach.class,
          Buffer.Map.class,
          Buffer.Unmap.class,
          Buffer.Detach.class,
          Buffer.Use.class,
          Buffer.Pin.class,
          Buffer.Unpin.class,
          Buffer.BeginCpu.class,
          Buffer.EndCpu.class,
          Buffer.Share.class,
          Buffer.Release.class,
          Buffer.Signal.class,
          Buffer.LetGo.class,
          Buffer.BackOff.class,
          Buffer.Cancel.class,
          Buffer.ToReservation.class,
          Buffer.Placed.class,
          Buffer.DemandRefused.class,
          Buffer.PrepareMove.class,
          Buffer.Overdue.class,
          Buffer.Landed.class,
          Buffer.MoveFailed.class,
          Buffer.IommuMapped.class,
          Buffer.IommuUnmapped.class);

  /**
   * Cells of the protocol's table that no orderly run reaches: each says why in {@code
   * docs/soak.md}.
   */
  private static final List<String> UNREACHABLE =
      List.of(
          "DECLARED Placed",
          "DECLARED Landed",
          "DECLARED MoveFailed",
          "DECLARED Overdue",
          "DECLARED Use",
          "DECLARED PrepareMove",
          "DECLARED DemandRefused",
          "DECLARED IommuMapped",
          "DECLARED IommuUnmapped",
          "DECLARED Unmap",
          "DECLARED EndCpu",
          "DECLARED Signal",
          "DECLARED BackOff",
          "ALLOCATING Landed",
          "ALLOCATING MoveFailed",
          "ALLOCATING Overdue",
          "ALLOCATING Use",
          "ALLOCATING PrepareMove",
          "ALLOCATING IommuMapped",
          "ALLOCATING IommuUnmapped",
          "ALLOCATING Unmap",
          "ALLOCATING EndCpu",
          "ALLOCATING Signal",
          "ALLOCATING BackOff",
          "RESIDENT Placed",
          "RESIDENT Landed",
          "RESIDENT MoveFailed",
          "MOVING Placed",
          "MOVING IommuMapped",
          "MOVING EndCpu");

  private static final int LEVELS = 3;
  private static final int STATES = PHASES.size() * LEVELS * LEVELS * LEVELS * 2;

  private final BitSet edges = new BitSet();
  private final BitSet cells = new BitSet();
  private final BitSet pairs = new BitSet();
  private long relocations;

  void told(ShadowBuffer buffer, Buffer.Command command) {
    int kind = KINDS.indexOf(command.getClass());
    if (kind < 0) {
      return;
    }
    Phase phase = phase(buffer);
    edges.set(state(buffer, phase) * KINDS.size() + kind);
    cells.set(PHASES.indexOf(phase) * KINDS.size() + kind);
    if (buffer.lastKind >= 0) {
      pairs.set(buffer.lastKind * KINDS.size() + kind);
    }
    buffer.lastKind = kind;
    boolean within =
        command instanceof Buffer.Landed landed
            && !landed.answersDemand()
            && landed.region() == buffer.region;
    relocations += within ? 1 : 0;
  }

  private static Phase phase(ShadowBuffer buffer) {
    return switch (buffer.state) {
      case DECLARED -> buffer.demanding ? Phase.ALLOCATING : Phase.DECLARED;
      case RESIDENT, FREED -> Phase.RESIDENT;
      case MOVING -> Phase.MOVING;
    };
  }

  private static int state(ShadowBuffer buffer, Phase phase) {
    int maps = 0;
    int pins = 0;
    for (ShadowAttachment attachment : buffer.attachments.values()) {
      maps += attachment.record == null ? 0 : 1;
      pins += attachment.pins;
    }
    ShadowFence writer = buffer.conflicting(false);
    int busy = buffer.fences.isEmpty() ? 0 : writer == null ? 1 : 2;
    int state = PHASES.indexOf(phase);
    state = state * LEVELS + Math.clamp(pins, 0, LEVELS - 1);
    state = state * LEVELS + Math.min(maps, LEVELS - 1);
    state = state * LEVELS + busy;
    return state * 2 + (buffer.inFile ? 1 : 0);
  }

  /** Adds what another run has exercised. */
  public void add(Coverage other) {
    edges.or(other.edges);
    cells.or(other.cells);
    pairs.or(other.pairs);
    relocations += other.relocations;
  }

  /** Pairs of abstract state and message kind; a copy. */
  public BitSet edges() {
    return (BitSet) edges.clone();
  }

  /** Abstract states reached. */
  public int states() {
    BitSet reached = new BitSet(STATES);
    edges.stream().forEach(edge -> reached.set(edge / KINDS.size()));
    return reached.cardinality();
  }

  /** Ordered pairs of kinds that one buffer was told one after the other. */
  public int pairs() {
    return pairs.cardinality();
  }

  /** Moves to other frames of the same region, to make a hole there. */
  public long relocations() {
    return relocations;
  }

  /** Cells of the protocol's table that were reached. */
  public int cells() {
    return cells.cardinality();
  }

  /** Cells that the protocol can reach. */
  public static int cellsReachable() {
    return PHASES.size() * KINDS.size() - UNREACHABLE.size();
  }

  /** Cells that the protocol can reach and that were not, as {@code MOVING Pin}. */
  public List<String> missing() {
    List<String> missing = new ArrayList<>();
    for (Phase phase : PHASES) {
      for (int kind = 0; kind < KINDS.size(); kind++) {
        String cell = phase + " " + KINDS.get(kind).getSimpleName();
        if (!cells.get(PHASES.indexOf(phase) * KINDS.size() + kind)
            && !UNREACHABLE.contains(cell)) {
          missing.add(cell);
        }
      }
    }
    return missing;
  }

  /** Cells reached although they were said to be out of reach. */
  public List<String> surprising() {
    List<String> reached = new ArrayList<>();
    for (int cell = cells.nextSetBit(0); cell >= 0; cell = cells.nextSetBit(cell + 1)) {
      String name =
          PHASES.get(cell / KINDS.size()) + " " + KINDS.get(cell % KINDS.size()).getSimpleName();
      if (UNREACHABLE.contains(name)) {
        reached.add(name);
      }
    }
    return reached;
  }
}
