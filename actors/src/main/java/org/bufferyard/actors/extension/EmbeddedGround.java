package org.bufferyard.actors.extension;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.bufferyard.actors.environment.HeapKind;
import org.bufferyard.actors.environment.Topology;
import org.bufferyard.actors.environment.Topology.LinkPlace;
import org.bufferyard.actors.environment.Topology.RegionPlace;
import org.bufferyard.actors.memory.PhysicalMemory;
import org.bufferyard.allocator.Pages;
import org.jspecify.annotations.Nullable;

/**
 * The memory an embedded yard stands on: one region that the application maps, and the tiers behind
 * it. Opened as a whole or not at all.
 */
final class EmbeddedGround implements AutoCloseable {
  static final String MEMORY = "MEMORY";
  static final String COMPRESSED = "COMPRESSED";
  static final String FILE = "FILE";

  private static final long FIRST_PFN = 512;

  final Topology topology;
  final PhysicalMemory memory;
  private final @Nullable SwapDirectory directory;

  private EmbeddedGround(
      Topology topology, PhysicalMemory memory, @Nullable SwapDirectory directory) {
    this.topology = topology;
    this.memory = memory;
    this.directory = directory;
  }

  /**
   * Takes the memory, makes the file.
   *
   * @throws IOException there is not as much, the directory is in use, or the disk too small
   */
  static EmbeddedGround lay(EmbedSettings settings) throws IOException {
    long wanted = settings.memoryBytes() + settings.poolBytes();
    if (wanted > Host.memoryBytes()) {
      throw new IOException(
          "yard "
              + settings.name()
              + " wants "
              + wanted
              + " bytes of memory, the machine has "
              + Host.memoryBytes());
    }
    SwapDirectory directory =
        settings.fileBytes() == 0 ? null : SwapDirectory.open(settings.directory());
    PhysicalMemory memory = new PhysicalMemory(PhysicalMemory.Kind.BYTES, settings.poisonFreed());
    try {
      return new EmbeddedGround(fill(memory, settings, directory), memory, directory);
    } catch (IOException | RuntimeException | OutOfMemoryError e) {
      memory.close();
      if (directory != null) {
        directory.close();
      }
      throw e;
    }
  }

  private static Topology fill(
      PhysicalMemory memory, EmbedSettings settings, @Nullable SwapDirectory directory)
      throws IOException {
    List<RegionPlace> regions = new ArrayList<>();
    long next = FIRST_PFN;
    memory.addMemory(next, Pages.ofBytes(settings.memoryBytes()));
    regions.add(place(MEMORY, next, settings.memoryBytes(), false));
    next = end(regions);
    if (settings.compressedBytes() > 0) {
      memory.addCompressed(
          next,
          Pages.ofBytes(settings.compressedBytes()),
          Pages.ofBytes(settings.poolBytes()),
          "compressed tier of yard " + settings.name());
      regions.add(place(COMPRESSED, next, settings.compressedBytes(), true));
      next = end(regions);
    }
    if (directory != null) {
      memory.addFile(next, Pages.ofBytes(settings.fileBytes()), directory.path());
      regions.add(place(FILE, next, settings.fileBytes(), true));
    }
    return new Topology(regions, links(regions.size()));
  }

  private static RegionPlace place(String name, long basePfn, long bytes, boolean tier) {
    return new RegionPlace(name, basePfn, Pages.ofBytes(bytes), Topology.NONE, tier, HeapKind.VRAM);
  }

  /** The next region begins where a large page could. */
  private static long end(List<RegionPlace> regions) {
    RegionPlace last = regions.getLast();
    return (last.basePfn() + last.pages() + FIRST_PFN - 1) / FIRST_PFN * FIRST_PFN;
  }

  /** Any two, both ways, as fast as the machine copies: what comes back comes in one hop. */
  private static List<LinkPlace> links(int regions) {
    List<LinkPlace> links = new ArrayList<>();
    for (int from = 0; from < regions; from++) {
      for (int to = 0; to < regions; to++) {
        if (from != to) {
          links.add(new LinkPlace(from, to, Long.MAX_VALUE, 0));
        }
      }
    }
    return links;
  }

  /** Only when nobody can touch the memory any more. */
  @Override
  public void close() throws IOException {
    memory.close();
    if (directory != null) {
      directory.close();
    }
  }
}
