package org.bufferyard.simulator.dump;

import java.util.List;
import java.util.Locale;
import org.bufferyard.actors.environment.Topology;
import org.bufferyard.actors.inspect.Inspection;
import org.bufferyard.actors.protocol.BufferInfo;
import org.bufferyard.actors.protocol.ClientId;
import org.bufferyard.actors.protocol.Migration;
import org.bufferyard.allocator.Pages;

/**
 * Makes a dump of an inspection.
 *
 * @param clients names by client's number
 * @param deterministic the inspection had the instant for itself
 */
public record DumpMaker(
    String scenario,
    String policy,
    long seed,
    Topology topology,
    List<String> clients,
    boolean deterministic) {

  public Dump make(Inspection.Report report, long atNanos) {
    return new Dump(
        Dump.FORMAT,
        Dump.VERSION,
        scenario,
        policy,
        seed,
        deterministic ? "deterministic" : "real",
        atNanos,
        deterministic && report.asked() == report.answered(),
        report.asked(),
        report.answered(),
        report.regions().stream().map(this::region).toList(),
        report.buffers().stream().map(this::buffer).toList(),
        report.waits().stream()
            .map(
                edge ->
                    new Dump.Wait(edge.waiter(), edge.awaited(), lower(edge.kind()), edge.about()))
            .toList());
  }

  private Dump.Region region(org.bufferyard.actors.protocol.Region.Occupancy each) {
    return new Dump.Region(
        topology.region(each.region()).name(),
        Pages.toBytes(each.capacityPages()),
        Pages.toBytes(each.usedPages()),
        Pages.toBytes(each.residentPages()),
        each.residents());
  }

  private Dump.Buffer buffer(BufferInfo info) {
    boolean placed = info.region() != Migration.NOWHERE;
    return new Dump.Buffer(
        info.buffer().value(),
        RecordTree.printable(info.name()),
        client(info.owner()),
        info.sizeBytes(),
        placed ? Pages.toBytes(Pages.ofBytes(info.sizeBytes())) : 0,
        lower(info.life()),
        placed ? topology.region(info.region()).name() : "",
        info.generation(),
        info.runs(),
        info.offered(),
        info.handles().stream().map(handle -> client(handle.client())).toList(),
        info.attachments().stream().map(this::attachment).toList(),
        info.fences().stream()
            .map(fence -> new Dump.Fence(lower(fence.usage()), fence.owner()))
            .toList(),
        info.openBrackets(),
        info.tokenHolder(),
        info.held(),
        info.queued());
  }

  private Dump.Attachment attachment(BufferInfo.AttachmentInfo each) {
    return new Dump.Attachment(
        each.deviceName(),
        client(each.client()),
        each.dynamic(),
        each.state().toLowerCase(Locale.ROOT),
        lower(each.direction()),
        each.mapCount(),
        each.pins());
  }

  private String client(ClientId id) {
    boolean known = id.value() >= 0 && id.value() < clients.size();
    return known ? clients.get(id.value()) : id.toString();
  }

  private static String lower(Enum<?> word) {
    return word.name().toLowerCase(Locale.ROOT);
  }
}
