package org.bufferyard.actors.memory;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.bufferyard.allocator.Extents;
import org.bufferyard.allocator.Pages;

/**
 * The physical address space: each region's pages at their page frame numbers. Close it when every
 * actor that may address it has stopped.
 */
public final class PhysicalMemory implements AutoCloseable {
  /** What a region stores. */
  public enum Kind {
    BYTES,
    TAGS
  }

  private record Range(long basePfn, PageStore store) {}

  private final List<Range> ranges = new ArrayList<>();
  private final Arena arena = Arena.ofShared();
  private final List<FileTier> files = new ArrayList<>();
  private final Kind kind;
  private final boolean poisoning;
  private MemoryWatch watch = MemoryWatch.NONE;

  public PhysicalMemory(Kind kind) {
    this(kind, true);
  }

  /**
   * Without memory yet.
   *
   * @param poisoning overwrite freed pages, so that a late reader is caught at once
   */
  public PhysicalMemory(Kind kind, boolean poisoning) {
    this.kind = kind;
    this.poisoning = poisoning;
  }

  /** Shows every access from now on; before the first actor starts. */
  public void watchedBy(MemoryWatch newWatch) {
    watch = newWatch;
  }

  MemoryWatch watch() {
    return watch;
  }

  /** Puts {@code pages} pages of memory at {@code basePfn}, above all earlier ranges. */
  public void addMemory(long basePfn, long pages) {
    add(
        basePfn,
        kind == Kind.TAGS
            ? new TagStore(pages)
            : new BytesStore(arena.allocate(Pages.toBytes(pages), Pages.SIZE_BYTES)));
  }

  /**
   * Puts pages at {@code basePfn} whose bytes lie in a new file in {@code directory}; the file has
   * no name any more once it is open, and goes with this process. Tags have no file.
   *
   * @throws IOException the file cannot be made, or the disk has less room than it would need
   */
  public void addFile(long basePfn, long pages, Path directory) throws IOException {
    if (kind == Kind.TAGS) {
      addMemory(basePfn, pages);
      return;
    }
    long sizeBytes = Pages.toBytes(pages);
    long usableBytes = Files.getFileStore(directory).getUsableSpace();
    if (usableBytes < sizeBytes) {
      throw new IOException(
          directory + " has " + usableBytes + " bytes free, the swap file needs " + sizeBytes);
    }
    Path file = Files.createTempFile(directory, "bufferyard-swap", ".bin");
    FileChannel channel =
        FileChannel.open(
            file,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE,
            StandardOpenOption.DELETE_ON_CLOSE);
    addFile(basePfn, pages, channel, file.toString());
  }

  /** As above, in a file that is open already; the channel is owned by this from now on. */
  void addFile(long basePfn, long pages, FileChannel channel, String name) throws IOException {
    try {
      FileTier tier = new FileTier(channel, pages, arena, name);
      files.add(tier);
      add(basePfn, tier);
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  /**
   * Puts pages at {@code basePfn} that are kept compressed in a pool. Needs zstd-jni. Tags are
   * small enough as they are.
   *
   * @param poolPages what they hold must fit in once compressed
   */
  public void addCompressed(long basePfn, long pages, long poolPages, String name) {
    add(
        basePfn,
        kind == Kind.TAGS
            ? new TagStore(pages)
            : new CompressedTier(pages, poolPages, arena, name));
  }

  /**
   * The bytes behind consecutive frames, for as long as this is open: whoever hands them out sees
   * to it that they are let go before the frames are, and before this is closed.
   *
   * @param address physical, bytes
   * @throws IllegalArgumentException no addressable memory there
   */
  public MemorySegment bytes(long address, long lengthBytes) {
    Range range = rangeOf(address >>> Pages.SHIFT);
    if (!(range.store instanceof BytesStore memory)) {
      throw new IllegalArgumentException("no addressable memory, address=" + address);
    }
    return memory.bytes(address - (range.basePfn << Pages.SHIFT), lengthBytes);
  }

  private void add(long basePfn, PageStore store) {
    if (!ranges.isEmpty() && basePfn < endPfn(ranges.getLast())) {
      throw new IllegalArgumentException("ranges must ascend, basePfn=" + basePfn);
    }
    ranges.add(new Range(basePfn, store));
  }

  public void write(long pfn, long tag) {
    Range range = rangeOf(pfn);
    range.store.write(pfn - range.basePfn, tag);
  }

  public long read(long pfn) {
    Range range = rangeOf(pfn);
    return range.store.read(pfn - range.basePfn);
  }

  public void fill(Extents extents, long tag) {
    boolean skipped = tag == PageTags.POISON && !poisoning;
    for (int run = 0; run < extents.runs(); run++) {
      Range range = rangeOf(extents.pfn(run));
      // What a tier keeps of a freed page takes room that others need.
      if (!skipped || range.store instanceof TierStore) {
        range.store.fill(extents.pfn(run) - range.basePfn, extents.pages(run), tag);
      }
    }
    if (!skipped) {
      watch.filled(extents, tag);
    }
  }

  /** Copies {@code pages} consecutive frames. */
  public void copy(long fromPfn, long toPfn, long pages) {
    Range from = rangeOf(fromPfn);
    Range to = rangeOf(toPfn);
    from.store.copyTo(fromPfn - from.basePfn, to.store, toPfn - to.basePfn, pages);
    watch.copied(fromPfn, toPfn, pages);
  }

  /** There is memory at this frame. */
  public boolean backed(long pfn) {
    for (Range range : ranges) {
      if (pfn >= range.basePfn && pfn < endPfn(range)) {
        return true;
      }
    }
    return false;
  }

  private Range rangeOf(long pfn) {
    for (Range range : ranges) {
      if (pfn >= range.basePfn && pfn < endPfn(range)) {
        return range;
      }
    }
    throw new IllegalArgumentException("no memory at this page frame, pfn=" + pfn);
  }

  private static long endPfn(Range range) {
    return range.basePfn + range.store.pages();
  }

  @Override
  public void close() {
    arena.close();
    for (FileTier file : files) {
      try {
        file.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
