package org.bufferyard.simulator.attack;

import java.util.List;
import java.util.Locale;
import org.bufferyard.simulator.workload.WorkloadSpec.Pattern;

/**
 * A workload under trial: some clients with their patterns, on a VRAM that holds so much of them.
 *
 * @param vramPercent of the bytes of all buffers
 * @param durationNanos model time
 */
public record Genome(int vramPercent, long durationNanos, List<Pattern> clients) {
  public Genome {
    clients = List.copyOf(clients);
  }

  /** As the settings that lay it over the scenario {@code patterns}. */
  List<String> settings(String policy) {
    return List.of("policy=" + policy, "contents=tags");
  }

  /** How much there is of it: what shrinking makes less. */
  long weight() {
    long weight = durationNanos / 10_000_000;
    for (Pattern client : clients) {
      weight += 20L + client.buffers() + 2L * client.uses();
    }
    return weight;
  }

  /** A whole scenario file. */
  public String text(String description) {
    StringBuilder text = new StringBuilder();
    text.append("# ").append(description).append('\n');
    text.append("description = \"").append(description).append("\"\n");
    text.append("duration = ").append(durationNanos / 1_000_000).append(" ms\n");
    text.append("contents = tags\nbring-back = always\n\n");
    text.append("workload {\n  kind = patterns\n  clients {\n");
    clients.forEach(client -> text.append("    ").append(line(client)).append('\n'));
    text.append("  }\n}\n\n");
    text.append(YARD.replace("%VRAM%", Integer.toString(vramPercent)));
    return text.toString();
  }

  private static String line(Pattern client) {
    StringBuilder line = new StringBuilder();
    line.append(client.client())
        .append(" { buffers = ")
        .append(client.buffers())
        .append(", size = ")
        .append(client.sizeBytes() >> 10)
        .append(" KiB, order = ")
        .append(client.order().name().toLowerCase(Locale.ROOT))
        .append(", uses = ")
        .append(client.uses());
    line.append(", window = ").append(client.window());
    line.append(", every = ").append(client.everyNanos() / 1_000).append(" us");
    if (client.startNanos() > 0) {
      line.append(", start = ").append(client.startNanos() / 1_000_000).append(" ms");
    }
    if (client.stopNanos() > 0) {
      line.append(", stop = ").append(client.stopNanos() / 1_000_000).append(" ms");
    }
    line.append(", writes = ").append(client.writePercent());
    if (client.priority() > 0) {
      line.append(", priority = ").append(client.priority());
    }
    return line.append(" }").toString();
  }

  private static final String YARD =
      """
      regions {
        VRAM   { size = %VRAM% % }
        SYSTEM { size = 200 % }
        GTT    { size = 180 %, window-of = SYSTEM }
        SWAP   { size = 100 %, swap-file = true }
      }

      links {
        pcie   { between = [VRAM, GTT], rate = 12 GiB/s, latency = 5 us }
        bind   { between = [GTT, SYSTEM], rate = 64 GiB/s, latency = 2 us, copies = false }
        paging { between = [SYSTEM, SWAP], rate = 2 GiB/s, latency = 80 us }
      }

      iommus { gpu-vm { address-bits = 48 } }

      devices {
        gpu { kind = gpu, iommu = gpu-vm, reaches = [VRAM, GTT], rate = 200 GiB/s }
      }
      """;
}
