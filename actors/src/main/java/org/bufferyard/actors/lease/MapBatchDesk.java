package org.bufferyard.actors.lease;

import akka.actor.typed.ActorRef;
import java.util.Arrays;
import java.util.List;
import org.bufferyard.allocator.Refusal;
import org.jspecify.annotations.Nullable;

/**
 * Answers a batch of maps with one reply: all leases, in the order asked, or the refusal of any. A
 * batch whose mappings are all cached is answered in one go. On the importer's thread alone.
 */
final class MapBatchDesk {
  private MapBatchDesk() {}

  static void serve(ImporterActor.MapBatch asked, BondDesk bonds) {
    @Nullable Mapping[] leases = new Mapping[asked.attachments().size()];
    int missing = bonds.mapCached(asked, leases);
    if (missing == 0) {
      asked.answer().done(all(leases));
      return;
    }
    Gathering gathering = new Gathering(asked, leases, missing);
    for (int at = 0; at < leases.length; at++) {
      if (leases[at] == null) {
        bonds.map(
            asked.attachments().get(at), asked.direction(), asked.terms(), gathering.member(at));
      }
    }
  }

  // Every slot has been filled.
  @SuppressWarnings("NullAway")
  private static List<Mapping> all(@Nullable Mapping[] leases) {
    return Arrays.asList(leases);
  }

  /** Waits for the mappings that were not cached. */
  private static final class Gathering {
    private final ImporterActor.MapBatch asked;
    private final @Nullable Mapping[] leases;
    private int missing;
    private @Nullable Refusal refusal;

    Gathering(ImporterActor.MapBatch asked, @Nullable Mapping[] leases, int missing) {
      this.asked = asked;
      this.leases = leases;
      this.missing = missing;
    }

    Answer<Mapping> member(int at) {
      return new Answer<>() {
        @Override
        public void done(Mapping lease) {
          leases[at] = lease;
          answerIfComplete();
        }

        @Override
        public void refused(Refusal why) {
          refusal = why;
          answerIfComplete();
        }

        @Override
        public @Nullable ActorRef<?> owner() {
          return asked.answer().owner();
        }

        @Override
        public Object place() {
          return asked.answer().place();
        }
      };
    }

    private void answerIfComplete() {
      if (--missing > 0) {
        return;
      }
      if (refusal == null) {
        asked.answer().done(all(leases));
        return;
      }
      for (Mapping lease : leases) {
        if (lease != null) {
          lease.close();
        }
      }
      asked.answer().refused(refusal);
    }
  }
}
