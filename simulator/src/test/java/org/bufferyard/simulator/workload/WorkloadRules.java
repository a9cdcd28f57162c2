package org.bufferyard.simulator.workload;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.ActorSystem;
import akka.stream.javadsl.Sink;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.bufferyard.allocator.Pages;

/** What every workload promises, checked by playing it; shared by tests of all its sources. */
public final class WorkloadRules {
  /** What a played workload asked for. */
  public record Played(
      Map<String, List<Step>> steps, long dmaPages, long dmaJobs, long peakBytes, long exports) {}

  private record Buffer(String owner, long pages, List<String> sharedWith) {}

  private final TreeMap<Integer, Buffer> buffers = new TreeMap<>();
  private long dmaPages;
  private long dmaJobs;

  public static Played play(Workload workload, ActorSystem system) {
    return new WorkloadRules().run(workload, system);
  }

  private Played run(Workload workload, ActorSystem system) {
    Map<String, List<Step>> steps = new TreeMap<>();
    for (ClientScript script : workload.clients()) {
      List<Step> own = drain(script, system);
      assertThat(steps.put(script.client(), own)).as("one script of " + script.client()).isNull();
      own.forEach(step -> noteExport(script.client(), step.action()));
    }
    assertThat(buffers.keySet()).hasSize(workload.buffers());
    if (workload.buffers() > 0) {
      assertThat(buffers.lastKey()).isEqualTo(workload.buffers() - 1);
    }
    steps.forEach((client, own) -> checkClient(client, own, workload.durationNanos()));
    return new Played(steps, dmaPages, dmaJobs, peakBytes(steps), buffers.size());
  }

  public static List<Step> drain(ClientScript script, ActorSystem system) {
    try {
      return script
          .steps()
          .runWith(Sink.seq(), system)
          .toCompletableFuture()
          .get(60, TimeUnit.SECONDS);
    } catch (Exception failed) {
      throw new AssertionError("script of " + script.client(), failed);
    }
  }

  private void noteExport(String client, Action action) {
    if (action instanceof Action.Export export) {
      Buffer buffer = new Buffer(client, Pages.ofBytes(export.sizeBytes()), export.sharedWith());
      assertThat(export.sharedWith()).doesNotContain(client);
      assertThat(buffers.put(export.buffer(), buffer)).as("exported once: " + export).isNull();
    }
  }

  private void checkClient(String client, List<Step> steps, long durationNanos) {
    TreeSet<Integer> released = new TreeSet<>();
    TreeSet<Integer> held = new TreeSet<>();
    TreeSet<String> mapped = new TreeSet<>();
    TreeSet<String> pinned = new TreeSet<>();
    long before = 0;
    for (Step step : steps) {
      assertThat(step.atNanos()).isBetween(before, durationNanos);
      before = step.atNanos();
      for (int key : named(step.action())) {
        Buffer buffer = buffer(key);
        assertThat(buffer.owner().equals(client) || buffer.sharedWith().contains(client))
            .as(client + " may use: " + step)
            .isTrue();
        assertThat(released).as("not after its release: " + step).doesNotContain(key);
        boolean exported =
            held.contains(key)
                || step.action() instanceof Action.Export
                || !buffer.owner().equals(client);
        assertThat(exported).as("after its export: " + step).isTrue();
        held.add(key);
      }
      checkAction(step.action(), mapped, pinned, released);
    }
    assertThat(mapped).as(client + " left mapped").isEmpty();
    assertThat(pinned).as(client + " left pinned").isEmpty();
    assertThat(released).as(client + " releases all").isEqualTo(held);
  }

  private void checkAction(
      Action action, Set<String> mapped, Set<String> pinned, Set<Integer> released) {
    switch (action) {
      case Action.Export export -> {}
      case Action.Submit submit -> {
        List<Integer> keys = submit.uses().stream().map(Use::buffer).toList();
        assertThat(keys).as("distinct: " + submit).doesNotHaveDuplicates().isNotEmpty();
        dmaJobs++;
        for (Use use : submit.uses()) {
          assertThat(use.firstPage() + use.pages())
              .as("within its buffer: " + use)
              .isLessThanOrEqualTo(buffer(use.buffer()).pages());
          dmaPages += use.pages();
          mapped.add(use.buffer() + "@" + submit.device());
        }
      }
      case Action.Attach attach -> mapped.add(attach.buffer() + "@" + attach.device());
      case Action.Unmap unmap ->
          assertThat(mapped.remove(unmap.buffer() + "@" + unmap.device()))
              .as("mapped before: " + unmap)
              .isTrue();
      case Action.CpuAccess access ->
          assertThat(access.firstPage() + access.pages())
              .as("within its buffer: " + access)
              .isLessThanOrEqualTo(buffer(access.buffer()).pages());
      case Action.Pin pin -> {
        pinned.add(pin.buffer() + "@" + pin.device());
        mapped.add(pin.buffer() + "@" + pin.device());
      }
      case Action.Unpin unpin ->
          assertThat(pinned.remove(unpin.buffer() + "@" + unpin.device()))
              .as("pinned before: " + unpin)
              .isTrue();
      case Action.Release release -> released.add(release.buffer());
    }
  }

  private Buffer buffer(int key) {
    return Objects.requireNonNull(buffers.get(key), () -> "nobody exports buffer " + key);
  }

  private static List<Integer> named(Action action) {
    return switch (action) {
      case Action.Export export -> List.of(export.buffer());
      case Action.Submit submit -> submit.uses().stream().map(Use::buffer).toList();
      case Action.Attach attach -> List.of(attach.buffer());
      case Action.Unmap unmap -> List.of(unmap.buffer());
      case Action.CpuAccess access -> List.of(access.buffer());
      case Action.Pin pin -> List.of(pin.buffer());
      case Action.Unpin unpin -> List.of(unpin.buffer());
      case Action.Release release -> List.of(release.buffer());
    };
  }

  /** Live bytes in page-rounded sizes, were every step issued in time and answered at once. */
  private long peakBytes(Map<String, List<Step>> steps) {
    List<Step> all = new ArrayList<>();
    steps.values().forEach(all::addAll);
    all.sort(Comparator.comparingLong(Step::atNanos));
    TreeSet<Integer> live = new TreeSet<>();
    long bytes = 0;
    long peak = 0;
    for (Step step : all) {
      if (step.action() instanceof Action.Export export && live.add(export.buffer())) {
        bytes += Pages.toBytes(Pages.ofBytes(export.sizeBytes()));
      } else if (step.action() instanceof Action.Release release && live.remove(release.buffer())) {
        bytes -= Pages.toBytes(buffer(release.buffer()).pages());
      }
      peak = Math.max(peak, bytes);
    }
    return peak;
  }

  private WorkloadRules() {}
}
