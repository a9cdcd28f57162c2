package org.bufferyard.cli.output;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bufferyard.simulator.dump.Dump;
import org.bufferyard.simulator.dump.DumpFile;
import org.bufferyard.simulator.dump.OwnerTotals;

/** Dumps as JSON text. */
public final class DumpJson {
  /** The file that {@code inspect} reads. */
  public static String of(Dump dump) {
    return Json.indented(DumpFile.tree(dump));
  }

  /** The same, with what follows from it. */
  public static String withTotals(Dump dump) {
    Map<String, Object> json = new LinkedHashMap<>();
    if (DumpFile.tree(dump) instanceof Map<?, ?> fields) {
      fields.forEach((name, value) -> json.put(String.valueOf(name), value));
    }
    json.put("owners", owners(dump));
    json.put("cycle", DumpWaits.cycle(dump));
    return Json.indented(json);
  }

  private static List<Object> owners(Dump dump) {
    List<Object> owners = new ArrayList<>();
    for (OwnerTotals total : OwnerTotals.of(dump)) {
      Map<String, Object> fields = new LinkedHashMap<>();
      fields.put("client", total.client());
      fields.put("buffers", total.buffers());
      fields.put("uniqueBytes", total.uniqueBytes());
      fields.put("sharedBytes", total.sharedBytes());
      fields.put("proportionalBytes", Math.round(total.proportionalBytes()));
      fields.put("pinnedBytes", total.pinnedBytes());
      owners.add(fields);
    }
    return owners;
  }

  private DumpJson() {}
}
