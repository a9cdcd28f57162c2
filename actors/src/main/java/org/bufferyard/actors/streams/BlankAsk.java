package org.bufferyard.actors.streams;

import akka.stream.stage.AsyncCallback;
import java.util.function.Consumer;
import org.bufferyard.actors.lease.Answer;
import org.bufferyard.actors.lease.BufferAttachment;
import org.bufferyard.actors.lease.ClientActor;
import org.bufferyard.actors.lease.ImporterActor;
import org.bufferyard.actors.lease.LeaseTerms;
import org.bufferyard.actors.lease.Mapping;
import org.bufferyard.actors.lease.SharedBuffer;
import org.bufferyard.allocator.DmaDirection;
import org.bufferyard.allocator.Refusal;
import org.jspecify.annotations.Nullable;

/**
 * Asks for a {@link Blank}: export, attach, map, patiently. What is half done when the stage stops
 * is undone as its answers come.
 */
final class BlankAsk {
  /** Exactly one of both. */
  record Heard(@Nullable Blank blank, @Nullable Refusal refusal) {
    void dispose() {
      if (blank != null) {
        blank.dispose();
      }
    }
  }

  private final Blank.Plan plan;
  private final Landing<Heard> landing = new Landing<>(Heard::dispose);
  private final AsyncCallback<Integer> heard;

  BlankAsk(Blank.Plan plan, AsyncCallback<Integer> heard) {
    this.plan = plan;
    this.heard = heard;
  }

  void ask() {
    plan.client().ref().tell(new ClientActor.Export(plan.spec(), step(this::attach, () -> {})));
  }

  private void attach(SharedBuffer buffer) {
    plan.importer().ref().tell(new ImporterActor.Attach(buffer, step(this::map, buffer::release)));
  }

  private void map(BufferAttachment attachment) {
    LeaseTerms terms = new LeaseTerms(plan.importer().terms().leaseNanos(), true);
    plan.importer()
        .ref()
        .tell(
            new ImporterActor.Map(
                attachment,
                DmaDirection.BIDIRECTIONAL,
                terms,
                step(
                    (Mapping mapping) -> land(new Heard(new Blank(attachment, mapping), null)),
                    new Frame(attachment, 0)::close)));
  }

  /** Goes on, or undoes what was done and tells the stage why. */
  private <T> Answer<T> step(Consumer<T> next, Runnable undo) {
    return new Answer<>() {
      @Override
      public void done(T value) {
        next.accept(value);
      }

      @Override
      public void refused(Refusal refusal) {
        undo.run();
        land(new Heard(null, refusal));
      }

      @Override
      public Object place() {
        return "a stream that fills " + plan.spec().name();
      }
    };
  }

  private void land(Heard answer) {
    if (landing.land(answer)) {
      heard.invoke(0);
    }
  }

  /** By the stage, when it was called back. */
  @Nullable Heard take() {
    return landing.take();
  }

  /** By the stage as it stops. */
  void close() {
    landing.close();
  }
}
