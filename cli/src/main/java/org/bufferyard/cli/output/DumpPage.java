package org.bufferyard.cli.output;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.bufferyard.simulator.dump.Dump;
import org.bufferyard.simulator.dump.OwnerTotals;

/** A dump as a page for a person: the run, its regions, clients, buffers and waits. */
public final class DumpPage {
  private static final int BUFFERS_SHOWN = 20;
  private static final int WAITS_SHOWN = 20;
  private static final String MARGIN = "  ";

  private final Dump dump;
  private final boolean all;
  private final StringBuilder page = new StringBuilder();

  private DumpPage(Dump dump, boolean all) {
    this.dump = dump;
    this.all = all;
  }

  /**
   * The page.
   *
   * @param all every buffer and wait, not only the largest and the first
   */
  public static String of(Dump dump, boolean all) {
    DumpPage page = new DumpPage(dump, all);
    page.head();
    page.regions();
    page.owners();
    page.buffers();
    page.waits();
    return page.page.toString();
  }

  private void head() {
    page.append(dump.scenario())
        .append(" at ")
        .append(Figures.time(dump.atNanos()))
        .append(": policy ")
        .append(dump.policy())
        .append(", seed ")
        .append(dump.seed())
        .append(", ")
        .append(dump.mode())
        .append('\n')
        .append(MARGIN)
        .append(dump.consistent() ? CONSISTENT : NOT_CONSISTENT);
    if (dump.answered() < dump.asked()) {
      page.append(MARGIN)
          .append(dump.asked() - dump.answered())
          .append(" of ")
          .append(dump.asked())
          .append(" owners did not answer and are left out\n");
    }
  }

  private static final String CONSISTENT =
      "a consistent cut: every message of that instant had been handled\n";
  private static final String NOT_CONSISTENT =
      "no consistent cut: owners answered one after the other while the run went on\n";

  private void table(String title, List<String> columns, List<List<String>> rows) {
    List<List<String>> all = new ArrayList<>();
    List<String> head = new ArrayList<>(List.of(title));
    head.addAll(columns);
    all.add(head);
    all.addAll(rows);
    page.append('\n').append(TextTable.figures(all, MARGIN));
  }

  private void regions() {
    List<List<String>> rows = new ArrayList<>();
    for (Dump.Region region : dump.regions()) {
      rows.add(
          List.of(
              region.name(),
              Figures.size(region.capacityBytes()),
              Figures.size(region.usedBytes()),
              Figures.size(region.residentBytes()),
              Figures.count(region.residents())));
    }
    table("region", List.of("capacity", "used", "resident", "buffers"), rows);
  }

  private void owners() {
    List<List<String>> rows = new ArrayList<>();
    double all = 0;
    for (OwnerTotals total : OwnerTotals.of(dump)) {
      all += total.proportionalBytes();
      rows.add(
          List.of(
              total.client(),
              Figures.count(total.buffers()),
              Figures.size(total.uniqueBytes()),
              Figures.size(total.sharedBytes()),
              Figures.size(Math.round(total.proportionalBytes())),
              Figures.size(total.pinnedBytes())));
    }
    rows.add(List.of("all", "", "", "", Figures.size(Math.round(all)), ""));
    table("client", List.of("buffers", "unique", "shared", "proportional", "pinned"), rows);
  }

  private void buffers() {
    List<Dump.Buffer> sorted = new ArrayList<>(dump.buffers());
    sorted.sort(
        Comparator.comparing(DumpPage::quiet)
            .thenComparing(Comparator.comparingLong(Dump.Buffer::memoryBytes).reversed())
            .thenComparingLong(Dump.Buffer::id));
    int shown = all ? sorted.size() : Math.min(BUFFERS_SHOWN, sorted.size());
    List<List<String>> rows = new ArrayList<>();
    for (Dump.Buffer buffer : sorted.subList(0, shown)) {
      rows.add(row(buffer));
    }
    table(
        "buffer",
        List.of("size", "where", "gen", "refs", "pins", "attached", "fences", "held"),
        rows);
    if (shown < sorted.size()) {
      page.append(MARGIN)
          .append(Figures.count(sorted.size() - shown))
          .append(" more, quiet or smaller: see --all\n");
    }
  }

  /** Nothing goes on at it: it comes after those where something does. */
  private static boolean quiet(Dump.Buffer buffer) {
    return buffer.fences().isEmpty()
        && buffer.held() + buffer.queued() == 0
        && buffer.pins() == 0
        && !buffer.life().equals("moving");
  }

  private static List<String> row(Dump.Buffer buffer) {
    return List.of(
        buffer.id() + " " + buffer.name() + " of " + buffer.exporter(),
        Figures.size(buffer.sizeBytes()),
        where(buffer),
        String.valueOf(buffer.generation()),
        String.valueOf(buffer.handles().size()),
        pins(buffer),
        attached(buffer),
        fences(buffer),
        buffer.held() + buffer.queued() == 0 ? "-" : buffer.held() + "+" + buffer.queued());
  }

  private static String where(Dump.Buffer buffer) {
    String life = buffer.life().equals("resident") ? "" : " " + buffer.life();
    String offered = buffer.offered() ? " offered" : "";
    return ((buffer.region().isEmpty() ? "-" : buffer.region()) + life + offered).strip();
  }

  /** By owner. */
  private static String pins(Dump.Buffer buffer) {
    Map<String, Integer> pins = new LinkedHashMap<>();
    for (Dump.Attachment each : buffer.attachments()) {
      if (each.pins() > 0) {
        pins.merge(each.client(), each.pins(), Integer::sum);
      }
    }
    return pins.isEmpty()
        ? "-"
        : pins.entrySet().stream()
            .map(entry -> entry.getKey() + " " + entry.getValue())
            .collect(Collectors.joining(", "));
  }

  private static String attached(Dump.Buffer buffer) {
    return buffer.attachments().isEmpty()
        ? "-"
        : buffer.attachments().stream()
            .map(each -> attached(buffer, each))
            .collect(Collectors.joining(", "));
  }

  /** With its mappings' count, and the client where that is not the exporter. */
  private static String attached(Dump.Buffer buffer, Dump.Attachment each) {
    return each.device()
        + (each.maps() > 0 ? " x" + each.maps() : "")
        + (each.client().equals(buffer.exporter()) ? "" : " of " + each.client());
  }

  private static String fences(Dump.Buffer buffer) {
    return buffer.fences().isEmpty()
        ? "-"
        : buffer.fences().stream()
            .map(fence -> fence.usage() + " " + fence.owner())
            .collect(Collectors.joining(", "));
  }

  private void waits() {
    List<String> lines = DumpWaits.lines(dump);
    int shown = all ? lines.size() : Math.min(WAITS_SHOWN, lines.size());
    page.append('\n')
        .append(MARGIN)
        .append("waits ")
        .append(Figures.count(lines.size()))
        .append('\n');
    lines.subList(0, shown).forEach(line -> page.append(MARGIN + MARGIN + line + "\n"));
    if (shown < lines.size()) {
      page.append(MARGIN + MARGIN)
          .append(Figures.count(lines.size() - shown))
          .append(" more: see --all\n");
    }
    List<String> cycle = DumpWaits.cycle(dump);
    page.append(MARGIN).append(cycle.isEmpty() ? "no circle among them\n" : "a circle:\n");
    cycle.forEach(line -> page.append(MARGIN + MARGIN + line + "\n"));
  }
}
