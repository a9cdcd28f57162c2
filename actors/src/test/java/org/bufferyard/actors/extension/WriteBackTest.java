package org.bufferyard.actors.extension;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.bufferyard.actors.lease.BufferAttachment;
import org.bufferyard.actors.lease.HostImporter;
import org.bufferyard.allocator.DmaDirection;
import org.bufferyard.testkit.junit.Seeded;
import org.bufferyard.testkit.junit.SeededRun;
import org.junit.jupiter.api.Test;

/**
 * A compressed tier whose pool is full although it could name more pages: what came first goes on
 * to the file, what comes now is kept, and every byte comes back.
 */
class WriteBackTest {
  private static final int MIB = EmbedRig.MIB;
  private static final int MEMORY = 0;
  private static final int COMPRESSED = 1;
  private static final int FILE = 2;

  private static void release(BufferAttachment buffer) {
    buffer.buffer().release();
    buffer.detach();
  }

  private static void expectEmpty(EmbedRig rig) {
    rig.idle();
    rig.snapshot().regions().forEach(region -> assertThat(region.usedBytes()).isZero());
  }

  @Test
  void evict_intoAFullPool_writesItsOldestBack() {
    try (EmbedRig rig =
        new EmbedRig(
            "memory = 2 MiB, compressed { size = 16 MiB, pool = 2 MiB }, file.size = 16 MiB")) {
      List<BufferAttachment> buffers = TierContents.written(rig, 8, false);
      assertThat(TierContents.regions(rig, buffers))
          .containsExactly(FILE, FILE, FILE, FILE, COMPRESSED, COMPRESSED, MEMORY, MEMORY);
      TierContents.check(rig, buffers, 0, false);
      buffers.forEach(WriteBackTest::release);
      expectEmpty(rig);
    }
  }

  /**
   * Those that pack leave when one comes that does not: a mebibyte of theirs is little of the pool.
   */
  @Test
  void evict_ofWhatDoesNotPack_writesBackAsManyAsItTakes() {
    try (EmbedRig rig =
        new EmbedRig(
            "memory = 1 MiB, compressed { size = 32 MiB, pool = 1 MiB }, file.size = 32 MiB")) {
      List<BufferAttachment> small = TierContents.written(rig, 8, true);
      assertThat(TierContents.regions(rig, small)).doesNotContain(FILE).endsWith(MEMORY);
      HostImporter importer = rig.importer("late");
      List<BufferAttachment> large = new ArrayList<>();
      for (int each = 0; each < 2; each++) {
        large.add(rig.attached(importer, MIB));
        TierContents.write(rig, large.get(each), 100 + each, false);
      }
      assertThat(TierContents.regions(rig, large)).containsExactly(COMPRESSED, MEMORY);
      assertThat(TierContents.regions(rig, small)).containsOnly(FILE);
      TierContents.check(rig, small, 0, true);
      TierContents.checkOne(rig, large.get(0), 100, false);
      TierContents.checkOne(rig, large.get(1), 101, false);
    }
  }

  /** Larger than the whole pool: no write-back helps, and it goes on to the file itself. */
  @Test
  void evict_ofWhatNeverFits_goesOnToTheFile() {
    try (EmbedRig rig =
        new EmbedRig(
            "memory = 3 MiB, compressed { size = 16 MiB, pool = 1 MiB }, file.size = 16 MiB")) {
      HostImporter importer = rig.importer("writer");
      List<BufferAttachment> buffers = new ArrayList<>();
      for (int each = 0; each < 3; each++) {
        buffers.add(rig.attached(importer, 3 * MIB));
        TierContents.write(rig, buffers.get(each), each, false);
      }
      assertThat(TierContents.regions(rig, buffers)).containsExactly(FILE, FILE, MEMORY);
      TierContents.check(rig, buffers, 0, false);
    }
  }

  @Test
  void evict_whereTheFileIsFullToo_refusesAndKeepsWhatIsThere() {
    try (EmbedRig rig =
        new EmbedRig(
            "memory = 1 MiB, compressed { size = 8 MiB, pool = 1 MiB }, file.size = 1 MiB")) {
      List<BufferAttachment> buffers = TierContents.written(rig, 3, false);
      assertThat(TierContents.regions(rig, buffers)).containsExactly(FILE, COMPRESSED, MEMORY);
      BufferAttachment fourth = rig.attached(rig.importer("late"), MIB);
      assertThat(rig.refusal(fourth.map(DmaDirection.FROM_DEVICE)).errno().temporary()).isTrue();
      assertThat(TierContents.regions(rig, buffers)).containsExactly(FILE, COMPRESSED, MEMORY);
      TierContents.checkOne(rig, buffers.getLast(), 2, false);
      release(buffers.getFirst());
      TierContents.write(rig, fourth, 3, false);
      // With every tier full nobody could change places with anybody.
      release(fourth);
      TierContents.check(rig, buffers, 1, false);
    }
  }

  /** Any sizes, contents and orders, against what was written last. */
  @Seeded(runs = 10)
  void anyBuffers_inAnyOrder_keepTheirBytes(SeededRun run) {
    RandomGenerator random = run.random("orders");
    try (EmbedRig rig =
        new EmbedRig(
            "memory = 2 MiB, compressed { size = 8 MiB, pool = 1 MiB }, file.size = 16 MiB",
            run.seed())) {
      HostImporter importer = rig.importer("any");
      List<BufferAttachment> buffers = new ArrayList<>();
      int[] contents = new int[10];
      boolean[] packs = new boolean[contents.length];
      for (int each = 0; each < contents.length; each++) {
        buffers.add(rig.attached(importer, 4096L * (1 + random.nextInt(300))));
        contents[each] = -1;
      }
      for (int step = 0; step < 60; step++) {
        int each = random.nextInt(contents.length);
        if (contents[each] >= 0) {
          TierContents.checkOne(rig, buffers.get(each), contents[each], packs[each]);
        }
        if (random.nextInt(3) > 0 || contents[each] < 0) {
          contents[each] = step;
          packs[each] = random.nextInt(3) == 0;
          TierContents.write(rig, buffers.get(each), step, packs[each]);
        }
      }
      buffers.forEach(WriteBackTest::release);
      expectEmpty(rig);
    }
  }
}
