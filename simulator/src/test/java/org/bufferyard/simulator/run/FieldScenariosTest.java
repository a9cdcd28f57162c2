package org.bufferyard.simulator.run;

import static org.assertj.core.api.Assertions.assertThat;

import org.bufferyard.simulator.result.RunResult;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Failures that the field reported, as bundled scenarios: each fails as it is, and not when cured.
 */
class FieldScenariosTest {
  private static final long SEED = 1;
  private static final long MIB = 1L << 20;

  private static RunResult run(String name, String... settings) {
    return run(SEED, name, settings);
  }

  private static RunResult run(long seed, String name, String... settings) {
    RunResult result = Rig.run(Rig.scenario(name, settings), seed);
    assertThat(result.violations()).as("%s", name).isEmpty();
    return result;
  }

  private static long moved(RunResult result) {
    return result.bytesMoved().values().stream().mapToLong(Long::longValue).sum();
  }

  private static RunResult.ClientUse client(RunResult result, String name) {
    return result.clients().stream()
        .filter(each -> each.client().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private static double turnaround(RunResult result, String client) {
    return client(result, client).meanTurnaroundNanos();
  }

  /**
   * What was published of the four stages: to bring back always is worse than never to move; a rate
   * limit leaves cycles and jitter; to spill moves nothing, and who comes last is served over the
   * bus; with protection it is not.
   */
  @ParameterizedTest
  @ValueSource(longs = {1, 2})
  void foreground_fourStages_inTheirPublishedOrder(long seed) {
    RunResult always = run(seed, "foreground");
    RunResult never = run(seed, "foreground", "bring-back=never");
    RunResult limited = run(seed, "foreground", "bring-back=budget");
    RunResult spilled = run(seed, "foreground", "manage.spill=true");
    RunResult shared =
        run(seed, "foreground", "manage.spill=true", "manage.shares.game.low=42 MiB");
    assertThat(turnaround(always, "game")).isGreaterThan(2 * turnaround(never, "game"));
    assertThat(turnaround(always, "game")).isGreaterThan(2 * turnaround(limited, "game"));
    assertThat(turnaround(limited, "game")).isGreaterThan(1.2 * turnaround(spilled, "game"));
    assertThat(turnaround(spilled, "game")).isGreaterThan(2 * turnaround(shared, "game"));
    assertThat(always.pingPongs()).isGreaterThan(5 * limited.pingPongs());
    assertThat(limited.pingPongs()).isPositive();
    assertThat(moved(spilled)).isZero();
    assertThat(client(limited, "game").p99TurnaroundNanos())
        .isGreaterThan(client(spilled, "game").p99TurnaroundNanos());
  }

  private static final String NO_SHARE = "manage.shares.game.low=0 B";

  /** A share that stays with one of two starves the other; one that follows serves both. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2})
  void foregroundSwitch_theShareFollows_bothAreServed(long seed) {
    RunResult stays = run(seed, "foreground-switch");
    RunResult halves =
        run(
            seed,
            "foreground-switch",
            "manage.shares.game.low=24 MiB",
            "manage.shares.editor.low=24 MiB");
    RunResult nobodys = run(seed, "foreground-switch", NO_SHARE, "manage.spill=false");
    RunResult follows = run(seed, "foreground-switch", NO_SHARE, "manage.foreground.low=42 MiB");
    assertThat(turnaround(stays, "editor")).isGreaterThan(4 * turnaround(follows, "editor"));
    assertThat(turnaround(halves, "editor")).isGreaterThan(3 * turnaround(follows, "editor"));
    assertThat(turnaround(nobodys, "editor")).isGreaterThan(5 * turnaround(follows, "editor"));
    assertThat(turnaround(halves, "game")).isGreaterThan(2 * turnaround(follows, "game"));
    assertThat(turnaround(follows, "game")).isLessThan(2 * turnaround(stays, "game"));
    assertThat(follows.findings().measures().protectionBroken()).isZero();
  }

  /** The editor's budget shrinks when it is not in front: the same without naming an amount. */
  @Test
  void foregroundSwitch_budgets_bothAreServed() {
    RunResult stays = run("foreground-switch");
    RunResult budgets =
        run(
            "foreground-switch",
            NO_SHARE,
            "manage.wddm-budget=foreground",
            "manage.wddm-foreground-percent=88");
    assertThat(turnaround(stays, "editor")).isGreaterThan(3 * turnaround(budgets, "editor"));
    assertThat(budgets.findings().measures().protectionBroken()).isNaN();
  }

  /** Held to a part, the streamer's churn is its own. */
  @Test
  void starvedCompositor_streamerHeldToAPart_isServed() {
    RunResult starved = run("starved-compositor");
    RunResult held = run("starved-compositor", "manage.shares.streamer.max=24 MiB");
    assertThat(turnaround(starved, "compositor"))
        .isGreaterThan(10 * turnaround(held, "compositor"));
    assertThat(held.jobsRefused()).isZero();
  }

  @Test
  void allBusy_whoWaitsIsServed() {
    assertThat(run("all-busy", "limits.room-wait=1 ns").jobsRefused()).isGreaterThan(100);
    assertThat(run("all-busy").jobsRefused()).isZero();
  }

  @Test
  void idleStays_withoutSpilling_itLeavesOnce() {
    RunResult stays = run("idle-stays");
    RunResult leaves = run("idle-stays", "manage.spill=false");
    assertThat(stays.evictions()).isZero();
    assertThat(leaves.evictions()).isBetween(1L, 44L);
    assertThat(turnaround(stays, "worker")).isGreaterThan(5 * turnaround(leaves, "worker"));
  }

  /** Nobody evicts it, but it is trimmed: what is used comes into the room that is free then. */
  @Test
  void idleStays_trimmed_leavesOnce() {
    RunResult trimmed = run("idle-stays", "manage.trim=100 ms");
    assertThat(trimmed.evictions()).isBetween(1L, 44L);
    assertThat(turnaround(run("idle-stays"), "worker"))
        .isGreaterThan(5 * turnaround(trimmed, "worker"));
  }

  /** Who pins for good starves who comes last; a quota leaves it something. */
  @Test
  void staticVsDynamic_pinsUnderQuota_theLastIsServed() {
    RunResult pinned = run("static-vs-dynamic", "contents=tags");
    RunResult limited = run("static-vs-dynamic", "contents=tags", "manage.pins.per-client=4 KiB");
    assertThat(turnaround(pinned, "static-3")).isGreaterThan(10 * turnaround(limited, "static-3"));
    assertThat(limited.jobsRefused()).isZero();
  }

  @Test
  void neverReturns_withALimitForEachSubmission_itDoes() {
    double away = turnaround(run("never-returns"), "large");
    assertThat(away).isGreaterThan(2 * turnaround(run("never-returns", RADEON), "large"));
  }

  private static final String RADEON = "manage.budget=radeon";

  @Test
  void fullCarveOut_spilling_evictsNobody() {
    RunResult full = run("full-carve-out");
    RunResult spilled = run("full-carve-out", "manage.spill=true");
    assertThat(full.evictions()).isGreaterThan(1000);
    assertThat(spilled.evictions()).isZero();
    assertThat(turnaround(full, "model")).isGreaterThan(5 * turnaround(spilled, "model"));
  }

  /**
   * Enough is free, in pieces; holes are made by moving who lies between them, or by evicting it.
   */
  @ParameterizedTest
  @ValueSource(strings = {"on-demand", "background"})
  void fragmented_movedCloser_isServedAndNobodyLeaves(String when) {
    RunResult spilled = run("fragmented");
    RunResult closer = run("fragmented", "manage.defragment=" + when);
    assertThat(spilled.bytesMoved()).isEmpty();
    assertThat(turnaround(spilled, "surface")).isGreaterThan(10 * turnaround(closer, "surface"));
    assertThat(closer.evictions()).isZero();
    assertThat(closer.bytesMoved().keySet()).containsExactly("VRAM->VRAM");
    assertThat(moved(closer)).isBetween(4 * MIB, 12 * MIB);
    assertThat(client(closer, "stayer").meanTurnaroundNanos())
        .isLessThan(1.4 * turnaround(spilled, "stayer"));
    assertThat(fragmentation(closer)).isLessThan(fragmentation(spilled) - 0.1);
  }

  /** Without an engine of VRAM's own they go out and back in; it is served all the same. */
  @Test
  void fragmented_withoutItsOwnEngine_goesOutAndBackIn() {
    RunResult closer = run("fragmented", "manage.defragment=on-demand", "links.blit.within=SYSTEM");
    assertThat(closer.evictions()).isZero();
    assertThat(closer.bytesMoved().keySet()).contains("VRAM->GTT", "GTT->VRAM");
    assertThat(turnaround(run("fragmented"), "surface"))
        .isGreaterThan(10 * turnaround(closer, "surface"));
  }

  /** Where others must leave for one run of frames, those that lie in one range are fewer. */
  @ParameterizedTest
  @ValueSource(strings = {"lru", "random", "clock"})
  void fragmented_victimsOfOneRange_areFewer(String policy) {
    String order = "policy=" + policy;
    RunResult inOrder = run("fragmented", EVICTING, order);
    RunResult inRange = run("fragmented", EVICTING, order, "manage.range-scan=true");
    assertThat(inRange.evictions()).isPositive().isLessThan(inOrder.evictions());
    assertThat(moved(inRange)).isLessThan(moved(inOrder));
  }

  private static final String EVICTING = "manage.spill=false";

  private static double fragmentation(RunResult result) {
    return result.findings().measures().fragmentation();
  }

  @Test
  void starvedCompositor_withAShare_isServed() {
    RunResult starved = run("starved-compositor");
    RunResult kept = run("starved-compositor", "manage.shares.compositor.min=8 MiB");
    assertThat(turnaround(starved, "compositor"))
        .isGreaterThan(10 * turnaround(kept, "compositor"));
    assertThat(turnaround(kept, "streamer")).isLessThan(1.2 * turnaround(starved, "streamer"));
  }

  @Test
  void cyclic_whoKeepsAPart_movesAFraction() {
    long lru = moved(run("cyclic"));
    assertThat(lru).isGreaterThan(5 * moved(run("cyclic", "policy=mru")));
    assertThat(moved(run("cyclic", "bring-back=never"))).isLessThan(8 * MIB);
  }

  /** UVM's detector under two policies: who thrashes stays out, so the others are left in peace. */
  @ParameterizedTest
  @ValueSource(strings = {"lru", "clock"})
  void cyclic_thrashing_throttledMovesLess_pinnedLeast(String policy) {
    String order = "policy=" + policy;
    long thrashed = moved(run("cyclic", order));
    long throttled = moved(run("cyclic", order, "manage.thrash=throttle", WINDOW));
    long pinned = moved(run("cyclic", order, "manage.thrash=pin", WINDOW));
    assertThat(thrashed).isGreaterThan(8 * throttled);
    assertThat(throttled).isGreaterThan(3 * pinned / 2);
  }

  private static final String WINDOW = "manage.thrash-window=1 s";

  /** A loop takes 68 ms: that is no thrashing in the sense of UVM's pages. */
  @Test
  void cyclic_withTheWindowOfUvm_isNotFound() {
    assertThat(moved(run("cyclic", "manage.thrash=pin"))).isEqualTo(moved(run("cyclic")));
  }

  /** Evicted in the background ahead of need: fewer wait, and each for less. */
  @Test
  void evictAhead_compositor_waitsLessAtWorst() {
    RunResult onDemand = run("starved-compositor");
    RunResult ahead = run("starved-compositor", "manage.evict-ahead=4 MiB");
    assertThat(ahead.stalls().p99Nanos()).isLessThan(onDemand.stalls().p99Nanos());
  }

  /** Room that is there before it is wanted: the desktop waits less, and more is moved for it. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2})
  void watermarks_desktop_waitsLessAndMovesMore(long seed) {
    RunResult onDemand = run(seed, "desktop", "contents=tags");
    RunResult kept =
        run(
            seed,
            "desktop",
            "contents=tags",
            "manage.watermark-low=4 MiB",
            "manage.watermark-high=8 MiB");
    assertThat(kept.stalls().p99Nanos()).isLessThan(onDemand.stalls().p99Nanos() / 2);
    assertThat(moved(kept)).isBetween(moved(onDemand), 3 * moved(onDemand));
  }

  /** Who is wanted but once or twice stays out. */
  @Test
  void hotness_movesLessThanAlways() {
    assertThat(moved(run("never-returns", "bring-back=hotness")))
        .isLessThan(moved(run("never-returns", "bring-back=always")));
  }
}
