package org.bufferyard.benchmarks.wire;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;

/**
 * How long does a message take to be written and read, as a frame and by Jackson CBOR? One
 * invocation is one message. The paired ratios are {@code ./bufferyard bench wire}.
 *
 * <pre>
 * java -cp ... org.openjdk.jmh.Main WireBenchmark -prof gc
 * </pre>
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
    value = 1,
    jvmArgsAppend = {"--sun-misc-unsafe-memory-access=allow"})
public class WireBenchmark {
  /** The project's frames, or Jackson CBOR. */
  public enum Form {
    FRAME,
    CBOR
  }

  @Param({"FRAME", "CBOR"})
  public Form form = Form.FRAME;

  @Param({"MAP_REQUEST", "MAP_REPLY", "ONE_OF_1024", "THOUSAND"})
  public WireCase message = WireCase.MAP_REQUEST;

  private final WireSystem system = WireSystem.frames("wire-jmh");
  private final Codec frames = Codec.frames(system.system());
  private Codec codec = frames;
  private Object written = "";
  private byte[] bytes = {};
  private String manifest = "";

  @Setup(Level.Trial)
  public void prepare() {
    codec = form == Form.FRAME ? frames : Codec.cbor(system.system());
    written = message.message(system.importer());
    codec.check(written);
    bytes = codec.sending(() -> codec.write(written));
    manifest = codec.manifest(written);
  }

  @TearDown(Level.Trial)
  public void end() {
    system.close();
  }

  /** Copying the bytes: what any codec does at least. */
  @Benchmark
  public byte[] baseline_copy() {
    return bytes.clone();
  }

  @Benchmark
  public byte[] write() {
    return codec.sending(() -> codec.write(written));
  }

  @Benchmark
  public void writeAndRead(Blackhole hole) {
    hole.consume(codec.sending(() -> codec.read(codec.write(written), manifest)));
  }
}
