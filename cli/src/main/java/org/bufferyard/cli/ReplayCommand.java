package org.bufferyard.cli;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.bufferyard.allocator.Outcome;
import org.bufferyard.cli.output.OutputFile;
import org.bufferyard.simulator.run.Trial;
import org.bufferyard.simulator.scenario.Scenarios;
import org.bufferyard.simulator.soak.SoakCase;
import org.bufferyard.simulator.soak.SoakPlan;
import org.bufferyard.simulator.soak.Story;
import org.bufferyard.simulator.soak.Tape;
import org.bufferyard.simulator.soak.TapeReader;
import org.bufferyard.testkit.Courier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Plays one run again. */
@Command(
    name = "replay",
    description = "Plays a tape, or one seed of a soak, and tells what happens on a page.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false,
    footer = {
      "",
      "Exit codes: 0 clean, 1 a rule did not hold, 2 bad usage or input, 3 the world never came to",
      "its end, 5 an actor failed."
    })
final class ReplayCommand implements Callable<Integer> {
  private final Terminal terminal;
  @Mixin private final ReplayOptions options = new ReplayOptions();

  ReplayCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws BadInput {
    OutputFile page = options.page == null ? null : OutputFile.open("--page", options.page);
    Path file = options.tape;
    Tape tape = file == null ? ofSeed() : read(file);
    Trial.Plan plan = done(tape.plan(KnownPolicies.online()));
    if (options.step || options.until != null) {
      new Walk(terminal, options.step, options.until).play(plan);
    }
    Story story = done(Story.of(tape, KnownPolicies.online(), () -> Courier.HONEST, command()));
    story.text().forEach(line -> terminal.out().println(Terminal.oneLine(line)));
    if (page != null) {
      page.write(story.html());
    }
    return file == null ? ExitCode.of(story.outcome().verdict()) : compare(file, tape, story);
  }

  private static <T> T done(Outcome<T> outcome) throws BadInput {
    return switch (outcome) {
      case Outcome.Done<T>(T value) -> value;
      case Outcome.Refused<T>(var refusal) -> throw new BadInput(refusal.reason());
    };
  }

  private static Tape read(Path file) throws BadInput {
    try {
      if (!Files.isRegularFile(file)) {
        throw new BadInput(file + ": no such regular file");
      }
      if (Files.size(file) > TapeReader.TEXT_CHARS_MAX) {
        throw new BadInput(file + ": longer than " + TapeReader.TEXT_CHARS_MAX + " bytes");
      }
      return done(TapeReader.read(file.toString(), Files.readString(file)));
    } catch (CharacterCodingException notText) {
      throw new BadInput(file + ": is not UTF-8 text");
    } catch (IOException unreadable) {
      throw new BadInput(file + ": cannot be read: " + unreadable.getClass().getSimpleName());
    }
  }

  private Tape ofSeed() throws BadInput {
    String scenario = options.scenario;
    Long seed = options.seed;
    if (scenario == null || seed == null) {
      throw new BadInput("replay needs a tape, or --scenario and --seed");
    }
    boolean swarm = scenario.equals(SoakOptions.SWARM);
    if (!swarm && !Scenarios.names().contains(scenario)) {
      throw new BadInput("--scenario '" + scenario + "' is unknown; known: swarm, " + names());
    }
    SoakPlan plan =
        new SoakPlan(
            swarm ? null : scenario,
            options.settings,
            options.faults.isEmpty() ? null : List.copyOf(options.faults),
            KnownPolicies.online());
    return done(SoakCase.of(plan, seed)).record(Courier.HONEST);
  }

  private static String names() {
    return String.join(", ", Scenarios.names());
  }

  private String command() {
    String what =
        options.tape != null
            ? options.tape.toString()
            : "--scenario " + options.scenario + " --seed " + options.seed;
    return terminal.command() + " replay " + what;
  }

  private int compare(Path file, Tape tape, Story story) {
    Tape.Expected expected = tape.expected();
    Trial.Outcome outcome = story.outcome();
    if (outcome.verdict() == expected.verdict() && outcome.eventHash() == expected.eventHash()) {
      return ExitCode.of(outcome.verdict());
    }
    terminal
        .out()
        .println(
            file
                + " expects "
                + expected.verdict()
                + " "
                + expected.rule()
                + " after "
                + expected.events()
                + " events: the code has changed since, or the tape was edited");
    return outcome.clean() ? ExitCode.CLEAN : ExitCode.of(outcome.verdict());
  }
}
