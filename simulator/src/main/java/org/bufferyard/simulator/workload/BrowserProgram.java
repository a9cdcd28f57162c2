package org.bufferyard.simulator.workload;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.SplittableRandom;
import org.bufferyard.allocator.DmaDirection;
import org.bufferyard.allocator.Pages;

/**
 * The browser: keeps a budget of rastered tiles, composes the visible ones into one of two front
 * buffers (its first keys). In front it scrolls: bursts of new tiles push out the oldest; in the
 * background it only refreshes now and then.
 */
final class BrowserProgram extends Program {
  static final int FRONTS = 2;
  static final long DAMAGED_PAGES = DesktopWorkload.SCREEN_PAGES / 2;
  private static final long TILE_BYTES = DesktopWorkload.MIB;
  private static final long TILE_PAGES = Pages.ofBytes(TILE_BYTES);
  private static final long GLYPH_BYTES = DesktopWorkload.MIB;
  private static final int VISIBLE_TILES = 12;
  private static final long SAMPLED_PAGES = 24;
  private static final int BURST_TILES = 8;
  private static final int BURST_STRIDE_FRAMES = 6;
  private static final int BACKGROUND_STRIDE_FRAMES = 30;
  private static final long OFFSET_NANOS = 2_000_000;
  private static final long COMPOSE_BUSY_NANOS = 300_000;

  private final DesktopPhases phases;
  private final long tilesMax;
  private final SplittableRandom random;
  private final int[] fronts = new int[FRONTS];
  private final ArrayDeque<Integer> tiles = new ArrayDeque<>();
  private int glyphs;
  private int rastered;
  private long frame;

  BrowserProgram(DesktopPhases phases, long tileBytes, long seed, int firstKey, long endNanos) {
    super(firstKey, endNanos);
    this.phases = phases;
    this.tilesMax = Math.max(VISIBLE_TILES, tileBytes / TILE_BYTES);
    this.random = new SplittableRandom(seed);
  }

  /** Which front buffer shows at {@code frame}. */
  static int front(long frame) {
    return (int) (frame / BACKGROUND_STRIDE_FRAMES % FRONTS);
  }

  @Override
  boolean advance() {
    long startNanos = phases.startNanos(frame) + OFFSET_NANOS;
    if (startNanos >= endNanos()) {
      return false;
    }
    at(startNanos + random.nextLong(500_000));
    if (frame == 0) {
      open();
    }
    boolean inFront = phases.phase(frame) == DesktopPhases.Phase.BROWSING;
    if (tiles.size() < tilesMax || (inFront && frame % BURST_STRIDE_FRAMES == 0)) {
      raster(inFront ? BURST_TILES : BURST_TILES / 4);
    }
    if (inFront || frame % BACKGROUND_STRIDE_FRAMES == 0) {
      compose();
    }
    frame++;
    return true;
  }

  private void open() {
    Preference preference = Preference.of(DesktopWorkload.VRAM, DesktopWorkload.GTT);
    for (int i = 0; i < FRONTS; i++) {
      String name = "browser front " + i;
      fronts[i] =
          export(DesktopWorkload.SCREEN_BYTES, name, preference, DesktopWorkload.COMPOSITOR);
    }
    glyphs = export(GLYPH_BYTES, "glyph cache", Preference.of(DesktopWorkload.GTT));
    cpuAccess(glyphs, DmaDirection.TO_DEVICE, 0, Pages.ofBytes(GLYPH_BYTES));
  }

  private void raster(int count) {
    List<Use> uses = new ArrayList<>();
    uses.add(new Use(glyphs, DmaDirection.TO_DEVICE, 0, SAMPLED_PAGES));
    for (int i = 0; i < count; i++) {
      Preference preference = Preference.of(DesktopWorkload.VRAM, DesktopWorkload.GTT);
      int key = export(TILE_BYTES, "tile " + rastered++, preference);
      tiles.addLast(key);
      uses.add(new Use(key, DmaDirection.FROM_DEVICE, 0, TILE_PAGES));
    }
    submit(DesktopWorkload.GPU, 0, uses);
    while (tiles.size() > tilesMax) {
      release(tiles.removeFirst());
    }
  }

  /** The newest tiles are the ones in view. */
  private void compose() {
    List<Use> uses = new ArrayList<>();
    Iterator<Integer> newest = tiles.descendingIterator();
    for (int i = 0; i < VISIBLE_TILES && newest.hasNext(); i++) {
      long first = random.nextLong(TILE_PAGES - SAMPLED_PAGES + 1);
      uses.add(new Use(newest.next(), DmaDirection.TO_DEVICE, first, SAMPLED_PAGES));
    }
    int target = fronts[front(frame)];
    uses.add(new Use(target, DmaDirection.FROM_DEVICE, 0, DAMAGED_PAGES));
    submit(DesktopWorkload.GPU, COMPOSE_BUSY_NANOS, uses);
  }
}
