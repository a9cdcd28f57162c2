package org.bufferyard.cli.output;

import java.nio.file.Path;
import org.bufferyard.simulator.attack.Attack;

/** What an attack has found, for a person to read. */
public final class AttackText {
  /** One line that says what the workload is for: a rival's figure may be 0, so no ratio. */
  public static String description(Attack attack, Attack.Found found) {
    return "%s does worse than %s by %s: %s against %s"
        .formatted(
            attack.target(),
            found.rival(),
            attack.metric().title(),
            MetricText.of(attack.metric(), found.targetFigure()),
            MetricText.of(attack.metric(), found.bestFigure()));
  }

  public static String of(
      Attack attack, Attack.Found found, double seconds, String command, Path file) {
    StringBuilder text = new StringBuilder();
    text.append("attack on ").append(attack.target()).append(", by ");
    text.append(attack.metric().title()).append(", against ");
    text.append(String.join(", ", attack.rivals())).append('\n');
    line(
        text,
        "%d generations, %d workloads tried in %s"
            .formatted(found.generations(), found.trials(), Figures.seconds(seconds)));
    line(
        text,
        "worst found: %s %s, best rival %s %s: at least %.2f times worse"
            .formatted(
                attack.target(),
                MetricText.of(attack.metric(), found.targetFigure()),
                found.rival(),
                MetricText.of(attack.metric(), found.bestFigure()),
                found.ratio()));
    line(text, "written to " + file + ":");
    found
        .genome()
        .text("")
        .lines()
        .filter(each -> each.contains("buffers =") || each.contains("VRAM   {"))
        .forEach(each -> line(text, "  " + each.strip()));
    line(
        text,
        "run it         %s run %s --policy %s --deterministic"
            .formatted(command, file, attack.target()));
    line(
        text,
        "search again   %s attack --policy %s --against %s --metric %s --duration %dms --seed %d --generations %d"
            .formatted(
                command,
                attack.target(),
                String.join(",", attack.rivals()),
                attack.metric().label(),
                attack.durationNanos() / 1_000_000,
                attack.seed(),
                found.generations()));
    return text.toString();
  }

  private static void line(StringBuilder text, String line) {
    text.append("  ").append(line).append('\n');
  }

  private AttackText() {}
}
