package org.bufferyard.cli.output;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/** Lines of {@code hitrate} as a table, as CSV and as JSON. The columns are its contract. */
public final class HitRateTable {
  static final List<String> COLUMNS =
      List.of(
          "trace",
          "capacity_unit",
          "requests",
          "unique_objects",
          "capacity",
          "policy",
          "misses",
          "miss_ratio",
          "miss_bytes",
          "byte_miss_ratio");

  /** The first four columns are the same on every line and are said once, above. */
  private static final int SHARED_COLUMNS = 4;

  public static String text(String description, List<HitRateRow> rows) {
    List<List<String>> cells = new ArrayList<>();
    List<String> head = COLUMNS.subList(SHARED_COLUMNS, COLUMNS.size());
    cells.add(policyFirst(head));
    rows.forEach(row -> cells.add(policyFirst(cells(row).subList(SHARED_COLUMNS, COLUMNS.size()))));
    String unit = rows.isEmpty() ? "" : "; capacities in " + rows.getFirst().trace().capacityUnit();
    return description + unit + "\n\n" + TextTable.figures(cells, "  ");
  }

  private static List<String> policyFirst(List<String> cells) {
    List<String> ordered = new ArrayList<>(cells);
    ordered.addFirst(ordered.remove(1));
    return ordered;
  }

  public static String csv(List<HitRateRow> rows) {
    StringBuilder text = new StringBuilder(String.join(",", COLUMNS)).append('\n');
    for (HitRateRow row : rows) {
      text.append(String.join(",", cells(row).stream().map(CsvText::quoted).toList())).append('\n');
    }
    return text.toString();
  }

  private static List<String> cells(HitRateRow row) {
    return List.of(
        row.trace().name(),
        row.trace().capacityUnit(),
        Long.toString(row.trace().requests()),
        Integer.toString(row.trace().objects()),
        Long.toString(row.capacity()),
        row.policy(),
        decimal(row.misses(), row.bound() ? 4 : 0),
        decimal(row.missRatio(), 6),
        decimal(row.missBytes(), 0),
        decimal(row.byteMissRatio(), 6));
  }

  private static String decimal(OptionalDouble value, int digits) {
    return value.isEmpty()
        ? ""
        : String.format(Locale.ROOT, "%." + digits + "f", value.getAsDouble());
  }

  public static String json(List<HitRateRow> rows) {
    List<Object> lines = new ArrayList<>();
    for (HitRateRow row : rows) {
      Map<String, @Nullable Object> line = new LinkedHashMap<>();
      line.put("trace", row.trace().name());
      line.put("capacity_unit", row.trace().capacityUnit());
      line.put("requests", row.trace().requests());
      line.put("unique_objects", row.trace().objects());
      line.put("capacity", row.capacity());
      line.put("policy", row.policy());
      line.put("misses", number(row, row.misses()));
      line.put("miss_ratio", value(row.missRatio()));
      line.put("miss_bytes", number(row, row.missBytes()));
      line.put("byte_miss_ratio", value(row.byteMissRatio()));
      lines.add(line);
    }
    return Json.indented(lines);
  }

  /** A policy misses whole requests and bytes. */
  private static @Nullable Object number(HitRateRow row, OptionalDouble value) {
    if (value.isEmpty()) {
      return null;
    }
    return row.bound() ? (Object) value.getAsDouble() : (Object) (long) value.getAsDouble();
  }

  private static @Nullable Object value(OptionalDouble value) {
    return value.isEmpty() ? null : value.getAsDouble();
  }

  private HitRateTable() {}
}
