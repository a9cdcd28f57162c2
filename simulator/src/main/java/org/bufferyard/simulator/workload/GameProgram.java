package org.bufferyard.simulator.workload;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.bufferyard.allocator.DmaDirection;
import org.bufferyard.allocator.Pages;

/**
 * The game: at each level load it replaces all textures, uploading them through a staging buffer;
 * then it draws frames that sample the textures near the player, who wanders. Its first keys are
 * the colour targets that the compositor reads.
 */
final class GameProgram extends Program {
  private static final long STAGING_BYTES = 4 * DesktopWorkload.MIB;
  private static final long GEOMETRY_BYTES = 4 * DesktopWorkload.MIB;
  private static final int GEOMETRY_BUFFERS = 3;
  private static final long UNIFORM_PAGES = 16;
  private static final int DRAWN_TEXTURES = 24;
  private static final int SAMPLED_PAGES_MIN = 16;
  private static final int SAMPLED_PAGES_MAX = 48;
  private static final long DRAW_BUSY_NANOS = 2_000_000;
  private static final long BACKGROUND_BUSY_NANOS = 500_000;
  private static final int TEXTURE_SIZE_STEPS = 5;
  private static final long TEXTURE_MIN_BYTES = DesktopWorkload.MIB / 4;

  private record Texture(int key, long pages) {}

  private final DesktopPhases phases;
  private final long textureBytes;
  private final SplittableRandom random;
  private final int[] colours = new int[DesktopPhases.COLOUR_TARGETS];
  private final List<Integer> geometry = new ArrayList<>();
  private final List<Texture> textures = new ArrayList<>();
  private int depth;
  private int staging;
  private int uniforms;
  private long frame;
  private long levelBytes;
  private double place;

  GameProgram(DesktopPhases phases, long textureBytes, long seed, int firstKey, long endNanos) {
    super(firstKey, endNanos);
    this.phases = phases;
    this.textureBytes = textureBytes;
    this.random = new SplittableRandom(seed);
  }

  @Override
  boolean advance() {
    long startNanos = phases.startNanos(frame);
    if (startNanos >= endNanos()) {
      return false;
    }
    at(startNanos + random.nextLong(500_000));
    if (frame == 0) {
      open();
    }
    if (phases.startsCycle(frame)) {
      leaveLevel();
    }
    if (phases.phase(frame) == DesktopPhases.Phase.LOADING) {
      load();
    }
    if (phases.gameDraws(frame)) {
      draw();
    }
    frame++;
    return true;
  }

  private void open() {
    Preference target = Preference.of(DesktopWorkload.VRAM).withPriority(1);
    for (int i = 0; i < colours.length; i++) {
      colours[i] =
          export(
              DesktopWorkload.SCREEN_BYTES, "game colour " + i, target, DesktopWorkload.COMPOSITOR);
    }
    depth = export(DesktopWorkload.SCREEN_BYTES, "game depth", target);
    Preference host = Preference.of(DesktopWorkload.GTT);
    staging = export(STAGING_BYTES, "game staging", host);
    uniforms = export(Pages.toBytes(UNIFORM_PAGES), "game uniforms", host);
    Preference local = Preference.of(DesktopWorkload.VRAM, DesktopWorkload.GTT);
    for (int i = 0; i < GEOMETRY_BUFFERS; i++) {
      geometry.add(export(GEOMETRY_BYTES, "game geometry " + i, local));
    }
  }

  private void leaveLevel() {
    textures.forEach(texture -> release(texture.key()));
    textures.clear();
    levelBytes = 0;
    place = 0;
  }

  /** Uploads as many textures as bring the level up to its share for this frame. */
  private void load() {
    long into = frame % phases.framesPerCycle() + 1;
    long dueBytes = textureBytes / phases.loadingFrames() * into;
    boolean last = into == phases.loadingFrames();
    while (levelBytes < (last ? textureBytes : dueBytes)) {
      upload();
    }
  }

  private void upload() {
    long wanted = TEXTURE_MIN_BYTES << random.nextInt(TEXTURE_SIZE_STEPS);
    long sizeBytes = Math.min(wanted, textureBytes - levelBytes);
    Preference preference = Preference.of(DesktopWorkload.VRAM, DesktopWorkload.GTT);
    int key = export(sizeBytes, "texture " + textures.size(), preference);
    long pages = Pages.ofBytes(sizeBytes);
    textures.add(new Texture(key, pages));
    levelBytes += sizeBytes;
    long staged = Math.min(pages, Pages.ofBytes(STAGING_BYTES));
    cpuAccess(staging, DmaDirection.TO_DEVICE, 0, staged);
    submit(
        DesktopWorkload.GPU,
        0,
        new Use(staging, DmaDirection.TO_DEVICE, 0, staged),
        new Use(key, DmaDirection.FROM_DEVICE, 0, pages));
  }

  private void draw() {
    List<Use> uses = new ArrayList<>();
    uses.add(
        new Use(
            colours[DesktopPhases.colourTarget(frame)],
            DmaDirection.FROM_DEVICE,
            0,
            DesktopWorkload.SCREEN_PAGES));
    uses.add(new Use(depth, DmaDirection.BIDIRECTIONAL, 0, DesktopWorkload.SCREEN_PAGES / 2));
    if (phases.phase(frame) != DesktopPhases.Phase.PLAYING) {
      submit(DesktopWorkload.GPU, BACKGROUND_BUSY_NANOS, uses);
      return;
    }
    cpuAccess(uniforms, DmaDirection.TO_DEVICE, frame % UNIFORM_PAGES, 1);
    uses.add(new Use(uniforms, DmaDirection.TO_DEVICE, frame % UNIFORM_PAGES, 1));
    for (int key : geometry) {
      uses.add(sample(key, Pages.ofBytes(GEOMETRY_BYTES)));
    }
    for (int index : texturesInView()) {
      uses.add(sample(textures.get(index).key(), textures.get(index).pages()));
    }
    submit(DesktopWorkload.GPU, DRAW_BUSY_NANOS, uses);
  }

  /** The player wanders; textures near the place are in view, distant ones seldom. */
  private Set<Integer> texturesInView() {
    place += random.nextDouble() * 0.5;
    TreeSet<Integer> view = new TreeSet<>();
    for (int i = 0; i < DRAWN_TEXTURES; i++) {
      int index = (int) Math.round(place + random.nextGaussian() * DRAWN_TEXTURES / 3);
      view.add(Math.floorMod(index, textures.size()));
    }
    return view;
  }

  private Use sample(int key, long pages) {
    long count = Math.min(pages, random.nextLong(SAMPLED_PAGES_MIN, SAMPLED_PAGES_MAX));
    long first = random.nextLong(pages - count + 1);
    return new Use(key, DmaDirection.TO_DEVICE, first, count);
  }
}
