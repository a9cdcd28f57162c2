package org.bufferyard.cli.output;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.bufferyard.allocator.placement.BufferFacts;
import org.bufferyard.allocator.placement.Explanation;
import org.bufferyard.allocator.placement.Explanation.DeviceView;
import org.bufferyard.allocator.placement.Explanation.RejectedRegion;
import org.bufferyard.allocator.placement.PlacementChoice;
import org.bufferyard.allocator.placement.PlacementRefusal;

/** An explanation as text for a person: the decision first, then each device, then what was not. */
public final class ExplanationPage {
  private static final String MARGIN = "  ";

  private final StringBuilder text = new StringBuilder();
  private final Explanation explanation;
  private final BufferFacts buffer;

  private ExplanationPage(Explanation explanation, BufferFacts buffer) {
    this.explanation = explanation;
    this.buffer = buffer;
  }

  public static String of(Explanation explanation, BufferFacts buffer) {
    return new ExplanationPage(explanation, buffer).page();
  }

  private String page() {
    PlacementChoice placement = explanation.placement();
    PlacementRefusal refusal = explanation.refusal();
    if (placement != null) {
      placement(placement);
    } else if (refusal != null) {
      refusal(refusal);
    }
    devices();
    rejected();
    return text.toString();
  }

  private void placement(PlacementChoice placement) {
    text.append("Placed in ")
        .append(placement.region())
        .append(": ")
        .append(counted(buffer.pages(), " page"))
        .append(placement.contiguous() ? ", contiguous," : ",")
        .append(" in ")
        .append(counted(explanation.extents().runs(), " run"))
        .append('\n');
    explanation.why().forEach(this::bullet);
  }

  private static String counted(long count, String noun) {
    return count + noun + (count == 1 ? "" : "s");
  }

  private void refusal(PlacementRefusal refusal) {
    text.append("Refused, ")
        .append(refusal.errno())
        .append(refusal.devices().isEmpty() ? "" : ": " + String.join(" and ", refusal.devices()))
        .append(", about ")
        .append(refusal.field().label())
        .append('\n');
    bullet(refusal.reason());
    bullet(
        refusal.wouldHelp().isEmpty()
            ? "no single change would help"
            : "would help: " + refusal.wouldHelp());
  }

  private void bullet(String line) {
    text.append(MARGIN).append(line).append('\n');
  }

  private void devices() {
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("device", "path", "segments", ""));
    for (DeviceView view : explanation.devices()) {
      rows.add(
          List.of(
              view.device(),
              explanation.placement() == null ? "-" : view.path().name().toLowerCase(Locale.ROOT),
              explanation.placement() == null ? "-" : Long.toString(view.segments()),
              view.why()));
    }
    text.append('\n').append(TextTable.leftAligned(rows));
  }

  private void rejected() {
    if (explanation.rejected().isEmpty()) {
      return;
    }
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("not in", "because of", ""));
    for (RejectedRegion region : explanation.rejected()) {
      rows.add(
          List.of(region.region(), region.field().label(), String.join(", ", region.devices())));
    }
    text.append('\n').append(TextTable.leftAligned(rows));
  }
}
