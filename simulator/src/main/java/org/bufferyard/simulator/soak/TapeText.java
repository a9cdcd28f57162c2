package org.bufferyard.simulator.soak;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.bufferyard.simulator.fault.FaultSpec;
import org.bufferyard.simulator.fault.Firings;
import org.bufferyard.simulator.workload.Action;
import org.bufferyard.simulator.workload.Step;
import org.bufferyard.simulator.workload.Use;

/** Writes a tape as text, one choice a line, for people to read and edit; see docs/soak.md. */
public final class TapeText {
  static final String HEAD = "bufferyard-tape 1";
  private static final int PICKS_PER_LINE = 24;

  /** The tape, line by line, each ended. */
  public static String of(Tape tape) {
    List<String> lines = new ArrayList<>();
    lines.add(HEAD);
    lines.add("seed " + tape.seed());
    lines.add("scenario " + tape.world().scenario());
    tape.world().settings().forEach(setting -> lines.add("set " + setting));
    for (FaultSpec fault : tape.world().faults()) {
      lines.add("fault " + fault);
    }
    for (Firings.Firing firing : tape.firings().all()) {
      lines.add("fires " + firing.kind().label() + " " + firing.occasion());
    }
    for (Map.Entry<String, List<Step>> client : tape.steps().entrySet()) {
      lines.add("client " + client.getKey());
      client.getValue().forEach(step -> lines.add("at " + step.atNanos() + " " + words(step)));
    }
    picks(lines, tape.picks());
    Tape.Expected expected = tape.expected();
    lines.add(
        "expect "
            + expected.verdict()
            + " "
            + (expected.rule().isEmpty() ? "-" : expected.rule())
            + " events "
            + expected.events()
            + " hash "
            + String.format("%016x", expected.eventHash()));
    return String.join("\n", lines) + "\n";
  }

  private static String words(Step step) {
    return switch (step.action()) {
      case Action.Export export ->
          "export "
              + export.buffer()
              + " "
              + export.sizeBytes()
              + (export.sharedWith().isEmpty() ? "" : " " + String.join(" ", export.sharedWith()));
      case Action.Submit submit -> submit(submit);
      case Action.Attach attach -> "attach " + attach.buffer() + " " + attach.device();
      case Action.Unmap unmap -> "unmap " + unmap.buffer() + " " + unmap.device();
      case Action.CpuAccess cpu ->
          "cpu " + cpu.buffer() + " " + cpu.direction() + " " + cpu.firstPage() + " " + cpu.pages();
      case Action.Pin pin -> "pin " + pin.buffer() + " " + pin.device();
      case Action.Unpin unpin -> "unpin " + unpin.buffer() + " " + unpin.device();
      case Action.Release release -> "release " + release.buffer();
    };
  }

  private static String submit(Action.Submit submit) {
    StringBuilder text = new StringBuilder("submit " + submit.device() + " " + submit.busyNanos());
    for (Use use : submit.uses()) {
      text.append(' ')
          .append(use.buffer())
          .append(':')
          .append(use.direction())
          .append(':')
          .append(use.firstPage())
          .append('+')
          .append(use.pages());
    }
    return text.toString();
  }

  /** Runs of one number as {@code 0*17}; zeroes at the end are what an empty tape means. */
  private static void picks(List<String> lines, int... picks) {
    int end = picks.length;
    while (end > 0 && picks[end - 1] == 0) {
      end--;
    }
    List<String> words = new ArrayList<>();
    for (int at = 0; at < end; ) {
      int run = 1;
      while (at + run < end && picks[at + run] == picks[at]) {
        run++;
      }
      words.add(run == 1 ? String.valueOf(picks[at]) : picks[at] + "*" + run);
      at += run;
    }
    for (int from = 0; from < words.size(); from += PICKS_PER_LINE) {
      int to = Math.min(from + PICKS_PER_LINE, words.size());
      lines.add("picks " + String.join(" ", words.subList(from, to)));
    }
  }

  private TapeText() {}
}
