package org.bufferyard.actors.region;

import akka.actor.typed.ActorRef;
import java.util.LinkedHashMap;
import org.bufferyard.actors.protocol.Migration;
import org.bufferyard.actors.protocol.Region;
import org.bufferyard.actors.protocol.Ticket;

/**
 * Who asked for victims and hears of the first change that may give others. A watch begins with the
 * question, so no change falls between it and the answer. At most one for each region that may be
 * short. Not thread-safe; owned by the region.
 */
final class Watchers {
  private record Watch(Ticket ticket, ActorRef<Migration.Command> asker) {}

  private final LinkedHashMap<Integer, Watch> watches = new LinkedHashMap<>(2);

  void asked(Region.PickVictims pick) {
    watches.put(pick.shortRegion(), new Watch(pick.ticket(), pick.replyTo()));
  }

  /** A resident that was no candidate is one now. */
  void stir() {
    watches.forEach((region, watch) -> watch.asker().tell(new Migration.Stirred(region)));
    watches.clear();
  }

  /**
   * A resident that counted as on its way out stays. Who has it so named does not hear of it; nor
   * does who is younger than whom it turned away, so whoever is told in turn never tells back.
   */
  void stayed(Region.Stayed stayed) {
    Ticket refused = stayed.refused();
    watches
        .entrySet()
        .removeIf(
            each -> {
              Watch watch = each.getValue();
              boolean hopes = refused == null || refused.youngerThan(watch.ticket());
              boolean told = hopes && each.getKey() != stayed.shortRegion();
              if (told) {
                watch.asker().tell(new Migration.Stirred(each.getKey()));
              }
              return told;
            });
  }
}
