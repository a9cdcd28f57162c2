package org.bufferyard.allocator.region;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.bufferyard.allocator.region.Regions.done;
import static org.bufferyard.allocator.region.Regions.reason;
import static org.bufferyard.allocator.region.Regions.refused;

import java.util.ArrayList;
import java.util.List;
import org.bufferyard.allocator.Errno;
import org.bufferyard.allocator.region.RangeRequest.Mode;
import org.junit.jupiter.api.Test;

/** Places at the very edge of holes, windows and gaps; what refuses, and with which words. */
class RangeLimitsTest {
  private static final ColourRule SEPARATE = (before, after) -> before == after ? 0 : 1;

  private static RangeRequest low(long size) {
    return RangeRequest.of(size, Mode.LOW);
  }

  private static RangeRequest high(long size) {
    return RangeRequest.of(size, Mode.HIGH);
  }

  @Test
  void placeIn_spaceOfExactlyTheSize_isTakenAndOneLessIsNot() {
    for (RangeRequest request : List.of(low(10), high(10))) {
      assertThat(request.placeIn(0, 10)).isZero();
      assertThat(request.placeIn(7, 17)).isEqualTo(7);
      assertThat(request.placeIn(7, 16)).isEqualTo(-1);
      assertThat(request.placeIn(0, 9)).isEqualTo(-1);
      assertThat(request.placeIn(10, 10)).isEqualTo(-1);
      assertThat(request.within(5, 15).placeIn(0, 100)).isEqualTo(5);
      assertThat(request.within(5, 14).placeIn(0, 100)).isEqualTo(-1);
      assertThat(request.within(5, Long.MIN_VALUE).placeIn(0, 100)).isEqualTo(-1);
    }
  }

  @Test
  void placeIn_alignment_roundsUpOrForHighDown() {
    assertThat(low(3).alignedTo(8).placeIn(8, 11)).isEqualTo(8);
    assertThat(low(3).alignedTo(8).placeIn(9, 19)).isEqualTo(16);
    assertThat(low(3).alignedTo(8).placeIn(9, 18)).isEqualTo(-1);
    assertThat(high(3).alignedTo(8).placeIn(8, 18)).isEqualTo(8);
    assertThat(high(3).alignedTo(8).placeIn(8, 19)).isEqualTo(16);
    assertThat(high(3).alignedTo(8).placeIn(9, 18)).isEqualTo(-1);
  }

  @Test
  void placeIn_alignmentBeyondTheLastAddress_isNone() {
    long last = Long.MAX_VALUE;
    assertThat(low(1).alignedTo(1L << 62).placeIn((1L << 62) + 1, last)).isEqualTo(-1);
    assertThat(low(1).alignedTo(last).placeIn(1, last)).isEqualTo(-1);
    assertThat(low(1).alignedTo(last - 1).placeIn(1, last)).isEqualTo(last - 1);
    assertThat(high(1).alignedTo(last).placeIn(0, last)).isZero();
  }

  @Test
  void constructor_spacesUpToTheLastAddress_areTaken() {
    assertThat(new RangeAllocator(0, Long.MAX_VALUE).largestHole()).isEqualTo(Long.MAX_VALUE);
    assertThat(new RangeAllocator(Long.MAX_VALUE - 1, 1)).hasToString("(hole 1)");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new RangeAllocator(Long.MAX_VALUE - 1, 2))
        .withMessage("space out of range, start=9223372036854775806, size=2");
  }

  @Test
  void reserve_edgesOfTheSpace_areInsideAndNextToThemIsNot() {
    RangeAllocator space = new RangeAllocator(10, 20);
    for (long[] outside :
        new long[][] {{9, 1}, {9, 2}, {30, 1}, {29, 2}, {10, 21}, {10, 0}, {-5, 3}, {40, 1}}) {
      assertThat(refused(space.reserve(outside[0], outside[1], 0))).isEqualTo(Errno.ENOSPC);
    }
    assertThat(reason(space.reserve(29, 2, 0))).isEqualTo("not free: 2 at 29 of [10, 30)");
    assertThat(done(space.reserve(10, 1, 0)).start()).isEqualTo(10);
    assertThat(done(space.reserve(29, 1, 0)).end()).isEqualTo(30);
    assertThat(space).hasToString("[10, 11) colour 0 (hole 18)[29, 30) colour 0 ");
    assertThat(done(space.reserve(11, 18, 3)).colour()).isEqualTo(3);
    assertThat(space).hasToString("[10, 11) colour 0 [11, 29) colour 3 [29, 30) colour 0 ");
    assertThat(space.largestHole()).isZero();
  }

  @Test
  void reserve_sizeThatWrapsAround_isEnospc() {
    RangeAllocator space = new RangeAllocator(0, 1L << 62);
    assertThat(refused(space.reserve((1L << 62) - 1, (1L << 62) + (1L << 61), 0)))
        .isEqualTo(Errno.ENOSPC);
    assertThat(refused(space.reserve(1, Long.MAX_VALUE, 0))).isEqualTo(Errno.ENOSPC);
    assertThat(space.clean()).isTrue();
  }

  @Test
  void insert_lowWindowThatBeginsInsideAHole_usesTheRestOfItOrTheNext() {
    RangeAllocator space = new RangeAllocator(0, 100);
    done(space.reserve(20, 10, 0));
    assertThat(done(space.insert(low(5).within(15, 100))).start()).isEqualTo(15);
    assertThat(done(space.insert(low(6).within(15, 100))).start()).isEqualTo(30);
    assertThat(done(space.insert(low(15).within(20, 100))).start()).isEqualTo(36);
    assertThat(done(space.insert(low(15).within(0, 100))).start()).isZero();
    assertThat(refused(space.insert(low(50).within(40, 100)))).isEqualTo(Errno.ENOSPC);
  }

  @Test
  void insert_highWindowThatEndsInsideAHole_usesItsLowPart() {
    RangeAllocator space = new RangeAllocator(0, 100);
    done(space.reserve(50, 10, 0));
    assertThat(done(space.insert(high(5).within(0, 65))).start()).isEqualTo(60);
    assertThat(done(space.insert(high(5).within(0, 65))).start()).isEqualTo(45);
    assertThat(done(space.insert(high(35).within(0, 100))).start()).isEqualTo(65);
  }

  @Test
  void insert_bestOfEqualHoles_passesThoseOutsideTheWindow() {
    RangeAllocator space = new RangeAllocator(0, 50);
    for (long at = 5; at < 50; at += 10) {
      done(space.reserve(at, 5, 0));
    }
    RangeRequest fifth = RangeRequest.of(5, Mode.BEST).within(35, 45);
    assertThat(done(space.insert(fifth)).start()).isEqualTo(40);
    assertThat(done(space.insert(RangeRequest.of(5, Mode.BEST).within(15, 45))).start())
        .isEqualTo(20);
    assertThat(reason(space.insert(fifth))).isEqualTo("no hole for " + fifth + ", largest hole 5");
  }

  @Test
  void insert_nothingOrNoAlignment_isEinval() {
    RangeAllocator space = new RangeAllocator(0, 50);
    for (RangeRequest wrong : List.of(low(0), low(-1), low(1).alignedTo(0), low(1).alignedTo(-4))) {
      assertThat(refused(space.insert(wrong))).isEqualTo(Errno.EINVAL);
    }
    assertThat(space).hasToString("(hole 50)");
  }

  @Test
  void insert_gapBetweenColours_onBothSidesOfAHole() {
    RangeAllocator space = new RangeAllocator(0, 30, SEPARATE);
    done(space.reserve(0, 10, 1));
    done(space.reserve(20, 10, 1));
    assertThat(refused(space.insert(low(9).coloured(2)))).isEqualTo(Errno.ENOSPC);
    assertThat(refused(space.reserve(10, 8, 2))).isEqualTo(Errno.ENOSPC);
    assertThat(refused(space.reserve(12, 8, 2))).isEqualTo(Errno.ENOSPC);
    RangeNode node = done(space.insert(high(8).coloured(2)));
    assertThat(node.start()).isEqualTo(11);
    done(space.remove(node));
    assertThat(done(space.reserve(11, 8, 2)).end()).isEqualTo(19);
  }

  /** The slots of the nodes are dense, those of the holes are not: none lies behind a node here. */
  @Test
  void remove_firstHoleBehindALateSlot_growsToIt() {
    for (int nodes : new int[] {63, 64, 65, 127, 128, 129, 200}) {
      RangeAllocator space = new RangeAllocator(0, nodes);
      List<RangeNode> held = new ArrayList<>();
      for (long at = nodes - 1L; at >= 0; at--) {
        held.add(done(space.reserve(at, 1, 0)));
      }
      assertThat(space.largestHole()).isZero();
      done(space.remove(held.get(nodes - 2)));
      assertThat(space.largestHole()).isOne();
      assertThat(done(space.insert(RangeRequest.of(1, Mode.EVICT))).start()).isOne();
      assertThat(space.inOrder()).hasSize(nodes);
    }
  }

  @Test
  void remove_ofALaterSlotThanTheSpaceHas_isEinval() {
    RangeAllocator many = new RangeAllocator(0, 100);
    RangeNode last = done(many.reserve(0, 1, 0));
    for (int at = 1; at < 64; at++) {
      last = done(many.reserve(at, 1, 0));
    }
    RangeAllocator few = new RangeAllocator(0, 100);
    assertThat(refused(few.remove(last))).isEqualTo(Errno.EINVAL);
    assertThat(reason(few.replace(last))).isEqualTo("not in use here: [63, 64) colour 0");
    assertThat(few).hasToString("(hole 100)");
  }

  @Test
  void replace_node_oldHandleIsGoneAndTheNewOneLives() {
    RangeAllocator space = new RangeAllocator(0, 10);
    RangeNode old = done(space.reserve(2, 3, 7));
    assertThat(space.clean()).isFalse();
    RangeNode fresh = done(space.replace(old));
    assertThat(fresh).hasToString("[2, 5) colour 7");
    assertThat(refused(space.remove(old))).isEqualTo(Errno.EINVAL);
    assertThat(space.nodes()).isOne();
    done(space.remove(fresh));
    assertThat(space.clean()).isTrue();
  }

  @Test
  void scan_whileItHoldsNodes_everyOtherOperationIsIllegal() {
    RangeAllocator space = new RangeAllocator(0, 20);
    RangeNode one = done(space.reserve(0, 10, 0));
    RangeNode two = done(space.reserve(10, 10, 0));
    EvictScan scan = space.scan(low(10));
    assertThat(scan.add(one)).isTrue();
    assertThat(scan.add(two)).isTrue();
    for (int held = 2; held > 0; held--) {
      assertThatIllegalStateException().isThrownBy(() -> space.insert(low(1)));
      assertThatIllegalStateException().isThrownBy(() -> space.reserve(0, 1, 0));
      assertThatIllegalStateException().isThrownBy(() -> space.remove(two));
      assertThatIllegalStateException().isThrownBy(() -> space.replace(two));
      assertThatIllegalStateException().isThrownBy(() -> space.scan(low(1)));
      scan.remove(held == 2 ? two : one);
    }
    assertThat(refused(space.insert(low(1)))).isEqualTo(Errno.ENOSPC);
    assertThatIllegalArgumentException().isThrownBy(() -> scan.remove(one));
    done(space.remove(two));
    assertThat(space).hasToString("[0, 10) colour 0 (hole 10)");
  }

  @Test
  void scan_hitAtAddressZero_isAHit() {
    RangeAllocator space = new RangeAllocator(0, 20);
    RangeNode one = done(space.reserve(0, 10, 0));
    RangeNode two = done(space.reserve(10, 10, 0));
    EvictScan scan = space.scan(low(10));
    assertThat(scan.add(two)).isTrue();
    assertThat(scan.add(one)).isTrue();
    assertThat(scan.remove(one)).isTrue();
    assertThat(scan.remove(two)).isFalse();
    EvictScan none = space.scan(low(21));
    assertThat(none.add(one)).isFalse();
    assertThat(none.remove(one)).isFalse();
  }

  /** Nodes of 10 units side by side, colour 1, of which the second and third are offered. */
  private static List<Boolean> victims(RangeRequest request) {
    RangeAllocator space = new RangeAllocator(0, 50, SEPARATE);
    List<RangeNode> nodes = new ArrayList<>();
    for (long at = 0; at < 50; at += 10) {
      nodes.add(done(space.reserve(at, 10, 1)));
    }
    EvictScan scan = space.scan(request.coloured(2));
    boolean early = scan.add(nodes.get(1));
    boolean hit = scan.add(nodes.get(2));
    boolean third = scan.remove(nodes.get(2));
    boolean second = scan.remove(nodes.get(1));
    return List.of(early, hit, second, third);
  }

  @Test
  void scan_gaps_makeANeighbourAVictimWhereTheyReachIntoTheHole() {
    assertThat(victims(low(8))).containsExactly(true, true, true, false);
    assertThat(victims(low(9))).containsExactly(false, true, true, true);
    assertThat(victims(high(8))).containsExactly(true, true, false, true);
    assertThat(victims(high(9))).containsExactly(false, true, true, true);
    assertThat(victims(low(18))).containsExactly(false, true, true, true);
    assertThat(victims(low(19))).containsExactly(false, false, false, false);
  }

  @Test
  void scan_nodeOfAnotherSpaceOrOfferedTwice_throws() {
    RangeAllocator space = new RangeAllocator(0, 20);
    RangeNode node = done(space.reserve(0, 10, 0));
    RangeNode foreign = done(new RangeAllocator(0, 20).reserve(0, 10, 0));
    EvictScan scan = space.scan(low(20));
    assertThatIllegalArgumentException().isThrownBy(() -> scan.add(foreign));
    assertThat(scan.add(node)).isTrue();
    assertThatIllegalArgumentException().isThrownBy(() -> scan.add(node));
    assertThatIllegalArgumentException().isThrownBy(() -> scan.remove(foreign));
    assertThat(scan.remove(node)).isTrue();
  }

  @Test
  void scan_manyNodes_givesEveryOneBack() {
    RangeAllocator space = new RangeAllocator(0, 40);
    List<RangeNode> nodes = new ArrayList<>();
    for (long at = 0; at < 40; at++) {
      nodes.add(done(space.reserve(at, 1, 0)));
    }
    String before = space.toString();
    EvictScan scan = space.scan(low(40));
    for (RangeNode node : nodes) {
      assertThat(scan.add(node)).isEqualTo(node.end() == 40);
    }
    nodes.reversed().forEach(node -> assertThat(scan.remove(node)).isTrue());
    assertThat(space).hasToString(before);
  }
}
