package org.bufferyard.cli;

import akka.actor.ActorPath;
import java.io.IOException;
import java.util.Locale;
import org.bufferyard.simulator.run.Trial;
import org.bufferyard.testkit.Observer;
import org.bufferyard.testkit.Task;
import org.jspecify.annotations.Nullable;

/** Shows a run message by message, as far as it is wanted. */
final class Walk implements Observer {
  private static final int LINE_MAX = 200;

  private final Terminal terminal;
  private final boolean every;
  private final @Nullable String until;
  private boolean over;
  private long step;
  private long nowNanos;

  Walk(Terminal terminal, boolean every, @Nullable String until) {
    this.terminal = terminal;
    this.every = every;
    this.until = until;
  }

  void play(Trial.Plan plan) {
    Trial.run(plan.withObserver(this));
    if (until != null && !over) {
      terminal.out().println("never came: " + until);
    }
    terminal.out().println();
  }

  @Override
  public void onStep(long number, long now, Task task) {
    step = number;
    nowNanos = now;
    if (!over && String.valueOf(number).equals(until)) {
      over = true;
      terminal.out().printf(Locale.ROOT, "%s%n", line("event", task.toString(), ""));
    }
  }

  @Override
  public void onHandle(ActorPath actor, Object message) {
    String name = message.getClass().getSimpleName();
    boolean last = name.equals(until);
    if (over || !(every || last)) {
      return;
    }
    terminal.out().println(line(actor.name(), name, message.toString()));
    over = last;
    if (every && terminal.interactive()) {
      waitForEnter();
    }
  }

  private String line(String actor, String name, String text) {
    String shown = text.startsWith(name) ? text : name + " " + text;
    String line =
        String.format(Locale.ROOT, "#%-6d %10.3f ms  %-20s %s", step, nowNanos / 1e6, actor, shown);
    return Terminal.oneLine(line.length() > LINE_MAX ? line.substring(0, LINE_MAX) + "..." : line);
  }

  /** The end of input shows the rest without waiting. */
  private void waitForEnter() {
    try {
      int read = System.in.read();
      while (read >= 0 && read != '\n') {
        read = System.in.read();
      }
    } catch (IOException closed) {
      over = true;
    }
  }
}
