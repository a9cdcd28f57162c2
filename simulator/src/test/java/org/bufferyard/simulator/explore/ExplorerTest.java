package org.bufferyard.simulator.explore;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Objects;
import org.bufferyard.actors.protocol.Buffer;
import org.bufferyard.actors.protocol.Importer;
import org.bufferyard.allocator.Outcome;
import org.bufferyard.simulator.run.Trial;
import org.bufferyard.testkit.Courier;
import org.junit.jupiter.api.Test;

class ExplorerTest {
  @Test
  void explore_twoByTwo_reachesTheBoundClean() {
    Explorer.Result result = Explorer.of(2, 2, () -> Courier.HONEST).explore(3_000, states -> {});
    assertThat(result.failure()).isNull();
    assertThat(result.states()).isGreaterThanOrEqualTo(3_000);
    assertThat(result.runs()).isGreaterThan(3);
    assertThat(result.depth()).isGreaterThan(20);
  }

  @Test
  void explore_twice_sameFigures() {
    Explorer.Result first = Explorer.of(1, 2, () -> Courier.HONEST).explore(600, states -> {});
    Explorer.Result second = Explorer.of(1, 2, () -> Courier.HONEST).explore(600, states -> {});
    assertThat(second).isEqualTo(first);
  }

  /** A map that is answered during a move needs the right order to be found. */
  @Test
  void explore_protocolWithAMistake_foundWithATapeThatReplays() {
    Explorer.Result result =
        Explorer.of(2, 2, ExplorerTest::mapsDuringMoves).explore(50_000, states -> {});
    Explorer.Failure failure = Objects.requireNonNull(result.failure());
    assertThat(failure.outcome().rule()).isIn("D2", "D42");
    Trial.Plan plan = ((Outcome.Done<Trial.Plan>) failure.tape().plan(List.of("lru"))).value();
    assertThat(Trial.run(plan.withCourier(mapsDuringMoves())).rule())
        .isEqualTo(failure.outcome().rule());
  }

  /** Answers a map with the last mapping, if the buffer has been told to move meanwhile. */
  private static Courier mapsDuringMoves() {
    java.util.Map<String, Importer.Mapped> last = new java.util.HashMap<>();
    java.util.Set<String> moving = new java.util.HashSet<>();
    return (from, to, message) -> {
      switch (message) {
        case Buffer.PrepareMove prepare -> {
          moving.add(to.name());
        }
        case Buffer.Landed landed -> moving.remove(to.name());
        case Importer.Mapped mapped -> last.put(mapped.buffer().toString(), mapped);
        case Buffer.Map map when moving.contains(to.name()) && last.containsKey(to.name()) -> {
          Importer.Mapped old = last.get(to.name());
          map.replyTo()
              .tell(
                  new Importer.Mapped(
                      map.header().requestId(),
                      old.buffer(),
                      map.attachment(),
                      old.generation(),
                      old.table(),
                      old.region(),
                      old.settled()));
          return null;
        }
        default -> {}
      }
      return message;
    };
  }
}
