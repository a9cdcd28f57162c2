package org.bufferyard.actors.memory;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.random.RandomGenerator;
import org.bufferyard.allocator.Extents;
import org.bufferyard.allocator.Pages;
import org.bufferyard.testkit.junit.Seeded;
import org.bufferyard.testkit.junit.SeededRun;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Memory, compressed and file tiers: what is copied out comes back, or is refused by name. */
class TierTest {
  private static final long MEMORY = 0;
  private static final long PACKED = 1024;
  private static final long FILE = 2048;
  private static final long PAGES = 64;

  @TempDir Path directory;
  private final PhysicalMemory memory = new PhysicalMemory(PhysicalMemory.Kind.BYTES);

  @AfterEach
  void close() {
    memory.close();
  }

  private void open(long poolPages) throws IOException {
    memory.addMemory(MEMORY, PAGES);
    memory.addCompressed(PACKED, PAGES, poolPages, "pool");
    memory.addFile(FILE, PAGES, directory);
  }

  private FileChannel openOwnFile() throws IOException {
    FileChannel channel =
        FileChannel.open(
            directory.resolve("tier"),
            StandardOpenOption.CREATE_NEW,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE);
    memory.addMemory(MEMORY, PAGES);
    memory.addFile(FILE, PAGES, channel, "tier");
    return channel;
  }

  private MemorySegment page(long pfn) {
    return memory.bytes(Pages.toBytes(pfn), Pages.SIZE_BYTES);
  }

  private static void fillRandomly(MemorySegment page, RandomGenerator random, boolean packs) {
    for (long word = 0; word < page.byteSize() / Long.BYTES; word++) {
      page.setAtIndex(JAVA_LONG, word, packs ? random.nextInt(4) : random.nextLong());
    }
  }

  @Test
  void copy_throughEveryTier_comesBackAsItWas() throws IOException {
    open(PAGES);
    page(MEMORY).asByteBuffer().put(0, new byte[] {1, 2, 3, 4});
    memory.copy(MEMORY, PACKED + 7, 1);
    memory.copy(PACKED + 7, FILE + 9, 1);
    memory.copy(FILE + 9, PACKED + 1, 1);
    memory.copy(PACKED + 1, MEMORY + 5, 1);
    assertThat(page(MEMORY + 5).mismatch(page(MEMORY))).isEqualTo(-1);
  }

  @Test
  void fill_ofATierPage_readsAsThatWithoutStorage() throws IOException {
    open(1);
    for (long pfn : new long[] {PACKED, FILE}) {
      memory.fill(Extents.of(pfn, PAGES), PageTags.POISON);
      assertThat(memory.read(pfn + 3)).isEqualTo(PageTags.POISON);
      memory.copy(pfn + 3, MEMORY, 1);
      assertThat(page(MEMORY).get(JAVA_BYTE, 17)).isEqualTo((byte) 0x6b);
      memory.write(pfn, 77);
      assertThat(memory.read(pfn)).isEqualTo(77);
    }
  }

  @Test
  void put_moreThanThePoolHolds_isRefusedAndWhatIsInStays() throws IOException {
    open(2);
    RandomGenerator random = org.bufferyard.testkit.NamedRandom.stream(1, "pages");
    for (int at = 0; at < 3; at++) {
      fillRandomly(page(MEMORY + at), random, false);
    }
    memory.copy(MEMORY, PACKED, 2);
    assertThatThrownBy(() -> memory.copy(MEMORY + 2, PACKED + 2, 1))
        .isInstanceOf(TierFailure.class)
        .hasMessage("pool: the pool of 8192 bytes is full");
    memory.copy(PACKED + 1, MEMORY + 10, 1);
    assertThat(page(MEMORY + 10).mismatch(page(MEMORY + 1))).isEqualTo(-1);
    memory.fill(Extents.of(PACKED, 1), PageTags.ZERO);
    memory.copy(MEMORY + 2, PACKED + 2, 1);
  }

  @Test
  void free_whereFreedMemoryIsNotOverwritten_givesTheRoomBackAllTheSame() {
    try (PhysicalMemory quiet = new PhysicalMemory(PhysicalMemory.Kind.BYTES, false)) {
      quiet.addMemory(MEMORY, 1);
      quiet.addCompressed(PACKED, PAGES, 1, "pool");
      MemorySegment bytes = quiet.bytes(Pages.toBytes(MEMORY), Pages.SIZE_BYTES);
      fillRandomly(bytes, org.bufferyard.testkit.NamedRandom.stream(1, "pages"), false);
      for (int at = 0; at < PAGES; at++) {
        quiet.copy(MEMORY, PACKED + at, 1);
        quiet.fill(Extents.of(PACKED + at, 1), PageTags.POISON);
      }
    }
  }

  /** Against what was put, over sizes that come and go. */
  @Seeded(runs = 20)
  void puts_ofRandomSizes_alwaysGiveBackTheLast(SeededRun run) throws IOException {
    RandomGenerator random = run.random("pages");
    open(PAGES / 2);
    byte[][] last = new byte[(int) PAGES][];
    for (int step = 0; step < 400; step++) {
      int at = random.nextInt((int) PAGES);
      fillRandomly(page(MEMORY), random, random.nextInt(3) > 0);
      try {
        memory.copy(MEMORY, PACKED + at, 1);
        last[at] = page(MEMORY).toArray(JAVA_BYTE);
      } catch (TierFailure full) {
        memory.fill(Extents.of(PACKED + at, 1), PageTags.ZERO);
        last[at] = new byte[Pages.SIZE_BYTES];
      }
      int look = random.nextInt((int) PAGES);
      if (last[look] != null) {
        memory.copy(PACKED + look, MEMORY + 1, 1);
        assertThat(page(MEMORY + 1).toArray(JAVA_BYTE)).isEqualTo(last[look]);
      }
    }
  }

  @Test
  void get_ofAPageSomebodyChanged_isRefused() throws IOException {
    FileChannel channel = openOwnFile();
    page(MEMORY).fill((byte) 5);
    memory.copy(MEMORY, FILE + 2, 1);
    channel.write(ByteBuffer.wrap(new byte[] {6}), Pages.toBytes(2) + 100);
    assertThatThrownBy(() -> memory.copy(FILE + 2, MEMORY + 1, 1))
        .isInstanceOf(TierFailure.class)
        .hasMessage("tier: page 2 was changed by somebody else");
  }

  @Test
  void file_cutShortBySomebody_refusesInsteadOfFaulting() throws IOException {
    FileChannel channel = openOwnFile();
    memory.copy(MEMORY, FILE, PAGES);
    channel.truncate(Pages.toBytes(3));
    memory.copy(FILE + 2, MEMORY, 1);
    assertThatThrownBy(() -> memory.copy(FILE + 3, MEMORY, 1))
        .isInstanceOf(TierFailure.class)
        .hasMessage("tier was cut short to 12288 bytes by somebody else");
    assertThatThrownBy(() -> memory.copy(MEMORY, FILE + 40, 1)).isInstanceOf(TierFailure.class);
  }

  @Test
  void file_thatCannotGrow_refusesThePut() throws IOException {
    FileChannel channel = openOwnFile();
    channel.close();
    assertThatThrownBy(() -> memory.copy(MEMORY, FILE, 1))
        .isInstanceOf(TierFailure.class)
        .hasMessageStartingWith("tier cannot grow: ");
  }

  @Test
  void bytes_ofATier_areRefused() throws IOException {
    open(1);
    assertThatThrownBy(() -> page(FILE))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("no addressable memory");
  }
}
