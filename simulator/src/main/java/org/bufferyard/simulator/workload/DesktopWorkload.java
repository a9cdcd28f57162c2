package org.bufferyard.simulator.workload;

import java.util.List;
import java.util.random.RandomGenerator;
import org.bufferyard.allocator.Pages;

/**
 * Four clients on one GPU: a game that loads levels and draws, a browser that rasters tiles, a
 * video call, and a compositor that puts their pictures on the display. Together they would like
 * more VRAM than there is; who is in front changes in phases ({@link DesktopPhases}).
 */
final class DesktopWorkload {
  static final String GAME = "game";
  static final String BROWSER = "browser";
  static final String COMPOSITOR = "compositor";
  static final String VIDEO_CALL = "video-call";

  static final String GPU = "gpu";
  static final String DISPLAY = "display";
  static final String CAMERA = "camera";
  static final String ENCODER = "encoder";

  static final String VRAM = "VRAM";
  static final String GTT = "GTT";
  static final String SYSTEM = "SYSTEM";

  /** The screen is 1024 x 576 at 4 bytes: small, so that real page fills stay affordable. */
  static final long SCREEN_BYTES = 1024L * 576 * 4;

  static final long SCREEN_PAGES = Pages.ofBytes(SCREEN_BYTES);
  static final long MIB = 1L << 20;

  /** Everything but textures and tiles that wants VRAM, rounded up. */
  static final long FIXED_BYTES = 48 * MIB;

  static Workload generate(WorkloadSpec.Desktop spec, long durationNanos, RandomGenerator random) {
    long gameSeed = random.nextLong();
    long browserSeed = random.nextLong();
    long videoSeed = random.nextLong();
    long compositorSeed = random.nextLong();
    DesktopPhases phases = DesktopPhases.of(spec);
    long tileBytes = spec.workingSetBytes() * 3 / 10;
    long textureBytes = Math.max(MIB, spec.workingSetBytes() - tileBytes - FIXED_BYTES);

    int browserKey =
        Program.countExports(new GameProgram(phases, textureBytes, gameSeed, 0, durationNanos));
    int videoKey =
        browserKey
            + Program.countExports(
                new BrowserProgram(phases, tileBytes, browserSeed, 0, durationNanos));
    int compositorKey =
        videoKey + Program.countExports(new VideoCallProgram(phases, videoSeed, 0, durationNanos));
    var fronts = new CompositorProgram.Fronts(0, browserKey, videoKey);
    int buffers =
        compositorKey
            + Program.countExports(
                new CompositorProgram(phases, fronts, compositorSeed, 0, durationNanos));
    Workload workload =
        Generators.workload(
            "desktop",
            durationNanos,
            buffers,
            List.of(
                Generators.script(
                    GAME, () -> new GameProgram(phases, textureBytes, gameSeed, 0, durationNanos)),
                Generators.script(
                    BROWSER,
                    () ->
                        new BrowserProgram(
                            phases, tileBytes, browserSeed, browserKey, durationNanos)),
                Generators.script(
                    VIDEO_CALL,
                    () -> new VideoCallProgram(phases, videoSeed, videoKey, durationNanos)),
                Generators.script(
                    COMPOSITOR,
                    () ->
                        new CompositorProgram(
                            phases, fronts, compositorSeed, compositorKey, durationNanos))));
    return workload.withPhases(phases.until(durationNanos));
  }

  private DesktopWorkload() {}
}
