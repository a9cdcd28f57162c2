package org.bufferyard.actors.session;

import java.util.LinkedHashMap;
import org.bufferyard.actors.environment.PinQuota;
import org.bufferyard.actors.protocol.Buffer;
import org.bufferyard.actors.protocol.BufferId;
import org.bufferyard.actors.protocol.Session;
import org.bufferyard.allocator.Errno;
import org.bufferyard.allocator.Refusal;
import org.jspecify.annotations.Nullable;

/** What a client has pinned over all its buffers, against its quota. Owned by the session. */
final class PinBooks {
  private final SessionCore core;
  private final LinkedHashMap<BufferId, Long> pages = new LinkedHashMap<>();
  private long total;

  PinBooks(SessionCore core) {
    this.core = core;
  }

  long total() {
    return total;
  }

  void charge(Session.ChargePin charge) {
    Refusal refusal = refuses(charge);
    if (refusal == null && pages.putIfAbsent(charge.buffer(), charge.pages()) == null) {
      total += charge.pages();
    }
    charge.replyTo().tell(new Buffer.PinCharged(core.client, refusal));
  }

  private @Nullable Refusal refuses(Session.ChargePin charge) {
    PinQuota quota = core.environment.settings().pins();
    if (core.ending) {
      return new Refusal(Errno.ECANCELED, core.client + " is gone");
    }
    return charge.pages() <= quota.pagesPerClient() - total
        ? null
        : new Refusal(
            Errno.EDQUOT,
            core.client
                + " has pinned "
                + total
                + " of at most "
                + quota.pagesPerClient()
                + " pages, and "
                + charge.buffer()
                + " has "
                + charge.pages(),
            "unpinning another buffer, or a larger quota");
  }

  void uncharge(BufferId buffer) {
    Long charged = pages.remove(buffer);
    total -= charged == null ? 0 : charged;
  }
}
