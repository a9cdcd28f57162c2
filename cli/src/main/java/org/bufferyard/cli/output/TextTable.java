package org.bufferyard.cli.output;

import java.util.ArrayList;
import java.util.List;

/** Rows of cells as aligned text, two spaces between columns. */
public final class TextTable {
  private static final String GAP = "  ";

  private TextTable() {}

  public static String leftAligned(List<List<String>> rows) {
    return aligned(rows, "", Integer.MAX_VALUE);
  }

  /** The first column to the left, figures to the right; every line begins with {@code margin}. */
  public static String figures(List<List<String>> rows, String margin) {
    return aligned(rows, margin, 1);
  }

  private static String aligned(List<List<String>> rows, String margin, int leftColumns) {
    List<Integer> widths = widths(rows);
    StringBuilder text = new StringBuilder();
    for (List<String> row : rows) {
      StringBuilder line = new StringBuilder(margin);
      for (int i = 0; i < row.size(); i++) {
        String pad = " ".repeat(widths.get(i) - row.get(i).length());
        line.append(i == 0 ? "" : GAP);
        line.append(i < leftColumns ? row.get(i) + pad : pad + row.get(i));
      }
      text.append(line.toString().stripTrailing()).append('\n');
    }
    return text.toString();
  }

  private static List<Integer> widths(List<List<String>> rows) {
    List<Integer> widths = new ArrayList<>();
    for (List<String> row : rows) {
      for (int i = 0; i < row.size(); i++) {
        if (i == widths.size()) {
          widths.add(0);
        }
        widths.set(i, Math.max(widths.get(i), row.get(i).length()));
      }
    }
    return widths;
  }
}
