package org.bufferyard.simulator.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import org.bufferyard.allocator.Outcome;
import org.bufferyard.simulator.result.RunResult;
import org.bufferyard.simulator.run.Checkpoint;
import org.bufferyard.simulator.run.RunRequest;
import org.bufferyard.simulator.run.Simulation;
import org.bufferyard.simulator.scenario.Scenario;
import org.bufferyard.simulator.scenario.Scenarios;
import org.bufferyard.simulator.workload.Generators;
import org.bufferyard.testkit.NamedRandom;
import org.bufferyard.testkit.junit.Seeded;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs that are stopped, kept in a file, and gone on from, also by another JVM. */
class SnapshotTest {
  private static final String VERSION = "1.2.3";
  private static final long EVENT = 6_000;
  private static final int MUTATIONS = Integer.getInteger("bufferyard.fuzz.files", 10_000) / 4;

  @TempDir Path folder;

  /** Stops a run at an event, and keeps what it was like. */
  private static final class Stop implements Checkpoint {
    private final long event;
    private final boolean goOn;
    @Nullable Moment moment;

    Stop(long event, boolean goOn) {
      this.event = event;
      this.goOn = goOn;
    }

    @Override
    public boolean reached(long now, long nanos) {
      return now >= event;
    }

    @Override
    public boolean at(Moment now) {
      moment = now;
      return goOn;
    }
  }

  /** Resumes what a file holds, and prints the hash at the end. */
  static final class Child {
    public static void main(String[] arguments) throws IOException {
      Resumption resumption = new Resumption(read(Path.of(arguments[0])));
      RunResult result = run(scenario(), 11, resumption);
      System.out.println(result == null ? resumption.fault() : result.eventHash());
    }

    private Child() {}
  }

  private static Scenario scenario(String... settings) {
    List<String> all =
        new ArrayList<>(List.of("duration=200 ms", "regions.VRAM.size=25 %", "contents=tags"));
    all.addAll(List.of(settings));
    return switch (new Scenarios(List.of("lru", "fifo")).load("desktop", all)) {
      case Outcome.Done<Scenario>(var scenario) -> scenario;
      case Outcome.Refused<Scenario>(var refusal) -> throw new AssertionError(refusal);
    };
  }

  private static @Nullable RunResult run(Scenario scenario, long seed, Checkpoint checkpoint)
      throws IOException {
    RunRequest request =
        new RunRequest(
            scenario,
            Generators.generate(
                scenario.workload(),
                scenario.durationNanos(),
                NamedRandom.stream(seed, "workload")),
            seed,
            true,
            1,
            System::nanoTime,
            "");
    return Simulation.checkpointed(request, (at, total) -> {}, checkpoint);
  }

  private static Snapshot take(long event) throws IOException {
    Stop stop = new Stop(event, false);
    assertThat(run(scenario(), 11, stop)).isNull();
    return new Snapshot(
        VERSION,
        List.of(new Snapshot.Word("scenario", "desktop")),
        Snapshot.parts(scenario()),
        Objects.requireNonNull(stop.moment));
  }

  private Path write(Snapshot snapshot) throws IOException {
    Path file = folder.resolve("run.snapshot");
    SnapshotFile.write(snapshot, file);
    return file;
  }

  private static Snapshot read(Path file) {
    return switch (SnapshotFile.read(file, VERSION)) {
      case Outcome.Done<Snapshot>(var snapshot) -> snapshot;
      case Outcome.Refused<Snapshot>(var refusal) -> throw new AssertionError(refusal);
    };
  }

  private static String refusal(Path file) {
    return switch (SnapshotFile.read(file, VERSION)) {
      case Outcome.Done<Snapshot> done -> "";
      case Outcome.Refused<Snapshot>(var refusal) -> refusal.reason();
    };
  }

  @Test
  void resume_hereAndInAnotherJvm_endsAsTheRunDoesAlone() throws Exception {
    Stop look = new Stop(EVENT, true);
    String alone =
        Objects.requireNonNull(run(scenario(), 11, new Stop(Long.MAX_VALUE, true))).eventHash();
    assertThat(Objects.requireNonNull(run(scenario(), 11, look)).eventHash()).isEqualTo(alone);
    Path file = write(take(EVENT));
    Process other = start(file);
    Resumption resumption = new Resumption(read(file));
    assertThat(Objects.requireNonNull(run(scenario(), 11, resumption)).eventHash())
        .isEqualTo(alone);
    assertThat(resumption.verified()).isTrue();
    assertThat(output(other)).isEqualTo(alone);
  }

  @Test
  void write_andRead_isTheSame() throws IOException {
    Snapshot snapshot = take(EVENT);
    Snapshot back = read(write(snapshot));
    assertThat(back).usingRecursiveComparison().isEqualTo(snapshot);
    assertThat(back.moment().event()).isEqualTo(EVENT);
    assertThat(back.moment().picks()).hasSizeBetween((int) EVENT / 2, (int) EVENT);
  }

  /** Free maps, placements, page tables, fences, contents and clients: each has parts. */
  @Test
  void take_digest_hasTheWholeState() throws IOException {
    assertThat(take(EVENT).moment().parts().keySet())
        .contains(
            "RegionActor.space",
            "RegionActor.table",
            "RegionActor.policy",
            "BufferActor.core.extents",
            "BufferActor.core.state",
            "BufferActor.core.fences",
            "BufferActor.core.reservation",
            "BufferActor.core.attachments",
            "memory of VRAM",
            "memory of SYSTEM",
            "/user/region-VRAM",
            "mailbox")
        .anyMatch(part -> part.startsWith("IommuActor."))
        .anyMatch(part -> part.startsWith("SessionActor."))
        .anyMatch(part -> part.startsWith("DeviceActor."))
        .anyMatch(part -> part.startsWith("/user/slab-"));
  }

  @Test
  void resume_stateDiffers_endsThereAndNamesThePart() throws IOException {
    Snapshot snapshot = take(EVENT);
    SortedMap<String, Long> parts = new TreeMap<>(snapshot.moment().parts());
    parts.merge("RegionActor.space", 1L, Long::sum);
    parts.merge("/user/region-VRAM", 1L, Long::sum);
    Checkpoint.Moment then = snapshot.moment();
    Resumption resumption =
        new Resumption(
            new Snapshot(
                VERSION,
                List.of(),
                snapshot.scenario(),
                new Checkpoint.Moment(
                    then.event(), then.nanos(), then.eventHash(), parts, then.picks())));
    assertThat(run(scenario(), 11, resumption)).isNull();
    assertThat(resumption.fault())
        .isEqualTo(
            "at event 6,000 the state is not what was saved: RegionActor.space, /user/region-VRAM");
  }

  @Test
  void resume_otherOrder_namesTheChoice() throws IOException {
    Resumption resumption = new Resumption(take(EVENT));
    assertThat(run(scenario(), 12, resumption)).isNull();
    assertThat(resumption.fault()).matches("choice [0-9,]+ of its [0-9,]+ was another one");
  }

  @Test
  void resume_endsBefore_saysSo() throws IOException {
    Resumption resumption = new Resumption(take(EVENT));
    assertThat(run(scenario("duration=1 ms"), 11, resumption)).isNotNull();
    assertThat(resumption.verified()).isFalse();
    assertThat(resumption.fault()).isEqualTo("the run ends before event 6,000");
  }

  @Test
  void changed_namesThePartsOfTheScenario() throws IOException {
    Snapshot snapshot = take(1_000);
    assertThat(Resumption.changed(snapshot, scenario())).isEmpty();
    assertThat(Resumption.changed(snapshot, scenario("policy=fifo", "regions.GTT.size=64 MiB")))
        .hasValue("the scenario has changed since: policy, regions");
  }

  @Test
  void read_foreignFiles_areRefusedInOneLine() throws IOException {
    Path file = write(take(1_000));
    byte[] bytes = Files.readAllBytes(file);
    assertThat(SnapshotFile.read(file, "2.0.0").toString())
        .contains("was made by bufferyard 1.2.3, this is 2.0.0");
    assertThat(refusal(folder)).endsWith(": is a directory");
    assertThat(refusal(folder.resolve("none"))).endsWith(": no such file");
    assertThat(refusalOf(new byte[0])).endsWith(": is no snapshot");
    assertThat(refusalOf("something else entirely".getBytes(StandardCharsets.UTF_8)))
        .endsWith(": is no snapshot");
    byte[] later = bytes.clone();
    later[SnapshotWriter.HEAD.length + 4] = 2;
    assertThat(refusalOf(later)).endsWith(": frame 1: version 2, this reads 1");
    byte[] longer = Arrays.copyOf(bytes, bytes.length + 1);
    assertThat(refusalOf(longer)).endsWith(": goes on after its end");
  }

  private String refusalOf(byte[] bytes) throws IOException {
    return refusal(Files.write(folder.resolve("foreign"), bytes));
  }

  /** Whatever becomes of a file, reading it ends in one line, or the file was not changed. */
  @Seeded(runs = 4)
  void read_mutated_isRefusedInOneLine(long seed) throws IOException {
    RandomGenerator random = NamedRandom.stream(seed, "mutations");
    byte[] whole = small();
    for (int i = 0; i < MUTATIONS; i++) {
      byte[] bytes = mutated(whole, random);
      String refusal = refusalOf(bytes);
      assertThat(refusal).doesNotContain("\n");
      assertThat(refusal.isEmpty()).as(refusal).isEqualTo(Arrays.equals(bytes, whole));
    }
  }

  private static byte[] mutated(byte[] whole, RandomGenerator random) {
    if (random.nextInt(4) == 0) {
      return Arrays.copyOf(whole, random.nextInt(whole.length));
    }
    byte[] bytes = whole.clone();
    for (int i = 1 + random.nextInt(4); i > 0; i--) {
      bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
    }
    return bytes;
  }

  private byte[] small() throws IOException {
    SortedMap<String, Long> parts = new TreeMap<>();
    for (int i = 0; i < 20; i++) {
      parts.put("part " + i, 0x123456789abcdefL * i);
    }
    return Files.readAllBytes(
        write(
            new Snapshot(
                VERSION,
                List.of(new Snapshot.Word("scenario", "desktop")),
                new TreeMap<>(parts),
                new Checkpoint.Moment(99, 1_000, 77, parts, new int[] {0, -1, 300, 2}))));
  }

  private static Process start(Path file) throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "--sun-misc-unsafe-memory-access=allow",
            "--add-opens=java.base/java.lang=ALL-UNNAMED",
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            System.getProperty("java.class.path"),
            Child.class.getName(),
            file.toString())
        .redirectErrorStream(true)
        .start();
  }

  private static String output(Process process) throws IOException, InterruptedException {
    String output =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    assertThat(process.waitFor()).as(output).isZero();
    return output;
  }
}
