package org.bufferyard.actors.extension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.bufferyard.actors.lease.BufferAttachment;
import org.bufferyard.actors.lease.HostImporter;
import org.bufferyard.actors.lease.Mapping;
import org.bufferyard.allocator.DmaDirection;
import org.bufferyard.allocator.policy.shadow.Shadows;
import org.junit.jupiter.api.Test;

class YardShadowsTest {
  private static final String LOOP = "memory = 4 MiB, file.size = 16 MiB, policy = lru";

  private static final int BUFFERS = 128;
  private static final int PAGES = 16;

  /** 128 buffers in turn, where 64 have room: what lru is worst and mru best at. */
  private static YardShadows afterALoop(String shadows) {
    try (EmbedRig rig = new EmbedRig(LOOP + ", shadows = " + shadows)) {
      HostImporter importer = rig.importer("tester");
      List<BufferAttachment> all = new ArrayList<>();
      for (int buffer = 0; buffer < BUFFERS; buffer++) {
        all.add(rig.attached(importer, PAGES * 4096));
      }
      for (int round = 0; round < 6; round++) {
        for (BufferAttachment attachment : all) {
          Mapping mapping = rig.get(attachment.map(DmaDirection.BIDIRECTIONAL));
          mapping.open().close();
          mapping.close();
          rig.idle();
        }
      }
      return rig.get(rig.system.inside(rig.yard::shadows));
    }
  }

  @Test
  void shadows_loopLargerThanMemory_tellWhatTheyWouldHaveMissed() {
    YardShadows told = afterALoop("[lru, mru]");
    assertThat(told.policy()).isEqualTo("lru");
    assertThat(told.leftOut()).isZero();
    assertThat(told.shadows()).extracting(Shadows.Tally::policy).containsExactly("lru", "mru");
    Shadows.Tally lru = told.shadows().getFirst();
    Shadows.Tally mru = told.shadows().getLast();
    assertThat(lru.misses()).isEqualTo(told.uses()).isGreaterThan(5 * BUFFERS);
    assertThat(mru.misses()).isBetween(3L * BUFFERS, 5L * BUFFERS);
    assertThat(mru.missPages()).isEqualTo(mru.misses() * PAGES);
  }

  @Test
  void shadows_noneAskedFor_areNone() {
    YardShadows told = afterALoop("[]");
    assertThat(told.shadows()).isEmpty();
    assertThat(told.uses()).isPositive();
  }

  @Test
  void shadows_unknownOrOffline_areRefusedByKey() {
    for (String name : List.of("best", "opt")) {
      assertThatThrownBy(() -> EmbedRig.settings("odd", "shadows = [lru, " + name + "]"))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining(
              "bufferyard.actors.yards.odd.shadows is " + name + ", must be lru, fifo");
    }
  }
}
