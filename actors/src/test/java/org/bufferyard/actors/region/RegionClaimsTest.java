package org.bufferyard.actors.region;

import static org.assertj.core.api.Assertions.assertThat;
import static org.bufferyard.actors.region.RegionRig.BUFFER_PAGES;
import static org.bufferyard.actors.region.RegionRig.PAGES;

import java.util.List;
import java.util.stream.LongStream;
import org.bufferyard.actors.environment.Claims;
import org.bufferyard.actors.environment.Claims.Bounds;
import org.bufferyard.actors.protocol.BufferId;
import org.bufferyard.actors.protocol.ClientId;
import org.bufferyard.actors.protocol.Migration;
import org.bufferyard.actors.protocol.Region;
import org.bufferyard.allocator.Errno;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What a region grants and whom it names where clients have bounds, a part or a budget: 16 buffers
 * of 4 pages fill it.
 */
class RegionClaimsTest {
  private static final int A = 0;
  private static final int B = 1;
  private static final int STRANGER = 7;
  private static final int ROOM = (int) (PAGES / BUFFER_PAGES);

  private RegionRig rig = RegionRig.under("lru");

  @AfterEach
  void close() {
    rig.close();
  }

  private void under(Claims claims) {
    under(claims, false);
  }

  private void under(Claims claims, boolean spill) {
    rig.close();
    rig = RegionRig.claimed(claims, spill);
  }

  private static Bounds buffers(long min, long low, long max) {
    return new Bounds(
        min * BUFFER_PAGES, low * BUFFER_PAGES, max == Long.MAX_VALUE ? max : max * BUFFER_PAGES);
  }

  private static Bounds low(long buffers) {
    return buffers(0, buffers, Long.MAX_VALUE);
  }

  private static Bounds max(long buffers) {
    return buffers(0, 0, buffers);
  }

  private static Claims own(int client, Bounds bounds) {
    return new Claims(
        List.of(new Claims.Share(client, bounds)),
        Bounds.NONE,
        Bounds.NONE,
        Claims.Budgets.NONE,
        0);
  }

  private static Claims parts(Bounds foreground, Bounds background) {
    return new Claims(List.of(), foreground, background, Claims.Budgets.NONE, 0);
  }

  private static Claims budgets(Claims.Rule rule) {
    return new Claims(List.of(), Bounds.NONE, Bounds.NONE, new Claims.Budgets(rule, 75), 0);
  }

  /** Buffers {@code first} and on, that many. */
  private void has(int client, int first, int count) {
    for (int buffer = first; buffer < first + count; buffer++) {
      assertThat(rig.reserve(buffer, client)).isInstanceOf(Migration.Reserved.class);
    }
  }

  private void foreground(int client) {
    rig.tell(new Region.Foreground(new ClientId(client)));
  }

  /** The buffers named for one more of {@code client}, which has another place or none. */
  private List<Long> named(int client, boolean lastResort) {
    var answer = (Migration.Victims) rig.pick(BUFFER_PAGES, 99, client, false, lastResort);
    return answer.victims().stream().map(victim -> victim.buffer().value()).toList();
  }

  private Migration.NoRoom noRoom(long buffer, int client) {
    return (Migration.NoRoom) rig.reserve(buffer, client);
  }

  // --- max ------------------------------------------------------------------------------------

  @Test
  void max_reached_refusedThoughThereIsRoom_ownLeaves() {
    under(own(A, max(3)));
    has(B, 100, 2);
    has(A, 0, 3);
    Migration.NoRoom refused = noRoom(3, A);
    assertThat(refused.limited()).isTrue();
    assertThat(refused.pages()).isEqualTo(BUFFER_PAGES);
    assertThat(refused.refusal().reason()).contains("client-0", "12 pages");
    assertThat(named(A, true)).containsExactly(0L);
    rig.evict(0, A);
    has(A, 3, 1);
    assertThat(noRoom(4, A).limited()).isTrue();
  }

  @Test
  void max_reached_othersGoOn() {
    under(own(A, max(3)));
    has(A, 0, 3);
    has(B, 100, ROOM - 3);
    assertThat(noRoom(200, B).limited()).isFalse();
    assertThat(named(B, true)).as("anybody's oldest").containsExactly(0L);
  }

  /** What is granted counts from then on, not from when it lives there. */
  @Test
  void max_grantedAndNotArrived_counts() {
    under(own(A, max(1)));
    rig.tell(
        new Region.Reserve(
            1,
            org.bufferyard.allocator.region.AllocationRequest.of(BUFFER_PAGES),
            false,
            rig.resident(0, A),
            rig.migration()));
    assertThat(noRoom(1, A).limited()).isTrue();
    var answer = (Migration.Victims) rig.pick(BUFFER_PAGES, 1, A, false, true);
    assertThat(answer.victims()).isEmpty();
    assertThat(answer.someBusy()).as("it will arrive, and can leave then").isTrue();
  }

  @Test
  void max_smallerThanTheBuffer_nothingEverHelps() {
    under(own(A, new Bounds(0, 0, BUFFER_PAGES - 1)));
    Migration.NoRoom refused = noRoom(0, A);
    assertThat(refused.limited()).isFalse();
    assertThat(refused.pages()).isEqualTo(Migration.NoRoom.NEVER);
    assertThat(refused.refusal().errno()).isEqualTo(Errno.ENOSPC);
  }

  @Test
  void max_ownPinned_nobodyIsNamed_andNothingIsAwaited() {
    under(own(A, max(1)));
    has(B, 100, 1);
    has(A, 0, 1);
    rig.tell(new Region.SetEligible(new BufferId(0), false));
    var answer = (Migration.Victims) rig.pick(BUFFER_PAGES, 1, A, false, true);
    assertThat(answer.victims()).isEmpty();
    assertThat(answer.someBusy()).isFalse();
  }

  /** What it may count on keeps none of its own from leaving for its own sake. */
  @Test
  void max_equalToLow_ownLeave() {
    under(own(A, buffers(2, 2, 2)));
    has(A, 0, 2);
    assertThat(noRoom(2, A).limited()).isTrue();
    assertThat(named(A, false)).containsExactly(0L);
  }

  /** Between the two questions room has come: nobody is named who need not go. */
  @Test
  void max_noLongerInTheWay_nobodyIsNamed_askedAgain() {
    under(own(A, max(1)));
    has(B, 100, 1);
    has(A, 0, 1);
    assertThat(noRoom(1, A).limited()).isTrue();
    rig.evict(0, A);
    Migration.Victims answer = rig.pickOwn(1, A);
    assertThat(answer.victims()).isEmpty();
    assertThat(answer.someBusy()).isTrue();
  }

  // --- parts ----------------------------------------------------------------------------------

  @Test
  void foreground_switches_sheltersWhoIsThere() {
    under(parts(low(8), Bounds.NONE));
    has(A, 0, 8);
    has(B, 100, 8);
    foreground(A);
    assertThat(named(STRANGER, false)).containsExactly(100L);
    foreground(B);
    assertThat(named(STRANGER, false)).containsExactly(0L);
    foreground(ClientId.YARD.value());
    assertThat(named(STRANGER, false)).containsExactly(0L);
  }

  @Test
  void foreground_mayHaveOthersEvicted_backgroundSpills() {
    under(parts(low(8), Bounds.NONE), true);
    has(B, 100, ROOM);
    foreground(A);
    assertThat(rig.pick(BUFFER_PAGES, 0, A, true, false)).isInstanceOf(Migration.Victims.class);
    foreground(B);
    assertThat(rig.pick(BUFFER_PAGES, 0, A, true, false)).isInstanceOf(Migration.Declined.class);
  }

  @Test
  void foreground_leaves_itsMaxFollows_nothingLeavesForThat() {
    under(parts(Bounds.NONE, max(2)));
    foreground(A);
    has(A, 0, 5);
    foreground(B);
    assertThat(rig.held()).isEqualTo(5 * BUFFER_PAGES);
    Migration.NoRoom refused = noRoom(5, A);
    assertThat(refused.limited()).isTrue();
    assertThat(refused.pages()).isEqualTo(4 * BUFFER_PAGES);
  }

  /** Others may leave now: who waits for room hears of it, once. */
  @Test
  void foreground_switches_whoeverAskedIsStirred() {
    under(parts(buffers(ROOM, ROOM, Long.MAX_VALUE), Bounds.NONE));
    foreground(A);
    has(A, 0, ROOM);
    assertThat(named(B, true)).isEmpty();
    rig.answers.clear();
    foreground(A);
    assertThat(rig.answers).isEmpty();
    foreground(B);
    assertThat(rig.answers).containsExactly(new Migration.Stirred(0));
    assertThat(named(B, true)).containsExactly(0L);
  }

  /** Those on their way out no longer count: the next round names no more than may go. */
  @Test
  void low_manyNamedAtOnce_noneOfWhatIsPromised() {
    under(own(A, low(6)));
    has(A, 0, 8);
    has(B, 100, 8);
    rig.use(LongStream.range(0, 8).toArray());
    rig.use(LongStream.range(100, 108).toArray());
    var answer = (Migration.Victims) rig.pick(8 * BUFFER_PAGES, 99, STRANGER, false, false);
    assertThat(answer.victims().stream().map(victim -> victim.buffer().value()))
        .containsExactly(0L, 1L, 100L, 101L, 102L, 103L, 104L, 105L);
  }

  // --- budgets --------------------------------------------------------------------------------

  /** The newcomer counts: half is for each, and who has all gives. */
  @Test
  void equal_newcomer_takesFromWhoIsOverHalf() {
    under(budgets(Claims.Rule.EQUAL), true);
    has(A, 0, ROOM);
    assertThat(rig.pick(BUFFER_PAGES, 99, B, true, false))
        .isInstanceOfSatisfying(
            Migration.Victims.class,
            answer -> assertThat(answer.victims().getFirst().buffer().value()).isZero());
  }

  @ParameterizedTest
  @CsvSource({"EQUAL, 7", "EQUAL, 8", "FOREGROUND, 4"})
  void budget_othersWithin_ownLeave(Claims.Rule rule, int ofOther) {
    under(budgets(rule));
    foreground(A);
    has(B, 100, ofOther);
    has(A, 0, ROOM - ofOther);
    assertThat(named(A, false)).as("B is the older").containsExactly(0L);
  }

  @Test
  void foregroundBudget_switches_backgroundGives() {
    under(budgets(Claims.Rule.FOREGROUND));
    has(A, 0, 12);
    has(B, 100, 4);
    rig.use(LongStream.range(0, 12).toArray());
    foreground(A);
    assertThat(named(B, false)).as("A keeps three quarters, B its own").containsExactly(100L);
    foreground(B);
    assertThat(named(B, false)).as("its own are older, and within its budget").containsExactly(0L);
  }

  /** With nowhere else to go, a budget keeps nobody. */
  @Test
  void budget_lastResort_anybodys() {
    under(budgets(Claims.Rule.EQUAL));
    has(A, 0, 8);
    has(B, 100, 8);
    for (long buffer = 100; buffer < 108; buffer++) {
      rig.tell(new Region.SetEligible(new BufferId(buffer), false));
    }
    assertThat(named(B, false)).isEmpty();
    assertThat(named(B, true)).containsExactly(0L);
  }

  // --- what was promised ----------------------------------------------------------------------

  @Test
  void promise_brokenForOthersOnly_isCounted() {
    under(own(A, low(8)));
    has(A, 0, 8);
    has(B, 100, 8);
    for (long buffer = 100; buffer < 108; buffer++) {
      rig.tell(new Region.SetEligible(new BufferId(buffer), false));
    }
    assertThat(rig.protectionBroken()).isZero();
    assertThat(rig.pickOne(A)).isZero();
    rig.evict(0, A);
    assertThat(rig.protectionBroken()).as("for its own sake").isZero();
    assertThat(rig.pickOne(B)).isEqualTo(1L);
    rig.evict(1, A);
    assertThat(rig.protectionBroken()).isEqualTo(1);
  }

  @Test
  void promise_none_isNotCounted() {
    under(own(A, max(8)));
    assertThat(rig.protectionBroken()).isEqualTo(Region.NOBODY_PROTECTED);
  }
}
