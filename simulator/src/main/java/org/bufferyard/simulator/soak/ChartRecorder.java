package org.bufferyard.simulator.soak;

import akka.actor.ActorPath;
import java.util.ArrayDeque;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bufferyard.testkit.Observer;
import org.bufferyard.testkit.Task;
import org.jspecify.annotations.Nullable;

/** Keeps the last messages that are about one buffer, or about any. Owned by the run it watches. */
public final class ChartRecorder implements Observer {
  private static final int TEXT_MAX = 110;
  private static final Pattern NOISE =
      Pattern.compile("(, )?(replyTo|ref|table|demand|header|expected|choices)=.*$");
  private static final List<String> LEFT_OUT =
      List.of(
          "Books", "CloseBooks", "Sample", "Occupancy", "Ack", "Play", "TellHistory", "History");

  private final String buffer;
  private final int kept;
  private final ArrayDeque<Arrow> arrows = new ArrayDeque<>();
  private long step;
  private long nowNanos;

  /**
   * A recorder of the last {@code kept} messages.
   *
   * @param buffer as {@code buffer-7}; empty for all
   */
  public ChartRecorder(String buffer, int kept) {
    this.buffer = buffer;
    this.kept = kept;
  }

  @Override
  public void onStep(long number, long now, Task task) {
    step = number;
    nowNanos = now;
  }

  @Override
  public void onSend(@Nullable ActorPath from, ActorPath to, Object message) {
    String label = message.getClass().getSimpleName();
    boolean ours = message.getClass().getName().startsWith("org.bufferyard.");
    if (!ours || LEFT_OUT.contains(label)) {
      return;
    }
    String text = message.toString();
    String sender = from == null ? "(time)" : from.name();
    if (buffer.isEmpty() || sender.equals(buffer) || to.name().equals(buffer) || names(text)) {
      if (arrows.size() == kept) {
        arrows.removeFirst();
      }
      arrows.addLast(new Arrow(step, nowNanos, sender, to.name(), label, brief(label, text)));
    }
  }

  private boolean names(String text) {
    Matcher found = Pattern.compile("\\b" + Pattern.quote(buffer) + "\\b").matcher(text);
    return found.find();
  }

  private static String brief(String label, String text) {
    String fields = text.startsWith(label + "[") ? text.substring(label.length() + 1) : text;
    String ticket = "";
    int at = fields.indexOf("ticket=");
    if (at >= 0 && fields.indexOf("header=") >= 0) {
      int end = fields.indexOf(',', at);
      ticket = " " + fields.substring(at, end < 0 ? fields.length() : end);
    }
    String shown = NOISE.matcher(fields).replaceAll("").replaceAll("\\]+$", "") + ticket;
    return shown.length() > TEXT_MAX ? shown.substring(0, TEXT_MAX) + "..." : shown.strip();
  }

  List<Arrow> arrows() {
    return List.copyOf(arrows);
  }
}
