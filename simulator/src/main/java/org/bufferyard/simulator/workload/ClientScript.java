package org.bufferyard.simulator.workload;

import akka.NotUsed;
import akka.stream.javadsl.Source;
import java.util.Iterator;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One client's program. The stream is made lazily, in order of {@link Step#atNanos}, may be run
 * more than once with equal results, and fails only where its input does.
 *
 * @param again the same steps for who looks ahead; null where they are read from a file
 */
public record ClientScript(
    String client, Source<Step, NotUsed> steps, @Nullable Supplier<Iterator<Step>> again) {
  /** Of steps that nobody looks ahead in. */
  public ClientScript(String client, Source<Step, NotUsed> steps) {
    this(client, steps, null);
  }
}
