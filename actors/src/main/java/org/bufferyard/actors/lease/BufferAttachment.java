package org.bufferyard.actors.lease;

import akka.actor.typed.ActorRef;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.bufferyard.allocator.DmaDirection;
import org.jspecify.annotations.Nullable;

/**
 * An importer's use of a buffer, until it is detached. Directions are a device's, and the importer
 * is the device: {@code TO_DEVICE} reads the buffer, {@code FROM_DEVICE} and {@code BIDIRECTIONAL}
 * write it.
 *
 * @param index the importer's slot for it
 * @param serial tells it from others that had the slot before
 * @param door to the mapping while it is cached
 */
public record BufferAttachment(
    HostImporter importer, SharedBuffer buffer, int index, long serial, LeaseDoor door) {

  /**
   * A lease of the mapping if it is cached, at once and without a message; null: it is not, or has
   * to go, or the handle does not permit the direction. Then {@link #map} says why, or waits.
   *
   * @param place as a lease that was never closed names who took it
   */
  public @Nullable Mapping tryMap(DmaDirection direction, Object place) {
    return door.take(buffer, direction, place);
  }

  /**
   * As {@link #tryMap}, of all or none; null also where they are not all of one importer.
   *
   * @param attachments at least one
   */
  public static @Nullable MappingSet tryMap(
      List<BufferAttachment> attachments, DmaDirection direction, Object place) {
    Mapping[] leases = new Mapping[attachments.size()];
    return attachments.getFirst().door().sets().take(attachments, leases, direction, place);
  }

  /** The mapping is cached, and does not have to go. */
  public boolean isCached() {
    return door.isOpen();
  }

  /** A lease of the mapping; refused where memory stays short longer than the yard waits. */
  public CompletionStage<Mapping> map(DmaDirection direction) {
    return map(direction, importer.terms(), null);
  }

  /**
   * As {@link #map(DmaDirection)}.
   *
   * @param owner when it dies, the lease is reclaimed
   */
  public CompletionStage<Mapping> map(DmaDirection direction, ActorRef<?> owner) {
    return map(direction, importer.terms(), owner);
  }

  /** As {@link #map(DmaDirection)}, waiting for memory however long that takes. */
  public CompletionStage<Mapping> mapPatiently(DmaDirection direction) {
    return map(direction, new LeaseTerms(importer.terms().leaseNanos(), true), null);
  }

  private CompletionStage<Mapping> map(
      DmaDirection direction, LeaseTerms terms, @Nullable ActorRef<?> owner) {
    Promise<Mapping> promise = Promise.here(importer.executor(), owner);
    importer.ref().tell(new ImporterActor.Map(this, direction, terms, promise));
    return promise.stage();
  }

  /** Asks by message; answered by {@link LeaseReply.Mapped} or {@link LeaseReply.Refused}. */
  public void map(DmaDirection direction, long token, ActorRef<? super LeaseReply> replyTo) {
    importer.ref().tell(new ImporterActor.MapFor(this, direction, token, replyTo));
  }

  /**
   * Asks for many at once, all of one importer; one answer, {@link LeaseReply.MappedBatch}, or
   * {@link LeaseReply.Refused} if any is.
   */
  public static void map(
      List<BufferAttachment> attachments,
      DmaDirection direction,
      long token,
      ActorRef<? super LeaseReply> replyTo) {
    HostImporter importer = attachments.getFirst().importer();
    importer
        .ref()
        .tell(
            new ImporterActor.MapBatch(
                attachments,
                direction,
                importer.terms(),
                LeaseReply.to(replyTo, token, LeaseReply.MappedBatch::new)));
  }

  /** The buffer stays where it is until unpinned; for what is held long. */
  public CompletionStage<Void> pin() {
    Promise<Void> promise = new Promise<>(importer.executor());
    importer.ref().tell(new ImporterActor.Pin(this, true, promise));
    return promise.stage();
  }

  public CompletionStage<Void> unpin() {
    Promise<Void> promise = new Promise<>(importer.executor());
    importer.ref().tell(new ImporterActor.Pin(this, false, promise));
    return promise.stage();
  }

  /** Never fails; open leases of it are reclaimed. Needs no answer. */
  public void detach() {
    importer.ref().tell(new ImporterActor.Detach(this));
  }

  /** By importer and serial: they say all. */
  @Override
  public boolean equals(@Nullable Object other) {
    return this == other
        || (other instanceof BufferAttachment that
            && serial == that.serial
            && importer.ref().equals(that.importer.ref()));
  }

  @Override
  public int hashCode() {
    return 31 * importer.ref().hashCode() + Long.hashCode(serial);
  }
}
