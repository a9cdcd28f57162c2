package org.bufferyard.simulator.workload;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.bufferyard.allocator.DmaDirection;
import org.bufferyard.allocator.Pages;

/**
 * The compositor: each frame the GPU reads the other clients' front buffers and writes one of three
 * scanout buffers, which the display then reads. The display is a static importer: a scanout buffer
 * stays put from its flip until the next flip unmaps it. The cursor is pinned throughout.
 */
final class CompositorProgram extends Program {
  private static final int SCANOUTS = 3;
  private static final int BLURS = 2;
  private static final long BLUR_BYTES = 4 * DesktopWorkload.MIB;
  private static final long BLUR_PAGES_USED = 32;
  private static final long CURSOR_BYTES = 64L * 64 * 4;
  private static final long OFFSET_NANOS = 10_000_000;
  private static final long COMPOSE_BUSY_NANOS = 800_000;

  /** First keys of the buffers that the others share with the compositor. */
  record Fronts(int game, int browser, int videoCall) {}

  private final DesktopPhases phases;
  private final Fronts fronts;
  private final SplittableRandom random;
  private final int[] scanouts = new int[SCANOUTS];
  private final int[] blurs = new int[BLURS];
  private int cursor;
  private long frame;

  CompositorProgram(DesktopPhases phases, Fronts fronts, long seed, int firstKey, long endNanos) {
    super(firstKey, endNanos);
    this.phases = phases;
    this.fronts = fronts;
    this.random = new SplittableRandom(seed);
  }

  @Override
  boolean advance() {
    long startNanos = phases.startNanos(frame) + OFFSET_NANOS;
    if (startNanos >= endNanos()) {
      return false;
    }
    at(startNanos + random.nextLong(200_000));
    if (frame == 0) {
      open();
    }
    int scanout = scanouts[(int) (frame % SCANOUTS)];
    compose(scanout);
    submit(DesktopWorkload.DISPLAY, 0, screen(scanout, DmaDirection.TO_DEVICE));
    if (frame > 0) {
      unmap(scanouts[(int) ((frame - 1) % SCANOUTS)], DesktopWorkload.DISPLAY);
    }
    frame++;
    if (phases.startNanos(frame) + OFFSET_NANOS >= endNanos()) {
      add(new Action.Unpin(cursor, DesktopWorkload.DISPLAY));
    }
    return true;
  }

  private void open() {
    Preference scan = Preference.of(DesktopWorkload.VRAM).withContiguous().withPriority(2);
    for (int i = 0; i < SCANOUTS; i++) {
      scanouts[i] = export(DesktopWorkload.SCREEN_BYTES, "scanout " + i, scan);
    }
    cursor = export(CURSOR_BYTES, "cursor", scan);
    pin(cursor, DesktopWorkload.DISPLAY);
    for (int i = 0; i < BLURS; i++) {
      Preference local = Preference.of(DesktopWorkload.VRAM, DesktopWorkload.GTT);
      blurs[i] = export(BLUR_BYTES, "blur " + i, local);
    }
  }

  private void compose(int scanout) {
    List<Use> uses = new ArrayList<>();
    uses.add(screen(fronts.game() + phases.gameFront(frame), DmaDirection.TO_DEVICE));
    uses.add(
        new Use(
            fronts.browser() + BrowserProgram.front(frame),
            DmaDirection.TO_DEVICE,
            0,
            BrowserProgram.DAMAGED_PAGES));
    uses.add(
        new Use(
            fronts.videoCall() + VideoCallProgram.surface(frame),
            DmaDirection.TO_DEVICE,
            0,
            VideoCallProgram.SURFACE_PAGES));
    long last = Pages.ofBytes(BLUR_BYTES) - BLUR_PAGES_USED;
    int blur = blurs[(int) (frame / phases.framesPerSecond() % BLURS)];
    uses.add(new Use(blur, DmaDirection.BIDIRECTIONAL, random.nextLong(last + 1), BLUR_PAGES_USED));
    uses.add(screen(scanout, DmaDirection.FROM_DEVICE));
    submit(DesktopWorkload.GPU, COMPOSE_BUSY_NANOS, uses);
  }

  private static Use screen(int key, DmaDirection direction) {
    return new Use(key, direction, 0, DesktopWorkload.SCREEN_PAGES);
  }
}
