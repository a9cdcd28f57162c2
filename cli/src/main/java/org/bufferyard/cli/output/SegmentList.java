package org.bufferyard.cli.output;

import java.io.PrintStream;
import java.math.BigInteger;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.bufferyard.allocator.Refusal;
import org.bufferyard.allocator.iommu.SgTableQuery;
import org.bufferyard.allocator.sg.SgTable;
import org.jspecify.annotations.Nullable;

/**
 * The segments of one answer, as a table or as JSON. Written as they are read: a list may have
 * millions of them.
 */
public final class SegmentList {
  private static final int CHUNK_CHARS = 1 << 16;
  private static final String GAP = "  ";
  private static final List<String> HEADINGS = List.of("segment", "pfn", "address", "length");

  private final SgTableQuery.Answer answer;
  private final SgTable table;

  public SegmentList(SgTableQuery.Answer answer) {
    this.answer = answer;
    table = answer.table();
  }

  /** What a refused request prints: no segments, and the error. */
  public static String refused(Refusal refusal) {
    Map<String, @Nullable Object> error = new LinkedHashMap<>();
    error.put("errno", refusal.errno().name());
    error.put("reason", refusal.reason());
    Map<String, @Nullable Object> object = new LinkedHashMap<>();
    object.put("segments", List.of());
    object.put("iovaBytes", null);
    object.put("error", error);
    return Json.indented(object);
  }

  public void json(PrintStream out) {
    StringBuilder chunk = new StringBuilder("{\n  \"segments\": [");
    for (int segment = 0; segment < table.nents(); segment++) {
      chunk.append(segment == 0 ? "\n    " : ",\n    ").append(Json.compact(members(segment)));
      flush(chunk, out, CHUNK_CHARS);
    }
    chunk.append("\n  ],\n  \"iovaBytes\": ").append(orNull(answer.iovaBytes()));
    chunk.append(",\n  \"error\": null\n}\n");
    flush(chunk, out, 0);
  }

  private Map<String, @Nullable Object> members(int segment) {
    Map<String, @Nullable Object> members = new LinkedHashMap<>();
    OptionalLong pfn = answer.pfn(segment);
    members.put("pfn", pfn.isPresent() ? (Object) pfn.getAsLong() : null);
    members.put("address", new BigInteger(Long.toUnsignedString(table.address(segment))));
    members.put("length", table.lengthBytes(segment));
    return members;
  }

  private static String orNull(OptionalLong value) {
    return value.isPresent() ? Long.toString(value.getAsLong()) : "null";
  }

  public void text(PrintStream out) {
    int[] widths = widths();
    StringBuilder chunk = new StringBuilder();
    line(chunk, widths, HEADINGS);
    for (int segment = 0; segment < table.nents(); segment++) {
      line(chunk, widths, cells(segment));
      flush(chunk, out, CHUNK_CHARS);
    }
    chunk.append(total());
    flush(chunk, out, 0);
  }

  private int[] widths() {
    int[] widths = HEADINGS.stream().mapToInt(String::length).toArray();
    for (int segment = 0; segment < table.nents(); segment++) {
      List<String> cells = cells(segment);
      for (int column = 0; column < widths.length; column++) {
        widths[column] = Math.max(widths[column], cells.get(column).length());
      }
    }
    return widths;
  }

  private List<String> cells(int segment) {
    OptionalLong pfn = answer.pfn(segment);
    return List.of(
        Integer.toString(segment),
        pfn.isPresent() ? Long.toString(pfn.getAsLong()) : "-",
        Long.toUnsignedString(table.address(segment)),
        Long.toString(table.lengthBytes(segment)));
  }

  private String total() {
    String mapped =
        answer.iovaBytes().isPresent()
            ? ", " + answer.iovaBytes().getAsLong() + " bytes of I/O addresses"
            : "";
    String noun = table.nents() == 1 ? " segment, " : " segments, ";
    return table.nents() + noun + table.totalBytes() + " bytes" + mapped + "\n";
  }

  private static void line(StringBuilder line, int[] widths, List<String> cells) {
    for (int column = 0; column < widths.length; column++) {
      String cell = cells.get(column);
      line.append(column == 0 ? "" : GAP).repeat(' ', widths[column] - cell.length()).append(cell);
    }
    line.append('\n');
  }

  private static void flush(StringBuilder chunk, PrintStream out, int from) {
    if (chunk.length() > from) {
      out.print(chunk);
      chunk.setLength(0);
    }
  }
}
