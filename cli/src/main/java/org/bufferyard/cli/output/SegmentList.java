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
    int addressWidth = "address".length();
    int lengthWidth = "length".length();
    for (int segment = 0; segment < table.nents(); segment++) {
      addressWidth = Math.max(addressWidth, address(segment).length());
      lengthWidth = Math.max(lengthWidth, Long.toString(table.lengthBytes(segment)).length());
    }
    int indexWidth = Math.max("segment".length(), Integer.toString(table.nents()).length());
    StringBuilder chunk = new StringBuilder();
    line(
        chunk,
        right("segment", indexWidth),
        right("pfn", addressWidth),
        right("address", addressWidth),
        right("length", lengthWidth));
    for (int segment = 0; segment < table.nents(); segment++) {
      OptionalLong pfn = answer.pfn(segment);
      line(
          chunk,
          right(Integer.toString(segment), indexWidth),
          right(pfn.isPresent() ? Long.toString(pfn.getAsLong()) : "-", addressWidth),
          right(address(segment), addressWidth),
          right(Long.toString(table.lengthBytes(segment)), lengthWidth));
      flush(chunk, out, CHUNK_CHARS);
    }
    chunk.append(total());
    flush(chunk, out, 0);
  }

  private String total() {
    String mapped =
        answer.iovaBytes().isPresent()
            ? ", " + answer.iovaBytes().getAsLong() + " bytes of I/O addresses"
            : "";
    String noun = table.nents() == 1 ? " segment, " : " segments, ";
    return table.nents() + noun + table.totalBytes() + " bytes" + mapped + "\n";
  }

  private String address(int segment) {
    return Long.toUnsignedString(table.address(segment));
  }

  private static void line(StringBuilder chunk, String... cells) {
    chunk.append(String.join(GAP, cells)).append('\n');
  }

  private static String right(String text, int width) {
    return " ".repeat(Math.max(0, width - text.length())) + text;
  }

  private static void flush(StringBuilder chunk, PrintStream out, int from) {
    if (chunk.length() > from) {
      out.print(chunk);
      chunk.setLength(0);
    }
  }
}
