package org.bufferyard.actors.extension;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.bufferyard.actors.lease.BufferAttachment;
import org.bufferyard.allocator.DmaDirection;
import org.bufferyard.allocator.Errno;
import org.bufferyard.allocator.Refusal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/**
 * Memory, compressed tier and file behind one another: what one cannot take goes on to the next.
 */
class TierChainTest {
  private static final int MIB = EmbedRig.MIB;
  private static final int MEMORY = 0;
  private static final int COMPRESSED = 1;
  private static final int FILE = 2;

  private static long used(EmbedRig rig, int region) {
    return rig.snapshot().regions().get(region).usedBytes();
  }

  @Test
  void evict_pastAFullCompressedTier_goesOnToTheFileAndComesBack() {
    try (EmbedRig rig =
        new EmbedRig(
            "memory = 2 MiB, compressed { size = 3 MiB, pool = 3 MiB }, file.size = 16 MiB")) {
      List<BufferAttachment> buffers = TierContents.written(rig, 9, true);
      assertThat(used(rig, MEMORY)).isEqualTo(2 * MIB);
      assertThat(used(rig, COMPRESSED)).isEqualTo(3 * MIB);
      assertThat(used(rig, FILE)).isEqualTo(4 * MIB);
      TierContents.check(rig, buffers, 0, true);
    }
  }

  /** The tier could name 8 MiB, but these do not shrink, and its pool has room for one of them. */
  @Test
  void evict_ofContentsThatDoNotPack_goesOnToTheFileAndComesBack() {
    try (EmbedRig rig =
        new EmbedRig(
            "memory = 2 MiB, compressed { size = 8 MiB, pool = 1 MiB }, file.size = 16 MiB")) {
      List<BufferAttachment> buffers = TierContents.written(rig, 8, false);
      assertThat(used(rig, COMPRESSED)).isLessThanOrEqualTo(MIB);
      assertThat(used(rig, FILE)).isGreaterThanOrEqualTo(5 * MIB);
      TierContents.check(rig, buffers, 0, false);
      buffers.forEach(buffer -> buffer.buffer().release());
      buffers.forEach(BufferAttachment::detach);
      rig.idle();
      for (int region : new int[] {MEMORY, COMPRESSED, FILE}) {
        assertThat(used(rig, region)).isZero();
      }
    }
  }

  /** Nothing behind the pool: what is there stays, who asks is refused, and is served later. */
  @Test
  void evict_whereThePoolIsTheLast_isRefusedAndWhatIsThereStays() {
    try (EmbedRig rig =
        new EmbedRig("memory = 2 MiB, compressed { size = 8 MiB, pool = 1 MiB }, file.size = 0")) {
      List<BufferAttachment> buffers = TierContents.written(rig, 3, false);
      BufferAttachment fourth = rig.attached(rig.importer("late"), MIB);
      assertThat(rig.refusal(fourth.map(DmaDirection.FROM_DEVICE)).errno().temporary()).isTrue();
      TierContents.check(rig, buffers, 1, false);
      buffers.getFirst().buffer().release();
      buffers.getFirst().detach();
      rig.get(fourth.mapPatiently(DmaDirection.FROM_DEVICE)).close();
    }
  }

  @Test
  void evict_whereEveryTierIsFull_refusesWhoAsksAndServesWhoWaits() {
    try (EmbedRig rig = new EmbedRig("memory = 2 MiB, file.size = 2 MiB")) {
      List<BufferAttachment> buffers = TierContents.written(rig, 4, true);
      BufferAttachment fifth = rig.attached(rig.importer("late"), MIB);
      var patient = fifth.mapPatiently(DmaDirection.TO_DEVICE);
      Refusal refusal = rig.refusal(fifth.map(DmaDirection.TO_DEVICE));
      assertThat(refusal.errno()).isEqualTo(Errno.ENOMEM);
      rig.after(Duration.ofSeconds(5));
      assertThat(patient.toCompletableFuture()).isNotDone();
      TierContents.check(rig, buffers, 2, true);
      buffers.getFirst().buffer().release();
      buffers.getFirst().detach();
      rig.get(patient).close();
    }
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void map_ofWhatSomebodyCutFromTheFile_isRefusedAndTheYardGoesOn(@TempDir Path directory)
      throws IOException {
    try (EmbedRig rig =
        new EmbedRig("memory = 2 MiB, file { size = 8 MiB, directory = \"" + directory + "\" }")) {
      List<BufferAttachment> buffers = TierContents.written(rig, 4, true);
      cut(directory);
      Refusal refusal = rig.refusal(buffers.getFirst().map(DmaDirection.TO_DEVICE));
      assertThat(refusal.errno()).isEqualTo(Errno.EIO);
      assertThat(refusal.reason()).contains("bufferyard-swap");
      rig.get(buffers.getLast().map(DmaDirection.TO_DEVICE)).close();
    }
  }

  /** The file has no name any more: its descriptor is the way to it. */
  private static void cut(Path directory) throws IOException {
    try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"))) {
      for (Path descriptor : descriptors.toList()) {
        if (Files.isSymbolicLink(descriptor) && leadsInto(directory, descriptor)) {
          try (FileChannel file = FileChannel.open(descriptor, StandardOpenOption.WRITE)) {
            file.truncate(0);
          }
          return;
        }
      }
    }
    throw new AssertionError("no swap file is open in " + directory);
  }

  private static boolean leadsInto(Path directory, Path descriptor) throws IOException {
    String target;
    try {
      target = Files.readSymbolicLink(descriptor).toString();
    } catch (NoSuchFileException closedMeanwhile) {
      return false;
    }
    return target.startsWith(directory.toRealPath() + "/bufferyard-swap");
  }
}
