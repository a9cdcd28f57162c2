package org.bufferyard.simulator.soak;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.bufferyard.allocator.Outcome;
import org.bufferyard.simulator.fault.Firings;
import org.bufferyard.simulator.result.RunResult.Violation;
import org.bufferyard.simulator.run.Trial;
import org.bufferyard.simulator.workload.Step;
import org.bufferyard.testkit.Courier;

/**
 * A tape played, and told on one page: what fails, in which world, what its clients do, and the
 * messages that lead there.
 */
public final class Story {
  private static final int CHART_ROWS = 44;
  private static final int STEPS_SHOWN = 40;

  private final Tape tape;
  private final Trial.Outcome outcome;
  private final Chart chart;
  private final String command;

  private Story(Tape tape, Trial.Outcome outcome, Chart chart, String command) {
    this.tape = tape;
    this.outcome = outcome;
    this.chart = chart;
    this.command = command;
  }

  /**
   * Plays the tape twice: to see what fails, and to record what leads there. Refused where its
   * world's words make no scenario.
   *
   * @param command that plays it again
   */
  public static Outcome<Story> of(
      Tape tape,
      List<String> policies,
      java.util.function.Supplier<Courier> couriers,
      String command) {
    return switch (tape.plan(policies)) {
      case Outcome.Refused<Trial.Plan>(var refusal) -> Outcome.refused(refusal);
      case Outcome.Done<Trial.Plan>(Trial.Plan plan) -> {
        Trial.Outcome first = Trial.run(plan.withCourier(couriers.get()));
        String buffer = first.violations().isEmpty() ? "" : first.violations().getFirst().buffer();
        ChartRecorder recorder = new ChartRecorder(buffer, CHART_ROWS);
        Trial.Outcome second = Trial.run(plan.withCourier(couriers.get()).withObserver(recorder));
        yield Outcome.done(new Story(tape, second, Chart.of(recorder), command));
      }
    };
  }

  public Trial.Outcome outcome() {
    return outcome;
  }

  /** What fails, in words; one line. */
  public String headline() {
    if (outcome.violations().isEmpty()) {
      return "clean: every rule held over " + outcome.steps() + " events";
    }
    Violation first = outcome.violations().getFirst();
    return outcome.verdict()
        + ", "
        + (first.buffer().isEmpty() ? "" : first.buffer() + ", ")
        + (first.text().startsWith(first.rule()) ? "" : first.rule() + ": ")
        + first.text();
  }

  private List<String> facts() {
    List<String> facts = new ArrayList<>();
    facts.add("seed      " + tape.seed() + ", " + outcome.steps() + " events");
    facts.add("world     " + tape.world().scenario() + " " + String.join(" ", settings()));
    facts.add("faults    " + faults());
    facts.add("order     " + order());
    int shown = 0;
    for (Map.Entry<String, List<Step>> client : tape.steps().entrySet()) {
      for (Step step : client.getValue()) {
        if (shown++ < STEPS_SHOWN) {
          facts.add(
              "does      %s at %.3f ms: %s"
                  .formatted(client.getKey(), step.atNanos() / 1e6, step.action()));
        }
      }
    }
    if (shown > STEPS_SHOWN) {
      facts.add("does      and " + (shown - STEPS_SHOWN) + " steps more");
    }
    return facts;
  }

  private List<String> settings() {
    return tape.world().settings().stream().map(s -> s.replace(" ", "")).toList();
  }

  private String faults() {
    Firings firings = tape.firings();
    List<String> words = new ArrayList<>();
    for (Firings.Firing firing : firings.all()) {
      words.add(firing.kind().label() + " at occasion " + firing.occasion());
    }
    return words.isEmpty() ? "none happens" : String.join(", ", words);
  }

  private String order() {
    long unruly = Search.unruly(tape);
    return unruly == 0
        ? "first come, first served"
        : "first come, first served, but for " + unruly + " of " + tape.picks().length + " choices";
  }

  /** The page for a terminal, line by line. */
  public List<String> text() {
    List<String> lines = new ArrayList<>();
    lines.add(headline());
    lines.add("");
    lines.addAll(facts());
    lines.add("");
    lines.addAll(chart.text());
    lines.add("");
    lines.add("replay    " + command);
    return lines;
  }

  /** The page as HTML, in one piece. */
  public String html() {
    StringBuilder page = new StringBuilder();
    page.append(
        """
        <!doctype html>
        <html lang="en"><head><meta charset="utf-8"><title>Bufferyard: a failure</title>
        <style>
        :root { color-scheme: light dark }
        body { font: 14px/1.5 system-ui, sans-serif; margin: 2em }
        h1 { font-size: 1.2em } pre { font: 12px/1.5 ui-monospace, monospace; white-space: pre-wrap }
        svg { max-width: none } .scroll { overflow-x: auto }
        text { font: 12px ui-monospace, monospace; fill: currentColor }
        .lane, .label { text-anchor: middle } .lane { font-weight: bold }
        .time { text-anchor: end; opacity: .6 } .note { opacity: .75 }
        .life { stroke: currentColor; opacity: .25 } .arrow { stroke: #2563eb } .tip { fill: #2563eb }
        </style></head><body>
        """);
    page.append("<h1>").append(Chart.escaped(headline())).append("</h1>\n<pre>");
    facts().forEach(fact -> page.append(Chart.escaped(fact)).append('\n'));
    page.append("</pre>\n<div class='scroll'>").append(chart.svg()).append("</div>\n");
    page.append("<pre>replay    ")
        .append(Chart.escaped(command))
        .append("</pre>\n</body></html>\n");
    return page.toString();
  }
}
