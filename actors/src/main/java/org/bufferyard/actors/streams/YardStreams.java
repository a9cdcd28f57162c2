package org.bufferyard.actors.streams;

import akka.NotUsed;
import akka.stream.javadsl.Flow;
import akka.stream.javadsl.Keep;
import akka.stream.javadsl.Sink;
import akka.stream.javadsl.Source;
import akka.util.ByteString;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.bufferyard.actors.lease.BufferAttachment;
import org.bufferyard.actors.lease.BufferSpec;
import org.bufferyard.actors.lease.ClientRef;
import org.bufferyard.actors.lease.HostImporter;
import org.bufferyard.actors.lease.MemoryView;
import org.bufferyard.allocator.DmaDirection;

/** The stages. Each has its bounds and its disposal in its own Javadoc. */
public final class YardStreams {
  /** Batch of those who name none. */
  public static final int BATCH = 64;

  private final String blockingDispatcher;

  /**
   * @param blockingDispatcher where files are read and written
   */
  public YardStreams(String blockingDispatcher) {
    this.blockingDispatcher = blockingDispatcher;
  }

  /**
   * Leases the buffer of each element, in order and in batches. At most twice {@code batch} leases
   * are held in the stage. While memory is short it waits.
   *
   * @param attachment of an element; all of one importer
   */
  public static <T> Flow<T, Leased<T>, NotUsed> mapFlow(
      Function<? super T, BufferAttachment> attachment, DmaDirection direction, int batch) {
    return Flow.fromGraph(new MapFlow<>(attachment, direction, batch, kept -> {}));
  }

  /**
   * Leases all buffers of each element, in order, as a submission with its list of buffers needs
   * them. One element at a time is in the stage; while memory is short it waits and holds nothing.
   *
   * @param attachments of an element, at least one; all of one importer, and together no more than
   *     memory can hold at once
   */
  public static <T> Flow<T, LeasedSet<T>, NotUsed> mapSetFlow(
      Function<? super T, List<BufferAttachment>> attachments, DmaDirection direction) {
    return Flow.fromGraph(new MapSetFlow<>(attachments, direction));
  }

  /** Fills a buffer in place. */
  @FunctionalInterface
  public interface Painter<T> {
    /** Returns how many bytes are filled, from the start. */
    long paint(T subject, MemoryView into);
  }

  /** A new buffer of {@code spec} for each element, filled in place; one at a time. */
  public static <T> Flow<T, Frame, NotUsed> paint(
      ClientRef client, HostImporter importer, BufferSpec spec, Painter<? super T> painter) {
    return Flow.fromGraph(new PaintFlow<>(new Blank.Plan(client, importer, spec), painter));
  }

  /** Hands frames to another importer, by handle, in order. Nothing is copied. */
  public static Flow<Frame, Frame, NotUsed> passTo(HostImporter importer) {
    return Flow.fromGraph(new PassFlow(importer));
  }

  /** Frames of up to {@code spec.sizeBytes()} from bytes, filled in place; one at a time. */
  public static Flow<ByteString, Frame, NotUsed> fill(
      ClientRef client, HostImporter importer, BufferSpec spec) {
    return Flow.fromGraph(new FillFlow(new Blank.Plan(client, importer, spec)));
  }

  /** Frames of up to {@code spec.sizeBytes()}, read from a file straight into their buffers. */
  public Source<Frame, NotUsed> fromFile(
      Path file, ClientRef client, HostImporter importer, BufferSpec spec) {
    return Source.fromGraph(
        new FileFrames(file, new Blank.Plan(client, importer, spec), blockingDispatcher));
  }

  /** Writes frames to a file straight from their buffers; materializes the bytes written. */
  public Sink<Frame, CompletionStage<Long>> toFile(Path file) {
    return frames().toMat(Sink.fromGraph(new FileDrain(file, blockingDispatcher)), Keep.right());
  }

  /** Leases frames; what is not pushed when the stream ends is closed, frame and lease. */
  public static Flow<Frame, Leased<Frame>, NotUsed> frames(DmaDirection direction, int batch) {
    return Flow.fromGraph(new MapFlow<>(Frame::attachment, direction, batch, Frame::close));
  }

  /** Leases frames for reading. */
  public static Flow<Frame, Leased<Frame>, NotUsed> frames() {
    return frames(DmaDirection.TO_DEVICE, BATCH);
  }

  /** Copies what frames hold onto the heap, and closes them. */
  public static Flow<Frame, ByteString, NotUsed> toByteStrings() {
    return frames()
        .map(
            leased -> {
              try (Frame frame = leased.element();
                  leased;
                  MemoryView view = leased.mapping().open()) {
                return view.toByteString(0, Math.toIntExact(frame.lengthBytes()));
              }
            });
  }
}
