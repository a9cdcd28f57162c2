package org.bufferyard.allocator.policy.graphics;

import static org.assertj.core.api.Assertions.assertThat;

import org.bufferyard.allocator.policy.Hint;
import org.bufferyard.allocator.policy.Removal;
import org.junit.jupiter.api.Test;

class HotnessPolicyTest {
  private static final long HALF = HotnessPolicy.HALF_LIFE_NANOS;

  private final Yard yard = new Yard(100, HotnessPolicy::new);

  @Test
  void victim_threeUsesAHalfLifeAgo_beatOneNow() {
    yard.admit(0, 1);
    yard.use(0, 1, 1);
    yard.admit(HALF, 2);
    assertThat(yard.evict(2, HALF)).containsExactly(2, 1);
  }

  @Test
  void victim_threeUsesTwoHalfLivesAgo_loseToOneNow() {
    yard.admit(0, 1);
    yard.use(0, 1, 1);
    yard.admit(2 * HALF, 2);
    assertThat(yard.evict(2, 2 * HALF)).containsExactly(1, 2);
  }

  @Test
  void victim_sameHeat_cheapestPerPageFirst() {
    yard.moveCost[1] = 4000;
    yard.moveCost[2] = 3000;
    yard.pages[3] = 4;
    yard.moveCost[3] = 8000;
    yard.moveCost[4] = 3900;
    yard.discardable[4] = true;
    yard.admit(0, 1, 2, 3, 4);
    assertThat(yard.evict(4, 1)).containsExactly(4, 3, 2, 1);
  }

  @Test
  void bringBack_hotterThanTheColdestByTheMargin_only() {
    yard.admit(0, 1, 2);
    assertThat(yard.evict(1, 0)).containsExactly(1);
    assertThat(yard.bringBack(0, 0)).isEmpty();
    yard.policy().usedElsewhere(1, 0);
    assertThat(yard.bringBack(0, 0)).as("two uses are not clearly more than one").isEmpty();
    yard.policy().usedElsewhere(1, 0);
    assertThat(yard.bringBack(0, 0)).containsExactly(1);
  }

  @Test
  void bringBack_freeRoom_hottestThatFits() {
    yard.pages[3] = 5;
    yard.moveCost[3] = 5000;
    yard.admit(0, 1, 2, 3);
    yard.use(0, 2, 3, 3);
    yard.evict(3, 0);
    assertThat(yard.bringBack(2, 1)).containsExactly(2, 1);
  }

  @Test
  void hinted_notNeeded_isNextUntilUsed() {
    yard.admit(0, 1, 2);
    yard.use(0, 2);
    yard.policy().hinted(2, Hint.DONT_NEED, 1);
    assertThat(yard.evict(1, 1)).containsExactly(2);
  }

  @Test
  void hinted_willBeNeeded_countsAsAUse() {
    yard.admit(0, 1, 2);
    yard.policy().hinted(1, Hint.WILL_NEED, 0);
    assertThat(yard.evict(2, 0)).containsExactly(2, 1);
  }

  @Test
  void hinted_twoNotNeeded_leaveInThatOrder() {
    yard.admit(0, 1, 2, 3);
    yard.policy().hinted(3, Hint.DONT_NEED, 1);
    yard.policy().hinted(1, Hint.DONT_NEED, 1);
    assertThat(yard.evict(3, 1)).containsExactly(3, 1, 2);
  }

  @Test
  void changed_contentsDiscardable_areCheaperAtOnce() {
    yard.admit(0, 1, 2);
    yard.discardable[2] = true;
    yard.policy().changed(2, 0);
    assertThat(yard.evict(2, 0)).containsExactly(2, 1);
  }

  /** A freed id is bound to another buffer, which has no heat of before. */
  @Test
  void removed_freedOrForgotten_startsCold() {
    yard.admit(0, 1, 2, 3);
    yard.use(0, 1, 1, 1, 2);
    yard.policy().removed(1, Removal.FREED, 0);
    yard.admit(0, 1);
    assertThat(yard.evict(1, 0)).containsExactly(3);
    assertThat(yard.evict(1, 0)).containsExactly(1);
    for (int use = 0; use < 9; use++) {
      yard.policy().usedElsewhere(1, 0);
    }
    yard.policy().forgotten(1);
    assertThat(yard.bringBack(0, 0)).isEmpty();
    yard.admit(0, 1);
    assertThat(yard.evict(1, 0)).containsExactly(1);
  }

  @Test
  void bringBack_usedElsewhereWhileAway_goesFirst() {
    yard.admit(0, 1, 2, 3);
    yard.use(0, 2);
    yard.evict(3, 0);
    yard.policy().usedElsewhere(3, 0);
    yard.policy().usedElsewhere(3, 0);
    assertThat(yard.bringBack(3, 0)).containsExactly(3, 2, 1);
  }
}
