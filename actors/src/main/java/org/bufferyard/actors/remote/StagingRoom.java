package org.bufferyard.actors.remote;

import akka.actor.typed.ActorRef;
import java.util.function.Consumer;
import org.bufferyard.actors.lease.Answer;
import org.bufferyard.actors.lease.BufferAttachment;
import org.bufferyard.actors.lease.BufferSpec;
import org.bufferyard.actors.lease.ClientActor;
import org.bufferyard.actors.lease.ClientRef;
import org.bufferyard.actors.lease.HostImporter;
import org.bufferyard.actors.lease.ImporterActor;
import org.bufferyard.actors.lease.LeaseTerms;
import org.bufferyard.actors.lease.Mapping;
import org.bufferyard.actors.lease.SharedBuffer;
import org.bufferyard.allocator.DmaDirection;
import org.bufferyard.allocator.Refusal;

/**
 * This yard's own memory for what lies elsewhere: a staging buffer is exported, attached and leased
 * step by step; the importer is told {@code Local} at the end, or {@code LocalRefused}.
 */
final class StagingRoom {
  private final ActorRef<RemoteImporterActor.Command> self;
  private final ClientRef client;
  private final HostImporter local;

  StagingRoom(ActorRef<RemoteImporterActor.Command> self, ClientRef client, HostImporter local) {
    this.self = self;
    this.client = client;
    this.local = local;
  }

  void allocate(Staging staging) {
    client
        .ref()
        .tell(
            new ClientActor.Export(
                BufferSpec.of("staging", staging.sizeBytes()),
                step(staging.id, buffer -> attachLocally(staging.id, staging.direction, buffer))));
  }

  /** A lease for the bytes that go back; the importer is told {@code Reopened}. */
  void reopen(long id, BufferAttachment attachment) {
    lease(
        attachment,
        DmaDirection.TO_DEVICE,
        step(id, (Mapping working) -> self.tell(new RemoteImporterActor.Reopened(id, working))));
  }

  /** A step of the allocation: goes on, on whichever thread answers, or tells the importer. */
  private <T> Answer<T> step(long id, Consumer<T> next) {
    return new Answer<>() {
      @Override
      public void done(T value) {
        next.accept(value);
      }

      @Override
      public void refused(Refusal refusal) {
        self.tell(new RemoteImporterActor.LocalRefused(id, refusal));
      }

      @Override
      public Object place() {
        return "staging of a remote buffer";
      }
    };
  }

  private void attachLocally(long id, DmaDirection direction, SharedBuffer buffer) {
    local
        .ref()
        .tell(
            new ImporterActor.Attach(
                buffer,
                step(id, (BufferAttachment attachment) -> mapLocally(id, direction, attachment))));
  }

  /** One lease for the bytes to come, one for whoever asked. */
  private void mapLocally(long id, DmaDirection direction, BufferAttachment attachment) {
    lease(
        attachment,
        DmaDirection.BIDIRECTIONAL,
        step(
            id,
            (Mapping working) ->
                lease(
                    attachment,
                    direction,
                    step(
                        id,
                        (Mapping leased) ->
                            self.tell(
                                new RemoteImporterActor.Local(id, attachment, working, leased))))));
  }

  private void lease(BufferAttachment attachment, DmaDirection direction, Answer<Mapping> answer) {
    LeaseTerms terms = new LeaseTerms(local.terms().leaseNanos(), true);
    local.ref().tell(new ImporterActor.Map(attachment, direction, terms, answer));
  }
}
