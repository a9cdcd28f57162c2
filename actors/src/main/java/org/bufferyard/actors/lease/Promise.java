package org.bufferyard.actors.lease;

import akka.actor.typed.ActorRef;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.bufferyard.allocator.Refusal;
import org.jspecify.annotations.Nullable;
import scala.concurrent.ExecutionContext;

/**
 * An answer as a stage. Dependents run on the dispatcher and never on the actor that answers. A
 * stage cancelled before the answer closes what it would have got.
 */
public final class Promise<T> implements Answer<T> {
  private static final StackWalker WALKER = StackWalker.getInstance();

  private static final String PACKAGE = Promise.class.getPackageName() + ".";

  private final CompletableFuture<T> future = new CompletableFuture<>();
  private final ExecutionContext executor;
  private final Object place;
  private final @Nullable ActorRef<?> owner;

  Promise(ExecutionContext executor) {
    this(executor, "a stage", null);
  }

  private Promise(ExecutionContext executor, Object place, @Nullable ActorRef<?> owner) {
    this.executor = executor;
    this.place = place;
    this.owner = owner;
  }

  /** For what is no lease. */
  public static <T> Promise<T> on(ExecutionContext executor) {
    return new Promise<>(executor);
  }

  /** Remembers the line that asked. */
  static <T> Promise<T> here(ExecutionContext executor, @Nullable ActorRef<?> owner) {
    Object place =
        WALKER.walk(
            frames ->
                frames
                    .filter(frame -> !frame.getClassName().startsWith(PACKAGE))
                    .<Object>map(StackWalker.StackFrame::toStackTraceElement)
                    .findFirst()
                    .orElse("a stage"));
    return new Promise<>(executor, place, owner);
  }

  public CompletionStage<T> stage() {
    return future;
  }

  @Override
  public void done(T value) {
    executor.execute(
        () -> {
          if (!future.complete(value) && value instanceof AutoCloseable closeable) {
            close(closeable);
          }
        });
  }

  private static void close(AutoCloseable unwanted) {
    try {
      unwanted.close();
    } catch (Exception e) {
      throw new IllegalStateException("does not close: " + unwanted, e);
    }
  }

  @Override
  public void refused(Refusal refusal) {
    executor.execute(() -> future.completeExceptionally(new RefusedException(refusal)));
  }

  @Override
  public @Nullable ActorRef<?> owner() {
    return owner;
  }

  @Override
  public Object place() {
    return place;
  }
}
