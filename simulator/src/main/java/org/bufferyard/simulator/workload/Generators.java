package org.bufferyard.simulator.workload;

import akka.NotUsed;
import akka.stream.javadsl.Source;
import java.util.List;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/** Makes the workload that a scenario names. */
public final class Generators {
  /**
   * A workload of {@code durationNanos}. Each client's program draws from its own generator, seeded
   * from {@code random} in a fixed order, so that its steps depend on no other client's.
   *
   * @throws IllegalArgumentException for a trace, which is no generator's
   */
  public static Workload generate(WorkloadSpec spec, long durationNanos, RandomGenerator random) {
    return switch (spec) {
      case WorkloadSpec.Desktop desktop -> DesktopWorkload.generate(desktop, durationNanos, random);
      case WorkloadSpec.Importers importers ->
          ImportersWorkload.generate(importers, durationNanos, random);
      case WorkloadSpec.Pipeline pipeline ->
          PipelineWorkload.generate(pipeline, durationNanos, random);
      case WorkloadSpec.Soc soc -> SocWorkload.generate(soc, durationNanos, random);
      case WorkloadSpec.Sides sides -> SidesWorkload.generate(sides, durationNanos, random);
      case WorkloadSpec.Patterns patterns ->
          PatternsWorkload.generate(patterns, durationNanos, random);
      case WorkloadSpec.Trace trace ->
          throw new IllegalArgumentException("a trace is read, not generated: " + trace);
    };
  }

  /** What one client of a the patterns workload does, drawn from a fixed seed. */
  public static Iterable<Step> steps(WorkloadSpec.Pattern pattern, long durationNanos) {
    return () -> new PatternProgram(pattern, 0, 1, durationNanos);
  }

  static ClientScript script(String client, Supplier<Program> program) {
    Source<Step, NotUsed> steps = Source.fromIterator(program::get);
    return new ClientScript(client, steps, program::get);
  }

  static Workload workload(
      String name, long durationNanos, int buffers, List<ClientScript> clients) {
    return new Workload(name, clients, buffers, durationNanos);
  }

  private Generators() {}
}
