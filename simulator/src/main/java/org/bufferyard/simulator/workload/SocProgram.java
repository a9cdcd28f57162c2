package org.bufferyard.simulator.workload;

import java.util.SplittableRandom;
import org.bufferyard.allocator.DmaDirection;
import org.bufferyard.allocator.Pages;

/**
 * Camera to image processor to codec and GPU; the GPU's screen to a display that sees it through
 * the tiler; every second frame a webcam's picture goes into the screen and a second screen to a
 * USB display; a little audio both ways. Heaps are asked for by name.
 */
final class SocProgram extends Program {
  static final String CAMERA = "camera";
  static final String ISP = "isp";
  static final String CODEC = "codec";
  static final String GPU = "gpu";
  static final String DISPLAY = "display";
  static final String USB_DISPLAY = "usb-display";
  static final String WEBCAM = "webcam";
  static final String AUDIO = "audio";

  private static final long NANOS_PER_SECOND = 1_000_000_000L;
  private static final long CODEC_BUSY_NANOS = 6_000_000;
  private static final long COMPOSE_BUSY_NANOS = 3_000_000;
  private static final int COMPRESSION = 8;
  private static final long AUDIO_PAGES = 4;

  private final WorkloadSpec.Soc spec;
  private final SplittableRandom random;
  private final int[] raws;
  private final int[] pictures;
  private final int[] screens;
  private final int[] streams;
  private final int[] webs;
  private final int[] usbScreens;
  private final long pages;
  private final long streamPages;
  private int playback;
  private int capture;
  private long frame;

  SocProgram(WorkloadSpec.Soc spec, long seed, long endNanos) {
    super(0, endNanos);
    this.spec = spec;
    this.random = new SplittableRandom(seed);
    this.raws = new int[spec.depth()];
    this.pictures = new int[spec.depth()];
    this.screens = new int[spec.depth()];
    this.streams = new int[spec.depth()];
    this.webs = new int[spec.depth()];
    this.usbScreens = new int[Math.max(1, spec.depth() / 2)];
    this.pages = Pages.ofBytes(spec.frameBytes());
    this.streamPages = Math.max(1, pages / COMPRESSION);
  }

  @Override
  boolean advance() {
    long periodNanos = NANOS_PER_SECOND / spec.framesPerSecond();
    long startNanos = Math.multiplyExact(frame, periodNanos);
    if (startNanos >= endNanos()) {
      return false;
    }
    at(startNanos + random.nextLong(100_000));
    if (frame == 0) {
      open();
    }
    int slot = (int) (frame % spec.depth());
    boolean second = frame % 2 == 1;
    take(slot);
    if (second) {
      submit(WEBCAM, 0, writes(webs[slot]));
    }
    show(slot, second, startNanos + 2 * periodNanos);
    if (second) {
      mirror(slot, startNanos + 3 * periodNanos);
      sound();
    }
    frame++;
    return true;
  }

  private void open() {
    for (int i = 0; i < spec.depth(); i++) {
      raws[i] = picture("raw " + i, Preference.NONE);
      pictures[i] = picture("picture " + i, Preference.of("system"));
      screens[i] = picture("screen " + i, Preference.of("tiler"));
      webs[i] = picture("webcam " + i, Preference.of("system"));
      streams[i] = export(Pages.toBytes(streamPages), "stream " + i, Preference.of("carve-out"));
    }
    for (int i = 0; i < usbScreens.length; i++) {
      usbScreens[i] = picture("usb screen " + i, Preference.of("system"));
    }
    playback = export(Pages.toBytes(AUDIO_PAGES), "playback", Preference.of("system"));
    capture = export(Pages.toBytes(AUDIO_PAGES), "capture", Preference.of("system"));
  }

  private int picture(String name, Preference preference) {
    return export(spec.frameBytes(), name, preference);
  }

  private Use reads(int buffer) {
    return new Use(buffer, DmaDirection.TO_DEVICE, 0, pages);
  }

  private Use writes(int buffer) {
    return new Use(buffer, DmaDirection.FROM_DEVICE, 0, pages);
  }

  private void take(int slot) {
    submit(CAMERA, 0, writes(raws[slot]));
    submit(ISP, 0, reads(raws[slot]), writes(pictures[slot]));
    long written = 1 + random.nextLong(streamPages);
    submit(
        CODEC,
        CODEC_BUSY_NANOS,
        reads(pictures[slot]),
        new Use(streams[slot], DmaDirection.FROM_DEVICE, 0, written));
    cpuAccess(streams[slot], DmaDirection.FROM_DEVICE, 0, written);
  }

  private void show(int slot, boolean withWebcam, long dueNanos) {
    if (withWebcam) {
      submit(
          GPU, COMPOSE_BUSY_NANOS, reads(pictures[slot]), reads(webs[slot]), writes(screens[slot]));
    } else {
      submit(GPU, COMPOSE_BUSY_NANOS, reads(pictures[slot]), writes(screens[slot]));
    }
    submitFrame(DISPLAY, 0, dueNanos, reads(screens[slot]));
  }

  private void mirror(int slot, long dueNanos) {
    int screen = usbScreens[slot / 2 % usbScreens.length];
    submit(GPU, COMPOSE_BUSY_NANOS, reads(pictures[slot]), writes(screen));
    submitFrame(USB_DISPLAY, 0, dueNanos, reads(screen));
  }

  private void sound() {
    cpuAccess(playback, DmaDirection.TO_DEVICE, 0, AUDIO_PAGES);
    submit(AUDIO, 0, new Use(playback, DmaDirection.TO_DEVICE, 0, AUDIO_PAGES));
    submit(AUDIO, 0, new Use(capture, DmaDirection.FROM_DEVICE, 0, AUDIO_PAGES));
    cpuAccess(capture, DmaDirection.FROM_DEVICE, 0, AUDIO_PAGES);
  }
}
