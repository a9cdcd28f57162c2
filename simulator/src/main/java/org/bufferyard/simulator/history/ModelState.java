package org.bufferyard.simulator.history;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.bufferyard.actors.protocol.ClientId;
import org.bufferyard.actors.protocol.Handle;
import org.jspecify.annotations.Nullable;

/**
 * What a buffer is like between two things that it does. Immutable. Its lists are kept in order of
 * what is in them, not of what came first, so that two ways to the same state are one to a search.
 *
 * @param keeps mappings stay after their last unmap
 * @param generation of its placement, as far as anybody was told
 * @param move under way, or {@link #STILL}
 * @param brackets open to the CPU, by who opened them
 * @param vmaps kernel mappings, one entry each
 * @param closed handles that opened it once
 */
record ModelState(
    boolean keeps,
    long generation,
    long move,
    boolean offered,
    boolean purged,
    boolean revoked,
    List<Opener> handles,
    List<ModelAttachment> attachments,
    List<Bracket> brackets,
    List<ClientId> vmaps,
    List<Closed> closed) {
  static final long STILL = Long.MIN_VALUE;

  /** A handle that opens the buffer. */
  record Opener(Handle handle, ClientId client, int rights) {}

  /** A handle that was closed, and when its client saw that. */
  record Closed(Handle handle, ClientId client, long seen) {}

  record Bracket(ClientId client, long requestId) {}

  private static final Comparator<Handle> HANDLES =
      Comparator.comparingLong(Handle::high).thenComparingLong(Handle::low);
  private static final Comparator<Opener> OPENERS = Comparator.comparing(Opener::handle, HANDLES);
  private static final Comparator<Closed> CLOSED =
      Comparator.comparing(Closed::handle, HANDLES).thenComparingLong(Closed::seen);
  private static final Comparator<Bracket> BRACKETS =
      Comparator.comparingInt((Bracket bracket) -> bracket.client().value())
          .thenComparingLong(Bracket::requestId);

  static ModelState declared(boolean keeps, Opener first) {
    return new ModelState(
        keeps,
        0,
        STILL,
        false,
        false,
        false,
        List.of(first),
        List.of(),
        List.of(),
        List.of(),
        List.of());
  }

  @Nullable ModelAttachment attachment(int id) {
    for (ModelAttachment each : attachments) {
      if (each.id() == id) {
        return each;
      }
    }
    return null;
  }

  @Nullable Opener opener(Handle handle) {
    for (Opener each : handles) {
      if (each.handle().equals(handle)) {
        return each;
      }
    }
    return null;
  }

  boolean moving() {
    return move != STILL;
  }

  /** Something forbids that it moves. */
  boolean held() {
    return !vmaps.isEmpty()
        || !brackets.isEmpty()
        || attachments.stream().anyMatch(ModelAttachment::holds);
  }

  /** Nobody has it mapped, pinned or open. */
  boolean untouched() {
    return vmaps.isEmpty()
        && brackets.isEmpty()
        && attachments.stream().allMatch(each -> each.maps() == 0 && each.pins() == 0);
  }

  ModelState with(ModelAttachment changed) {
    List<ModelAttachment> all = new ArrayList<>(attachments);
    all.removeIf(each -> each.id() == changed.id());
    all.add(changed);
    all.sort(Comparator.comparingInt(ModelAttachment::id));
    return withAttachments(all);
  }

  ModelState without(ModelAttachment gone) {
    return withAttachments(attachments.stream().filter(each -> each.id() != gone.id()).toList());
  }

  private ModelState withAttachments(List<ModelAttachment> all) {
    return new ModelState(
        keeps,
        generation,
        move,
        offered,
        purged,
        revoked,
        handles,
        List.copyOf(all),
        brackets,
        vmaps,
        closed);
  }

  ModelState withHandle(Opener given) {
    return withHandles(plus(handles, given, OPENERS), closed);
  }

  ModelState withoutHandle(Opener gone, long seen) {
    return withHandles(
        minus(handles, gone), plus(closed, new Closed(gone.handle, gone.client, seen), CLOSED));
  }

  private ModelState withHandles(List<Opener> all, List<Closed> gone) {
    return new ModelState(
        keeps, generation, move, offered, purged, revoked, all, attachments, brackets, vmaps, gone);
  }

  ModelState withBrackets(List<Bracket> all) {
    return new ModelState(
        keeps,
        generation,
        move,
        offered,
        purged,
        revoked,
        handles,
        attachments,
        all,
        vmaps,
        closed);
  }

  ModelState withVmaps(List<ClientId> all) {
    return new ModelState(
        keeps,
        generation,
        move,
        offered,
        purged,
        revoked,
        handles,
        attachments,
        brackets,
        all,
        closed);
  }

  /** In generation {@code now}, with {@code under} way or {@link #STILL}. */
  ModelState placed(long now, long under) {
    return new ModelState(
        keeps, now, under, offered, purged, revoked, handles, attachments, brackets, vmaps, closed);
  }

  ModelState told(boolean isOffered, boolean isPurged, boolean isRevoked) {
    return new ModelState(
        keeps,
        generation,
        move,
        isOffered,
        isPurged,
        isRevoked,
        handles,
        attachments,
        brackets,
        vmaps,
        closed);
  }

  ModelState withBracket(Bracket opened) {
    return withBrackets(plus(brackets, opened, BRACKETS));
  }

  ModelState withVmap(ClientId client) {
    return withVmaps(plus(vmaps, client, Comparator.comparingInt(ClientId::value)));
  }

  private static <T> List<T> plus(List<T> list, T one, Comparator<T> order) {
    List<T> more = new ArrayList<>(list);
    more.add(one);
    more.sort(order);
    return List.copyOf(more);
  }

  static <T> List<T> minus(List<T> list, T one) {
    List<T> fewer = new ArrayList<>(list);
    fewer.remove(one);
    return List.copyOf(fewer);
  }
}
