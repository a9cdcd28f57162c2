package org.bufferyard.actors.remote;

import akka.Done;
import akka.actor.typed.javadsl.ActorContext;
import java.util.LinkedHashMap;
import java.util.List;
import org.bufferyard.actors.lease.Mapping;
import org.bufferyard.actors.lease.MemoryView;
import org.bufferyard.allocator.Errno;
import org.bufferyard.allocator.Refusal;
import org.jspecify.annotations.Nullable;

/**
 * The leases of remote buffers, from their map to their unmap: mapped where the buffer is, staged
 * in this yard's memory, and what was written brought back. Owned by the remote importer.
 */
final class StagingDesk {
  private final ActorContext<RemoteImporterActor.Command> context;
  private final StagingRoom room;
  private final LinkedHashMap<Long, Staging> stagings = new LinkedHashMap<>();

  StagingDesk(ActorContext<RemoteImporterActor.Command> context, StagingRoom room) {
    this.context = context;
    this.room = room;
  }

  void map(long id, FarGateway gateway, RemoteImporterActor.Map map) {
    Staging staging = new Staging(id, gateway, map.attachment(), map.direction(), map.answer());
    stagings.put(id, staging);
    staging.tell(new Wire.Map(id, map.attachment().number(), map.direction(), gateway.ear));
  }

  /** Of the gateway that was asked; another one's words about it count for nothing. */
  private @Nullable Staging of(FarGateway gateway, long id) {
    Staging staging = stagings.get(id);
    return staging != null && staging.gateway == gateway ? staging : null;
  }

  void mapped(FarGateway from, Wire.Mapped mapped) {
    Staging staging = of(from, mapped.token());
    if (staging != null) {
      staging.mapping = mapped.mapping();
      staging.generation = mapped.generation();
      staging.state = Staging.State.ALLOCATING;
      room.allocate(staging);
    }
  }

  void local(RemoteImporterActor.Local here) {
    Staging staging = stagings.get(here.staging());
    if (staging == null) {
      here.working().close();
      here.leased().close();
      here.attachment().detach();
      here.attachment().buffer().release();
      return;
    }
    staging.local = here.attachment();
    staging.working = here.working();
    staging.leased = here.leased();
    staging.state = Staging.State.FETCHING;
    ByteFerry.fetchMore(staging);
  }

  void chunk(FarGateway from, Wire.Chunk chunk) {
    Staging staging = of(from, chunk.token());
    if (staging == null || staging.working == null || staging.leased == null) {
      return;
    }
    try (MemoryView view = staging.working.open()) {
      view.put(chunk.offset(), chunk.bytes());
    } catch (IllegalStateException | IndexOutOfBoundsException ended) {
      refuse(staging, new Refusal(Errno.ECANCELED, String.valueOf(ended.getMessage())));
      return;
    }
    staging.doneBytes += chunk.bytes().size();
    if (staging.doneBytes < staging.sizeBytes()) {
      ByteFerry.fetchMore(staging);
    } else {
      staging.state = Staging.State.LEASED;
      staging.working.close();
      staging.answer.done(
          new RemoteMapping(
              staging.leased,
              staging.generation,
              staging.id,
              context.getSelf(),
              context.getSystem().executionContext()));
    }
  }

  void closed(RemoteImporterActor.Closed closed) {
    long id = closed.staging();
    Staging staging = stagings.get(id);
    if (staging == null || staging.local == null) {
      closed.unmapped().refused(new Refusal(Errno.ENODEV, "the buffer's process is gone"));
      return;
    }
    staging.unmapped = closed.unmapped();
    if (staging.direction.deviceWrites()) {
      staging.state = Staging.State.STORING;
      staging.askedBytes = 0;
      staging.doneBytes = 0;
      room.reopen(id, staging.local);
    } else {
      unmap(staging);
    }
  }

  void reopened(long id, Mapping working) {
    Staging staging = stagings.get(id);
    if (staging == null) {
      working.close();
      return;
    }
    staging.working = working;
    storeMore(staging, working);
  }

  private void storeMore(Staging staging, Mapping working) {
    try {
      ByteFerry.storeMore(staging, working);
    } catch (IllegalStateException reclaimed) {
      unmap(staging);
    }
  }

  void stored(FarGateway from, long id) {
    Staging staging = of(from, id);
    if (staging == null || staging.working == null) {
      return;
    }
    staging.doneBytes = Math.min(staging.sizeBytes(), staging.doneBytes + Wire.CHUNK_BYTES);
    if (staging.doneBytes < staging.sizeBytes()) {
      storeMore(staging, staging.working);
    } else {
      unmap(staging);
    }
  }

  private static void unmap(Staging staging) {
    staging.state = Staging.State.UNMAPPING;
    staging.tell(new Wire.Unmap(staging.id, staging.mapping, staging.gateway.ear));
  }

  void unmapped(FarGateway from, long id) {
    Staging staging = of(from, id);
    if (staging != null) {
      stagings.remove(id);
      staging.free();
      if (staging.unmapped != null) {
        staging.unmapped.done(Done.getInstance());
      }
    }
  }

  void refused(FarGateway from, long id, Refusal refusal) {
    Staging staging = of(from, id);
    if (staging != null) {
      refuse(staging, refusal);
    }
  }

  /** This yard has no memory for it. */
  void localRefused(long id, Refusal refusal) {
    Staging staging = stagings.get(id);
    if (staging != null) {
      refuse(staging, refusal);
    }
  }

  /** What is staged can be read until it is closed. */
  void gone(FarGateway gateway, Refusal refusal) {
    for (Staging staging : List.copyOf(stagings.values())) {
      if (staging.gateway == gateway) {
        refuse(staging, refusal);
      }
    }
  }

  /** What is half done is undone. */
  private void refuse(Staging staging, Refusal refusal) {
    stagings.remove(staging.id);
    if (staging.mapping != 0) {
      staging.tell(new Wire.Unmap(staging.id, staging.mapping, staging.gateway.ear));
    }
    staging.end(refusal);
  }
}
