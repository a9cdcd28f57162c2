package org.bufferyard.simulator.dump;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.TreeMap;

/**
 * What one client holds, by handle or by attachment, as a process's memory is counted.
 *
 * @param buffers with memory
 * @param uniqueBytes that nobody else holds
 * @param sharedBytes that others hold too, counted in full
 * @param proportionalBytes unique, and of what is shared the client's part; these add up to all
 * @param pinnedBytes that its pins keep where they are
 */
public record OwnerTotals(
    String client,
    int buffers,
    long uniqueBytes,
    long sharedBytes,
    double proportionalBytes,
    long pinnedBytes) {

  /** By client's name. A buffer that nobody holds is counted to nobody. */
  public static List<OwnerTotals> of(Dump dump) {
    TreeMap<String, OwnerTotals> totals = new TreeMap<>();
    for (Dump.Buffer buffer : dump.buffers()) {
      LinkedHashSet<String> holders = holders(buffer);
      for (String client : holders) {
        totals.merge(client, part(client, buffer, holders.size()), OwnerTotals::plus);
      }
    }
    return new ArrayList<>(totals.values());
  }

  private static LinkedHashSet<String> holders(Dump.Buffer buffer) {
    LinkedHashSet<String> holders = new LinkedHashSet<>(buffer.handles());
    buffer.attachments().forEach(attachment -> holders.add(attachment.client()));
    return holders;
  }

  private static OwnerTotals part(String client, Dump.Buffer buffer, int holders) {
    long bytes = buffer.memoryBytes();
    boolean pins =
        buffer.attachments().stream()
            .anyMatch(each -> each.client().equals(client) && each.pins() > 0);
    return new OwnerTotals(
        client,
        bytes > 0 ? 1 : 0,
        holders == 1 ? bytes : 0,
        holders == 1 ? 0 : bytes,
        (double) bytes / holders,
        pins ? bytes : 0);
  }

  private OwnerTotals plus(OwnerTotals other) {
    return new OwnerTotals(
        client,
        buffers + other.buffers,
        uniqueBytes + other.uniqueBytes,
        sharedBytes + other.sharedBytes,
        proportionalBytes + other.proportionalBytes,
        pinnedBytes + other.pinnedBytes);
  }
}
