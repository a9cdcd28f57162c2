package org.bufferyard.benchmarks.suite;

import akka.actor.typed.ActorSystem;
import org.bufferyard.benchmarks.paired.Contender;
import org.bufferyard.benchmarks.paired.RaceResult;
import org.bufferyard.benchmarks.report.Goal;
import org.bufferyard.benchmarks.wire.Codec;
import org.bufferyard.benchmarks.wire.WireCase;
import org.bufferyard.benchmarks.wire.WireSystem;

/** Are the project's frames faster to write and read than Jackson CBOR's, and shorter? */
final class WireSuite implements Suite {
  @Override
  public String name() {
    return "wire";
  }

  @Override
  public void run(Lab lab) {
    try (WireSystem wire = WireSystem.frames("wire")) {
      for (WireCase each : WireCase.values()) {
        run(lab, wire, each);
      }
    }
  }

  private static void run(Lab lab, WireSystem wire, WireCase which) {
    ActorSystem<Void> system = wire.system();
    Object message = which.message(wire.importer());
    Codec frames = Codec.frames(system);
    Codec cbor = Codec.cbor(system);
    RaceResult result =
        lab.race(which.label())
            .add("frame", 1, roundTrips(frames, message))
            .add("CBOR", 1, roundTrips(cbor, message))
            .add("frame, written", 1, writes(frames, message))
            .add("CBOR, written", 1, writes(cbor, message))
            .run();
    boolean judged = which != WireCase.SNAPSHOT;
    Goal rate = which.batch() ? Goal.WIRE_BATCH : Goal.WIRE_SINGLE;
    Goal bytes = which.batch() ? Goal.WIRE_BATCH_BYTES : Goal.WIRE_SINGLE_BYTES;
    lab.ratio(judged ? rate : Goal.NONE, result, "frame", "CBOR");
    lab.ratio(Goal.NONE, result, "frame, written", "CBOR, written");
    bytes(lab, judged ? bytes : Goal.NONE, frames.bytes(message), cbor.bytes(message), "bytes");
    bytes(lab, Goal.NONE, frames.length(message), cbor.length(message), "bytes without manifest");
  }

  private static void bytes(Lab lab, Goal goal, int frame, int cbor, String what) {
    lab.figure(
        goal,
        "frame of " + frame + " over CBOR of " + cbor + " " + what,
        0,
        (double) frame / cbor,
        0);
  }

  private static Contender roundTrips(Codec codec, Object message) {
    codec.check(message);
    String manifest = codec.manifest(message);
    return ops ->
        codec.sending(
            () -> {
              long bytes = 0;
              for (long op = 0; op < ops; op++) {
                byte[] written = codec.write(message);
                bytes += written.length;
                if (!codec.read(written, manifest).getClass().equals(message.getClass())) {
                  throw new IllegalStateException("read something else");
                }
              }
              return bytes;
            });
  }

  private static Contender writes(Codec codec, Object message) {
    return ops ->
        codec.sending(
            () -> {
              long bytes = 0;
              for (long op = 0; op < ops; op++) {
                bytes += codec.write(message).length;
              }
              return bytes;
            });
  }
}
