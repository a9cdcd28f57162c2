package org.bufferyard.simulator.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.bufferyard.actors.environment.Topology;
import org.bufferyard.actors.protocol.BufferId;
import org.bufferyard.actors.protocol.ClientId;
import org.bufferyard.actors.protocol.MoveRecord;
import org.bufferyard.actors.protocol.MoveRecord.Next;
import org.bufferyard.actors.protocol.UsesSince;
import org.bufferyard.actors.protocol.YardEvent.Cause;
import org.bufferyard.simulator.result.Findings.Causes;
import org.bufferyard.simulator.result.Findings.Eviction;
import org.junit.jupiter.api.Test;

class CauseMakerTest {
  private static final long END = 1_000;
  private static final long PING_PONG = 50;
  private static final ClientId GAME = new ClientId(0);
  private static final ClientId BROWSER = new ClientId(1);
  private static final Topology TOPOLOGY =
      new Topology(
          List.of(
              new Topology.RegionPlace("VRAM", 0, 64, Topology.NONE, false),
              new Topology.RegionPlace("SYSTEM", 64, 64, Topology.NONE, false)),
          List.of(new Topology.LinkPlace(0, 1, 1 << 30, 1_000)));

  /** The browser's demand 9 for buffer 2 evicted the game's buffer 1 at 100, after 7. */
  private static MoveRecord evicted(Next next, long nextNanos, long firstUse) {
    return move(0, 1, Cause.EVICTION, next, nextNanos, firstUse);
  }

  private static MoveRecord move(
      int from, int to, Cause cause, Next next, long nextNanos, long firstUse) {
    return new MoveRecord(
        100,
        7,
        9,
        new BufferId(2),
        BROWSER,
        new BufferId(1),
        GAME,
        4_096,
        from,
        to,
        cause,
        next,
        firstUse,
        nextNanos,
        GAME,
        13);
  }

  private static Causes of(MoveRecord... moves) {
    return new CauseMaker(TOPOLOGY, List.of("game", "browser"), new long[] {END, END}, PING_PONG)
        .of(List.of(moves), 0);
  }

  private static Eviction only(MoveRecord move) {
    return of(move).evictions().getFirst();
  }

  @Test
  void of_cameBack_namesCausePayersAndCost() {
    Causes causes = of(evicted(Next.CAME_NEARER, 140, UsesSince.NEVER));
    Eviction eviction = causes.evictions().getFirst();
    assertThat(eviction)
        .isEqualTo(
            new Eviction(
                100 / 1e9,
                9,
                "buffer-2",
                "browser",
                7,
                "buffer-1",
                "game",
                4_096,
                "VRAM",
                "SYSTEM",
                "came-back",
                40,
                40,
                "game",
                13,
                true));
    assertThat(causes.waitNanos()).containsExactly(0L, 7L);
    assertThat(causes.returnNanos()).containsExactly(List.of(0L, 0L), List.of(13L, 0L));
    assertThat(causes.uselessShare()).isZero();
  }

  @Test
  void of_fates_areTold() {
    assertThat(only(evicted(Next.CAME_NEARER, 151, UsesSince.NEVER)).pingPong()).isFalse();
    assertThat(only(evicted(Next.WENT_FURTHER, 200, UsesSince.NEVER)).fate()).isEqualTo("moved-on");
    assertThat(only(evicted(Next.FREED, 200, UsesSince.NEVER)).fate()).isEqualTo("freed-unused");
    assertThat(only(evicted(Next.FREED, 200, 130)).fate()).isEqualTo("used-there");
    assertThat(only(evicted(Next.FREED, 200, 130)).usedAfterNanos()).isEqualTo(30);
    assertThat(only(evicted(Next.NONE, 0, UsesSince.NEVER)).fate()).isEqualTo("still-out");
  }

  @Test
  void of_whatFollowsTheWorkload_isNoFate() {
    Eviction freedAtTheEnd = only(evicted(Next.FREED, END + 1, END + 1));
    assertThat(freedAtTheEnd.fate()).isEqualTo("still-out");
    assertThat(freedAtTheEnd.afterNanos()).isEqualTo(END - 100);
    assertThat(freedAtTheEnd.usedAfterNanos()).isEqualTo(-1);
    assertThat(of(evicted(Next.FREED, END + 1, END + 1)).moves()).isZero();
  }

  @Test
  void of_uselessMoves_areThoseThatServedNothing() {
    Causes causes =
        of(
            evicted(Next.FREED, 200, UsesSince.NEVER),
            evicted(Next.CAME_NEARER, 200, UsesSince.NEVER),
            move(1, 0, Cause.BRING_BACK, Next.WENT_FURTHER, 200, UsesSince.NEVER),
            move(1, 0, Cause.CONSTRAINT, Next.FREED, 200, UsesSince.NEVER),
            move(1, 0, Cause.CONSTRAINT, Next.FREED, 200, 150));
    assertThat(causes.moves()).isEqualTo(5);
    assertThat(causes.uselessShare()).isEqualTo(0.6);
    assertThat(causes.useless())
        .extracting(each -> each.why() + " " + each.link() + " " + each.count())
        .containsExactlyInAnyOrder(
            "evicted VRAM->SYSTEM 1", "brought back SYSTEM->VRAM 1", "asked for SYSTEM->VRAM 1");
  }

  @Test
  void of_moreThanFit_areCounted() {
    List<MoveRecord> many = new ArrayList<>();
    for (int i = 0; i < CauseMaker.EVICTIONS_MAX + 3; i++) {
      many.add(evicted(Next.NONE, 0, UsesSince.NEVER));
    }
    Causes causes =
        new CauseMaker(TOPOLOGY, List.of("game"), new long[] {END}, PING_PONG).of(many, 4);
    assertThat(causes.evictions()).hasSize(CauseMaker.EVICTIONS_MAX);
    assertThat(causes.leftOut()).isEqualTo(7);
    assertThat(causes.evictions().getFirst().client()).isEmpty();
  }
}
