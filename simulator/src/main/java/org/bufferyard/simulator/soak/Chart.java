package org.bufferyard.simulator.soak;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** A message sequence chart: a lane for each actor, time downwards. */
public final class Chart {
  private static final int LANE = 15;
  private static final int HALF = LANE / 2;
  private static final int LANES_MAX = 9;
  private static final String OTHERS = "others";
  private static final double NANOS_PER_MILLI = 1e6;

  /** Of the column of times, in a page: that of a long run has 20 characters. */
  private static final int TIMES_WIDTH = 180;

  private final List<Arrow> arrows;
  private final List<String> lanes;

  private Chart(List<Arrow> arrows, List<String> lanes) {
    this.arrows = arrows;
    this.lanes = lanes;
  }

  /** Of what was recorded; the busiest actors have a lane each, in order of appearance. */
  public static Chart of(ChartRecorder recorder) {
    List<Arrow> arrows = recorder.arrows();
    Set<String> names = new LinkedHashSet<>();
    for (Arrow arrow : arrows) {
      names.add(arrow.from());
      names.add(arrow.to());
    }
    List<String> busiest = new ArrayList<>(names);
    busiest.sort((a, b) -> Long.compare(count(arrows, b), count(arrows, a)));
    List<String> kept = busiest.subList(0, Math.min(LANES_MAX - 1, busiest.size()));
    List<String> lanes = new ArrayList<>(names.stream().filter(kept::contains).toList());
    if (names.size() > kept.size()) {
      lanes.add(OTHERS);
    }
    return new Chart(arrows, lanes);
  }

  private static long count(List<Arrow> arrows, String name) {
    return arrows.stream().filter(a -> a.from().equals(name) || a.to().equals(name)).count();
  }

  private int lane(String name) {
    int lane = lanes.indexOf(name);
    return lane >= 0 ? lane : lanes.size() - 1;
  }

  /** For a terminal: at most 18 columns of time, then a lane each. */
  public List<String> text() {
    List<String> lines = new ArrayList<>();
    StringBuilder head = new StringBuilder(" ".repeat(18));
    for (String lane : lanes) {
      String name = lane.length() >= LANE ? lane.substring(0, LANE - 1) : lane;
      int left = (LANE - name.length()) / 2;
      head.append(" ".repeat(left)).append(name).append(" ".repeat(LANE - left - name.length()));
    }
    lines.add(head.toString().stripTrailing());
    for (Arrow arrow : arrows) {
      lines.add(line(arrow));
    }
    return lines;
  }

  private String line(Arrow arrow) {
    char[] row = " ".repeat(lanes.size() * LANE).toCharArray();
    for (int lane = 0; lane < lanes.size(); lane++) {
      row[lane * LANE + HALF] = '|';
    }
    int from = lane(arrow.from());
    int to = lane(arrow.to());
    if (from == to) {
      put(row, from * LANE + HALF + 1, "<" + arrow.label());
    } else {
      draw(row, from, to, arrow.label());
    }
    return String.format(
        Locale.ROOT,
        "%8.3f ms #%-5d%s  %s",
        arrow.atNanos() / NANOS_PER_MILLI,
        arrow.step(),
        new String(row),
        arrow.text());
  }

  private static void draw(char[] row, int from, int to, String label) {
    int left = Math.min(from, to) * LANE + HALF + 1;
    int right = Math.max(from, to) * LANE + HALF - 1;
    for (int at = left; at <= right; at++) {
      row[at] = '-';
    }
    if (from < to) {
      row[right] = '>';
    } else {
      row[left] = '<';
    }
    int room = right - left - 2;
    String shown = label.length() > room ? label.substring(0, room) : label;
    put(row, left + 1 + (room - shown.length()) / 2 + 1, shown);
  }

  private static void put(char[] row, int at, String text) {
    for (int i = 0; i < text.length() && at + i < row.length; i++) {
      row[at + i] = text.charAt(i);
    }
  }

  /** As an SVG element of a page. */
  public String svg() {
    int laneWidth = 150;
    int rowHeight = 22;
    int width = TIMES_WIDTH + lanes.size() * laneWidth + 620;
    int height = 50 + arrows.size() * rowHeight;
    StringBuilder svg = new StringBuilder();
    svg.append(
        "<svg xmlns='http://www.w3.org/2000/svg' role='img' aria-label='message sequence chart'"
            + " width='%d' height='%d' viewBox='0 0 %d %d'>\n"
                .formatted(width, height, width, height));
    for (int lane = 0; lane < lanes.size(); lane++) {
      int x = TIMES_WIDTH + lane * laneWidth + laneWidth / 2;
      svg.append(
          "<text class='lane' x='%d' y='18'>%s</text>".formatted(x, escaped(lanes.get(lane))));
      svg.append("<line class='life' x1='%d' y1='26' x2='%d' y2='%d'/>\n".formatted(x, x, height));
    }
    for (int row = 0; row < arrows.size(); row++) {
      svgArrow(svg, arrows.get(row), 46 + row * rowHeight, laneWidth);
    }
    return svg.append("</svg>\n").toString();
  }

  private void svgArrow(StringBuilder svg, Arrow arrow, int y, int laneWidth) {
    int from = TIMES_WIDTH + lane(arrow.from()) * laneWidth + laneWidth / 2;
    int to = TIMES_WIDTH + lane(arrow.to()) * laneWidth + laneWidth / 2;
    int tip = from == to ? from + 24 : to;
    int back = tip < from ? 7 : -7;
    svg.append(
        "<text class='time' x='%d' y='%d'>%.3f ms #%d</text>"
            .formatted(TIMES_WIDTH - 10, y + 4, arrow.atNanos() / NANOS_PER_MILLI, arrow.step()));
    svg.append("<line class='arrow' x1='%d' y1='%d' x2='%d' y2='%d'/>".formatted(from, y, tip, y));
    svg.append("<path class='tip' d='M%d %d l%d -4 l0 8 z'/>".formatted(tip, y, back));
    svg.append(
        "<text class='label' x='%d' y='%d'>%s</text>"
            .formatted((from + tip) / 2, y - 4, escaped(arrow.label())));
    svg.append(
        "<text class='note' x='%d' y='%d'>%s</text>\n"
            .formatted(TIMES_WIDTH + 10 + lanes.size() * laneWidth, y + 4, escaped(arrow.text())));
  }

  static String escaped(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;")
        .replace("'", "&#39;");
  }
}
