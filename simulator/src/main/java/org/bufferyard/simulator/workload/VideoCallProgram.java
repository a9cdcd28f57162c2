package org.bufferyard.simulator.workload;

import java.util.SplittableRandom;
import org.bufferyard.allocator.DmaDirection;
import org.bufferyard.allocator.Pages;

/**
 * The video call, at half the display's rate: the camera writes a frame; the encoder reads it and
 * writes a bitstream that the CPU sends; the GPU reads it for the self view, together with the
 * packets received, and writes a surface that the compositor shows (its first keys).
 */
final class VideoCallProgram extends Program {
  static final int SURFACES = 2;
  static final long SURFACE_BYTES = 640L * 360 * 4;
  static final long SURFACE_PAGES = Pages.ofBytes(SURFACE_BYTES);
  private static final int STRIDE_FRAMES = 2;
  private static final int CAMERA_FRAMES = 4;
  private static final long CAMERA_BYTES = 640L * 360 * 3 / 2;
  private static final long CAMERA_PAGES = Pages.ofBytes(CAMERA_BYTES);
  private static final long BITSTREAM_PAGES = 16;
  private static final long OFFSET_NANOS = 4_000_000;
  private static final long ENCODE_BUSY_NANOS = 3_000_000;
  private static final long DECODE_BUSY_NANOS = 700_000;

  private final DesktopPhases phases;
  private final SplittableRandom random;
  private final int[] surfaces = new int[SURFACES];
  private final int[] camera = new int[CAMERA_FRAMES];
  private int sent;
  private int received;
  private long frame;

  VideoCallProgram(DesktopPhases phases, long seed, int firstKey, long endNanos) {
    super(firstKey, endNanos);
    this.phases = phases;
    this.random = new SplittableRandom(seed);
  }

  /** Which surface shows at {@code frame}: the one before the one being drawn. */
  static int surface(long frame) {
    return (int) ((frame / STRIDE_FRAMES + 1) % SURFACES);
  }

  @Override
  boolean advance() {
    long startNanos = phases.startNanos(frame * STRIDE_FRAMES) + OFFSET_NANOS;
    if (startNanos >= endNanos()) {
      return false;
    }
    at(startNanos + random.nextLong(1_000_000));
    if (frame == 0) {
      open();
    }
    exchange(camera[(int) (frame % CAMERA_FRAMES)], 1 + random.nextLong(BITSTREAM_PAGES));
    frame++;
    return true;
  }

  private void open() {
    Preference local = Preference.of(DesktopWorkload.VRAM, DesktopWorkload.GTT);
    for (int i = 0; i < SURFACES; i++) {
      surfaces[i] = export(SURFACE_BYTES, "call surface " + i, local, DesktopWorkload.COMPOSITOR);
    }
    Preference host = Preference.of(DesktopWorkload.GTT, DesktopWorkload.SYSTEM);
    for (int i = 0; i < CAMERA_FRAMES; i++) {
      camera[i] = export(CAMERA_BYTES, "camera frame " + i, host);
    }
    sent = export(Pages.toBytes(BITSTREAM_PAGES), "call sent", host);
    received = export(Pages.toBytes(BITSTREAM_PAGES), "call received", host);
  }

  private void exchange(int picture, long packetPages) {
    submit(DesktopWorkload.CAMERA, 0, new Use(picture, DmaDirection.FROM_DEVICE, 0, CAMERA_PAGES));
    submit(
        DesktopWorkload.ENCODER,
        ENCODE_BUSY_NANOS,
        new Use(picture, DmaDirection.TO_DEVICE, 0, CAMERA_PAGES),
        new Use(sent, DmaDirection.FROM_DEVICE, 0, packetPages));
    cpuAccess(received, DmaDirection.TO_DEVICE, 0, packetPages);
    submit(
        DesktopWorkload.GPU,
        DECODE_BUSY_NANOS,
        new Use(picture, DmaDirection.TO_DEVICE, 0, CAMERA_PAGES),
        new Use(received, DmaDirection.TO_DEVICE, 0, packetPages),
        new Use(surfaces[(int) (frame % SURFACES)], DmaDirection.FROM_DEVICE, 0, SURFACE_PAGES));
    cpuAccess(sent, DmaDirection.FROM_DEVICE, 0, packetPages);
  }
}
