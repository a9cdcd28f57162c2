package org.bufferyard.cli;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import org.bufferyard.actors.sanitizer.Sampling;
import org.bufferyard.allocator.Outcome;
import org.bufferyard.cli.output.Figures;
import org.bufferyard.simulator.run.RunRequest;
import org.bufferyard.simulator.scenario.Contents;
import org.bufferyard.simulator.scenario.Scenario;
import org.bufferyard.simulator.scenario.Scenarios;
import org.bufferyard.simulator.trace.Trace;
import org.bufferyard.simulator.workload.Generators;
import org.bufferyard.simulator.workload.Workload;
import org.jspecify.annotations.Nullable;

/** Makes a {@link RunPlan} of options: reads the scenario or the trace, and checks everything. */
final class PlanReader {
  private static final String DEFAULT_SCENARIO = "desktop";
  private static final String FILE_SUFFIX = ".conf";

  private final WorldOptions options;
  private final boolean deterministic;
  private final double speed;
  private final Scenarios scenarios;
  private final String command;

  PlanReader(RunOptions options, String command) {
    this(options, options.deterministic, options.speed, command);
  }

  /** For a deterministic run. */
  PlanReader(WorldOptions options, String command) {
    this(options, true, 1, command);
  }

  private PlanReader(WorldOptions options, boolean deterministic, double speed, String command) {
    this.options = options;
    this.deterministic = deterministic;
    this.speed = speed;
    this.scenarios = new Scenarios(KnownPolicies.names());
    this.command = command;
  }

  RunPlan read() throws BadInput {
    if (options.policy != null) {
      KnownPolicies.check("--policy", options.policy);
    }
    Path trace = options.trace;
    if (trace == null && options.vramBytes != null) {
      throw new BadInput("--vram is the size of VRAM for --trace FILE, which is missing");
    }
    return trace == null ? scenarioPlan() : tracePlan(trace);
  }

  private RunPlan scenarioPlan() throws BadInput {
    String name = options.scenario == null ? DEFAULT_SCENARIO : options.scenario;
    Scenario scenario =
        isFile(name)
            ? done(scenarios.parseFile(path(name), settings()))
            : done(scenarios.load(name, settings()));
    Workload workload =
        Generators.generate(
            scenario.workload(), scenario.durationNanos(), new SplittableRandom(options.seed));
    return plan(scenario.description(), scenario, workload);
  }

  private RunPlan tracePlan(Path file) throws BadInput {
    if (options.scenario != null) {
      throw new BadInput(
          "--trace " + file + " and the scenario '" + options.scenario + "' exclude each other");
    }
    Trace trace = done(Trace.open(file));
    Long vramBytes = options.vramBytes;
    OptionalLong vram = vramBytes == null ? OptionalLong.empty() : OptionalLong.of(vramBytes);
    Scenario scenario = done(scenarios.forTrace(trace.summary().peakBytes(), vram, settings()));
    return plan(describe(file, trace), scenario, trace.workload());
  }

  private static String describe(Path file, Trace trace) {
    String what =
        switch (trace.format()) {
          case RMV -> "an RMV capture";
          case MINIMALLOC -> "buffer lifetimes";
        };
    String peak = Figures.size(trace.summary().peakBytes());
    return Terminal.oneLine(file.getFileName() + ", " + what + " of " + peak + " at its peak");
  }

  private RunPlan plan(String description, Scenario scenario, Workload workload) throws BadInput {
    KnownPolicies.checkOnline("policy", scenario.policy());
    Scenario whole = scenario.withFaults(options.faults);
    if (!whole.faults().isEmpty() && !deterministic) {
      throw new BadInput(
          "fault " + whole.faults().getFirst() + " needs --deterministic, which replays it");
    }
    return new RunPlan(
        description,
        whole,
        workload,
        options.seed,
        deterministic,
        speed,
        new ReplayLine(command).of(options),
        null,
        RunRequest.USUAL,
        null,
        Sampling.OFF);
  }

  static boolean isFile(String name) {
    return name.endsWith(FILE_SUFFIX) || name.contains("/");
  }

  private static Path path(String name) throws BadInput {
    try {
      return Path.of(name);
    } catch (InvalidPathException notPath) {
      throw new BadInput("scenario '" + name + "' is no path: " + notPath.getReason());
    }
  }

  /** Options that are keys too, then {@code --set} in the order given. */
  private List<String> settings() throws BadInput {
    List<String> settings = new ArrayList<>();
    add(settings, "policy", options.policy);
    Long nanos = options.durationNanos;
    add(settings, "duration", nanos == null ? null : nanos + " ns");
    Contents contents = options.contents;
    add(settings, "contents", contents == null ? null : contents.name().toLowerCase(Locale.ROOT));
    for (String management : options.manage) {
      settings.addAll(CompareRow.settings(management));
    }
    settings.addAll(options.settings);
    return settings;
  }

  private static void add(List<String> settings, String key, @Nullable String value) {
    if (value != null) {
      settings.add(key + "=" + value);
    }
  }

  private static <T> T done(Outcome<T> outcome) throws BadInput {
    return switch (outcome) {
      case Outcome.Done<T>(T value) -> value;
      case Outcome.Refused<T>(var refusal) -> throw new BadInput(refusal.reason());
    };
  }
}
