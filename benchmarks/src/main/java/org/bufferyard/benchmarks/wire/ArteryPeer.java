package org.bufferyard.benchmarks.wire;

import akka.actor.typed.ActorRef;
import akka.actor.typed.ActorRefResolver;
import akka.actor.typed.Behavior;
import akka.actor.typed.Props;
import akka.actor.typed.javadsl.Behaviors;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.bufferyard.actors.remote.Wire;
import org.bufferyard.allocator.sg.SgTable;

/**
 * The other process of {@link ArteryRates}: answers every map with a table of one segment, at once.
 * Says on its standard output where it is, and ends with its standard input.
 */
public final class ArteryPeer {
  static final String FRAMES = "frames";

  static WireSystem system(String form, String name) {
    return form.equals(FRAMES) ? WireSystem.frames(name) : WireSystem.cbor(name);
  }

  public static void main(String[] args) throws IOException {
    try (WireSystem wire = system(args[0], "peer")) {
      ActorRef<Wire.Command> gateway =
          wire.system().systemActorOf(gateway(), "gateway", Props.empty());
      System.out.println("> " + ActorRefResolver.get(wire.system()).toSerializationFormat(gateway));
      while (System.in.read() >= 0) {
        // Nothing is said to it.
      }
    }
  }

  private static Behavior<Wire.Command> gateway() {
    SgTable table = SgTable.ofColumns(new long[] {0x12_3456_7000L}, new int[] {1 << 16});
    return Behaviors.receiveMessage(
        command -> {
          switch (command) {
            case Wire.Map(var token, var attachment, var direction, var importer) ->
                importer.tell(new Wire.Mapped(token, attachment, 1, table));
            case Wire.MapBatch(var token, var attachments, var direction, var importer) -> {
              List<Wire.Mapped> mapped = new ArrayList<>(attachments.size());
              for (int attachment : attachments) {
                mapped.add(new Wire.Mapped(token, attachment, 1, table));
              }
              importer.tell(new Wire.MappedBatch(token, mapped));
            }
            case Wire.Command other -> throw new IllegalStateException("not asked here: " + other);
          }
          return Behaviors.same();
        });
  }

  private ArteryPeer() {}
}
