package org.bufferyard.actors.buffer;

import java.util.ArrayList;
import java.util.List;
import org.bufferyard.actors.buffer.BufferCore.State;
import org.bufferyard.actors.fence.Fence;
import org.bufferyard.actors.protocol.Buffer;
import org.bufferyard.actors.protocol.FenceUsage;
import org.bufferyard.actors.protocol.WaitReport;
import org.bufferyard.actors.protocol.WaitReport.Edge;
import org.bufferyard.actors.protocol.WaitReport.Kind;

/**
 * Who waits at a buffer, and for whom: for its token; for the fences of others and their turn; for
 * a placement. A buffer on the move waits itself, for fences and importers.
 */
final class BufferWaits {
  private final BufferCore core;
  private final String name;
  private final List<Edge> edges = new ArrayList<>();

  private BufferWaits(BufferCore core) {
    this.core = core;
    this.name = core.id.toString();
  }

  static WaitReport of(BufferCore core) {
    BufferWaits waits = new BufferWaits(core);
    if (core.desk != null) {
      waits.edges.addAll(core.desk.waits());
    }
    waits.addFenced();
    core.held.forEach(request -> waits.add(nameOf(request), waits.name, Kind.MESSAGE));
    if (core.state == State.MOVING && !core.prepared) {
      waits.addMove();
    }
    return new WaitReport(waits.name, waits.edges);
  }

  private void add(String waiter, String awaited, Kind kind) {
    edges.add(new Edge(waiter, awaited, kind, name));
  }

  /** The first waits for the fences that it conflicts with, the others for the one before them. */
  private void addFenced() {
    String before = null;
    for (Buffer.Request request : core.fenced) {
      String waiter = nameOf(request);
      if (before == null) {
        for (Fence fence : core.reservation.fences(usageOf(request).waitsFor())) {
          add(waiter, ownerOf(fence), Kind.FENCE);
        }
      } else {
        add(waiter, before, Kind.FENCE);
      }
      before = waiter;
    }
  }

  private void addMove() {
    for (Fence fence : core.reservation.fences(FenceUsage.BOOKKEEP)) {
      add(name, ownerOf(fence), Kind.FENCE);
    }
    for (Attachment attachment : core.attachments) {
      if (attachment.holdsMapping()) {
        add(name, attachment.device.toString(), Kind.MESSAGE);
      }
    }
  }

  private static FenceUsage usageOf(Buffer.Request request) {
    return switch (request) {
      case Buffer.Use use -> use.usage();
      case Buffer.BeginCpu begin -> begin.cpuWrites() ? FenceUsage.WRITE : FenceUsage.READ;
      case Buffer.Request other ->
          throw new IllegalStateException("this does not wait for fences: " + other);
    };
  }

  /** The submission, CPU access or point of elsewhere that the fence is of. */
  static String ownerOf(Fence fence) {
    return fence instanceof WorkFences.Work work
        ? (work.owner instanceof WorkFences.Bracket bracket
            ? nameOf(bracket.client().toString(), bracket.requestId())
            : work.owner.toString())
        : fence.toString();
  }

  private static String nameOf(Buffer.Request request) {
    return switch (request) {
      case Buffer.Use use -> use.ticket().toString();
      case Buffer.Map map -> map.ticket().toString();
      case Buffer.Request other ->
          nameOf(other.header().client().toString(), other.header().requestId());
    };
  }

  private static String nameOf(String client, long requestId) {
    return client + " request-" + requestId;
  }
}
