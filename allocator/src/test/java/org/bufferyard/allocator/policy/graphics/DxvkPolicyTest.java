package org.bufferyard.allocator.policy.graphics;

import static org.assertj.core.api.Assertions.assertThat;

import org.bufferyard.allocator.policy.Removal;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class DxvkPolicyTest {
  private static final long CHUNK = DxvkPolicy.CHUNK_PAGES;
  private static final long VISIT = DxvkPolicy.VISIT_NANOS;

  private final Yard yard = new Yard(3 * CHUNK, DxvkPolicy::new);

  /** Buffer 10k + i is in chunk k; the region is tight. */
  @BeforeEach
  void threeChunks() {
    for (int chunk = 0; chunk < 3; chunk++) {
      for (int i = 0; i < 2; i++) {
        int id = 10 * chunk + i;
        yard.pages[id] = 100;
        yard.firstPfn[id] = chunk * CHUNK + 1000L * i;
        yard.admit(0, id);
      }
    }
    yard.pages[50] = CHUNK;
    yard.firstPfn[50] = 2 * CHUNK;
    yard.admit(0, 50);
  }

  @Test
  void surplus_unusedForATurnOfTheHand_movedOutInTheBackground() {
    for (int visit = 1; visit <= 3; visit++) {
      assertThat(yard.trim(visit * VISIT)).as("visit " + visit).isEmpty();
    }
    yard.use(3 * VISIT, 1);
    assertThat(yard.trim(4 * VISIT)).containsExactly(0);
  }

  @Test
  void surplus_perSubmission_stopsAtItsLimit() {
    for (int i = 2; i < 10; i++) {
      yard.pages[i] = 100;
      yard.firstPfn[i] = 1000L * i;
      yard.admit(0, i);
    }
    for (int visit = 1; visit <= 3; visit++) {
      yard.trim(visit * VISIT);
    }
    assertThat(yard.trim(4 * VISIT)).as("256 pages at 100 each").hasSize(3);
  }

  @Test
  void tick_beforeTheNextVisit_handStands() {
    for (int i = 0; i < 20; i++) {
      assertThat(yard.trim(VISIT + i)).isEmpty();
    }
  }

  /** All buffers left; of those 0, 10 and 1 are used where they are. */
  private void usedAway() {
    yard.evict(7, 0);
    for (int id : new int[] {0, 10, 0, 1}) {
      yard.policy().usedElsewhere(id, 1);
    }
  }

  @Test
  void bringBack_usedElsewhere_inThatOrderUpToTheLimit() {
    usedAway();
    assertThat(yard.bringBack(1000, 2)).as("256 pages at 100 each").containsExactly(0, 10, 1);
    yard.policy().tick(3);
    assertThat(yard.bringBack(1000, 3)).as("the others were not used").isEmpty();
    assertThat(yard.evict(4, 4)).contains(0, 1, 10);
  }

  @Test
  void bringBack_roomForSome_onlyWhatFits() {
    usedAway();
    yard.pages[10] = 20;
    assertThat(yard.bringBack(50, 2)).containsExactly(10);
  }

  @Test
  void bringBack_limitOrTightRegionOrForgotten_nothing() {
    usedAway();
    yard.policy().forgotten(0);
    yard.policy().forgotten(1);
    assertThat(yard.bringBack(1000, 2)).containsExactly(10);
    yard.policy().usedElsewhere(11, 3);
    yard.pages[61] = CHUNK;
    yard.admit(3, 61);
    assertThat(yard.bringBack(1000, 4)).as("less than two chunks are free").isEmpty();
    yard.policy().removed(61, Removal.FREED, 5);
    yard.policy().usedElsewhere(61, 5);
    assertThat(yard.bringBack(2 * CHUNK, 5)).as("what was freed stays away").containsExactly(11);
  }

  @Test
  void victim_markedFirst_fromTheHandOnward() {
    yard.trim(VISIT);
    yard.use(VISIT + 1, 0);
    assertThat(yard.evict(3, VISIT + 2)).containsExactly(1, 10, 11);
  }
}
