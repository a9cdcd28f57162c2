package org.bufferyard.simulator.mutants;

import java.time.Duration;
import java.util.List;
import org.bufferyard.actors.protocol.Buffer;
import org.bufferyard.actors.protocol.Importer;
import org.bufferyard.allocator.Errno;
import org.bufferyard.allocator.Refusal;

/**
 * Mistakes that one oracle alone sees. No page is touched wrongly, everything is given back,
 * everybody is answered once: but what clients see could not come of one buffer that does one thing
 * at a time (L), or somebody waits for longer than any deadline (F).
 */
final class OracleMutants {
  private static final int EVERY = 5;
  private static final int SELDOM = 11;
  private static final Duration LONG = Duration.ofMillis(4_600);

  static final List<Mutant> ALL =
      List.of(
          Mutant.of(
              "L1",
              "a map is refused for a mapping that nobody has",
              (spy, to, message) -> {
                Spy.Seen seen = spy.at(to);
                if (message instanceof Buffer.Map map
                    && seen != null
                    && !seen.mapped.containsKey(map.attachment())
                    && map.header().requestId() % EVERY == 0) {
                  String reason = "the device has it mapped already, asked " + map.direction();
                  map.replyTo().tell(refused(map, seen, Errno.EBUSY, reason));
                  return null;
                }
                return message;
              }),
          Mutant.of(
              "L2",
              "an unpin is refused although the pin is held",
              (spy, to, message) -> {
                Spy.Seen seen = spy.at(to);
                if (message instanceof Buffer.Unpin unpin
                    && seen != null
                    && seen.pins.getOrDefault(unpin.attachment(), 0) > 0) {
                  unpin
                      .replyTo()
                      .tell(refused(unpin, seen, Errno.EINVAL, "the device holds no pin"));
                  return null;
                }
                return message;
              }),
          Mutant.of(
              "F1",
              "a request lies about for seconds before it is taken up",
              (spy, to, message) -> {
                Spy.Seen seen = spy.at(to);
                if (message instanceof Buffer.Map map
                    && seen != null
                    && map.header().requestId() % SELDOM == 0
                    && spy.delayed.add(map)) {
                  Spy.later(seen.ref, map, LONG);
                  return null;
                }
                return message;
              }));

  private static Importer.Refused refused(
      Buffer.Request request, Spy.Seen seen, Errno errno, String reason) {
    return new Importer.Refused(request.header().requestId(), seen.id, new Refusal(errno, reason));
  }

  private OracleMutants() {}
}
